import DiagramIR

/// The new part of a diagram that a law of lanes puts in place, while it is built.
///
/// Wires of the region around enter once each; bodies of the source are copied.
struct LanePart {
  let source: Diagram
  var builder: DiagramBuilder
  private var copies: [WireID]
  private var entered: [WireID] = []
  private var place: [WireID: WireID] = [:]
  /// What types and operations of the source are in the builder's tables, or -1.
  private var types: [TypeID]
  private var operations: [OperationID]
  private var known: (types: [Int], operations: [Int]) = ([], [])

  init(_ source: Diagram) {
    self.source = source
    builder = DiagramBuilder(doctrine: source.doctrine)
    copies = Array(repeating: WireID(-1), count: source.wireCount)
    types = Array(repeating: TypeID(-1), count: source.types.count)
    operations = Array(repeating: OperationID(-1), count: source.operations.count)
  }

  /// The builder's table entry for the type of a wire of the source.
  private mutating func typeID(of wire: WireID) -> TypeID {
    let id = source.typeID(of: wire)
    if types[id.index].index < 0 {
      types[id.index] = builder.typeID(source.types[id.index])
      known.types.append(id.index)
    }
    return types[id.index]
  }

  /// The builder's table entry for the operation of a box of the source.
  private mutating func operationID(of box: BoxID) -> OperationID {
    let id = source.operationID(of: box)
    if operations[id.index].index < 0 {
      operations[id.index] = builder.operationID(source.operations[id.index])
      known.operations.append(id.index)
    }
    return operations[id.index]
  }

  /// The wire of the part that brings a wire of the region around; no body may be open.
  mutating func enter(_ wire: WireID) -> WireID {
    if let known = place[wire] { return known }
    let new = builder.addDomainWire(typeID(of: wire), name: source.name(of: wire))
    place[wire] = new
    entered.append(wire)
    return new
  }

  /// The wires that bring wires of the region around.
  mutating func enter(_ wires: [WireID]) -> [WireID] { wires.map { enter($0) } }

  /// The copy of a wire of a body.
  subscript(wire: WireID) -> WireID {
    get { copies[wire.index] }
    set { copies[wire.index] = newValue }
  }

  /// Adds a box of the tensor theory with one output.
  mutating func box(_ name: String, _ inputs: [WireID], _ type: WireType) -> WireID {
    builder.addBox(TensorBox.operation(name), inputs: inputs, outputs: [type])[0]
  }

  /// Copies boxes of one region, whose inputs have copies already or are made by others of them.
  mutating func copy(_ boxes: some Sequence<BoxID>) {
    let boxes = Array(boxes)
    for box in boxes {
      for wire in source.outputs(of: box) {
        copies[wire.index] = builder.addWire(typeID(of: wire), name: source.name(of: wire))
      }
    }
    for box in boxes { attach(box) }
  }

  private mutating func attach(_ box: BoxID) {
    let inputs = source.inputs(of: box).map { copies[$0.index] }
    let outputs = source.outputs(of: box).map { copies[$0.index] }
    guard let body = source.body(of: box) else {
      return builder.attachBox(operationID(of: box), inputs: inputs, outputs: outputs)
    }
    let operation = source.operation(of: box)
    builder.openBody()
    for wire in source.domain(of: body) { addDomain(wire) }
    copy(source.boxes(in: body))
    let codomain = source.codomain(of: body).map { copies[$0.index] }
    builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: outputs)
  }

  /// Adds a domain wire to the open body for one of a body of the source.
  mutating func addDomain(_ wire: WireID) {
    copies[wire.index] = builder.addDomainWire(typeID(of: wire), name: source.name(of: wire))
  }

  /// Copies the body of a box, applied to wires of the open region; what the body returns.
  mutating func body(of box: BoxID, on inputs: [WireID]) -> [WireID] {
    guard let body = source.body(of: box) else { return [] }
    for (wire, input) in zip(source.domain(of: body), inputs) { copies[wire.index] = input }
    copy(source.boxes(in: body))
    return source.codomain(of: body).map { copies[$0.index] }
  }

  /// Adds a SIMD box over wires of the open region. `body` gets its lanes' wires, the mapped ones first.
  mutating func lanes(
    _ axis: Size, mapped: [WireID], shared: [WireID] = [],
    _ body: (inout LanePart, [WireID]) -> [WireID]
  ) -> [WireID] {
    let types =
      mapped.map { builder.type(of: $0).lane ?? .scalar } + shared.map { builder.type(of: $0) }
    builder.openBody()
    let inner = types.map { builder.addDomainWire($0) }
    let codomain = body(&self, inner)
    let outputs = codomain.map { builder.type(of: $0).repeated(axis) ?? .scalar }
    return builder.closeBody(
      .simd(axis: axis, mapped: mapped.count), inputs: mapped + shared, codomain: codomain,
      outputs: outputs)
  }

  /// Ends the part: its results take the place of wires of the region around. Another part can be built then.
  mutating func finish(
    _ results: [(old: WireID, new: WireID)], in region: RegionID, removing boxes: [BoxID]
  ) -> Replacement {
    let diagram = builder.finish(codomain: results.map(\.new))
    builder = DiagramBuilder(doctrine: source.doctrine)
    for index in known.types { types[index] = TypeID(-1) }
    for index in known.operations { operations[index] = OperationID(-1) }
    known = ([], [])
    defer { (entered, place) = ([], [:]) }
    return Replacement(
      region: region, removed: boxes, diagram: diagram, inputs: entered,
      outputs: results.map(\.old))
  }
}
