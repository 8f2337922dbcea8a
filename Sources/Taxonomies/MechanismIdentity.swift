import DiagramIR
import Rewriting

/// When two drawings are one mechanism: when they are isomorphic after uses of diagrams were unfolded, lanes were
/// brought into index form, repeated and unused boxes taken away, and what is left normalized by drawing rules; before
/// all that, modulo oriented exact laws.
///
/// So the order of statements, names, fused or split SIMD boxes, and softmax unfolded or not make no difference; with the
/// library's drawing rules (Rules/drawings.rules), neither does what softmax subtracts from its scores. Two
/// mechanisms that are told apart here may still be equal for reasons that need other laws.
public struct MechanismIdentity: Sendable {
  /// Raised whenever forms, digests or certificates change, so that what an older version kept isn't taken for this
  /// one's (`TaxonomySearch.fingerprint`).
  static let version = 1

  /// What the diagrams refer to.
  public let environment: Environment
  /// Exact laws by which diagrams are normalized first, left to right.
  public let laws: [Law]
  /// Exact rules by which index forms are normalized at last.
  public let drawings: DrawingRules

  /// The identity modulo laws.
  public init(
    _ environment: Environment, modulo laws: [Law] = [], drawings: DrawingRules = .none
  ) {
    self.environment = environment
    self.laws = laws
    self.drawings = drawings
  }

  /// The diagram that represents all drawings of a mechanism.
  ///
  /// - Throws: `RewritingError`, when a law can't be used on the diagram, the laws don't come to an end within
  ///   `Strategy.defaultLimit` steps, or the diagram can't be unfolded.
  /// - Complexity: that of normalizing; without laws, linear in the unfolded diagram.
  public func representative(of diagram: Diagram) throws(RewritingError) -> Diagram {
    let rewriter = Rewriter(environment)
    var current = diagram
    if !laws.isEmpty {
      let strategy = Strategy.normalize(limit: Strategy.defaultLimit)
      let result = try rewriter.rewrite(current, by: laws, strategy, recordingSteps: false)
      guard !result.reachedLimit else { throw .endless(steps: Strategy.defaultLimit) }
      current = result.diagram
    }
    guard current.doctrine == .cartesian else {
      return try rewriter.unfoldedForm(of: current, modulo: [])
    }
    return try drawings.normalized(
      try rewriter.unfoldedForm(of: current, modulo: [.lanes(.normalForm)]))
  }

  /// Equal for drawings of one mechanism.
  ///
  /// - Throws: as `representative(of:)`.
  public func digest(of diagram: Diagram) throws(RewritingError) -> Digest {
    try representative(of: diagram).digest()
  }
}
