import DiagramIR
import Rewriting

/// Which known mechanism a diagram is a drawing of.
public struct MechanismNames: Sendable {
  private var names: [Digest: [Symbol]] = [:]

  /// Computes the identities of known mechanisms.
  ///
  /// Diagrams that have no identity are left out.
  ///
  /// - Complexity: an identity for each.
  public init(_ definitions: [Definition], identity: MechanismIdentity) {
    for definition in definitions {
      guard let digest = try? identity.digest(of: definition.diagram) else { continue }
      names[digest, default: []].append(definition.symbol)
    }
  }

  /// The known mechanisms of an identity, in the order in which they were given.
  public subscript(identity: Digest) -> [Symbol] { names[identity] ?? [] }
}
