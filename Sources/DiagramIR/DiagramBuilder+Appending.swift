/// How a diagram changes while it is copied into another.
public struct DiagramTransform: Sendable {
  /// What becomes of sizes and shapes.
  public var substitution: TypeSubstitution
  /// What becomes of operations, after sizes are replaced; bodies keep their axes.
  public var operation: @Sendable (Operation) -> Operation

  /// Copies as it is, unless told otherwise.
  public init(
    substitution: TypeSubstitution = TypeSubstitution(),
    operation: @escaping @Sendable (Operation) -> Operation = { $0 }
  ) {
    self.substitution = substitution
    self.operation = operation
  }
}

extension DiagramBuilder {
  /// Copies a diagram into the open region, its domain glued to `inputs`.
  ///
  /// - Returns: the wires of its codomain.
  /// - Throws: `SizeError`, when a size grows too large under the substitution.
  /// - Complexity: linear in the diagram.
  public mutating func append(
    _ other: Diagram, inputs: [WireID], transform: DiagramTransform = DiagramTransform()
  ) throws(SizeError) -> [WireID] {
    var copy = DiagramCopy(of: other, transform: transform)
    copy.glue(other.root, to: inputs, in: &self)
    return try copy.contents(of: other.root, into: &self)
  }

  /// Copies one box of a diagram, with its body, into the open region.
  ///
  /// - Returns: the wires of its outputs.
  /// - Complexity: linear in the box with its body, and in the diagram's wires and tables.
  public mutating func append(
    _ box: BoxID, of other: Diagram, inputs: [WireID]
  ) -> [WireID] {
    var copy = DiagramCopy(of: other, transform: DiagramTransform())
    return (try? copy.isolated(box, inputs: inputs, into: &self)) ?? []
  }

  /// In `frobenius`, makes two wires of the open region one.
  public mutating func identify(_ a: WireID, _ b: WireID) {
    guard a != b else { return }
    precondition(doctrine == .frobenius, "only a Frobenius algebra joins wires")
    regions[regions.count - 1].identifications.append((a, b))
  }
}

/// Copies regions of one diagram into a builder.
struct DiagramCopy {
  let source: Diagram
  let transform: DiagramTransform
  /// For every wire of the source, its copy in the region that is open while it is used.
  private var wires: [WireID]
  private var types: [TypeID?]
  private var operations: [Operation?]

  init(of source: Diagram, transform: DiagramTransform) {
    self.source = source
    self.transform = transform
    wires = Array(repeating: WireID(-1), count: source.wireCount)
    types = Array(repeating: nil, count: source.types.count)
    operations = Array(repeating: nil, count: source.operations.count)
  }

  /// Takes existing wires for the domain of a region.
  mutating func glue(_ region: RegionID, to inputs: [WireID], in builder: inout DiagramBuilder) {
    for (wire, input) in zip(source.domain(of: region), inputs) {
      let earlier = wires[wire.index]
      if earlier.index >= 0 { builder.identify(earlier, input) } else { wires[wire.index] = input }
    }
  }

  /// Copies the boxes of a region whose domain is glued; returns its codomain.
  mutating func contents(
    of region: RegionID, into builder: inout DiagramBuilder
  ) throws(SizeError) -> [WireID] {
    for wire in source.wires(in: region) where wires[wire.index].index < 0 {
      let type = try typeID(source.typeID(of: wire), &builder)
      wires[wire.index] = builder.addWire(type, name: source.name(of: wire))
    }
    for box in source.boxes(in: region) { try copy(box, into: &builder) }
    return source.codomain(of: region).map { wires[$0.index] }
  }

  /// Copies a box whose wires have copies.
  private mutating func copy(
    _ box: BoxID, into builder: inout DiagramBuilder
  ) throws(SizeError) {
    let inputs = source.inputs(of: box).map { wires[$0.index] }
    try copy(box, inputs: inputs, into: &builder)
  }

  private mutating func copy(
    _ box: BoxID, inputs: [WireID], into builder: inout DiagramBuilder
  ) throws(SizeError) {
    let outputs = source.outputs(of: box).map { wires[$0.index] }
    let operation = try self.operation(source.operationID(of: box))
    guard let body = source.body(of: box) else {
      builder.attachBox(builder.operationID(operation), inputs: inputs, outputs: outputs)
      return
    }
    let kept = try openBody(body, of: operation, inputs: inputs, in: &builder)
    let codomain = try contents(of: body, into: &builder)
    builder.closeBody(
      operation.mapping(kept.mapped), inputs: kept.inputs, codomain: codomain, outputs: outputs)
  }

  /// Copies one box of any region, with its body, to the open region; returns its outputs.
  mutating func isolated(
    _ box: BoxID, inputs: [WireID], into builder: inout DiagramBuilder
  ) throws(SizeError) -> [WireID] {
    for wire in source.outputs(of: box) {
      let type = try typeID(source.typeID(of: wire), &builder)
      wires[wire.index] = builder.addWire(type, name: source.name(of: wire))
    }
    try copy(box, inputs: inputs, into: &builder)
    return source.outputs(of: box).map { wires[$0.index] }
  }

  /// Opens a body with copies of its domain wires. In `cartesian`, what enters twice in the same way enters
  /// once: an outer copy may have made different wires one, and then bodies inside must follow.
  private mutating func openBody(
    _ region: RegionID, of operation: Operation, inputs: [WireID], in builder: inout DiagramBuilder
  ) throws(SizeError) -> (inputs: [WireID], mapped: Int) {
    let (states, mappedEnd) = (
      operation.stateCount, operation.stateCount + operation.mappedCount
    )
    var kept: (inputs: [WireID], mapped: Int) = ([], 0)
    var first: [WireID: WireID] = [:]
    builder.openBody()
    for (place, (wire, input)) in zip(source.domain(of: region), inputs).enumerated() {
      if place == mappedEnd { first = [:] }
      if let earlier = first[input] {
        wires[wire.index] = earlier
        continue
      }
      let type = try typeID(source.typeID(of: wire), &builder)
      let copy = builder.addDomainWire(type, name: source.name(of: wire))
      let earlier = wires[wire.index]
      if earlier.index >= 0 { builder.identify(earlier, copy) } else { wires[wire.index] = copy }
      kept.inputs.append(input)
      if place >= states && place < mappedEnd { kept.mapped += 1 }
      if place >= states && source.doctrine == .cartesian { first[input] = copy }
    }
    return kept
  }

  private mutating func typeID(
    _ id: TypeID, _ builder: inout DiagramBuilder
  ) throws(SizeError) -> TypeID {
    if let known = types[id.index] { return known }
    let new = builder.typeID(try transform.substitution(source.types[id.index]))
    types[id.index] = new
    return new
  }

  private mutating func operation(_ id: OperationID) throws(SizeError) -> Operation {
    if let known = operations[id.index] { return known }
    let sized = try source.operations[id.index].substituting(transform.substitution.sizes)
    let new = transform.operation(sized)
    operations[id.index] = new
    return new
  }
}
