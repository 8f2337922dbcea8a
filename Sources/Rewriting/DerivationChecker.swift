import DiagramIR

/// Replays derivations.
///
/// It trusts the matching kernel for exact steps and for rules that cite their proof, and nothing for the
/// others: there it applies the step's substitution to the more general diagram itself, and compares.
public struct DerivationChecker: Sendable {
  private let rewriter: Rewriter

  /// Checks derivations that refer to these declarations. Give the derivations themselves, and what justifies
  /// the rules that they share is looked for once.
  public init(_ environment: Environment, sharing derivations: [Derivation] = []) {
    rewriter = Rewriter(environment).knowing(derivations.flatMap(\.appliedLaws))
  }

  private init(_ rewriter: Rewriter) { self.rewriter = rewriter }

  /// Takes the steps of a derivation one by one from its source, and compares the end with its target.
  ///
  /// - Parameter goingOn: asked before each step, and while one normalizes, whether to go on, with the number of
  ///   steps replayed.
  /// - Parameter seeing: called with each step that was taken and holds.
  /// - Throws: `DerivationFault`, what is wrong first; with `RewritingError.stopped` when `goingOn` says no.
  public func check(
    _ derivation: Derivation, goingOn: (Int) -> Bool = { _ in true },
    seeing: (DerivationReport.Step) -> Void = { _ in }
  ) throws(DerivationFault) -> DerivationReport {
    try DerivationChecker(rewriter.knowing(derivation.appliedLaws))
      .replay(derivation, goingOn, seeing)
  }

  private func replay(
    _ derivation: Derivation, _ goingOn: (Int) -> Bool, _ seeing: (DerivationReport.Step) -> Void
  ) throws(DerivationFault) -> DerivationReport {
    var current = try diagram(derivation.source)
    let target = try diagram(derivation.target)
    var steps: [DerivationReport.Step] = []
    var (proved, names) = (Relation.equal, BoundNames())
    for (index, step) in derivation.steps.enumerated() {
      guard goingOn(index) else {
        throw .step(index: index, text: "\(step)", .stopped(afterSteps: index))
      }
      let next = try take(step, index, current) { _ in goingOn(index) }
      guard next.holds(from: current, rewriter.environment) else {
        throw .certificate(index: index, text: "\(step)", next.relation)
      }
      let taken = DerivationReport.Step(
        step: step, boxesBefore: current.boxCount, boxesAfter: next.diagram.boxCount,
        relation: next.relation, source: current,
        target: next.names.renaming(next.diagram, in: rewriter.environment),
        citation: next.citation, certificateRules: next.rules)
      seeing(taken)
      steps.append(taken)
      names = next.names.then(names)
      proved = proved.then(next.relation)
      current = next.diagram
    }
    guard current.isIsomorphic(to: target) else {
      throw .target(derivation.target, boxes: current.boxCount, expected: target.boxCount)
    }
    guard proved.implies(derivation.relation) else {
      throw .claim(proved: proved, claimed: derivation.relation)
    }
    return DerivationReport(
      derivation: derivation, steps: steps,
      end: names.renaming(current, in: rewriter.environment), proved: proved)
  }

  private func take(
    _ step: DerivationStep, _ index: Int, _ diagram: Diagram, _ goingOn: (Int) -> Bool
  ) throws(DerivationFault) -> LearnedOutcome {
    switch step {
    case .expect(let symbol):
      try expect(symbol, index, diagram)
      return LearnedOutcome(exact: diagram)
    case .normalize(_, let laws):
      let limit = Strategy.defaultLimit
      let result = try taking(step, index) { () throws(RewritingError) in
        try rewriter.rewrite(
          diagram, by: laws, .normalize(limit: limit), recordingSteps: false, goingOn: goingOn)
      }
      guard !result.reachedLimit else {
        throw .limit(index: index, text: "\(step)", steps: limit)
      }
      return LearnedOutcome(exact: result.diagram)
    default:
      return try taking(step, index) { () throws(RewritingError) in
        try rewriter.outcome(of: step, from: diagram)
      }
    }
  }

  private func taking<Result>(
    _ step: DerivationStep, _ index: Int, _ body: () throws(RewritingError) -> Result
  ) throws(DerivationFault) -> Result {
    do { return try body() } catch { throw .step(index: index, text: "\(step)", error) }
  }

  private func expect(
    _ symbol: Symbol, _ index: Int, _ diagram: Diagram
  ) throws(DerivationFault) {
    let expected = try self.diagram(symbol)
    guard diagram.isIsomorphic(to: expected) else {
      throw .expectation(
        index: index, symbol, boxes: diagram.boxCount, expected: expected.boxCount)
    }
  }

  private func diagram(_ symbol: Symbol) throws(DerivationFault) -> Diagram {
    guard let definition = rewriter.environment.definition(symbol) else {
      throw .undeclared(symbol)
    }
    return definition.diagram
  }
}

/// Whether two diagrams are equal, and how that was found.
public struct Comparison: Sendable {
  /// Whether the diagrams are isomorphic, after normalizing where laws are given.
  public let isEqual: Bool
  /// Whether normalizing stopped early, so that a difference says nothing.
  public let reachedLimit: Bool
}

extension Rewriter {
  /// Compares two diagrams up to isomorphism, after both are normalized by laws.
  ///
  /// - Throws: `RewritingError`, when a law can't be used for normalizing.
  public func compare(
    _ left: Diagram, _ right: Diagram, modulo laws: [Law],
    limit: Int = Strategy.defaultLimit, goingOn: (Int) -> Bool = { _ in true }
  ) throws(RewritingError) -> Comparison {
    let strategy = Strategy.normalize(limit: limit)
    let first = try rewrite(left, by: laws, strategy, recordingSteps: false, goingOn: goingOn)
    let count = first.stepCount
    let second = try rewrite(right, by: laws, strategy, recordingSteps: false) {
      goingOn(count + $0)
    }
    return Comparison(
      isEqual: first.diagram.isIsomorphic(to: second.diagram),
      reachedLimit: first.reachedLimit || second.reachedLimit)
  }
}
