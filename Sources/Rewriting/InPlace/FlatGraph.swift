import DiagramIR

/// A diagram that rewriting changes in place: boxes, ports and wires as small records in contiguous memory, linked
/// by their positions.
///
/// Boxes are numbered in an order that is the same in isomorphic diagrams: along ports from the results, then
/// from the inputs. Everything that rewriting does to the graph follows from these numbers, so nothing depends on
/// names or on the order in which the diagram was stored. What is removed leaves a slot, which the next box with as
/// many ports, or the next wire, takes; nothing moves.
struct FlatGraph: ~Copyable, Sendable {
  struct Box: BitwiseCopyable, Sendable {
    /// The number of its kind; -1 once it is removed.
    var kind: Int32
    /// For an empty slot, the next empty one.
    var operation: Int32
    /// Its inputs, then its outputs.
    var firstPort: Int32
    var inputs: Int32
    var outputs: Int32
    /// How many ports belong to the slot.
    var room: Int32
    var region: Int32
    /// The region that is its body, or -1.
    var body: Int32
  }

  /// A place where a wire ends or, for an output, begins.
  struct Port: BitwiseCopyable, Sendable {
    var wire: Int32
    /// The box, or -1 for a place in the codomain of a region.
    var box: Int32
    /// The other places where the wire ends.
    var next: Int32 = -1
    var previous: Int32 = -1
  }

  struct Wire: BitwiseCopyable, Sendable {
    var type: Int32
    /// The output port that produces it; -1 in a domain.
    var producer: Int32 = -1
    /// The first port where it ends; for an empty slot, the next empty one.
    var firstUse: Int32 = -1
    /// The number of its name; -1 when it has none.
    var name: Int32 = -1
  }

  struct Region: BitwiseCopyable, Sendable {
    var firstDomain: Int32
    var domainCount: Int32
    /// The first port of its codomain.
    var firstPort: Int32
    var codomainCount: Int32
  }

  let doctrine: Doctrine
  var boxes: RawBuffer<Box>
  var ports: RawBuffer<Port>
  var wires: RawBuffer<Wire>
  var regions: RawBuffer<Region>
  /// The domains of all regions.
  var domains: RawBuffer<Int32>
  var tables: FlatTables
  /// How many boxes are not removed.
  var boxCount = 0
  /// Whether every box was reached from the results or, in `symmetric`, from the interface, at first.
  var isReached = true

  /// The numbers of names that a second wire has got.
  var repeatedNames: Set<Int32> = []

  private let sourceNames: [String]
  private var furtherNames: [String] = []
  private var freeWire: Int32 = -1
  /// For every number of ports, the first empty slot; slots with more ports stay empty.
  private var freeBoxes = RawBuffer<Int32>(repeating: -1, count: 8)

  init(_ diagram: Diagram, tables: FlatTables) {
    doctrine = diagram.doctrine
    boxes = RawBuffer()
    ports = RawBuffer(capacity: diagram.ports.count + diagram.interfaces.count)
    wires = RawBuffer()
    regions = RawBuffer(capacity: diagram.regionCount)
    domains = RawBuffer(capacity: diagram.interfaces.count)
    sourceNames = diagram.wireNames
    self.tables = tables
  }
}

extension FlatGraph {
  /// The records where they lie, until one of the lists grows: for loops that only follow links.
  struct View {
    let boxes: UnsafeMutableBufferPointer<Box>
    let ports: UnsafeMutableBufferPointer<Port>
    let wires: UnsafeMutableBufferPointer<Wire>
  }

  @inline(__always)
  var view: View { View(boxes: boxes.elements, ports: ports.elements, wires: wires.elements) }
}

// MARK: - Names

extension FlatGraph {
  /// The number of a name that no wire of the source need have.
  mutating func addName(_ name: String) -> Int32 {
    guard !name.isEmpty else { return -1 }
    furtherNames.append(name)
    return Int32(sourceNames.count + furtherNames.count - 1)
  }

