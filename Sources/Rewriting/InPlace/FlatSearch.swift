import DiagramIR

/// Runs a pattern's program on a graph. Its memory is taken once and used for every candidate.
struct FlatSearch: ~Copyable, Sendable {
  let program: PatternProgram
  /// The instructions, one for each box of the pattern.
  let steps: RawBuffer<PatternProgram.Step>
  /// For every port of every step, its wire `w` when it comes first there, else `~w`.
  private let portWires: RawBuffer<Int32>
  private let isInjective: Bool
  /// For every step, the box found.
  private(set) var boxes: RawBuffer<Int32>
  /// For every wire of the pattern, its image.
  private(set) var wires: RawBuffer<Int32>
  /// The operations of the boxes found and the types of the wires, which decide whether sizes and labels fit.
  private(set) var signature: RawBuffer<Int32>
  /// Whether the signature is the one of the match before.
  private(set) var repeatsSignature = false

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
    portWires = RawBuffer(program.portWires.map { $0.isFirst ? $0.wire : ~$0.wire })
    isInjective = program.pattern.diagram.doctrine == .symmetric
    boxes = RawBuffer(repeating: -1, count: program.visits.count)
    wires = RawBuffer(repeating: -1, count: program.pattern.diagram.wireCount)
    signature = RawBuffer(repeating: -1, count: boxes.count + wires.count)
    codomain = RawBuffer(program.interface.codomain)
    taken = RawBuffer(program.interface.taken)
    openInputs = RawBuffer(program.openInputs)
  }

  /// Whether convexity has to be looked at.
  var needsLevels: Bool { openInputs.count > 0 }

  /// Finds the match whose first box this is, before sizes, labels and convexity are looked at.
  @inline(__always)
  mutating func find(at start: Int32, in graph: FlatGraph.View) -> Bool {
    let (steps, images) = (steps.elements, wires.elements)
    guard map(0, steps[0], to: start, graph.boxes[Int(start)], in: graph) else { return false }
    var number = 1
    while number < steps.count {
      let step = steps[number]
      let wire = Int(images[Int(step.via)])
      let port = step.isProducer ? graph.wires[wire].producer : graph.wires[wire].firstUse
      guard port >= 0 else { return false }
      let box = graph.ports[Int(port)].box
      guard box >= 0 else { return false }
      let record = graph.boxes[Int(box)]
      guard port == record.firstPort &+ step.offset, map(number, step, to: box, record, in: graph)
      else { return false }
      number &+= 1
    }
    sign(graph)
    return true
  }

  @inline(__always)
  private mutating func map(
    _ number: Int, _ step: PatternProgram.Step, to box: Int32, _ record: FlatGraph.Box,
    in graph: FlatGraph.View
  ) -> Bool {
    guard record.kind == step.kind, record.inputs == step.inputs, record.outputs == step.outputs
    else { return false }
    let (found, images, portWires) = (boxes.elements, wires.elements, portWires.elements)
    if isInjective && isFound(box, before: number) { return false }
    found[number] = box
    var (port, next) = (Int(record.firstPort), Int(step.firstWire))
    let end = port &+ Int(step.inputs) &+ Int(step.outputs)
    while port < end {
      let (wire, known) = (graph.ports[port].wire, portWires[next])
      if known >= 0 {
        images[Int(known)] = wire
      } else if images[Int(~known)] != wire {
        return false
      }
      port &+= 1
      next &+= 1
    }
    return true
  }

  @inline(__always)
  private func isFound(_ box: Int32, before number: Int) -> Bool {
    let found = boxes.elements
    var earlier = 0
    while earlier < number {
      if found[earlier] == box { return true }
      earlier &+= 1
    }
    return false
  }

  @inline(__always)
  private mutating func sign(_ graph: FlatGraph.View) {
    let (found, images, signature) = (boxes.elements, wires.elements, signature.elements)
    var (difference, place): (Int32, Int) = (0, 0)
    while place < found.count {
      let operation = graph.boxes[Int(found[place])].operation
      difference |= signature[place] ^ operation
      signature[place] = operation
      place &+= 1
    }
    var wire = 0
    while wire < images.count {
      let type = graph.wires[Int(images[wire])].type
      difference |= signature[place] ^ type
      signature[place] = type
      place &+= 1
      wire &+= 1
    }
    repeatsSignature = difference == 0
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
  @inline(__always)
  mutating func isConvex(
    in graph: FlatGraph.View, levels: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    openInputs.count == 0 || hasNoPathBack(in: graph, levels)
  }

  private mutating func hasNoPathBack(
    in graph: FlatGraph.View, _ levels: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    var lowest = Int.max
    for wire in codomain.elements {
      let box = graph.producer(of: wires[wire])
      if box >= 0 { lowest = min(lowest, levels[Int(box)]) }
    }
    startSearch(boxCount: graph.boxes.count)
    for wire in openInputs.elements {
      guard reach(graph.producer(of: wires[wire]), lowest, levels) else { return false }
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

  private mutating func startSearch(boxCount: Int) {
    pending.removeAll()
    if searchCount == .max {
      searchCount = 0
      seenBy.removeAll()
    }
    searchCount += 1
    seenBy.append(0, count: boxCount - seenBy.count)
  }

  /// Notes a box to search from; `false` when it belongs to the match.
  @inline(__always)
  private mutating func reach(
    _ box: Int32, _ lowest: Int, _ levels: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    guard box >= 0, levels[Int(box)] >= lowest else { return true }
    if boxes.elements.contains(box) { return false }
    if levels[Int(box)] > lowest, seenBy[box] != searchCount {
      seenBy[box] = searchCount
      pending.append(box)
    }
    return true
  }
}
