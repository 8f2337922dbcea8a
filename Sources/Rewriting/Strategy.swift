import DiagramIR

/// How often laws are applied.
public enum Strategy: Hashable, Sendable {
  /// At the first place where one applies.
  case once
  /// This many times, or until none applies.
  case steps(Int)
  /// Until none applies, or this many steps are taken.
  case normalize(limit: Int)

  /// How many steps `normalize` takes unless told otherwise.
  public static let defaultLimit = 10_000

  /// The most steps that are taken.
  var limit: Int {
    switch self {
    case .once: 1
    case .steps(let count), .normalize(let count): count
    }
  }
}

/// What applying laws came to.
public struct RewritingResult: Sendable {
  /// The diagram reached.
  public internal(set) var diagram: Diagram
  /// The steps taken, each with its place, when they were asked for: replaying them from the start gives the
  /// diagram again.
  public internal(set) var steps: [DerivationStep] = []
  /// How many steps were taken.
  public internal(set) var stepCount = 0
  /// Whether it stopped because the strategy allows no more steps although a law still applies.
  public internal(set) var reachedLimit = false
  /// How the diagram at the start compares with the one reached.
  public internal(set) var relation = Relation.equal
  /// The proofs that the steps rely on without a certificate, without repetition.
  public internal(set) var citations: [String] = []
  /// How often a box was looked at as a place for a rule, when rewriting was done in place.
  package internal(set) var candidates = 0

  /// Takes one more step.
  mutating func take(_ outcome: LearnedOutcome) {
    diagram = outcome.diagram
    relation = relation.then(outcome.relation)
    if let citation = outcome.citation, !citations.contains(citation) {
      citations.append(citation)
    }
  }
}