  /// How often the source, or a rule that has matched, has each name.
  func nameCounts() -> [String: Int] {
    var counts: [String: Int] = [:]
    for name in sourceNames where !name.isEmpty { counts[name, default: 0] += 1 }
    for name in furtherNames { counts[name, default: 0] += 1 }
    return counts
  }

  /// How many names there are, with repetitions.
  var nameCount: Int { sourceNames.count + furtherNames.count }

  /// Whether no rule has brought the name.
  func isFromSource(_ name: Int32) -> Bool { name >= 0 && Int(name) < sourceNames.count }

  /// The name of that number.
  func name(_ number: Int32) -> String {
    guard number >= 0 else { return "" }
    let place = Int(number) - sourceNames.count
    return place < 0 ? sourceNames[Int(number)] : furtherNames[place]
  }
}

// MARK: - Links

extension FlatGraph.View {
  /// The box that produces a wire, or -1.
  @inline(__always)
  func producer(of wire: Int32) -> Int32 {
    let port = wires[Int(wire)].producer
    return port < 0 ? -1 : ports[Int(port)].box
  }

  /// Ends a wire at a port.
  @inline(__always)
  func attach(_ port: Int32, to wire: Int32, of box: Int32) {
    let first = wires[Int(wire)].firstUse
    ports[Int(port)] = FlatGraph.Port(wire: wire, box: box, next: first)
    if first >= 0 { ports[Int(first)].previous = port }
    wires[Int(wire)].firstUse = port
  }

  /// Begins a wire at a port.
  @inline(__always)
  func produce(_ wire: Int32, at port: Int32, of box: Int32) {
    ports[Int(port)] = FlatGraph.Port(wire: wire, box: box)
    wires[Int(wire)].producer = port
  }

  /// Takes a port off the list of its wire.
  @inline(__always)
  func detach(_ port: Int32) {
    let record = ports[Int(port)]
    if record.next >= 0 { ports[Int(record.next)].previous = record.previous }
    if record.previous >= 0 {
      ports[Int(record.previous)].next = record.next
    } else {
      wires[Int(record.wire)].firstUse = record.next
    }
  }

  /// Where one wire ended, another ends from now on.
  func moveUses(of wire: Int32, to other: Int32) {
    while wires[Int(wire)].firstUse >= 0 {
      let port = wires[Int(wire)].firstUse
      detach(port)
      attach(port, to: other, of: ports[Int(port)].box)
    }
  }
}

// MARK: - Slots

extension FlatGraph {
  mutating func addWire(_ type: Int32, name: Int32) -> Int32 {
    let wire = freeWire
    guard wire >= 0 else {
      wires.append(Wire(type: type, name: name))
      return Int32(wires.count - 1)
    }
    freeWire = wires[wire].firstUse
    wires[wire] = Wire(type: type, name: name)
    return wire
  }

  /// Gives up a wire that has no end.
  mutating func removeWire(_ wire: Int32) {
    wires[wire].firstUse = freeWire
    freeWire = wire
  }

  /// A slot for a box with that many ports.
  mutating func takeSlot(room: Int32) -> Int32 {
    if room < 8, freeBoxes[room] >= 0 {
      let box = freeBoxes[room]
      freeBoxes[room] = boxes[box].operation
      return box
    }
    let box = Int32(boxes.count)
    let first = Int32(ports.count)
    boxes.append(
      Box(
        kind: -1, operation: -1, firstPort: first, inputs: 0, outputs: 0, room: room, region: -1,
        body: -1))
    ports.append(Port(wire: -1, box: box), count: Int(room))
    return box
  }

  /// Gives up the slot of a removed box.
  mutating func leaveSlot(_ box: Int32) {
    let room = boxes[box].room
    guard room < 8 else { return }
    boxes[box].operation = freeBoxes[room]
    freeBoxes[room] = box
  }
}
