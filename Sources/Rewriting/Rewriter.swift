import DiagramIR

/// Takes rewriting steps with the rules and diagrams of an environment.
///
/// ```
/// let rewriter = Rewriter(environment)
/// let result = try rewriter.rewrite(diagram, by: [.rule(assoc)], .normalize(limit: 1000))
/// ```
public struct Rewriter: Sendable {
  /// What the steps may refer to.
  public let environment: Environment

  /// Takes steps with these declarations.
  public init(_ environment: Environment) { self.environment = environment }

  /// The diagram after one step of a derivation. `expect` changes nothing; `DerivationChecker` checks it.
  ///
  /// A law without a place applies at its first match in canonical order; `unfold` and `fold` without a place
  /// apply everywhere; `normalize` stops after `Strategy.defaultLimit` steps.
  ///
  /// - Throws: `RewritingError`, when the step can't be taken.
  public func apply(
    _ step: DerivationStep, to diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    switch step {
    case .apply(let law, let isBackward, let place, let sizes):
      return try apply(law, isBackward: isBackward, at: place, sizes: sizes, to: diagram)
    case .unfold(let symbol, let place): return try unfold(symbol, at: place, in: diagram)
    case .fold(let symbol, let place): return try fold(symbol, at: place, in: diagram)
    case .normalize(_, let laws):
      let strategy = Strategy.normalize(limit: Strategy.defaultLimit)
      return try rewrite(diagram, by: laws, strategy).diagram
    case .expect: return diagram
    case .reach(let symbol, _, let laws): return try reach(symbol, modulo: laws, from: diagram)
    }
  }

  private func apply(
    _ law: Law, isBackward: Bool, at place: String?, sizes: [SizeAssignment], to diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    switch (law, isBackward) {
    case (.rule(let symbol), _):
      let rewrite = try Rewrite(try rule(symbol), isBackward ? .backward : .forward, sizes: sizes)
      return try apply(rewrite, at: place, to: diagram)
    case (.share, false), (.unshare, true):
      guard place == nil else { throw .hasNoPlace(law: "share") }
      return try StructuralLaw.share(diagram)
    case (.unshare, false), (.share, true):
      guard let place else { throw .needsPlace(law: "unshare") }
      return try StructuralLaw.unshare(diagram, at: place)
    case (.discard, false):
      guard place == nil else { throw .hasNoPlace(law: "discard") }
      return try StructuralLaw.discard(diagram)
    case (.discard, true): throw .irreversible(law: "discard")
    }
  }

  private func rule(_ symbol: Symbol) throws(RewritingError) -> Rule {
    guard let rule = environment.rule(symbol) else { throw .undeclaredRule(symbol) }
    return rule
  }

  private func definition(_ symbol: Symbol) throws(RewritingError) -> Definition {
    guard let definition = environment.definition(symbol) else {
      throw .undeclaredDiagram(symbol)
    }
    return definition
  }
}

// MARK: - Rules

extension Rewriter {
  private func apply(
    _ rewrite: Rewrite, at place: String?, to diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    let doctrine = rewrite.pattern.diagram.doctrine
    guard doctrine == diagram.doctrine else {
      throw .doctrine(law: rewrite.name, expected: doctrine, found: diagram.doctrine)
    }
    guard rewrite.pattern.diagram.boxCount > 0 || place != nil else {
      throw .bareWires(law: rewrite.name)
    }
    let matcher = Matcher(diagram)
    var wire: WireID?
    if let place {
      do { wire = try Place.resolve(place, in: matcher.index) } catch { throw .place(error) }
    }
    if let found = try firstApplication(of: rewrite, in: matcher, at: wire) { return found.result }
    let head = rewrite.pattern.rarestKind(in: matcher.index)
    throw .noMatch(
      law: rewrite.name, head: head.name, count: head.count, place: place)
  }

