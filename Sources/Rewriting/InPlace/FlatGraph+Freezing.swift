import DiagramIR

extension FlatGraph {
  /// The diagram that the graph has become.
  ///
  /// Boxes of the result stand in an order in which each follows those it depends on.
  ///
  /// - Returns: the diagram, and for every wire its position there; -1 for those that are gone.
  /// - Complexity: linear in the slots for boxes and wires.
  func frozen() -> FrozenGraph {
    var freezing = Freezing(self)
    for region in 0..<Int32(regions.count) { freezing.add(region, of: self) }
    return freezing.finish(self)
  }
}

/// What a graph has become.
struct FrozenGraph: ~Copyable {
  let diagram: Diagram
  /// For every wire of the graph, its position in the diagram, or -1.
  let wires: RawBuffer<Int32>
}

/// Writes the arrays of a diagram, region after region, bodies before what is around them. The walk keeps its own
/// stack.
private struct Freezing: ~Copyable {
  private let graph: FlatGraph.View
  private var records: RawBuffer<Diagram.BoxRecord>
  private var ports: RawBuffer<WireID>
  private var types: RawBuffer<TypeID>
  private var interfaces: RawBuffer<WireID>
  private var regions: RawBuffer<Diagram.RegionRecord>
  /// For every wire of the graph, its position in the diagram, or -1.
  private var copies: RawBuffer<Int32>
  /// For every wire of the diagram, the number of its name.
  private var names: RawBuffer<Int32>
  private var hasNames = false
  private var isCopied: RawBuffer<Bool>
  private var stack = RawBuffer<Visit>()
  /// The boxes of the graph, region after region; not used when there is one region.
  private var boxesByRegion = RawBuffer<Int32>()
  private var firstOfRegion = RawBuffer<Int32>()

  private struct Visit: BitwiseCopyable {
    let box: Int32
    var next: Int32
  }

  init(_ graph: borrowing FlatGraph) {
    self.graph = graph.view
    records = RawBuffer(capacity: graph.boxCount)
    ports = RawBuffer(capacity: 3 * graph.boxCount)
    types = RawBuffer(capacity: 2 * graph.boxCount)
    names = RawBuffer(capacity: 2 * graph.boxCount)
    interfaces = RawBuffer(capacity: graph.domains.count)
    regions = RawBuffer(capacity: graph.regions.count)
    copies = RawBuffer(repeating: -1, count: graph.wires.count)
    isCopied = RawBuffer(repeating: false, count: graph.boxes.count)
    if graph.regions.count > 1 { sortBoxes(of: graph) }
  }

  private mutating func sortBoxes(of graph: borrowing FlatGraph) {
    firstOfRegion = RawBuffer(repeating: 0, count: graph.regions.count + 1)
    for box in 0..<graph.boxes.count where graph.boxes[box].kind >= 0 {
      firstOfRegion[graph.boxes[box].region + 1] += 1
    }
    for region in 0..<graph.regions.count { firstOfRegion[region + 1] += firstOfRegion[region] }
    var next = RawBuffer(firstOfRegion.array)
    boxesByRegion = RawBuffer(repeating: -1, count: graph.boxCount)
    for box in 0..<graph.boxes.count where graph.boxes[box].kind >= 0 {
      let region = graph.boxes[box].region
      boxesByRegion[next[region]] = Int32(box)
      next[region] += 1
    }
  }

  mutating func add(_ number: Int32, of graph: borrowing FlatGraph) {
    let region = graph.regions[number]
    var record = Diagram.RegionRecord(
      firstWire: Int32(types.count), firstBox: Int32(records.count),
      firstInterface: Int32(interfaces.count))
    for place in region.firstDomain..<(region.firstDomain + region.domainCount) {
      interfaces.append(copy(graph.domains[place]))
    }
    if graph.regions.count == 1 { addAllBoxes() } else { addBoxes(of: number) }
    for port in region.firstPort..<(region.firstPort + region.codomainCount) {
      interfaces.append(WireID(Int(copies[graph.ports[port].wire])))
    }
    record.wireCount = Int32(types.count) - record.firstWire
    record.boxCount = Int32(records.count) - record.firstBox
    (record.domainCount, record.codomainCount) = (region.domainCount, region.codomainCount)
    regions.append(record)
  }

  private mutating func addAllBoxes() {
    var box = Int32(graph.boxes.count) - 1
    while box >= 0 {
      if graph.boxes[Int(box)].kind >= 0 { addWithNeeds(box) }
      box -= 1
    }
  }

  private mutating func addBoxes(of region: Int32) {
    var place = firstOfRegion[region + 1] - 1
    while place >= firstOfRegion[region] {
      addWithNeeds(boxesByRegion[place])
      place -= 1
    }
  }

  /// Adds a box after everything it depends on.
  private mutating func addWithNeeds(_ start: Int32) {
    guard !isCopied[start] else { return }
    stack.append(Visit(box: start, next: 0))
    while let visit = stack.popLast() {
      let record = graph.boxes[Int(visit.box)]
      var next = visit.next
      while next < record.inputs && copies[wire(record.firstPort + next)] >= 0 { next += 1 }
      guard next < record.inputs else {
        if !isCopied[visit.box] { add(visit.box, record) }
        continue
      }
      stack.append(Visit(box: visit.box, next: next + 1))
      let needed = graph.producer(of: wire(record.firstPort + next))
      if needed >= 0 { stack.append(Visit(box: needed, next: 0)) }
    }
  }

  @inline(__always)
  private func wire(_ port: Int32) -> Int32 { graph.ports[Int(port)].wire }

  @inline(__always)
  private mutating func add(_ box: Int32, _ record: FlatGraph.Box) {
    isCopied[box] = true
    if record.body >= 0 { regions[record.body].owner = Int32(records.count) }
    records.append(
      Diagram.BoxRecord(
        OperationID(Int(record.operation)), firstPort: Int32(ports.count), inputs: record.inputs,
        outputs: record.outputs, body: record.body))
    let middle = record.firstPort + record.inputs
    for port in record.firstPort..<middle { ports.append(WireID(Int(copies[wire(port)]))) }
    for port in middle..<(middle + record.outputs) { ports.append(copy(wire(port))) }
  }

  @inline(__always)
  private mutating func copy(_ wire: Int32) -> WireID {
    let (copy, record) = (Int32(types.count), graph.wires[Int(wire)])
    copies[wire] = copy
    types.append(TypeID(Int(record.type)))
    names.append(record.name)
    if record.name >= 0 { hasNames = true }
    return WireID(Int(copy))
  }

  consuming func finish(_ graph: borrowing FlatGraph) -> FrozenGraph {
    var storage = Diagram.Storage(types: graph.tables.types, operations: graph.tables.operations)
    storage.boxRecords = records.array
    storage.ports = ports.array
    storage.wireTypes = types.array
    storage.interfaces = interfaces.array
    storage.regionRecords = regions.array
    storage.wireNames = Array(repeating: "", count: types.count)
    if hasNames {
      for wire in 0..<names.count where names[wire] >= 0 {
        storage.wireNames[wire] = graph.name(names[wire])
      }
    }
    return FrozenGraph(diagram: Diagram(doctrine: graph.doctrine, storage), wires: copies)
  }
}
