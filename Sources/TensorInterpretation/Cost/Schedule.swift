import DiagramIR

/// In which order the boxes of each region run, and when a wire is needed no more.
struct Schedule {
  typealias Step = (box: BoxID, released: [WireID])

  private var regions: [[Step]] = []

  /// - Throws: `InterpretationError.malformed`, when a region has a cycle.
  /// - Complexity: linear.
  init(_ diagram: Diagram) throws(InterpretationError) {
    let producers = diagram.producers()
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
        throw .malformed(.cycle(region))
      }
      regions.append(Self.steps(order, region, diagram))
    }
  }

  /// The boxes of a region in order, each with the wires that nothing needs after it.
  ///
  /// Inputs of a body are never among them: they belong to the region around it.
  func steps(of region: RegionID) -> [Step] { regions[region.index] }

  private static func steps(
    _ order: [BoxID], _ region: RegionID, _ diagram: Diagram
  ) -> [Step] {
    let first = diagram.wires(in: region).first?.index ?? 0
    var isKept = Array(repeating: false, count: diagram.wires(in: region).count)
    for wire in diagram.codomain(of: region) { isKept[wire.index - first] = true }
    if region != diagram.root {
      for wire in diagram.domain(of: region) { isKept[wire.index - first] = true }
    }
    var steps: [Step] = []
    for box in order.reversed() {
      var released: [WireID] = []
      for wire in diagram.outputs(of: box) + diagram.inputs(of: box)
      where !isKept[wire.index - first] {
        isKept[wire.index - first] = true
        released.append(wire)
      }
      steps.append((box, released))
    }
    return steps.reversed()
  }
}
