/// Writes boxes and wires as bytes that depend on structure alone.
///
/// Types and operations are written out at their first occurrence and then by number.
struct CanonicalEncoder {
  let diagram: Diagram
  var naming: CanonicalNaming
  var bytes: [UInt8] = []
  /// For a component: the first numbers that belong to it. Everything is then written out in full.
  private let base: (box: Int, wire: Int)?
  private var typeNumber: [Int] = []
  private var writtenTypes = 0
  private var operationNumber: [Int] = []
  private var operationNumbers: [[UInt8]: Int] = [:]
  private var writtenOperations = 0

  /// An encoder of one component, whose boxes and wires are numbered from `base` on.
  init(_ diagram: Diagram, naming: CanonicalNaming, base: (box: Int, wire: Int)) {
    self.diagram = diagram
    self.naming = naming
    self.base = base
  }

  /// An encoder of everything that can be reached from the interface.
  init(_ diagram: Diagram, naming: CanonicalNaming) {
    self.diagram = diagram
    self.naming = naming
    base = nil
    typeNumber = Array(repeating: -1, count: diagram.types.count)
    operationNumber = Array(repeating: -1, count: diagram.operations.count)
  }

  /// Writes the doctrine and the interface.
  mutating func encodeInterface(_ traversal: CanonicalTraversal) {
    bytes.append(string: diagram.doctrine.rawValue)
    bytes.append(varint: diagram.domain.count)
    for wire in diagram.domain { encode(wire, traversal) }
    bytes.append(varint: diagram.codomain.count)
    for wire in diagram.codomain { encode(wire, traversal) }
  }

  /// Writes boxes, and how wires enter bodies.
  mutating func encode(
    _ boxes: ArraySlice<BoxID>, _ wires: ArraySlice<WireID>, in traversal: CanonicalTraversal
  ) {
    bytes.append(varint: boxes.count)
    for box in boxes { encode(box, in: traversal) }
    for wire in wires { encodeEntry(of: wire, in: traversal) }
  }

  /// Writes wires that nothing touches, which mean something in `frobenius` only. Their order means nothing.
  mutating func encode(isolated wires: [(owner: BoxID?, wire: WireID)], _ ranks: CanonicalTraversal)
  {
    var forms: [[UInt8]] = []
    for (owner, wire) in wires {
      var form: [UInt8] = []
      form.append(varint: owner.map { Int(ranks.boxRank[$0.index]) + 1 } ?? 0)
      naming.append(diagram.type(of: wire), to: &form)
      forms.append(form)
    }
    bytes.append(varint: forms.count)
    for form in forms.sorted(by: { $0.lexicographicallyPrecedes($1) }) { bytes += form }
  }

  /// Writes a box: what it does, where it stands, what it is connected to.
  private mutating func encode(_ box: BoxID, in traversal: CanonicalTraversal) {
    encodeOperation(diagram.operationID(of: box))
    encodeOwner(of: traversal.regionOfBox[box.index], traversal)
    let (inputs, outputs) = (diagram.inputs(of: box), diagram.outputs(of: box))
    bytes.append(varint: inputs.count)
    bytes.append(varint: outputs.count)
    if let body = diagram.body(of: box) {
      let ordered = traversal.orderedInputCount(of: box)
      if diagram.doctrine == .frobenius {
        bytes.append(varint: diagram.operation(of: box).mappedCount)
      }
      for wire in inputs.prefix(ordered) { encode(wire, traversal) }
      for wire in diagram.domain(of: body).prefix(ordered) { encode(wire, traversal) }
      bytes.append(varint: diagram.codomain(of: body).count)
      for wire in diagram.codomain(of: body) { encode(wire, traversal) }
    } else {
      for wire in inputs { encode(wire, traversal) }
    }
    for wire in outputs { encode(wire, traversal) }
  }

  /// Writes how a wire of a body's domain enters, unless it is a state: the box, mapped or shared, the wire
  /// outside. The order of these inputs means nothing, so their places are not written.
  private mutating func encodeEntry(of wire: WireID, in traversal: CanonicalTraversal) {
    guard let end = traversal.entry(of: wire) else { return }
    guard end.place >= traversal.orderedInputCount(of: end.box) else { return }
    encode(wire, traversal)
    bytes.append(varint: relative(Int(traversal.boxRank[end.box.index]), base?.box))
    bytes.append(end.place < traversal.firstSharedInput(of: end.box) ? 1 : 0)
    let inputs = diagram.inputs(of: end.box)
    encode(inputs[inputs.startIndex + end.place], traversal)
  }

  private mutating func encodeOwner(of region: RegionID, _ traversal: CanonicalTraversal) {
    guard let owner = diagram.owner(of: region) else { return bytes.append(0) }
    bytes.append(1)
    bytes.append(varint: relative(Int(traversal.boxRank[owner.index]), base?.box))
  }

  private mutating func encode(_ wire: WireID, _ traversal: CanonicalTraversal) {
    let rank = Int(traversal.wireRank[wire.index])
    bytes.append(varint: rank < 0 ? 0 : relative(rank, base?.wire) + 1)
    encodeType(of: wire)
  }

  /// Numbers from `base` on belong to the component that is being written; it doesn't matter where it begins.
  private func relative(_ rank: Int, _ base: Int?) -> Int {
    guard let base else { return rank }
    return rank < base ? 2 * rank : 2 * (rank - base) + 1
  }

  private mutating func encodeType(of wire: WireID) {
    let id = diagram.typeID(of: wire).index
    guard base == nil else { return naming.append(diagram.types[id], to: &bytes) }
    if typeNumber[id] < 0 {
      typeNumber[id] = writtenTypes
      writtenTypes += 1
      bytes.append(varint: typeNumber[id])
      naming.append(diagram.types[id], to: &bytes)
    } else {
      bytes.append(varint: typeNumber[id])
    }
  }

  private mutating func encodeOperation(_ id: OperationID) {
    guard base == nil else { return naming.append(diagram.operations[id.index], to: &bytes) }
    if operationNumber[id.index] < 0 {
      var description: [UInt8] = []
      naming.append(diagram.operations[id.index], to: &description)
      operationNumber[id.index] = operationNumbers[description] ?? operationNumbers.count
      operationNumbers[description] = operationNumber[id.index]
    }
    let number = operationNumber[id.index]
    bytes.append(varint: number)
    if number >= writtenOperations {
      naming.append(diagram.operations[id.index], to: &bytes)
      writtenOperations = number + 1
    }
  }
}
