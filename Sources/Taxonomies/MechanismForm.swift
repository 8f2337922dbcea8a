import DiagramIR
import Rewriting

/// A diagram with what it is compared by.
public struct MechanismForm: Sendable {
  /// The diagram, as it is drawn.
  public let diagram: Diagram
  /// What represents all drawings of it.
  public let form: Diagram
  /// Equal for all drawings of it.
  public let identity: Digest
  /// What it is made of.
  public let boxes: BoxCounts

  /// Computes what a diagram is compared by.
  ///
  /// - Throws: as `MechanismIdentity.representative(of:)`.
  public init(_ diagram: Diagram, _ identity: MechanismIdentity) throws(RewritingError) {
    self.diagram = diagram
    form = try identity.representative(of: diagram)
    self.identity = form.digest()
    boxes = BoxCounts(form)
  }

  /// The sizes that the interface doesn't determine, by name.
  var openSizes: [SizeVariable] {
    let outer = Set((form.domainTypes + form.codomainTypes).flatMap(\.sizeVariables))
    return form.sizeVariables.filter { !outer.contains($0) }.sorted()
  }
}
