import DiagramIR

extension Diagram {
  /// The diagram modulo the laws of copying and deleting: no two boxes do the same to the same wires, and
  /// every box has a consumer. Certificates are compared in this form.
  ///
  /// - Throws: `RewritingError.replacement`, never for a well formed diagram.
  /// - Complexity: linear, expected.
  func sharedForm() throws(RewritingError) -> Diagram {
    guard doctrine == .cartesian else { return self }
    return try StructuralLaw.discard(try StructuralLaw.share(self))
  }

  /// Whether the diagrams are equal modulo the laws of copying and deleting.
  func isEqualModuloSharing(to other: Diagram) -> Bool {
    guard let left = try? sharedForm(), let right = try? other.sharedForm() else { return false }
    return left.isIsomorphic(to: right)
  }
}
