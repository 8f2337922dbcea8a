/// A diagram laid out for walking along its wires: what is asked of a wire lies together, and what is asked of a box.
///
/// Only for doctrines in which a wire has one producer. A value holds pointers alone; whoever made it deallocates it.
struct WalkedDiagram {
  /// A wire: the number it gets in a walk, or -1; its type; its ends.
  struct Wire {
    var rank: Int32 = -1
    var type: Int32
    /// The box whose output it is, -1, or below that, from -2 on downward, a place in `entries`.
    var producer: Int32 = -1
    /// In `symmetric` the box whose input it is, -1, or -2 minus the box whose body ends with it.
    var consumer: Int32 = -1
  }

  /// A box: the number it gets in a walk, before that -1, or -2 in a closed component that was found; what the diagram says of it.
  struct Box {
    var rank: Int32 = -1
    var record: Diagram.BoxRecord
  }

  /// Where a wire enters a body.
  struct Entry {
    var box: Int32
    var place: Int32
  }

  /// How many inputs of a box with a body are states, and mapped.
  struct Division {
    var states: Int32
    var mapped: Int32
  }

  let tables: DiagramTables
  let wires: UnsafeMutableBufferPointer<Wire>
  let boxes: UnsafeMutableBufferPointer<Box>
  let entries: UnsafeMutableBufferPointer<Entry>
  /// For every box the one around it, or -1; empty when there are no bodies.
  let owners: UnsafeMutableBufferPointer<Int32>
  let divisions: UnsafeMutableBufferPointer<Division>

  init(_ diagram: Diagram, _ tables: DiagramTables) {
    self.tables = tables
    wires = .allocate(capacity: tables.wireTypes.count)
    for (wire, type) in tables.wireTypes.enumerated() {
      wires.initializeElement(at: wire, to: Wire(type: type.rawValue))
    }
    boxes = .allocate(capacity: tables.boxes.count)
    for (box, record) in tables.boxes.enumerated() {
      boxes.initializeElement(at: box, to: Box(record: record))
    }
    let bodies = tables.regions.dropLast()
    entries = .allocate(capacity: bodies.reduce(0) { $0 + Int($1.domainCount) })
    owners = .allocate(capacity: bodies.isEmpty ? 0 : boxes.count)
    owners.initialize(repeating: -1)
    divisions = .allocate(capacity: diagram.operations.count)
    for (number, operation) in diagram.operations.enumerated() {
      let (states, mapped) = (Int32(operation.stateCount), Int32(operation.mappedCount))
      divisions.initializeElement(at: number, to: Division(states: states, mapped: mapped))
    }
    linkPorts(isSymmetric: diagram.doctrine == .symmetric)
    linkBodies(bodies, isSymmetric: diagram.doctrine == .symmetric)
  }

  func deallocate() {
    wires.deallocate()
    boxes.deallocate()
    entries.deallocate()
    owners.deallocate()
    divisions.deallocate()
  }

  private func linkPorts(isSymmetric: Bool) {
    let wireCount = wires.count
    precondition(tables.ports.allSatisfy { $0.index >= 0 && $0.index < wireCount })
    for (box, record) in tables.boxes.enumerated() {
      let first = Int(record.firstPort)
      let outputs = first + Int(record.inputCount)
      for port in outputs..<(outputs + Int(record.outputCount)) {
        wires[tables.ports[port].index].producer = Int32(truncatingIfNeeded: box)
      }
      guard isSymmetric else { continue }
      for port in first..<outputs {
        wires[tables.ports[port].index].consumer = Int32(truncatingIfNeeded: box)
      }
    }
  }

  private func linkBodies(
    _ bodies: Slice<UnsafeBufferPointer<Diagram.RegionRecord>>, isSymmetric: Bool
  ) {
    var entry = 0
    for body in bodies {
      for box in body.firstBox..<(body.firstBox + body.boxCount) { owners[Int(box)] = body.owner }
      let codomain = Int(body.firstInterface + body.domainCount)
      for (place, position) in (Int(body.firstInterface)..<codomain).enumerated() {
        entries.initializeElement(at: entry, to: Entry(box: body.owner, place: Int32(place)))
        wires[tables.interfaces[position].index].producer = Int32(-2 - entry)
        entry += 1
      }
      guard isSymmetric else { continue }
      for position in codomain..<(codomain + Int(body.codomainCount)) {
        wires[tables.interfaces[position].index].consumer = -2 - body.owner
      }
    }
  }

  /// The box around a box, or -1.
  @inline(__always)
  func owner(of box: Int) -> Int { owners.isEmpty ? -1 : Int(owners[box]) }

  /// Takes back the numbers of a box of a closed component and of the wires at its ports.
  @inline(__always)
  func forgetRanks(around box: Int) {
    boxes[box].rank = -2
    let record = boxes[box].record
    var port = Int(record.firstPort)
    let end = port &+ Int(record.inputCount) &+ Int(record.outputCount)
    while port < end {
      wires[tables.ports[port].index].rank = -1
      port &+= 1
    }
  }

  /// The wire at a box's first port, to read it early.
  @inline(__always)
  func firstPort(of box: Int) -> Int32 {
    let record = boxes[box].record
    return record.inputCount &+ record.outputCount == 0
      ? 0 : tables.ports[Int(record.firstPort)].rawValue
  }

  /// The sum of the numbers of the wires at a box's first ports, to read them early.
  @inline(__always)
  func firstRanks(around box: Int) -> Int32 {
    let record = boxes[box].record
    var port = Int(record.firstPort)
    let end = port &+ min(4, Int(record.inputCount) &+ Int(record.outputCount))
    var sum: Int32 = 0
    while port < end {
      sum &+= wires[tables.ports[port].index].rank
      port &+= 1
    }
    return sum
  }
}
