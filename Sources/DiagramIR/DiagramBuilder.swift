/// Builds a diagram wire by wire and box by box.
///
/// ```
/// var builder = DiagramBuilder(doctrine: .cartesian)
/// let x = builder.addDomainWire(.scalar, name: "x")
/// let y = builder.addBox(.box(Symbol(module: "tensor", name: "exp")), inputs: [x], outputs: [.scalar])
/// let diagram = builder.finish(codomain: y)
/// ```
///
/// The body of a SIMD or scan box is built between `openBody()` and `closeBody(…)`. Wires belong to the region
/// that is open when they are made and may be used only there; a body receives what it needs as domain wires.
///
/// The builder keeps what it is given; whether the result is well formed is for `Diagram.verify()` to say.
///
/// - Complexity: constant per wire and port, amortized; `closeBody` is linear in the body's own level.
public struct DiagramBuilder: Sendable {
  /// What the diagram is taken modulo.
  public let doctrine: Doctrine
  /// How deep bodies may be nested.
  public static let maximumNesting = 512

  var types = InternTable<WireType>()
  var operations = InternTable<Operation>()
  var diagram: Diagram
  var regions: [RegionBuffer]
  /// Buffers of bodies that are finished, empty again, for those to come.
  private var spareBuffers: [RegionBuffer] = []
  /// Whether a body that is finished already gets one wire twice, because a body around it does.
  private var hasRepeatedInputs = false

  /// Starts an empty diagram.
  public init(doctrine: Doctrine) {
    self.doctrine = doctrine
    diagram = Diagram(doctrine: doctrine)
    regions = [RegionBuffer()]
  }

  /// Starts an empty diagram that shares the table entries of another.
  package init(doctrine: Doctrine, tablesOf other: Diagram) {
    self.init(doctrine: doctrine)
    types = InternTable(values: other.types)
    operations = InternTable(values: other.operations)
  }

  /// How many bodies are open.
  public var nesting: Int { regions.count - 1 }

  /// The table entry of a type.
  public mutating func typeID(_ type: WireType) -> TypeID { TypeID(types.intern(type)) }

  /// The type of a table entry.
  public func type(_ id: TypeID) -> WireType { types[id.index] }

  /// The table entry of an operation.
  public mutating func operationID(_ operation: Operation) -> OperationID {
    OperationID(operations.intern(operation))
  }

  /// The type of a wire of the open region.
  public func typeID(of wire: WireID) -> TypeID { typeID(of: wire, nesting: nesting) }

  /// The type of a wire of the region that is this deep.
  public func typeID(of wire: WireID, nesting: Int) -> TypeID {
    regions[nesting].wireTypes[wire.index]
  }

  /// The name of a wire of the region that is this deep.
  public func name(of wire: WireID, nesting: Int) -> String {
    regions[nesting].wireNames[wire.index]
  }

  /// Adds an input wire of the region that is this deep, while deeper ones are open.
  public mutating func addDomainWire(_ type: TypeID, name: String, nesting: Int) -> WireID {
    let wire = regions[nesting].addWire(type, name: name)
    regions[nesting].domain.append(wire)
    return wire
  }

  /// The type of a wire of the open region.
  public func type(of wire: WireID) -> WireType { type(typeID(of: wire)) }

  /// Gives a wire of the open region a name.
  public mutating func setName(_ name: String, of wire: WireID) {
    regions[regions.count - 1].wireNames[wire.index] = name
  }

  /// Gives a wire of the open region a name, unless it has one.
  package mutating func proposeName(_ name: @autoclosure () -> String, of wire: WireID) {
    let last = regions.count - 1
    if regions[last].wireNames[wire.index].isEmpty { regions[last].wireNames[wire.index] = name() }
  }

  /// Makes room for that many boxes more in the open region.
  package mutating func reserve(boxes count: Int) {
    regions[regions.count - 1].reserve(boxes: count)
  }

  /// Adds a wire without a producer; only domain wires may stay so.
  public mutating func addWire(_ type: TypeID, name: String = "") -> WireID {
    regions[regions.count - 1].addWire(type, name: name)
  }

