import DiagramIR

/// An overlap of two rules, and whether the two results of applying them there come together again.
public struct CriticalPair: Sendable {
  /// What became of the two results.
  public enum Outcome: Hashable, Sendable {
    /// Rewriting takes both to one diagram.
    case joins
    /// Both have a normal form, and these differ.
    case differs
    /// Rewriting one of them came back to where it was, and they met nowhere.
    case loops
    /// Rules still applied after the limit of steps, and they met nowhere.
    case undecided
  }

  /// The rule that gives the first result.
  public let first: Symbol
  /// The rule that gives the second result.
  public let second: Symbol
  /// The overlap of their left sides.
  public let overlap: Overlap
  /// The overlap after the first rule, and after the second.
  public let results: (Diagram, Diagram)
  /// Whether the results join.
  public let outcome: Outcome
}

/// A proof that applying rules left to right need not end.
public enum RuleLoop: Hashable, Sendable {
  /// The right side of a rule contains an instance of its left side.
  case containsItself(Symbol)
  /// Rewriting the right side of a rule comes back to a diagram that was there so many steps before.
  case cycle(Symbol, period: Int)
  /// Rewriting the result of an overlap of two rules comes back.
  case pairCycle(Symbol, Symbol, period: Int)
}

/// What is known of applying the exact rules of a set left to right.
public struct ConfluenceReport: Sendable {
  /// The overlaps, by the order of the rules.
  public internal(set) var pairs: [CriticalPair] = []
  /// Proofs that rewriting need not end.
  public internal(set) var loops: [RuleLoop] = []
  /// Rules that can't be applied left to right, and why.
  public internal(set) var unusable: [(rule: Symbol, error: RewritingError)] = []
  /// Why rewriting ends, if that is known.
  public internal(set) var termination = TerminationArgument.boxes
  /// In `symmetric`, rules with an input from which no path leads to some output of the left side. What overlaps
  /// of such rules show is not enough for confluence.
  public internal(set) var notConnected: [Symbol] = []
  /// How many ways to glue two left sides are no overlaps because an occurrence isn't convex.
  public internal(set) var notConvex = 0
  /// Whether two rules had more overlaps than are looked at.
  public internal(set) var isCut = false

  /// Whether every pair joins and no loop was found.
  public var isFine: Bool { loops.isEmpty && pairs.allSatisfy { $0.outcome == .joins } }

  /// Whether the rules are proved confluent: they terminate and all critical pairs join (Newman's lemma). Only
  /// for `symmetric` rules whose left sides are connected, where critical pairs are known to be enough.
  public internal(set) var isConfluent = false
}
