import DiagramIR

/// Runs a pattern's program on a graph. Its memory is taken once and used for every candidate.
struct FlatSearch: ~Copyable, Sendable {
  let program: PatternProgram
  /// The instructions, one for each box of the pattern.
  let steps: RawBuffer<PatternProgram.Step>
  private let portWires: RawBuffer<PatternProgram.PortWire>
  private let isInjective: Bool
  /// For every step, the box found.
  private(set) var boxes: RawBuffer<Int32>
  /// For every wire of the pattern, its image.
  private(set) var wires: RawBuffer<Int32>
  /// The operations of the boxes found and the types of the wires, which decide whether sizes and labels fit.
  private(set) var signature: RawBuffer<Int32>
  /// Whether the signature is the one of the match before.
  private(set) var repeatsSignature = false

  let domain: RawBuffer<Int32>
  let codomain: RawBuffer<Int32>
  let taken: RawBuffer<Int32>
  private let openInputs: RawBuffer<Int32>
  private var pending = RawBuffer<Int32>()
  private var seenBy = RawBuffer<Int32>()
  private var searchCount: Int32 = 0

  /// - Parameter kind: the number of a kind of box in the graphs to be searched.
  init(_ program: PatternProgram, kind: (OperationKey) -> Int32) {
    self.program = program
    steps = RawBuffer(program.steps(kind: kind))
    portWires = RawBuffer(program.portWires)
    isInjective = program.pattern.diagram.doctrine == .symmetric
    boxes = RawBuffer(repeating: -1, count: program.visits.count)
    wires = RawBuffer(repeating: -1, count: program.pattern.diagram.wireCount)
    signature = RawBuffer(repeating: -1, count: boxes.count + wires.count)
    domain = RawBuffer(program.interface.domain)
    codomain = RawBuffer(program.interface.codomain)
    taken = RawBuffer(program.interface.taken)
    openInputs = RawBuffer(program.openInputs)
  }

  /// Whether convexity has to be looked at.
  var needsLevels: Bool { openInputs.count > 0 }

  /// Finds the match whose first box this is, before sizes, labels and convexity are looked at.
  @inline(__always)
  mutating func find(at start: Int32, in graph: borrowing FlatGraph) -> Bool {
    guard map(0, steps[0], to: start, graph.boxes[start], in: graph) else { return false }
    var number = 1
    while number < boxes.count {
      let step = steps[number]
      let wire = wires[step.via]
      let port = step.isProducer ? graph.wires[wire].producer : graph.wires[wire].firstUse
      guard port >= 0 else { return false }
      let box = graph.ports[port].box
      guard box >= 0 else { return false }
      let record = graph.boxes[box]
      guard port == record.firstPort + step.offset,
        map(number, step, to: box, record, in: graph)
      else { return false }
      number += 1
    }
    sign(graph)
    return true
  }

  @inline(__always)
  private mutating func map(
    _ number: Int, _ step: PatternProgram.Step, to box: Int32, _ record: FlatGraph.Box,
    in graph: borrowing FlatGraph
  ) -> Bool {
    guard record.kind == step.kind, record.inputs == step.inputs, record.outputs == step.outputs
    else { return false }
    if isInjective { for earlier in 0..<number where boxes[earlier] == box { return false } }
    boxes[number] = box
    for offset in 0..<(step.inputs + step.outputs) {
      let found = graph.ports[record.firstPort + offset].wire
      let known = portWires[step.firstWire + offset]
      if known.isFirst {
        wires[known.wire] = found
      } else if wires[known.wire] != found {
        return false
      }
    }
    return true
  }

  @inline(__always)
  private mutating func sign(_ graph: borrowing FlatGraph) {
    var isSame = true
    for place in 0..<boxes.count {
      let operation = graph.boxes[boxes[place]].operation
      if signature[place] != operation {
        signature[place] = operation
        isSame = false
      }
    }
    for place in 0..<wires.count {
      let type = graph.wires[wires[place]].type
      if signature[boxes.count + place] != type {
        signature[boxes.count + place] = type
        isSame = false
      }
    }
    repeatsSignature = isSame
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
  mutating func isConvex(
    in graph: borrowing FlatGraph, levels: borrowing RawBuffer<Int>
  ) -> Bool {
    guard openInputs.count > 0 else { return true }
    var lowest = Int.max
    for place in 0..<codomain.count {
      let box = graph.producer(of: wires[codomain[place]])
      if box >= 0 { lowest = min(lowest, levels[box]) }
    }
    startSearch(graph)
    for place in 0..<openInputs.count {
      let box = graph.producer(of: wires[openInputs[place]])
      guard reach(box, lowest, levels) else { return false }
    }
    while let box = pending.popLast() {
      let record = graph.boxes[box]
      for port in record.firstPort..<(record.firstPort + record.inputs) {
        let producer = graph.producer(of: graph.ports[port].wire)
        guard reach(producer, lowest, levels) else { return false }
      }
    }
    return true
  }

  private mutating func startSearch(_ graph: borrowing FlatGraph) {
    pending.removeAll()
    if searchCount == .max {
      searchCount = 0
      seenBy.removeAll()
    }
    searchCount += 1
    seenBy.append(0, count: graph.boxes.count - seenBy.count)
  }

  /// Notes a box to search from; `false` when it belongs to the match.
  @inline(__always)
  private mutating func reach(
    _ box: Int32, _ lowest: Int, _ levels: borrowing RawBuffer<Int>
  ) -> Bool {
    guard box >= 0, levels[box] >= lowest else { return true }
    if boxes.contains(where: { $0 == box }) { return false }
    if levels[box] > lowest, seenBy[box] != searchCount {
      seenBy[box] = searchCount
      pending.append(box)
    }
    return true
  }
}
