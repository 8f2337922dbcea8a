import DiagramIR

extension Rewriter {
  /// Applies laws, left to right, at a match of the first law that has one, again and again.
  ///
  /// Rules between flat sides are applied in place, where `InPlaceRewriting` can; other laws one by one at their
  /// first matches in canonical order. Either way the result is the same for isomorphic diagrams, up to
  /// isomorphism, and the same whether steps are recorded or not.
  ///
  /// - Parameters:
  ///   - recordingSteps: whether `RewritingResult.steps` is filled. Naming the place of a step takes what
  ///     `Diagram.canonicalOrder()` takes, unless the wire has a name of its own.
  ///   - isExact: whether rules of other relations than `==` are refused. Where they are not,
  ///     `RewritingResult.relation` says what the steps prove.
  ///   - goingOn: asked from time to time, with the number of steps taken, whether to go on.
  /// - Throws: `RewritingError`, when a law can't be used in this way; `.stopped` when `goingOn` says no.
  /// - Complexity: in place, linear in the diagram and the steps; else each step takes what preparing a `Matcher`
  ///   and searching for the laws' matches takes.
  public func rewrite(
    _ diagram: Diagram, by laws: [Law], _ strategy: Strategy, recordingSteps: Bool = true,
    isExact: Bool = true, goingOn: (Int) -> Bool = { _ in true }
  ) throws(RewritingError) -> RewritingResult {
    let moves = try moves(laws, in: diagram, isExact: isExact)
    if case .normalize = strategy, laws == [.lanes(.fuse)], diagram.doctrine == .cartesian {
      return try fusingLanes(of: diagram, strategy, goingOn)
    }
    if case .normalize = strategy, laws == [.lanes(.normalForm)], diagram.doctrine == .cartesian {
      return try laneNormalForm(of: diagram, strategy, recordingSteps)
    }
    if let result = try rewriteInPlace(diagram, by: moves, strategy, recordingSteps, goingOn) {
      return result
    }
    return try rewriteStepByStep(diagram, by: moves, strategy, recordingSteps, goingOn)
  }

  /// Fuses all stacks of SIMD boxes at once, then what is left pair by pair; one step in all.
  private func fusingLanes(
    of diagram: Diagram, _ strategy: Strategy, _ goingOn: (Int) -> Bool
  ) throws(RewritingError) -> RewritingResult {
    let (fused, leavesPairs) = LaneFusion.fused(diagram)
    let rest =
      leavesPairs
      ? try rewriteStepByStep(
        fused, by: try moves([.lanes(.fuse)], in: fused, isExact: true), strategy, false, goingOn)
      : RewritingResult(diagram: fused)
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

  /// The same as `rewrite`, by searching the whole diagram at every step.
  package func rewriteStepByStep(
    _ diagram: Diagram, by laws: [Law], _ strategy: Strategy, recordingSteps: Bool = false
  ) throws(RewritingError) -> RewritingResult {
    try rewriteStepByStep(
      diagram, by: try moves(laws, in: diagram, isExact: true), strategy, recordingSteps
    ) { _ in true }
  }

  private func rewriteStepByStep(
    _ diagram: Diagram, by moves: [RewritingMove], _ strategy: Strategy, _ isRecording: Bool,
    _ goingOn: (Int) -> Bool
  ) throws(RewritingError) -> RewritingResult {
    var result = RewritingResult(diagram: diagram)
    while let next = try next(moves, result, isRecording) {
      guard goingOn(result.stepCount) else { throw .stopped(afterSteps: result.stepCount) }
      result.reachedLimit = result.stepCount >= strategy.limit
      if result.reachedLimit { break }
      if let step = next.step { result.steps.append(step) }
      result.stepCount += 1
      result.take(next.outcome)
    }
    return result
  }

  /// `nil` when the diagram or a move is of a form that isn't rewritten in place.
  private func rewriteInPlace(
    _ diagram: Diagram, by moves: [RewritingMove], _ strategy: Strategy, _ isRecording: Bool,
    _ goingOn: (Int) -> Bool
  ) throws(RewritingError) -> RewritingResult? {
    var rewrites: [(Symbol, Rewrite)] = []
    for move in moves {
      guard case .rule(let symbol, let rewrite) = move else { return nil }
      rewrites.append((symbol, rewrite))
    }
    guard var rewriting = InPlaceRewriting.rewriting(diagram, rewrites) else { return nil }
    let result = rewriting.run(
      limit: strategy.limit, recordingSteps: isRecording, goingOn: goingOn)
    guard let result else { throw .stopped(afterSteps: rewriting.stepCount) }
    return result
  }

  /// The next step by the first of some moves that can be made.
  ///
  /// - Throws: `RewritingError`, when a law can't be used; for the first step also when a rule that is not exact
  ///   matches and no condition of it holds.
  private func next(
    _ moves: [RewritingMove], _ result: RewritingResult, _ isRecording: Bool
  ) throws(RewritingError) -> RewritingMove.Step? {
    let matcher = Matcher(result.diagram)
    var failure: RewritingError?
    for move in moves {
      do throws(RewritingError) {
        guard let found = try move.make(in: matcher, self, isRecording) else { continue }
        return found
      } catch {
        guard case .learned = move else { throw error }
        failure = failure ?? error
      }
    }
    if result.stepCount == 0, let failure { throw failure }
    return nil
  }
}
