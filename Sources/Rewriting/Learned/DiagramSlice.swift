import DiagramIR

/// The part of a region that leads from some wires to others, as a diagram.
struct DiagramSlice {
  let source: Diagram
  let producers: [Int32]
  private var builder: DiagramBuilder
  private var wires: [WireID: WireID] = [:]

  init(_ source: Diagram) {
    self.source = source
    producers = source.producers()
    builder = DiagramBuilder(doctrine: source.doctrine)
  }

  /// The diagram with these inputs and these results; `nil` when a result depends on anything else.
  ///
  /// Where one wire is several inputs, the part takes the first. An input without a wire is not used.
  ///
  /// - Complexity: linear in the region and in the part's bodies.
  func diagram(
    _ region: RegionID, from inputs: [(wire: WireID?, type: WireType)], to outputs: [WireID]
  ) -> Diagram? {
    guard let boxes = boxes(region, from: inputs.compactMap(\.wire), to: outputs) else {
      return nil
    }
    var slice = self
    for (input, type) in inputs {
      let name = input.map { source.name(of: $0) } ?? ""
      let copy = slice.builder.addDomainWire(type, name: name)
      if let input, slice.wires[input] == nil { slice.wires[input] = copy }
    }
    slice.copy(boxes)
    return slice.builder.finish(codomain: outputs.map { slice.image($0) })
  }

  /// The boxes that results depend on, up to the inputs, each after those that it depends on.
  func boxes(_ region: RegionID, from inputs: [WireID], to outputs: [WireID]) -> [BoxID]? {
    let ends = Set(inputs)
    var (needed, pending): (Set<BoxID>, [WireID]) = ([], outputs)
    while let wire = pending.popLast() {
      if ends.contains(wire) { continue }
      guard producers[wire.index] >= 0 else { return nil }
      let box = BoxID(Int(producers[wire.index]))
      if needed.insert(box).inserted { pending += source.inputs(of: box) }
    }
    return source.topologicalOrder(of: region, producers: producers)?
      .filter { needed.contains($0) }
  }

  private func image(_ wire: WireID) -> WireID { wires[wire] ?? WireID(-1) }

  private mutating func copy(_ boxes: [BoxID]) {
    for box in boxes {
      let inputs = source.inputs(of: box).map { image($0) }
      let types = source.outputs(of: box).map { source.type(of: $0) }
      let operation = source.operation(of: box)
      let outputs: [WireID]
      if let body = source.body(of: box) {
        builder.openBody()
        for wire in source.domain(of: body) {
          wires[wire] = builder.addDomainWire(source.type(of: wire), name: source.name(of: wire))
        }
        copy(source.topologicalOrder(of: body, producers: producers) ?? [])
        let codomain = source.codomain(of: body).map { image($0) }
        outputs = builder.closeBody(
          operation, inputs: inputs, codomain: codomain, outputs: types)
      } else {
        outputs = builder.addBox(operation, inputs: inputs, outputs: types)
      }
      for (wire, copy) in zip(source.outputs(of: box), outputs) where wires[wire] == nil {
        wires[wire] = copy
        builder.setName(source.name(of: wire), of: copy)
      }
    }
  }
}
