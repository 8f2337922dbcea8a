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
  public let diagram: Diagram
  /// The steps taken, each with its place, when they were asked for: replaying them from the start gives the
  /// diagram again.
  public let steps: [DerivationStep]
  /// How many steps were taken.
  public let stepCount: Int
  /// Whether it stopped because the strategy allows no more steps although a law still applies.
  public let reachedLimit: Bool
  /// How often a box was looked at as a place for a rule, when rewriting was done in place.
  package let candidates: Int
}
