import DiagramIR

extension Rewriter {
  /// The diagram becomes a declared one that is the same modulo laws, all uses unfolded.
  func reach(
    _ symbol: Symbol, modulo laws: [Law], from diagram: Diagram
  ) throws(RewritingError) -> LearnedOutcome {
    let target = try definition(symbol).diagram
    let (left, right) = (
      try unfoldedForm(of: diagram, modulo: laws), try unfoldedForm(of: target, modulo: laws)
    )
    guard left.isIsomorphic(to: right) else { throw .notReached(name: symbol.name) }
    var outcome = LearnedOutcome(exact: target)
    outcome.names = BoundNames(of: right, in: left)
    return outcome
  }

  /// A diagram with all uses unfolded, normalized by laws.
  ///
  /// - Throws: `RewritingError.endless`, when laws still apply after `Strategy.defaultLimit` steps.
  public func unfoldedForm(
    of diagram: Diagram, modulo laws: [Law]
  ) throws(RewritingError) -> Diagram {
    let unfolded: Diagram
    do { unfolded = try environment.unfoldingAll(diagram) } catch { throw .unfolding(error) }
    let limit = Strategy.defaultLimit
    let result = try rewrite(unfolded, by: laws, .normalize(limit: limit), recordingSteps: false)
    guard !result.reachedLimit else { throw .endless(steps: limit) }
    return result.diagram
  }
}
