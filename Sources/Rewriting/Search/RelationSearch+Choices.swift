import DiagramIR

extension RelationSearch {
  /// Diagrams for the learned boxes of one diagram that make it another; `nil` when none were found, which proves
  /// nothing.
  ///
  /// Both are in index form (`LaneLaw.normalForm`), and have one interface. A size that both have by the same name is
  /// the same size.
  ///
  /// - Parameter isThorough: whether lanes are also brought together, where a learned box may stand for boxes in lanes of
  ///   one kind; that takes longer.
  /// - Complexity: as `SpecialisationSearch` and `SubstitutionSearch` with the limit; linear where the special diagram
  ///   lacks a box that no choice takes out of the general one.
  public func choices(
    making special: Diagram, of general: Diagram, isThorough: Bool = true
  ) -> [String: Diagram]? {
    guard general.mayBecome(special), let laned = LanedDiagram(general),
      laned.fixedOperations.isSubset(of: special.operations)
    else { return nil }
    if let images = images(general, special) { return images }
    guard isThorough, let first = try? general.fusedForm(), let second = try? special.fusedForm(),
      var search = SubstitutionSearch(first, second, environment, budget: limit),
      let found = search.first()
    else { return nil }
    let images = found.labels.compactMap { label in found[label].map { (label, $0) } }
    return Dictionary(uniqueKeysWithValues: images)
  }
}

extension LanedDiagram {
  /// What the boxes do that results depend on with no learned box in between: no choice for learned boxes takes
  /// them away. Boxes that make copies, sizes and scans are left out.
  fileprivate var fixedOperations: Set<Operation> {
    var (found, seen, pending): (Set<Operation>, Set<Int>, [WireID]) = (
      [], [], Array(diagram.codomain)
    )
    while let wire = pending.popLast() {
      guard let index = producer[wire], seen.insert(index).inserted else { continue }
      let operation = operation(of: boxes[index])
      switch operation {
      case .number: found.insert(operation)
      case .box:
        if TensorBox.name(of: operation) != "repeat" { found.insert(operation) }
        pending += boxes[index].operands.map(\.wire)
      default: continue
      }
    }
    return found
  }
}
