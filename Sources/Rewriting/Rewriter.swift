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
    try outcome(of: step, from: diagram).diagram
  }

  /// The diagram after one step of a derivation, how it compares with the one before, and what certifies it.
  ///
  /// - Throws: `RewritingError`, when the step can't be taken.
  public func outcome(
    of step: DerivationStep, from diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    switch step {
    case .apply(let law, let isBackward, let place, let sizes):
      if case .rule(let symbol) = law, try rule(symbol).relation != .equal {
        return try applyLearned(
          try rule(symbol), isBackward ? .backward : .forward, at: place, sizes: sizes, to: diagram)
      }
      return LearnedOutcome(
        exact: try apply(law, isBackward: isBackward, at: place, sizes: sizes, to: diagram))
    case .unfold(let symbol, let place):
      return LearnedOutcome(exact: try unfold(symbol, at: place, in: diagram))
    case .fold(let symbol, let place):
      return LearnedOutcome(exact: try fold(symbol, at: place, in: diagram))
    case .specialise(let label, let symbol, let sizes):
      return try specialise(label, to: try definition(symbol), sizes: sizes, in: diagram)
    case .tie(let label, let other): return try tie(label, to: other, in: diagram)
    case .untie(let label, let place): return try untie(label, at: place, in: diagram)
    case .absorb(let place): return try absorb(at: place, in: diagram)
    case .normalize(_, let laws):
      let strategy = Strategy.normalize(limit: Strategy.defaultLimit)
      return LearnedOutcome(
        exact: try rewrite(diagram, by: laws, strategy, recordingSteps: false).diagram)
    case .expect: return LearnedOutcome(exact: diagram)
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
    case (.lanes(let law), _):
      return try LaneRewriting(law: law, isBackward: isBackward, sizes: sizes)
        .apply(to: diagram, at: place)
    }
  }

  private func rule(_ symbol: Symbol) throws(RewritingError) -> Rule {
    guard let rule = environment.rule(symbol) else { throw .undeclaredRule(symbol) }
    return rule
  }

  func definition(_ symbol: Symbol) throws(RewritingError) -> Definition {
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
    try application(of: rewrite, at: place, to: diagram) {
      match, matcher throws(RewritingError) in try rewrite.apply(match, in: matcher)
    }
  }

  /// What the first match that something can be done with comes to.
  func application<Result>(
    of rewrite: Rewrite, at place: String?, to diagram: Diagram,
    _ apply: (Match, Matcher) throws(RewritingError) -> Result
  ) throws(RewritingError) -> Result {
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
    if let found = try firstApplication(of: rewrite, in: matcher, at: wire, apply) {
      return found.result
    }
    let head = rewrite.pattern.rarestKind(in: matcher.index)
    throw .noMatch(
      law: rewrite.name, head: head.name, count: head.count, place: place)
  }

  /// The first match that the other side can replace. When there are matches but none can, what is wrong with
  /// the first.
  private func firstApplication(
    of rewrite: Rewrite, in matcher: Matcher, at place: WireID? = nil
  ) throws(RewritingError) -> (match: Match, result: Diagram)? {
    try firstApplication(of: rewrite, in: matcher, at: place) {
      match, matcher throws(RewritingError) in try rewrite.apply(match, in: matcher)
    }
  }

  private func firstApplication<Result>(
    of rewrite: Rewrite, in matcher: Matcher, at place: WireID?,
    _ apply: (Match, Matcher) throws(RewritingError) -> Result
  ) throws(RewritingError) -> (match: Match, result: Result)? {
    var search = MatchSearch(rewrite.pattern, matcher.index, at: place)
    var failure: RewritingError?
    while let match = search.next() {
      do { return (match, try apply(match, matcher)) } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Applies laws, left to right, at a match of the first law that has one, again and again.
  ///
  /// Rules between flat sides are applied in place, where `InPlaceRewriting` can; other laws one by one at their
  /// first matches in canonical order. Either way the result is the same for isomorphic diagrams, up to
  /// isomorphism. Steps are recorded in place only in diagrams of one region that the interface reaches; elsewhere
  /// rules that don't lead to one result may lead to another when steps are recorded.
  ///
  /// - Parameter recordingSteps: whether `RewritingResult.steps` is filled. Naming the place of a step takes what
  ///   `Diagram.canonicalOrder()` takes.
  /// - Throws: `RewritingError`, when a law can't be used in this way.
  /// - Complexity: in place, linear in the diagram and the steps; else each step takes what preparing a `Matcher`
  ///   and searching for the laws' matches takes.
  public func rewrite(
    _ diagram: Diagram, by laws: [Law], _ strategy: Strategy, recordingSteps: Bool = true
  ) throws(RewritingError) -> RewritingResult {
    var moves: [Move] = []
    for law in laws { moves.append(try move(law, in: diagram)) }
    if case .normalize = strategy, laws == [.lanes(.fuse)], diagram.doctrine == .cartesian {
      return try fusingLanes(of: diagram, strategy)
    }
    if case .normalize = strategy, laws == [.lanes(.normalForm)], diagram.doctrine == .cartesian {
      return try laneNormalForm(of: diagram, strategy, recordingSteps)
    }
    if var inPlace = inPlace(moves, diagram), !recordingSteps || inPlace.numbersPlaces {
      return inPlace.run(limit: strategy.limit, recordingSteps: recordingSteps)
    }
    return try rewriteStepByStep(diagram, by: laws, strategy, recordingSteps: recordingSteps)
  }

  /// Fuses all stacks of SIMD boxes at once, then what is left pair by pair; one step in all.
  private func fusingLanes(
    of diagram: Diagram, _ strategy: Strategy
  ) throws(RewritingError) -> RewritingResult {
    let (fused, leavesPairs): (Diagram, Bool)
    do { (fused, leavesPairs) = try LaneFusion.fused(diagram) } catch {
      throw .replacement(law: "simd.fuse", error)
    }
    let rest =
      leavesPairs
      ? try rewriteStepByStep(fused, by: [.lanes(.fuse)], strategy)
      : RewritingResult(
        diagram: fused, steps: [], stepCount: 0, reachedLimit: false, candidates: 0)
    let hasChanged = rest.diagram.boxCount < diagram.boxCount
    return RewritingResult(
      diagram: rest.diagram,
      steps: hasChanged ? [.normalize(name: "simd.fuse", laws: [.lanes(.fuse)])] : [],
      stepCount: hasChanged ? 1 : 0, reachedLimit: rest.reachedLimit, candidates: 0)
  }

  /// The normal form of SIMD boxes, which is reached in one step.
  private func laneNormalForm(
    of diagram: Diagram, _ strategy: Strategy, _ isRecording: Bool
  ) throws(RewritingError) -> RewritingResult {
    let law = Law.lanes(.normalForm)
    let normal = try LaneRewriting.normalForm(of: diagram)
    let isDone = normal.isIsomorphic(to: diagram)
    guard !isDone, strategy.limit > 0 else {
      return RewritingResult(
        diagram: diagram, steps: [], stepCount: 0, reachedLimit: !isDone, candidates: 0)
    }
    let step = DerivationStep.apply(law, isBackward: false, at: nil, sizes: [])
    return RewritingResult(
      diagram: normal, steps: isRecording ? [step] : [], stepCount: 1, reachedLimit: false,
      candidates: 0)
  }

  /// The same by searching the whole diagram at every step.
  package func rewriteStepByStep(
    _ diagram: Diagram, by laws: [Law], _ strategy: Strategy, recordingSteps: Bool = false
  ) throws(RewritingError) -> RewritingResult {
    var moves: [Move] = []
    for law in laws { moves.append(try move(law, in: diagram)) }
    var (current, steps, count): (Diagram, [DerivationStep], Int) = (diagram, [], 0)
    var reachedLimit = false
    while let next = try self.next(moves, current, recordingSteps) {
      reachedLimit = count >= strategy.limit
      if reachedLimit { break }
      if let step = next.step { steps.append(step) }
      count += 1
      current = next.diagram
    }
    return RewritingResult(
      diagram: current, steps: steps, stepCount: count, reachedLimit: reachedLimit,
      candidates: 0)
  }

  private func inPlace(_ moves: [Move], _ diagram: Diagram) -> InPlaceRewriting? {
    var rewrites: [(Symbol, Rewrite)] = []
    for move in moves {
      guard case .rule(let symbol, let rewrite) = move else { return nil }
      rewrites.append((symbol, rewrite))
    }
    return InPlaceRewriting(diagram, rewrites)
  }

  private enum Move {
    case rule(Symbol, Rewrite)
    case structural(Law)
    case lanes(LaneLaw)
  }

  private func move(_ law: Law, in diagram: Diagram) throws(RewritingError) -> Move {
    guard case .rule(let symbol) = law else {
      if law == .unshare { throw .needsPlace(law: "unshare") }
      if case .lanes(let law) = law { return .lanes(law) }
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
    _ moves: [Move], _ diagram: Diagram, _ isRecording: Bool
  ) throws(RewritingError) -> (step: DerivationStep?, diagram: Diagram)? {
    let matcher = Matcher(diagram)
    for move in moves {
      switch move {
      case .rule(let symbol, let rewrite):
        guard let found = try? firstApplication(of: rewrite, in: matcher) else { continue }
        guard isRecording else { return (nil, found.result) }
        let place = found.match.anchor.map { Place.name(of: $0, in: matcher.index) }
        let step = DerivationStep.apply(
          .rule(symbol), isBackward: false, at: place, sizes: [])
        return (step, found.result)
      case .structural(let law):
        let result =
          law == .share
          ? try StructuralLaw.share(diagram) : try StructuralLaw.discard(diagram)
        guard result.boxCount < diagram.boxCount else { continue }
        let step = DerivationStep.apply(law, isBackward: false, at: nil, sizes: [])
        return (isRecording ? step : nil, result)
      case .lanes(let law):
        guard let found = try LaneRewriting(law: law, isBackward: false).next(matcher.index) else {
          continue
        }
        return (isRecording ? found.step : nil, found.diagram)
      }
    }
    return nil
  }
}

// MARK: - Definitions

extension Rewriter {
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
