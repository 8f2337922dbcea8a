extension Diagram {
  /// The diagram without some boxes; other wires of the same regions take the places of their outputs.
  ///
  /// Boxes of the result stand in an order in which each follows those it depends on. Wires keep their names.
  ///
  /// - Precondition: the diagram has no cycle, and no wire is represented by one that depends on it.
  /// - Parameters:
  ///   - isRemoved: for every box, whether it disappears. Bodies of such boxes are not looked at.
  ///   - representatives: for every wire, the wire that takes its place, which stays; itself where it stays.
  /// - Complexity: linear in the diagram.
  package func merging(isRemoved: [Bool], representatives: [WireID]) -> Diagram {
    if regionCount == 1, doctrine != .frobenius {
      return mergingFlat(isRemoved, representatives)
    }
    var merging = WireMerging(self, isRemoved, representatives)
    return merging.result()
  }

  /// The same for a diagram without bodies, whose arrays are written directly.
  private func mergingFlat(_ isRemoved: [Bool], _ representatives: [WireID]) -> Diagram {
    var merged = Diagram(doctrine: doctrine)
    (merged.types, merged.operations) = (types, operations)
    var copies = Array(repeating: WireID(-1), count: wireCount)
    func copy(_ wire: WireID) -> WireID {
      let new = WireID(merged.wireTypes.count)
      copies[wire.index] = new
      merged.wireTypes.append(wireTypes[wire.index])
      merged.wireNames.append(wireNames[wire.index])
      return new
    }
    for wire in domain { merged.interfaces.append(copy(wire)) }
    for box in topologicalOrder(of: root, producers: producers()) ?? []
    where !isRemoved[box.index] {
      var record = boxRecords[box.index]
      let first = Int(record.firstPort)
      let middle = first + Int(record.inputCount)
      record.firstPort = Int32(merged.ports.count)
      for port in first..<middle {
        merged.ports.append(copies[representatives[ports[port].index].index])
      }
      for port in middle..<(middle + Int(record.outputCount)) {
        merged.ports.append(copy(ports[port]))
      }
      merged.boxRecords.append(record)
    }
    for wire in codomain {
      merged.interfaces.append(copies[representatives[wire.index].index])
    }
    merged.regionRecords = [
      RegionRecord(
        firstWire: 0, wireCount: Int32(merged.wireTypes.count), firstBox: 0,
        boxCount: Int32(merged.boxRecords.count), firstInterface: 0,
        domainCount: Int32(domain.count), codomainCount: Int32(codomain.count), owner: -1)
    ]
    merged.dropUnusedTableEntries()
    return merged
  }
}

/// Copies a diagram with bodies, without some boxes and with other wires in the place of theirs. The builder brings
/// the inputs of bodies into their normal form again.
private struct WireMerging {
  let source: Diagram
  let isRemoved: [Bool]
  let representatives: [WireID]
  private let producers: [Int32]
  private var builder: DiagramBuilder
  private var copies: [WireID]

  init(_ source: Diagram, _ isRemoved: [Bool], _ representatives: [WireID]) {
    self.source = source
    self.isRemoved = isRemoved
    self.representatives = representatives
    producers = source.producers()
    builder = DiagramBuilder(doctrine: source.doctrine, tablesOf: source)
    copies = Array(repeating: WireID(-1), count: source.wireCount)
  }

  mutating func result() -> Diagram {
    let codomain = contents(of: source.root)
    return builder.finish(codomain: codomain)
  }

  /// Copies what is in a region; returns its codomain.
  private mutating func contents(of region: RegionID) -> [WireID] {
    for wire in source.domain(of: region) {
      copies[wire.index] = builder.addDomainWire(
        source.typeID(of: wire), name: source.name(of: wire))
    }
    for box in source.topologicalOrder(of: region, producers: producers) ?? []
    where !isRemoved[box.index] { copy(box) }
    return source.codomain(of: region).map { current($0) }
  }

  private mutating func copy(_ box: BoxID) {
    let inputs = source.inputs(of: box).map { current($0) }
    guard let body = source.body(of: box) else {
      let outputs = copy(source.outputs(of: box))
      return builder.attachBox(source.operationID(of: box), inputs: inputs, outputs: outputs)
    }
    builder.openBody()
    let codomain = contents(of: body)
    // The body is closed first: its box may get other inputs, and its outputs lie outside.
    let types = source.outputs(of: box).map { source.typeID(of: $0) }
    let outputs = builder.closeBody(
      source.operation(of: box), inputs: inputs, codomain: codomain, outputs: types)
    for (wire, copy) in zip(source.outputs(of: box), outputs) {
      copies[wire.index] = copy
      builder.setName(source.name(of: wire), of: copy)
    }
  }

  private mutating func copy(_ outputs: ArraySlice<WireID>) -> [WireID] {
    outputs.map { wire in
      let copy = builder.addWire(source.typeID(of: wire), name: source.name(of: wire))
      copies[wire.index] = copy
      return copy
    }
  }

  private func current(_ wire: WireID) -> WireID { copies[representatives[wire.index].index] }
}
