import DiagramIR

/// Checks whether the exact rules of a set, applied left to right, lead to one result whatever is applied first.
///
/// ```
/// let report = try ConfluenceCheck(limit: 200).check(monoid.rules)
/// report.pairs.allSatisfy { $0.outcome == .joins }   // true
/// ```
///
/// Source: critical pairs and Newman's lemma, for string diagrams Bonchi, Gadducci, Kissinger, Sobociński and
/// Zanasi, *String Diagram Rewrite Theory* III.
public struct ConfluenceCheck: Sendable {
  /// How many steps are taken to normalize a diagram.
  public var limit: Int

  /// The limit unless told otherwise.
  public static let defaultLimit = 200

  /// A check that takes so many steps at most for each diagram.
  public init(limit: Int = Self.defaultLimit) { self.limit = limit }

  /// Checks the exact rules of a list that belong to one doctrine; others are left out.
  ///
  /// Rules of `frobenius` are listed as unusable: their overlaps are not known here.
  ///
  /// - Complexity: pairs of rules times their overlaps times normalizing.
  public func check(_ rules: [Rule], doctrine: Doctrine) -> ConfluenceReport {
    check(rules, doctrine: doctrine) { _, _ in true } ?? ConfluenceReport()
  }

  /// The same, as long as `goingOn` allows it: it is asked before each pair of rules, with how many pairs were
  /// looked at and how many there are. `nil` when it says no.
  public func check(
    _ rules: [Rule], doctrine: Doctrine, goingOn: (_ done: Int, _ total: Int) -> Bool
  ) -> ConfluenceReport? {
    let (usable, unusable) = prepare(
      rules.filter { rule in
        rule.relation == .equal && rule.left.doctrine == doctrine
      })
    var report = ConfluenceReport()
    report.unusable = unusable
    let rewrites = usable.map(\.rewrite)
    let total = usable.count * (usable.count + 1) / 2
    var done = 0
    for (rule, rewrite) in usable { report.loops += loops(rule, rewrite, rewrites) }
    for (place, first) in usable.enumerated() {
      for (other, second) in usable.enumerated().dropFirst(place) {
        guard goingOn(done, total) else { return nil }
        done += 1
        let search = OverlapSearch.overlaps(
          first.rewrite, second.rewrite, isSame: place == other)
        report.notConvex += search.notConvex
        report.isCut = report.isCut || search.isCut
        for overlap in search.overlaps {
          judge(overlap, first, second, rewrites, &report)
        }
      }
    }
    report.termination = TerminationArgument(
      usable.map { ($0.rule.symbol, $0.rule.left, $0.rule.right) })
    if doctrine == .symmetric {
      report.notConnected = usable.filter { !$0.rule.left.isConnectedThroughout }
        .map(\.rule.symbol)
    }
    report.isConfluent =
      doctrine == .symmetric && report.isFine && report.termination.isKnown && !report.isCut
      && report.notConnected.isEmpty && unusable.isEmpty
    return report
  }

  private typealias Prepared = (rule: Rule, rewrite: Rewrite)

  private func prepare(
    _ rules: [Rule]
  ) -> ([Prepared], unusable: [(rule: Symbol, error: RewritingError)]) {
    var (usable, unusable): ([Prepared], [(rule: Symbol, error: RewritingError)]) = ([], [])
    for rule in rules {
      do throws(RewritingError) {
        guard rule.left.doctrine != .frobenius else {
          throw .doctrine(law: rule.symbol.name, expected: .symmetric, found: .frobenius)
        }
        guard rule.left.boxCount > 0 else { throw .bareWires(law: rule.symbol.name) }
        usable.append((rule, try Rewrite(rule, .forward)))
      } catch {
        unusable.append((rule.symbol, error))
      }
    }
    return (usable, unusable)
  }

  /// What shows that a rule loops: an instance of itself in its right side, or a cycle from there.
  private func loops(_ rule: Rule, _ rewrite: Rewrite, _ all: [Rewrite]) -> [RuleLoop] {
    let matcher = Matcher(rule.right)
    let again = matcher.matches(of: rewrite.pattern, limit: 16).contains { match in
      (try? rewrite.apply(match, in: matcher)) != nil
    }
    if again { return [.containsItself(rule.symbol)] }
    guard case .cycle(_, let period) = RuleNormalization(rule.right, by: all, limit: limit).end
    else { return [] }
    return [.cycle(rule.symbol, period: period)]
  }

  private func judge(
    _ overlap: Overlap, _ first: Prepared, _ second: Prepared, _ rewrites: [Rewrite],
    _ report: inout ConfluenceReport
  ) {
    let matcher = Matcher(overlap.diagram)
    guard let one = try? first.rewrite.apply(overlap.first, in: matcher),
      let two = try? second.rewrite.apply(overlap.second, in: matcher)
    else { return }
    let ends = (
      RuleNormalization(one, by: rewrites, limit: limit),
      RuleNormalization(two, by: rewrites, limit: limit)
    )
    let (symbols, outcome) = ((first.rule.symbol, second.rule.symbol), outcome(ends.0, ends.1))
    report.pairs.append(
      CriticalPair(
        first: symbols.0, second: symbols.1, overlap: overlap, results: (one, two),
        outcome: outcome))
    for end in [ends.0.end, ends.1.end] {
      guard case .cycle(_, let period) = end else { continue }
      let loop = RuleLoop.pairCycle(symbols.0, symbols.1, period: period)
      if !report.loops.contains(loop) { report.loops.append(loop) }
    }
  }

  private func outcome(
    _ first: RuleNormalization, _ second: RuleNormalization
  ) -> CriticalPair.Outcome {
    if !Set(first.forms).isDisjoint(with: second.forms) { return .joins }
    switch (first.end, second.end) {
    case (.normal, .normal): return .differs
    case (.cycle, _), (_, .cycle): return .loops
    default: return .undecided
    }
  }
}

extension Diagram {
  /// Whether a path leads from every input to every output.
  ///
  /// - Complexity: inputs times wires.
  var isConnectedThroughout: Bool {
    let producers = producers()
    let order = topologicalOrder(of: root, producers: producers) ?? []
    return domain.allSatisfy { input in
      var reached: Set<WireID> = [input]
      for box in order where inputs(of: box).contains(where: { reached.contains($0) }) {
        reached.formUnion(outputs(of: box))
      }
      return codomain.allSatisfy { reached.contains($0) }
    }
  }
}