  /// Adds an input wire of the open region.
  public mutating func addDomainWire(_ type: TypeID, name: String = "") -> WireID {
    let wire = addWire(type, name: name)
    regions[regions.count - 1].domain.append(wire)
    return wire
  }

  /// Adds an input wire of the open region.
  public mutating func addDomainWire(_ type: WireType, name: String = "") -> WireID {
    addDomainWire(typeID(type), name: name)
  }

  /// Adds a box without a body, and a wire for each of its outputs.
  @discardableResult
  public mutating func addBox(
    _ operation: Operation, inputs: [WireID], outputs: [WireType]
  ) -> [WireID] {
    addBox(operationID(operation), inputs: inputs, outputs: outputs.map { typeID($0) })
  }

  /// Adds a box without a body, and a wire for each of its outputs.
  @discardableResult
  public mutating func addBox(
    _ operation: OperationID, inputs: [WireID], outputs: [TypeID]
  ) -> [WireID] {
    let wires = outputs.map { addWire($0) }
    attachBox(operation, inputs: inputs, outputs: wires)
    return wires
  }

  /// Adds a box without a body.
  ///
  /// - Returns: the wire of its first output; those of the others follow it.
  package mutating func addBox(
    _ operation: OperationID, inputs: ArraySlice<WireID>, outputs: [TypeID]
  ) -> WireID {
    regions[regions.count - 1].addBox(operation, inputs: inputs, outputs: outputs)
  }

  /// Adds a box whose output wires exist already.
  public mutating func attachBox(_ operation: OperationID, inputs: [WireID], outputs: [WireID]) {
    regions[regions.count - 1].addBox(operation, inputs: inputs, outputs: outputs, body: -1)
  }

  /// The inputs of the box that was added last to the open region.
  var inputsOfLastBox: ArraySlice<WireID> {
    let region = regions[regions.count - 1]
    return region.boxes.isEmpty ? [] : region.inputs(of: region.boxes.count - 1)
  }

  /// Starts the body of a SIMD or scan box.
  public mutating func openBody() { regions.append(spareBuffers.popLast() ?? RegionBuffer()) }

  /// Ends the open body and adds its box to the region around it, with a wire for each of its
  /// outputs.
  ///
  /// - Parameters:
  ///   - operation: `simd` or `scan`.
  ///   - inputs: wires of the region around, one for each domain wire of the body: states, mapped wires,
  ///     shared wires. In a cartesian diagram the box may keep fewer of them, in another order: see `Diagram`.
  ///   - codomain: wires of the body: next states, then what the lanes return.
  ///   - outputs: the types of the box's outputs.
  /// - Returns: the wires of the box's outputs.
  @discardableResult
  public mutating func closeBody(
    _ operation: Operation, inputs: [WireID], codomain: [WireID], outputs: [WireType]
  ) -> [WireID] {
    closeBody(
      operation, inputs: inputs, codomain: codomain, outputs: outputs.map { typeID($0) })
  }

  /// Ends the open body and adds its box to the region around it, with a wire for each of its
  /// outputs.
  @discardableResult
  public mutating func closeBody(
    _ operation: Operation, inputs: [WireID], codomain: [WireID], outputs: [TypeID]
  ) -> [WireID] {
    let id = operationID(operation)
    let first = closeBody(id, inputs: inputs, codomain: codomain, outputs: outputs)
    return outputs.indices.map { WireID(first.index + $0) }
  }

  /// Ends the open body and adds its box, whose operation is in the table, to the region around it.
  ///
  /// - Returns: the wire of the box's first output; those of the others follow it.
  package mutating func closeBody(
    _ operation: OperationID, inputs: [WireID], codomain: [WireID], outputs: [TypeID]
  ) -> WireID {
    let (normalized, kept) = popBody(operation, inputs: inputs, codomain: codomain)
    let body = Int32(diagram.regionRecords.count - 1)
    return regions[regions.count - 1].addBox(
      normalized, inputs: kept[...], outputs: outputs, body: body)
  }

  /// Ends the open body and adds its box, whose output wires exist already.
  public mutating func closeBody(
    _ operation: Operation, inputs: [WireID], codomain: [WireID], outputs: [WireID]
  ) {
    let (normalized, kept) = popBody(operationID(operation), inputs: inputs, codomain: codomain)
    let body = Int32(diagram.regionRecords.count - 1)
    regions[regions.count - 1].addBox(normalized, inputs: kept, outputs: outputs, body: body)
  }

