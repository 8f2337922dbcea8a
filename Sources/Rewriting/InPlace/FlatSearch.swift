import DiagramIR

/// Runs a pattern's program on a graph. Its arrays are made once and used for every candidate.
struct FlatSearch: Sendable {
  let program: PatternProgram
  private let kinds: [Int32]
  private let isInjective: Bool
  /// For every visit of the program, the box found.
  private(set) var boxes: [Int32]
  /// For every wire of the pattern, its image.
  private(set) var wires: [Int32]
  /// The operations of the boxes found and the types of the wires, which decide whether sizes and labels fit.
  private(set) var signature: [Int32]
  private var pending: [Int32] = []
  private var seen: [Int32: Bool] = [:]

  /// - Parameter graph: learns the kinds that the pattern asks for.
  init(_ program: PatternProgram, _ graph: inout FlatGraph) {
    self.program = program
    kinds = program.visits.map { graph.number(of: program.pattern.key(of: $0.box)) }
    isInjective = program.pattern.diagram.doctrine == .symmetric
    boxes = Array(repeating: -1, count: program.visits.count)
    wires = Array(repeating: -1, count: program.pattern.diagram.wireCount)
    signature = Array(repeating: -1, count: boxes.count + wires.count)
  }

  /// The kind of the box that is found first.
  var firstKind: Int32 { kinds[0] }

  /// Finds the match whose first box this is, before sizes, labels and convexity are looked at.
  mutating func find(at start: Int32, in graph: FlatGraph) -> Bool {
    guard map(0, to: start, in: graph) else { return false }
    for number in 1..<max(1, boxes.count) {
      let visit = program.visits[number]
      let wire = graph.wires[Int(wires[Int(visit.via)])]
      let port = visit.isProducer ? wire.producer : wire.firstUse
      guard port >= 0 else { return false }
      let box = graph.ports[Int(port)].box
      guard box >= 0 else { return false }
      let record = graph.boxes[Int(box)]
      let offset = visit.isProducer ? record.inputs : 0
      guard port == record.firstPort + offset + visit.place else { return false }
      if isInjective { for earlier in 0..<number where boxes[earlier] == box { return false } }
      guard map(number, to: box, in: graph) else { return false }
    }
    sign(graph)
    return true
  }

  private mutating func map(_ number: Int, to box: Int32, in graph: FlatGraph) -> Bool {
    let (visit, record) = (program.visits[number], graph.boxes[Int(box)])
    guard record.kind == kinds[number], record.inputs == visit.inputs,
      record.outputs == visit.outputs
    else { return false }
    boxes[number] = box
    for offset in 0..<(visit.inputs + visit.outputs) {
      let found = graph.ports[Int(record.firstPort + offset)].wire
      let known = program.portWires[Int(visit.firstWire + offset)]
      if known.isFirst {
        wires[Int(known.wire)] = found
      } else if wires[Int(known.wire)] != found {
        return false
      }
    }
    return true
  }

  private mutating func sign(_ graph: FlatGraph) {
    for (place, box) in boxes.enumerated() { signature[place] = graph.boxes[Int(box)].operation }
    for (place, wire) in wires.enumerated() {
      signature[boxes.count + place] = graph.wires[Int(wire)].type
    }
  }
}

// MARK: - Convexity

extension FlatSearch {
  /// Whether no path leads from a result of the match to one of its inputs.
  ///
  /// The search goes backward from the inputs that the pattern doesn't make safe, and no further than the first
  /// box of the match.
  ///
  /// - Parameter levels: for every box a number that is larger than those of the boxes it depends on.
  mutating func isConvex(in graph: FlatGraph, levels: [Int]) -> Bool {
    guard !program.openInputs.isEmpty else { return true }
    var lowest = Int.max
    for wire in program.interface.codomain {
      let box = graph.producer(of: wires[Int(wire)])
      if box >= 0 { lowest = min(lowest, levels[Int(box)]) }
    }
    pending.removeAll(keepingCapacity: true)
    seen.removeAll(keepingCapacity: true)
    for wire in program.openInputs {
      guard reach(graph.producer(of: wires[Int(wire)]), lowest, levels) else { return false }
    }
    while let box = pending.popLast() {
      let record = graph.boxes[Int(box)]
      for port in record.firstPort..<(record.firstPort + record.inputs) {
        let producer = graph.producer(of: graph.ports[Int(port)].wire)
        guard reach(producer, lowest, levels) else { return false }
      }
    }
    return true
  }

  /// Notes a box to search from; `false` when it belongs to the match.
  private mutating func reach(_ box: Int32, _ lowest: Int, _ levels: [Int]) -> Bool {
    guard box >= 0, levels[Int(box)] >= lowest else { return true }
    if boxes.contains(box) { return false }
    if levels[Int(box)] > lowest, seen.updateValue(true, forKey: box) == nil { pending.append(box) }
    return true
  }
}

extension FlatGraph {
  /// For every box a number that is larger than those of the boxes it depends on, with gaps for new boxes.
  func levels() -> [Int] {
    var levels = Array(repeating: 0, count: boxes.count)
    var missing = boxes.map(\.inputs)
    var ready: [Int32] = []
    for (number, box) in boxes.enumerated() {
      for port in box.firstPort..<(box.firstPort + box.inputs)
      where producer(of: ports[Int(port)].wire) < 0 {
        missing[number] -= 1
      }
      if missing[number] == 0 { ready.append(Int32(number)) }
    }
    while let number = ready.popLast() {
      let box = boxes[Int(number)]
      let first = box.firstPort + box.inputs
      for port in first..<(first + box.outputs) {
        var use = wires[Int(ports[Int(port)].wire)].firstUse
        while use >= 0 {
          let consumer = ports[Int(use)].box
          use = ports[Int(use)].next
          guard consumer >= 0 else { continue }
          levels[Int(consumer)] = max(levels[Int(consumer)], levels[Int(number)] + levelGap)
          missing[Int(consumer)] -= 1
          if missing[Int(consumer)] == 0 { ready.append(consumer) }
        }
      }
    }
    return levels
  }
}

/// How far apart levels are at first.
private let levelGap = 1 << 16
