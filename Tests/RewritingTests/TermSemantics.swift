import DiagramIR

/// The results of a cartesian diagram as terms, hashed. Sharing, copying and deleting don't change them.
struct TermSemantics {
  let diagram: Diagram
  private var values: [WireID: UInt64] = [:]

  init(_ diagram: Diagram) { self.diagram = diagram }

  static func results(_ diagram: Diagram) -> [UInt64] {
    var semantics = TermSemantics(diagram)
    for (place, wire) in diagram.domain.enumerated() {
      semantics.values[wire] = hash("input", [UInt64(place)])
    }
    return semantics.results(of: diagram.root)
  }

  private mutating func results(of region: RegionID) -> [UInt64] {
    let order = diagram.topologicalOrder(of: region, producers: diagram.producers()) ?? []
    for box in order { evaluate(box) }
    return diagram.codomain(of: region).map { values[$0, default: 0] }
  }

  private mutating func evaluate(_ box: BoxID) {
    let inputs = diagram.inputs(of: box).map { values[$0, default: 0] }
    let operation = diagram.operation(of: box)
    let results: [UInt64]
    if let body = diagram.body(of: box), let axis = operation.axis {
      for (place, wire) in diagram.domain(of: body).enumerated() {
        let isMapped = place < operation.mappedCount
        values[wire] = isMapped ? Self.hash("lane \(axis)", [inputs[place]]) : inputs[place]
      }
      results = self.results(of: body).map { Self.hash("stack \(axis)", [$0]) }
    } else {
      results = diagram.outputs(of: box).enumerated().map { place, wire in
        Self.hash("\(operation) \(place) \(diagram.type(of: wire))", inputs)
      }
    }
    for (wire, value) in zip(diagram.outputs(of: box), results) { values[wire] = value }
  }

  private static func hash(_ name: String, _ inputs: [UInt64]) -> UInt64 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for input in inputs {
      var generator = SeededGenerator(seed: state ^ input)
      state = generator.next()
    }
    return state
  }
}
