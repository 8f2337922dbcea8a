import DiagramIR

extension Diagram {
  /// The diagram modulo the laws of copying and deleting: no two boxes do the same to the same wires, and
  /// every box has a consumer. Certificates are looked for in this form.
  ///
  /// - Throws: `RewritingError.replacement`, never for a well formed diagram.
  /// - Complexity: linear, expected.
  func sharedForm() throws(RewritingError) -> Diagram {
    guard doctrine == .cartesian else { return self }
    return try StructuralLaw.discard(try StructuralLaw.share(self))
  }

  /// The same with stacks of SIMD boxes over one axis made one box each.
  func fusedForm() throws(RewritingError) -> Diagram {
    guard doctrine == .cartesian else { return self }
    return try LaneFusion.fused(self).diagram.sharedForm()
  }

  /// Whether the diagrams are equal modulo the laws of copying and deleting and the normal form of SIMD boxes.
  ///
  /// - Complexity: linear, expected, and that of comparing; the normal form is only made when the forms without it
  ///   differ.
  func isEqualByLaws(to other: Diagram) -> Bool {
    guard let left = try? sharedForm(), let right = try? other.sharedForm() else { return false }
    if left.isIsomorphic(to: right) { return true }
    guard doctrine == .cartesian, let first = try? LaneRewriting.normalForm(of: left),
      let second = try? LaneRewriting.normalForm(of: right)
    else { return false }
    return first.isIsomorphic(to: second)
  }
}
