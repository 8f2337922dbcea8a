import DiagramIR

/// Diagrams of one doctrine, as bytes: about one for each port and three for each wire and box.
///
/// Types, operations and names of wires are numbered once for all of them. A diagram that is read is the one that was
/// appended, names and order of boxes and wires included.
struct DiagramStore: Sendable {
  let doctrine: Doctrine
  private(set) var types = Numbering<WireType>()
  private(set) var operations = Numbering<Operation>()
  private(set) var names = Numbering<String>()
  private(set) var bytes: [UInt8] = []
  /// Where each diagram ends.
  private(set) var ends: [Int] = []

  init(_ doctrine: Doctrine) { self.doctrine = doctrine }

  /// How many diagrams there are.
  var count: Int { ends.count }

  /// The bytes of a diagram.
  func range(of position: Int) -> Range<Int> {
    (position == 0 ? 0 : ends[position - 1])..<ends[position]
  }

  /// Appends a diagram of the doctrine.
  ///
  /// - Complexity: linear, expected.
  mutating func append(_ diagram: Diagram) {
    appendTable(diagram.types.map { types.number(of: $0) })
    appendTable(diagram.operations.map { operations.number(of: $0) })
    bytes.append(varint: diagram.regionCount)
    for region in 0..<diagram.regionCount { append(RegionID(region), of: diagram) }
    ends.append(bytes.count)
  }

  private mutating func appendTable(_ numbers: [Int]) {
    bytes.append(varint: numbers.count)
    for number in numbers { bytes.append(varint: number) }
  }

  private mutating func append(_ region: RegionID, of diagram: Diagram) {
    let (wires, boxes) = (diagram.wires(in: region), diagram.boxes(in: region))
    let (domain, codomain) = (diagram.domain(of: region), diagram.codomain(of: region))
    for count in [wires.count, boxes.count, domain.count, codomain.count] {
      bytes.append(varint: count)
    }
    for wire in wires {
      bytes.append(varint: diagram.typeID(of: wire).index)
      bytes.append(varint: names.number(of: diagram.name(of: wire)))
    }
    let first = wires.first?.index ?? 0
    for wire in domain { bytes.append(varint: wire.index - first) }
    for wire in codomain { bytes.append(varint: wire.index - first) }
    for box in boxes {
      let (inputs, outputs) = (diagram.inputs(of: box), diagram.outputs(of: box))
      bytes.append(varint: diagram.operationID(of: box).index)
      bytes.append(varint: diagram.body(of: box).map { $0.index + 1 } ?? 0)
      bytes.append(varint: inputs.count)
      bytes.append(varint: outputs.count)
      for wire in inputs { bytes.append(varint: wire.index - first) }
      for wire in outputs { bytes.append(varint: wire.index - first) }
    }
  }

  /// A diagram by its position; `nil` when the bytes hold none, which `append` never leaves.
  ///
  /// - Complexity: linear.
  func diagram(at position: Int) -> Diagram? {
    bytes.withUnsafeBufferPointer { bytes in
      var reading = DiagramReading(
        ByteScanner(UnsafeBufferPointer(rebasing: bytes[range(of: position)])))
      return try? reading.diagram(self)
    }
  }

  // MARK: As one sequence of bytes

  /// What the bytes of all diagrams refer to, as bytes.
  var tableBytes: [UInt8] {
    var table: [UInt8] = []
    table.append(varint: types.elements.count)
    for type in types.elements { table.append(type) }
    table.append(varint: operations.elements.count)
    for operation in operations.elements { table.append(operation) }
    table.append(varint: names.elements.count)
    for name in names.elements { table.append(string: name) }
    return table
  }

  /// A store with tables of `tableBytes`, and no diagram.
  ///
  /// - Throws: `ByteFault`, when the next bytes aren't such tables.
  init(_ doctrine: Doctrine, tables: inout ByteScanner) throws(ByteFault) {
    self.doctrine = doctrine
    for _ in 0..<(try tables.count()) { try Self.add(try tables.wireType(), to: &types) }
    for _ in 0..<(try tables.count()) { try Self.add(try tables.operation(), to: &operations) }
    for _ in 0..<(try tables.count()) { try Self.add(try tables.text(), to: &names) }
  }

  /// Takes diagrams over, which are looked at when they are read.
  ///
  /// - Parameter ends: where each ends, in order; the last is the number of bytes.
  mutating func take(_ bytes: [UInt8], ends: [Int]) { (self.bytes, self.ends) = (bytes, ends) }

  private static func add<Element>(
    _ element: Element, to table: inout Numbering<Element>
  ) throws(ByteFault) {
    let next = table.elements.count
    guard table.number(of: element) == next else { throw ByteFault() }
  }
}
