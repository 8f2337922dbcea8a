import DiagramIR

/// Searches for the strongest relation between two diagrams: equality modulo the laws of SIMD boxes, then by
/// exact rules, then diagrams for the learned boxes of either that make it the other.
///
/// What is found is a proposal: `DerivationChecker` replays a derivation of it. Finding nothing proves nothing.
public struct RelationSearch {
  let environment: Environment
  private let rules: [Rule]
  let limit: Int
  private let progress: (Int) -> Bool

  /// How many diagrams are looked at, unless told otherwise.
  public static let defaultLimit = 1_000
  /// One in so many diagrams of the limit is spent on forms of a diagram in the search for learned boxes.
  private static let formShare = 4

  /// - Parameters:
  ///   - rules: the exact rules to use, in both directions.
  ///   - limit: how many diagrams the search by rules may find, and how many candidates each search for learned
  ///     boxes may try.
  ///   - progress: is told now and then how many diagrams may still be found; the search stops when it returns
  ///     `false`.
  public init(
    _ environment: Environment, rules: [Rule], limit: Int = Self.defaultLimit,
    progress: @escaping (Int) -> Bool = { _ in true }
  ) {
    (self.environment, self.rules, self.limit) = (environment, rules, limit)
    self.progress = progress
  }

  /// The strongest relation that is found from one diagram to another.
  ///
  /// Rules all of whose boxes occur in the diagrams, all uses unfolded, are tried before all rules are.
  /// Diagrams that learn different kinds of functions are not searched for equality.
  ///
  /// - Throws: `RelationSearchError`.
  /// - Complexity: that of `ExactSearch` and of `SpecialisationSearch` with the limit, a few times.
  public func relation(
    from first: Diagram, to second: Diagram
  ) throws(RelationSearchError) -> RelationFinding {
    let second = try adapting(second, to: first)
    let all = SearchMoves(rules, first.doctrine, environment)
    let relevant = SearchMoves(relevantRules(first, second), first.doctrine, environment)
    let pair = Pair(first, second, try form(of: first, all), try form(of: second, all))
    var reachedLimit = limit == 0
    if let links = equality(pair, relevant, all, &reachedLimit) { return .equal(links) }
    guard first.doctrine == .cartesian else { return .nothing(reachedLimit: reachedLimit) }
    return specialisation(pair, relevant, reachedLimit: reachedLimit)
  }

  /// What leads from one diagram to another that is equal to it by the rules; `nil` when nothing is found.
  ///
  /// - Throws: `RelationSearchError`.
  /// - Complexity: that of `ExactSearch` with the limit.
  public func equality(
    from first: Diagram, to second: Diagram
  ) throws(RelationSearchError) -> [RelationLink]? {
    let second = try adapting(second, to: first)
    let all = SearchMoves(rules, first.doctrine, environment)
    let relevant = SearchMoves(relevantRules(first, second), first.doctrine, environment)
    let pair = Pair(first, second, try form(of: first, all), try form(of: second, all))
    var reachedLimit = false
    return equality(pair, relevant, all, &reachedLimit)
  }

  private func equality(
    _ pair: Pair, _ relevant: SearchMoves, _ all: SearchMoves, _ reachedLimit: inout Bool
  ) -> [RelationLink]? {
    let (first, second) = pair.diagrams
    if pair.forms.first.isIsomorphic(to: pair.forms.second),
      let found = all.links(from: first, to: second)
    {
      return found.links
    }
    guard first.doctrine != .cartesian || pair.forms.first.learnsAlike(pair.forms.second) else {
      return nil
    }
    let isAll = relevant.rules.count == all.rules.count
    for (moves, share) in isAll ? [(all, limit)] : [(relevant, limit / 2), (all, limit / 2)] {
      var search = ExactSearch(
        from: first, to: second, by: moves, budget: share, progress: progress)
      if let links = search.links() { return links }
      reachedLimit = search.budget == 0
    }
    return nil
  }

  /// Two diagrams with their forms.
  private struct Pair {
    var diagrams: (first: Diagram, second: Diagram)
    var forms: (first: Diagram, second: Diagram)

    init(_ first: Diagram, _ second: Diagram, _ form: Diagram, _ otherForm: Diagram) {
      (diagrams, forms) = ((first, second), (form, otherForm))
    }

    var reversed: Pair { Pair(diagrams.second, diagrams.first, forms.second, forms.first) }
  }

  private func form(
    of diagram: Diagram, _ moves: SearchMoves
  ) throws(RelationSearchError) -> Diagram {
    do { _ = try environment.unfoldingAll(diagram) } catch { throw .unfolding(error) }
    return moves.form(of: diagram)
  }

  /// The rules all of whose boxes occur in the diagrams, all uses unfolded.
  private func relevantRules(_ first: Diagram, _ second: Diagram) -> [Rule] {
    let known = boxes(of: first).union(boxes(of: second))
    return rules.filter { rule in
      boxes(of: rule.left).union(boxes(of: rule.right)).isSubset(of: known)
    }
  }