  /// The first match that the other side can replace. When there are matches but none can, what is wrong with
  /// the first.
  private func firstApplication(
    of rewrite: Rewrite, in matcher: Matcher, at place: WireID? = nil
  ) throws(RewritingError) -> (match: Match, result: Diagram)? {
    var search = MatchSearch(rewrite.pattern, matcher.index, at: place)
    var failure: RewritingError?
    while let match = search.next() {
      do { return (match, try rewrite.apply(match, in: matcher)) } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Applies laws, left to right, at the first match of the first law that has one, again and again.
  ///
  /// - Throws: `RewritingError`, when a law can't be used in this way.
  /// - Complexity: each step takes what preparing a `Matcher` and searching for the laws' matches takes.
  public func rewrite(
    _ diagram: Diagram, by laws: [Law], _ strategy: Strategy
  ) throws(RewritingError) -> RewritingResult {
    var moves: [Move] = []
    for law in laws { moves.append(try move(law, in: diagram)) }
    var (current, steps): (Diagram, [DerivationStep]) = (diagram, [])
    while let next = try self.next(moves, current) {
      guard steps.count < strategy.limit else {
        return RewritingResult(diagram: current, steps: steps, reachedLimit: true)
      }
      steps.append(next.step)
      current = next.diagram
    }
    return RewritingResult(diagram: current, steps: steps, reachedLimit: false)
  }

  private enum Move {
    case rule(Symbol, Rewrite)
    case structural(Law)
  }

  private func move(_ law: Law, in diagram: Diagram) throws(RewritingError) -> Move {
    guard case .rule(let symbol) = law else {
      if law == .unshare { throw .needsPlace(law: "unshare") }
      return .structural(law)
    }
    let rewrite = try Rewrite(try rule(symbol), .forward)
    let doctrine = rewrite.pattern.diagram.doctrine
    guard rewrite.pattern.diagram.boxCount > 0 else { throw .bareWires(law: rewrite.name) }
    guard doctrine == diagram.doctrine else {
      throw .doctrine(law: rewrite.name, expected: doctrine, found: diagram.doctrine)
    }
    return .rule(symbol, rewrite)
  }

  private func next(
    _ moves: [Move], _ diagram: Diagram
  ) throws(RewritingError) -> (step: DerivationStep, diagram: Diagram)? {
    let matcher = Matcher(diagram)
    for move in moves {
      switch move {
      case .rule(let symbol, let rewrite):
        guard let found = try? firstApplication(of: rewrite, in: matcher) else { continue }
        let place = found.match.anchor.map { Place.name(of: $0, in: matcher.index) }
        let step = DerivationStep.apply(
          .rule(symbol), isBackward: false, at: place, sizes: [])
        return (step, found.result)
      case .structural(let law):
        let result =
          law == .share
          ? try StructuralLaw.share(diagram) : try StructuralLaw.discard(diagram)
        guard result.boxCount < diagram.boxCount else { continue }
        return (.apply(law, isBackward: false, at: nil, sizes: []), result)
      }
    }
    return nil
  }
}

// MARK: - Definitions

extension Rewriter {
  private func reach(
    _ symbol: Symbol, modulo laws: [Law], from diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    let target = try definition(symbol).diagram
    let (left, right): (Diagram, Diagram)
    do {
      (left, right) = (try environment.unfoldingAll(diagram), try environment.unfoldingAll(target))
    } catch { throw .unfolding(error) }
    let comparison = try compare(left, right, modulo: laws)
    guard !comparison.reachedLimit else { throw .endless(steps: Strategy.defaultLimit) }
    guard comparison.isEqual else { throw .notReached(name: symbol.name) }
    return target
  }

  private func unfold(
    _ symbol: Symbol, at place: String?, in diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    _ = try definition(symbol)
    var chosen: BoxID?
    if let place {
      let index = DiagramIndex(diagram)
      do { chosen = index.producers(of: try Place.resolve(place, in: index)).first?.box } catch {
        throw .place(error)
      }
    }
    let isUnfolded = { (box: BoxID, use: DiagramUse) in
      use.definition == symbol && (place == nil || box == chosen)
    }
    let hasUse = (0..<diagram.boxCount).contains { box in
      guard case .use(let use) = diagram.operation(of: BoxID(box)) else { return false }
      return isUnfolded(BoxID(box), use)
    }
    guard hasUse else { throw .noUse(name: symbol.name, place: place) }
    do { return try environment.unfolding(diagram, where: isUnfolded) } catch {
      throw .unfolding(error)
    }
  }

  /// Each folding takes away a match without making one, so there are no more than boxes.
  private func fold(
    _ symbol: Symbol, at place: String?, in diagram: Diagram
  ) throws(RewritingError) -> Diagram {
    let rewrite = try Rewrite(folding: try definition(symbol))
    var current = try apply(rewrite, at: place, to: diagram)
    guard place == nil else { return current }
    for _ in 0..<diagram.boxCount {
      let next = try? firstApplication(of: rewrite, in: Matcher(current))
      guard let next else { break }
      current = next.result
    }
    return current
  }
}

extension Pattern {
  /// The kind of the pattern's outermost boxes that is rarest in a diagram, and how many it has there.
  func rarestKind(in index: DiagramIndex) -> (name: String, count: Int) {
    let kinds = diagram.boxes(in: diagram.root).map { box in
      (name: key(of: box).description, count: index.boxes(of: key(of: box)).count)
    }
    return kinds.min { ($0.count, $0.name) < ($1.count, $1.name) } ?? ("", 0)
  }
}
