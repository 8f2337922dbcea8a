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
  /// What is known already of the rules that are not exact; others are looked at whenever they are used.
  public let certificates: RuleCertificates

  /// Takes steps with these declarations.
  public init(_ environment: Environment, certificates: RuleCertificates = RuleCertificates()) {
    (self.environment, self.certificates) = (environment, certificates)
  }

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
  /// - Parameter goingOn: asked while `normalize` takes its steps, as by `rewrite`.
  /// - Throws: `RewritingError`, when the step can't be taken.
  public func outcome(
    of step: DerivationStep, from diagram: Diagram, goingOn: (Int) -> Bool = { _ in true }
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
        exact: try rewrite(
          diagram, by: laws, strategy, recordingSteps: false, goingOn: goingOn
        ).diagram)
    case .expect: return LearnedOutcome(exact: diagram)
    case .reach(let symbol, _, let laws):
      return try reach(symbol, modulo: laws, from: diagram)
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
      return try LaneRewriting(
        law: law, isBackward: isBackward, environment: environment, sizes: sizes
      ).apply(to: diagram, at: place)
    }
  }

  func rule(_ symbol: Symbol) throws(RewritingError) -> Rule {
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