  private func boxes(of diagram: Diagram) -> Set<Symbol> {
    var (found, seen, pending): (Set<Symbol>, Set<Symbol>, [Diagram]) = ([], [], [diagram])
    while let diagram = pending.popLast() {
      for operation in diagram.operations {
        switch operation {
        case .box(let symbol): found.insert(symbol)
        case .use(let use) where seen.insert(use.definition).inserted:
          if let used = environment.definition(use.definition) { pending.append(used.diagram) }
        default: continue
        }
      }
    }
    return found
  }
}

// MARK: - Specialisation

extension RelationSearch {
  private func specialisation(
    _ pair: Pair, _ moves: SearchMoves, reachedLimit: Bool
  ) -> RelationFinding {
    var reachedLimit = reachedLimit
    var (down, up) = (direct(pair), direct(pair.reversed))
    if down == nil { down = explored(pair, moves, &reachedLimit) }
    if up == nil { up = explored(pair.reversed, moves, &reachedLimit) }
    if down == nil && up == nil { return .nothing(reachedLimit: reachedLimit) }
    return .specialisation(first: down, second: up)
  }

  /// Diagrams for the learned boxes of the first diagram that make it the second.
  private func direct(_ pair: Pair) -> Specialisation? {
    guard pair.forms.first.mayBecome(pair.forms.second) else { return nil }
    let target = RelationLink.reach(pair.diagrams.second)
    if let images = images(pair.forms.first, pair.forms.second) {
      return Specialisation(images: images, links: [target])
    }
    guard let general = try? environment.unfoldingAll(pair.diagrams.first),
      let special = try? environment.unfoldingAll(pair.diagrams.second),
      let found = LearnedSubstitution(
        making: special, of: general, in: environment, budget: limit)
    else { return nil }
    let images = found.labels.compactMap { label in found[label].map { (label, $0) } }
    return Specialisation(images: Dictionary(uniqueKeysWithValues: images), links: [target])
  }

  /// The same for diagrams that are equal to the second by exact rules.
  private func explored(
    _ pair: Pair, _ moves: SearchMoves, _ reachedLimit: inout Bool
  ) -> Specialisation? {
    guard pair.forms.first.mayBecome(pair.forms.second) else { return nil }
    var side = SearchSide(pair.diagrams.second, moves)
    var (remaining, found): (Int, Specialisation?) = (limit / Self.formShare, nil)
    while remaining > 0, !side.isExhausted, found == nil {
      let parent = side.advance()
      moves.forEachResult(of: side.states[parent].diagram, limit: remaining) { result in
        guard let form = side.add(result, from: parent, moves) else { return false }
        remaining -= 1
        if let images = images(pair.forms.first, form) {
          let path = side.path(to: side.states.count - 1).reversed().dropFirst()
          found = moves.links(along: Array(path), from: result).map {
            Specialisation(images: images, links: [.reach(result)] + $0)
          }
        }
        return found != nil || remaining == 0
      }
      guard progress(remaining) else { return nil }
    }
    if found == nil && remaining == 0 { reachedLimit = true }
    return found
  }

  /// Diagrams for the learned boxes of one form that make it another form.
  func images(_ general: Diagram, _ special: Diagram) -> [String: Diagram]? {
    guard let left = LanedDiagram(general), let right = LanedDiagram(special) else { return nil }
    var search = SpecialisationSearch(left, right, budget: limit)
    guard let images = search.substitution() else { return nil }
    var substitution = LearnedSubstitution()
    for (label, image) in images { substitution[label] = image }
    guard let result = try? substitution.applied(to: general, in: environment),
      let form = try? Rewriter(environment).unfoldedForm(
        of: result, modulo: [.lanes(.normalForm)]),
      form.isIsomorphic(to: special)
    else { return nil }
    return images
  }

  /// A diagram with the sizes of its interface called as another diagram calls them.
  private func adapting(
    _ diagram: Diagram, to other: Diagram
  ) throws(RelationSearchError) -> Diagram {
    guard diagram.doctrine == other.doctrine,
      let adapted = diagram.instance(domain: other.domainTypes, codomain: other.codomainTypes)
    else { throw .interfaces(left: other.interfaceText, right: diagram.interfaceText) }
    return adapted
  }
}

extension Diagram {
  /// The types of the interface, as the language writes them.
  fileprivate var interfaceText: String {
    let list = { (types: [WireType]) in types.map(\.description).joined(separator: ", ") }
    return "\(list(domainTypes)) -> \(list(codomainTypes))"
  }

  /// Whether two diagrams learn functions of the same kinds, which exact rules keep.
  fileprivate func learnsAlike(_ other: Diagram) -> Bool {
    learnedKinds.sorted() == other.learnedKinds.sorted()
  }

  /// Whether diagrams for learned boxes may bring in what another diagram learns.
  func mayBecome(_ other: Diagram) -> Bool {
    let (own, needed) = (Set(learnedKinds), Set(other.learnedKinds))
    return !own.isEmpty && (own.contains("learn") || needed.isSubset(of: own))
  }

  private var learnedKinds: [String] {
    let functions = LearnedFunctions(self)
    return functions.labels.compactMap { functions[$0]?.box.kind.rawValue }
  }
}
