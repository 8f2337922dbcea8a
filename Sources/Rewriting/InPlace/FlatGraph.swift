import DiagramIR

/// A diagram that rewriting changes in place: boxes, ports and wires in contiguous arrays, linked by their
/// positions.
///
/// Boxes are numbered in an order that is the same in isomorphic diagrams: along ports from the results, then
/// from the inputs. Everything that is done to the graph follows from these numbers, so nothing depends on names
/// or on the order in which the diagram was stored. What is removed leaves a gap; nothing moves.
struct FlatGraph: Sendable {
  struct Box: Sendable {
    var operation: Int32
    /// The number of its kind; -1 once it is removed.
    var kind: Int32
    /// Its inputs, then its outputs.
    var firstPort: Int32
    var inputs: Int32
    var outputs: Int32
    var region: Int32
    /// The region that is its body, or -1.
    var body: Int32
  }

  /// A place where a wire ends or, for an output, begins.
  struct Port: Sendable {
    var wire: Int32
    /// The box, or -1 for a place in the codomain of a region.
    var box: Int32
    /// The other places where the wire ends.
    var next: Int32 = -1
    var previous: Int32 = -1
  }

  struct Wire: Sendable {
    var type: Int32
    /// The output port that produces it; -1 in a domain.
    var producer: Int32 = -1
    /// The first port where it ends.
    var firstUse: Int32 = -1
  }

  struct Region: Sendable {
    var domain: [Int32]
    var firstPort: Int32
    var codomainCount: Int32
  }

  let doctrine: Doctrine
  var boxes: [Box] = []
  var ports: [Port] = []
  var wires: [Wire] = []
  var names: [String] = []
  var regions: [Region] = []
  var operations: [Operation] = []
  var types: [WireType] = []
  private(set) var kindOfOperation: [Int32] = []
  private var kinds: [OperationKey: Int32] = [:]
  private var operationNumbers: [Operation: Int32] = [:]
  private var typeNumbers: [WireType: Int32] = [:]
  /// How many boxes are not removed.
  var boxCount = 0
  /// Whether every box was reached from the results or, in `symmetric`, from the interface, at first.
  var isReached = true

  init(doctrine: Doctrine) { self.doctrine = doctrine }
}

// MARK: - Tables

extension FlatGraph {
  mutating func number(of kind: OperationKey) -> Int32 {
    if let known = kinds[kind] { return known }
    let number = Int32(kinds.count)
    kinds[kind] = number
    return number
  }

  /// The number of a kind, when some box has had it.
  func knownNumber(of kind: OperationKey) -> Int32? { kinds[kind] }

  mutating func number(of operation: Operation) -> Int32 {
    if let known = operationNumbers[operation] { return known }
    let number = Int32(operations.count)
    operations.append(operation)
    kindOfOperation.append(self.number(of: OperationKey(operation)))
    operationNumbers[operation] = number
    return number
  }

  mutating func number(of type: WireType) -> Int32 {
    if let known = typeNumbers[type] { return known }
    let number = Int32(types.count)
    types.append(type)
    typeNumbers[type] = number
    return number
  }
}

// MARK: - Links

extension FlatGraph {
  func isAlive(_ box: Int32) -> Bool { boxes[Int(box)].kind >= 0 }

  /// The box that produces a wire, or -1.
  func producer(of wire: Int32) -> Int32 {
    let port = wires[Int(wire)].producer
    return port < 0 ? -1 : ports[Int(port)].box
  }

  mutating func addWire(_ type: Int32, name: String) -> Int32 {
    wires.append(Wire(type: type))
    names.append(name)
    return Int32(wires.count - 1)
  }

  /// Ends a wire at a port.
  mutating func attach(_ port: Int32, to wire: Int32) {
    let first = wires[Int(wire)].firstUse
    ports[Int(port)].wire = wire
    ports[Int(port)].next = first
    ports[Int(port)].previous = -1
    if first >= 0 { ports[Int(first)].previous = port }
    wires[Int(wire)].firstUse = port
  }

  /// Takes a port off the list of its wire.
  mutating func detach(_ port: Int32) {
    let (next, previous) = (ports[Int(port)].next, ports[Int(port)].previous)
    if next >= 0 { ports[Int(next)].previous = previous }
    if previous >= 0 {
      ports[Int(previous)].next = next
    } else {
      wires[Int(ports[Int(port)].wire)].firstUse = next
    }
  }

  /// Removes a box; its outputs stay without a producer.
  mutating func remove(_ box: Int32) {
    let record = boxes[Int(box)]
    let middle = record.firstPort + record.inputs
    for port in record.firstPort..<middle { detach(port) }
    for port in middle..<(middle + record.outputs) {
      let wire = Int(ports[Int(port)].wire)
      if wires[wire].producer == port { wires[wire].producer = -1 }
    }
    boxes[Int(box)].kind = -1
    boxCount -= 1
  }

  /// Where one wire ended, another ends from now on.
  mutating func moveUses(of wire: Int32, to other: Int32) {
    while wires[Int(wire)].firstUse >= 0 {
      let port = wires[Int(wire)].firstUse
      detach(port)
      attach(port, to: other)
    }
  }
}
