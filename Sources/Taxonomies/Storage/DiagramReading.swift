import DiagramIR

/// Reads one diagram from bytes; whatever they are, what comes out keeps what `Diagram.Storage` promises about ranges.
struct DiagramReading {
  private var scanner: ByteScanner
  private var regionOwners: [Int32] = []
  private var depths: [Int] = []

  init(_ scanner: ByteScanner) { self.scanner = scanner }

  mutating func diagram(_ store: DiagramStore) throws(ByteFault) -> Diagram {
    guard scanner.count < Int(Int32.max) else { throw ByteFault() }
    let types = try table(store.types.elements)
    let operations = try table(store.operations.elements)
    var storage = Diagram.Storage(types: types, operations: operations)
    let regions = try scanner.count(ofAtLeast: 4)
    guard regions > 0 else { throw ByteFault() }
    regionOwners = Array(repeating: -1, count: regions)
    depths = Array(repeating: 0, count: regions)
    for region in 0..<regions { try read(region, into: &storage, store) }
    guard regionOwners.dropLast().allSatisfy({ $0 >= 0 }), depths[regions - 1] <= Self.maximumDepth
    else { throw ByteFault() }
    for region in 0..<regions { storage.regionRecords[region].owner = regionOwners[region] }
    try scanner.finish()
    return Diagram(doctrine: store.doctrine, storage)
  }

  private static let maximumDepth = DiagramBuilder.maximumNesting

  private mutating func table<Element>(
    _ elements: [Element]
  ) throws(ByteFault) -> [Element] {
    let count = try scanner.count()
    var table: [Element] = []
    table.reserveCapacity(count)
    for _ in 0..<count { table.append(elements[try scanner.number(below: elements.count)]) }
    return table
  }

  private mutating func read(
    _ region: Int, into storage: inout Diagram.Storage, _ store: DiagramStore
  ) throws(ByteFault) {
    let (wires, boxes) = (try scanner.count(), try scanner.count())
    let (domain, codomain) = (try scanner.count(), try scanner.count())
    let first = storage.wireTypes.count
    var record = Diagram.RegionRecord(
      firstWire: Int32(first), firstBox: Int32(storage.boxRecords.count),
      firstInterface: Int32(storage.interfaces.count))
    (record.wireCount, record.boxCount) = (Int32(wires), Int32(boxes))
    (record.domainCount, record.codomainCount) = (Int32(domain), Int32(codomain))
    storage.regionRecords.append(record)
    let names = store.names.elements
    for _ in 0..<wires {
      storage.wireTypes.append(TypeID(try scanner.number(below: storage.types.count)))
      storage.wireNames.append(names[try scanner.number(below: names.count)])
    }
    for _ in 0..<(domain + codomain) {
      storage.interfaces.append(WireID(first + (try scanner.number(below: wires))))
    }
    for _ in 0..<boxes { try readBox(of: region, wires, from: first, into: &storage) }
  }

  private mutating func readBox(
    of region: Int, _ wires: Int, from first: Int, into storage: inout Diagram.Storage
  ) throws(ByteFault) {
    let operation = try scanner.number(below: storage.operations.count)
    let body = try scanner.number(below: region + 1) - 1
    if body >= 0 {
      guard regionOwners[body] < 0, storage.operations[operation].hasBody else { throw ByteFault() }
      regionOwners[body] = Int32(storage.boxRecords.count)
      depths[region] = max(depths[region], depths[body] + 1)
    }
    let (inputs, outputs) = (try scanner.count(), try scanner.count())
    storage.boxRecords.append(
      Diagram.BoxRecord(
        OperationID(operation), firstPort: Int32(storage.ports.count), inputs: Int32(inputs),
        outputs: Int32(outputs), body: Int32(body)))
    for _ in 0..<(inputs + outputs) {
      storage.ports.append(WireID(first + (try scanner.number(below: wires))))
    }
  }
}
