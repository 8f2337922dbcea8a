import DiagramIR

/// What replaying a derivation has shown.
public struct DerivationReport: Sendable {
  /// One step and what it did.
  public struct Step: Sendable {
    /// The step.
    public let step: DerivationStep
    /// How many boxes there were before, on all levels.
    public let boxesBefore: Int
    /// How many boxes there are after, on all levels.
    public let boxesAfter: Int
    /// How the diagram before compares with the diagram after.
    public let relation: Relation
    /// The diagram before.
    public let source: Diagram
    /// The diagram after, with the names of the one before.
    public let target: Diagram
    /// The proof that the step's rule cites, where no certificate shows its relation.
    public let citation: String?
    /// The exact rules that the step's certificates use.
    public let certificateRules: [Symbol]
  }

  /// The derivation.
  public let derivation: Derivation
  /// Its steps.
  public let steps: [Step]
  /// The diagram that they lead to: the target, with the names of the source.
  public let end: Diagram
  /// The relation that the steps prove between source and target.
  public let proved: Relation

  /// The proofs that the derivation relies on without checking them, without repetition.
  public var citations: [String] {
    var found: [String] = []
    for step in steps {
      if let citation = step.citation, !found.contains(citation) { found.append(citation) }
    }
    return found
  }
}

/// Why a derivation proves nothing.
public enum DerivationFault: Error, Hashable, Sendable {
  /// Nobody declares the source, the target, or a diagram that a step expects.
  case undeclared(Symbol)
  /// A step, counted from zero, can't be taken.
  case step(index: Int, text: String, RewritingError)
  /// After a step, counted from zero, the diagram should have been another. The box counts are of what is there
  /// and what is expected.
  case expectation(index: Int, Symbol, boxes: Int, expected: Int)
  /// A step, counted from zero, normalizes with laws that still apply after the limit of steps.
  case limit(index: Int, text: String, steps: Int)
  /// The certificate of a step, counted from zero, doesn't show the relation that the step is said to have.
  case certificate(index: Int, text: String, Relation)
  /// The steps don't lead to the target.
  case target(Symbol, boxes: Int, expected: Int)
  /// The steps prove less than is claimed.
  case claim(proved: Relation, claimed: Relation)
}

extension DerivationFault: CustomStringConvertible {
  /// What is wrong; steps are counted from one.
  public var description: String {
    switch self {
    case .undeclared(let symbol): "diagram '\(symbol.name)' is not declared"
    case .step(let index, let text, let error): "step \(index + 1) (\(text)): \(error)"
    case .expectation(let index, let symbol, let boxes, let expected):
      "step \(index + 1) (expect \(symbol.name)): the diagram is another one"
        + Self.compare(boxes, expected)
    case .limit(let index, let text, let steps):
      "step \(index + 1) (\(text)): the laws still apply after \(steps) steps"
    case .certificate(let index, let text, let relation):
      "step \(index + 1) (\(text)): its certificate doesn't show '\(relation.rawValue)'"
    case .target(let symbol, let boxes, let expected):
      "the steps don't lead to '\(symbol.name)'" + Self.compare(boxes, expected)
    case .claim(let proved, let claimed):
      "the steps prove '\(proved.rawValue)', which is weaker than the claimed "
        + "'\(claimed.rawValue)'"
    }
  }

  private static func compare(_ boxes: Int, _ expected: Int) -> String {
    boxes == expected
      ? "; both have \(boxes) boxes" : "; it has \(boxes) boxes instead of \(expected)"
  }
}
