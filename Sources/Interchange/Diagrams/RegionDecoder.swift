import DiagramIR

/// Reads the regions of one diagram into a builder.
///
/// A region is checked before it is handed to the builder as a body, so that the builder's normal form can't
/// hide a fault.
struct RegionDecoder {
  static let members = ["wires", "domain", "codomain", "boxes"]

  /// The wires of a region while it is read, by their written numbers.
  private struct Region {
    var ids: [WireID] = []
    var producers: [Int] = []
    var consumers: [Int] = []
    var domain: [Int] = []
    var codomain: [Int] = []
    var boxes: [JSONLocation] = []
  }

  private let types: [WireType]
  private let operations: [Operation]
  private var typeIDs: [TypeID] = []
  private var builder: DiagramBuilder
  /// Where boxes and regions stand in the text, by their identifiers.
  private var boxLocations: [JSONLocation] = []
  private var regionLocations: [JSONLocation] = []

  init(doctrine: Doctrine, types: [WireType], operations: [Operation]) {
    self.types = types
    self.operations = operations
    builder = DiagramBuilder(doctrine: doctrine)
    for type in types { typeIDs.append(builder.typeID(type)) }
    for operation in operations { _ = builder.operationID(operation) }
  }

  /// Reads the diagram.
  mutating func diagram(_ node: JSONNode) throws(DiagramJSONError) -> Diagram {
    let region = try contents(node)
    close(region, node)
    return builder.finish(codomain: region.codomain.map { region.ids[$0] })
  }

  /// Where a box stands.
  func location(of box: BoxID) -> JSONLocation? {
    boxLocations.indices.contains(box.index) ? boxLocations[box.index] : nil
  }

  /// Where a broken invariant shows.
  func location(of fault: DiagramFault) -> JSONLocation? {
    switch fault {
    case .body(let box), .laneInterface(let box, _), .portTypes(let box, _): location(of: box)
    case .cycle(let region):
      regionLocations.indices.contains(region.index) ? regionLocations[region.index] : nil
    default: nil
    }
  }

  /// The builder numbers boxes and regions in the order in which regions are closed.
  private mutating func close(_ region: Region, _ node: JSONNode) {
    boxLocations += region.boxes
    regionLocations.append(node.location)
  }

  // MARK: Regions

  /// Reads what is in the open region.
  private mutating func contents(_ node: JSONNode) throws(DiagramJSONError) -> Region {
    let wires = try node.member("wires")
    var region = Region()
    try addWires(wires, domain: node.member("domain"), to: &region)
    for box in try node.member("boxes").elements() {
      try decode(box: box, in: &region)
      region.boxes.append(box.location)
    }
    region.codomain = try positions(node.member("codomain"), in: region)
    for wire in region.codomain { region.consumers[wire] += 1 }
    try checkEnds(region, wires)
    return region
  }

  private mutating func addWires(
    _ wires: JSONNode, domain: JSONNode, to region: inout Region
  ) throws(DiagramJSONError) {
    var declared: [(type: TypeID, name: String)] = []
    for wire in try wires.elements() {
      let parts = try wire.elements()
      guard parts.count == 2 else { throw wire.mismatch("a pair of a type and a name") }
      let type = try parts[0].position(in: types.count, "type")
      declared.append((typeIDs[type], try parts[1].nameOrNothing()))
    }
    region.ids = Array(repeating: WireID(-1), count: declared.count)
    region.producers = Array(repeating: 0, count: declared.count)
    region.consumers = region.producers
    region.domain = try positions(domain, in: region)
    for wire in region.domain {
      region.producers[wire] += 1
      let id = builder.addDomainWire(declared[wire].type, name: declared[wire].name)
      if region.producers[wire] == 1 {
        region.ids[wire] = id
      } else if builder.doctrine == .frobenius {
        builder.identify(region.ids[wire], id)
      }
    }
    for wire in declared.indices where region.producers[wire] == 0 {
      region.ids[wire] = builder.addWire(declared[wire].type, name: declared[wire].name)
    }
  }

  private func positions(
    _ node: JSONNode, in region: Region
  ) throws(DiagramJSONError) -> [Int] {
    let count = region.ids.count
    return try node.map { element throws(DiagramJSONError) in
      try element.position(in: count, "wire")
    }
  }

  /// Each wire has the producers and consumers that the doctrine allows.
  private func checkEnds(_ region: Region, _ wires: JSONNode) throws(DiagramJSONError) {
    guard builder.doctrine != .frobenius else { return }
    for (index, wire) in try wires.elements().enumerated() {
      let (producers, consumers) = (region.producers[index], region.consumers[index])
      if producers != 1 {
        throw wire.mismatch(
          "one producer, a box's output or a place in the domain", found: "\(producers)")
      }
      if builder.doctrine == .symmetric && consumers != 1 {
        throw wire.mismatch(
          "one consumer, since the diagram is symmetric", found: "\(consumers)")
      }
    }
  }

  // MARK: Boxes

  private mutating func decode(
    box node: JSONNode, in region: inout Region
  ) throws(DiagramJSONError) {
    try node.requireMembers(["operation", "inputs", "outputs", "body"])
    let position = try node.member("operation").position(in: operations.count, "operation")
    let operation = operations[position]
    let inputs = try positions(node.member("inputs"), in: region)
    let outputs = try positions(node.member("outputs"), in: region)
    for wire in inputs { region.consumers[wire] += 1 }
    for wire in outputs { region.producers[wire] += 1 }
    let (from, to) = (inputs.map { region.ids[$0] }, outputs.map { region.ids[$0] })
    if operation.hasBody {
      try decodeBody(node, operation, inputs: from, outputs: to)
    } else {
      if let body = node.optionalMember("body") {
        throw body.mismatch("no body, since the box is neither simd nor scan")
      }
      builder.attachBox(builder.operationID(operation), inputs: from, outputs: to)
    }
  }

  private mutating func decodeBody(
    _ box: JSONNode, _ operation: Operation, inputs: [WireID], outputs: [WireID]
  ) throws(DiagramJSONError) {
    let node = try box.member("body")
    guard builder.nesting < DiagramBuilder.maximumNesting else { throw node.fail(.nesting) }
    try node.requireMembers(Self.members)
    builder.openBody()
    let body = try contents(node)
    let lanes = LaneCheck(
      operation: operation, inputs: inputs.map { outerType(of: $0) },
      outputs: outputs.map { outerType(of: $0) },
      domain: body.domain.map { builder.type(of: body.ids[$0]) },
      codomain: body.codomain.map { builder.type(of: body.ids[$0]) })
    try lanes.run(box, node)
    close(body, node)
    builder.closeBody(
      operation, inputs: inputs, codomain: body.codomain.map { body.ids[$0] }, outputs: outputs)
  }

  /// The type of a wire of the region around the open one.
  private func outerType(of wire: WireID) -> WireType {
    builder.type(builder.typeID(of: wire, nesting: builder.nesting - 1))
  }
}