  /// Drops the open body.
  public mutating func abandonBody() {
    precondition(nesting > 0, "no body is open")
    regions.removeLast()
  }

  /// Ends the diagram. The builder hands over what it holds and is not used again.
  public mutating func finish(codomain: [WireID]) -> Diagram {
    precondition(regions.count == 1, "a body is still open")
    var root = RegionBuffer()
    swap(&root, &regions[0])
    root.codomain = codomain
    if doctrine == .frobenius { root.mergeIdentifiedWires() }
    flush(&root)
    diagram.types = types.values
    diagram.operations = operations.values
    diagram.dropUnusedTableEntries()
    guard hasRepeatedInputs else { return diagram }
    var copy = DiagramBuilder(doctrine: doctrine)
    return copy.finish(codomain: copy.copy(diagram, inputs: copy.addDomain(of: diagram)))
  }

  private mutating func popBody(
    _ operation: OperationID, inputs: [WireID], codomain: [WireID]
  ) -> (OperationID, [WireID]) {
    var body = regions.removeLast()
    body.codomain = codomain
    if doctrine == .frobenius { body.mergeIdentifiedWires() }
    var (normalized, kept) = (operation, inputs)
    if doctrine == .cartesian, !body.appliesOneBox(to: inputs) {
      let (states, mapped) = laneCounts(operation)
      let lanes = body.normalizeLaneInputs(inputs, states: states, mapped: mapped)
      kept = lanes.inputs
      if lanes.mapped != mapped {
        normalized = operationID(operations[operation.index].mapping(lanes.mapped))
      }
    }
    hasRepeatedInputs = hasRepeatedInputs || body.hasMergedInputsOfBodies
    flush(&body)
    body.empty()
    spareBuffers.append(body)
    return (normalized, kept)
  }

  private func laneCounts(_ operation: OperationID) -> (states: Int, mapped: Int) {
    let operation = operations[operation.index]
    return (operation.stateCount, operation.mappedCount)
  }

  /// Moves a finished region to the end of the contiguous arrays.
  private mutating func flush(_ region: inout RegionBuffer) {
    let firstWire = Int32(diagram.wireTypes.count)
    let firstBox = Int32(diagram.boxRecords.count)
    let firstPort = Int32(diagram.ports.count)
    diagram.regionRecords.append(
      Diagram.RegionRecord(
        firstWire: firstWire, wireCount: Int32(region.wireTypes.count), firstBox: firstBox,
        boxCount: Int32(region.boxes.count), firstInterface: Int32(diagram.interfaces.count),
        domainCount: Int32(region.domain.count), codomainCount: Int32(region.codomain.count),
        owner: -1))
    for wire in region.domain { diagram.interfaces.append(wire.shifted(by: firstWire)) }
    for wire in region.codomain { diagram.interfaces.append(wire.shifted(by: firstWire)) }
    for offset in region.boxes.indices {
      region.boxes[offset].firstPort += firstPort
      let body = Int(region.boxes[offset].body)
      if body >= 0 { diagram.regionRecords[body].owner = firstBox + Int32(offset) }
    }
    if firstWire > 0 {
      for index in region.ports.indices {
        region.ports[index] = region.ports[index].shifted(by: firstWire)
      }
    }
    diagram.wireTypes.take(&region.wireTypes)
    diagram.wireNames.take(&region.wireNames)
    diagram.ports.take(&region.ports)
    diagram.boxRecords.take(&region.boxes)
  }
}

extension WireID {
  fileprivate func shifted(by offset: Int32) -> WireID { WireID(Int(rawValue &+ offset)) }
}

extension Array {
  /// Moves the elements of another array to the end of this one; where this one is empty, without a
  /// copy. A few are faster moved one by one.
  fileprivate mutating func take(_ other: inout [Element]) {
    if isEmpty {
      swap(&self, &other)
    } else if other.count <= 8 {
      for element in other { append(element) }
    } else {
      self += other
    }
  }
}
