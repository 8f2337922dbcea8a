/// Numbers the wires and boxes of a diagram in an order that depends on its structure alone.
///
/// From a wire the walk goes to what produces it, and from a box to its inputs in port order. Since a wire has
/// one producer and ports are ordered, there is nothing to choose: everything that the codomain depends on gets
/// the same numbers in every isomorphic diagram. In `symmetric` a wire also has one consumer, and the walk goes
/// forward too, so it reaches all that is connected with the interface. Through a SIMD or scan box it goes by
/// its body: from the body's codomain to the body's domain, and from there to the wires that enter.
///
/// In `frobenius` a wire may have several producers, and only the interface can be numbered this way.
///
/// Once there are colours, the walk also goes from a wire to boxes that differ in colour or port from all others
/// on the wire, in the order of those.
struct CanonicalTraversal {
  /// Where a wire comes from or goes to.
  struct End {
    /// The box, or the box whose body has the wire in its interface; -1 for the diagram's own interface.
    var box: Int32
    /// The place in the body's interface, or -1 for a port of the box itself.
    var place: Int32
  }

  private enum Task {
    case wire(WireID)
    case box(BoxID)
  }

  let diagram: Diagram
  private let producers: [End]
  private let consumers: [End]
  let regionOfBox: [RegionID]
  private(set) var wireRank: [Int32]
  private(set) var boxRank: [Int32]
  private(set) var boxOrder: [BoxID] = []
  private(set) var wireOrder: [WireID] = []
  /// How many boxes and ends of wires were looked at, in all walks together.
  private(set) var work = 0
  private var pending: [Task] = []
  private var colours: [UInt64] = []
  private var incidence: WireIncidence?

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producerEnds()
    consumers = diagram.doctrine == .symmetric ? diagram.consumerEnds() : []
    regionOfBox = diagram.regionsOfBoxes()
    wireRank = Array(repeating: -1, count: diagram.wireCount)
    boxRank = Array(repeating: -1, count: diagram.boxCount)
    boxOrder.reserveCapacity(diagram.boxCount)
    wireOrder.reserveCapacity(diagram.wireCount)
  }

  /// Numbers everything that can be reached from the interface.
  mutating func visitInterface() {
    for wire in diagram.domain { rank(wire) }
    if diagram.doctrine == .frobenius {
      for wire in diagram.codomain { rank(wire) }
      return
    }
    for wire in diagram.codomain { run(from: .wire(wire)) }
    guard diagram.doctrine == .symmetric else { return }
    for wire in diagram.domain {
      pushConsumer(of: wire)
      run()
    }
  }

  /// From now on walks also follow what the colours of boxes tell apart.
  mutating func follow(_ colours: [UInt64]) {
    guard diagram.doctrine != .symmetric else { return }
    self.colours = colours
    incidence = WireIncidence(diagram)
  }

  /// Numbers a box, unless it has a number, and everything that can be reached from it.
  mutating func visit(_ box: BoxID) { run(from: .box(box)) }

  /// Takes back all numbers after these many boxes and wires.
  mutating func rollBack(boxes: Int, wires: Int) {
    for box in boxOrder[boxes...] { boxRank[box.index] = -1 }
    for wire in wireOrder[wires...] { wireRank[wire.index] = -1 }
    boxOrder.removeSubrange(boxes...)
    wireOrder.removeSubrange(wires...)
  }

  /// The SIMD or scan box whose body has the wire in its domain, and the place there, unless places there mean
  /// something.
  func entry(of wire: WireID) -> (box: BoxID, place: Int)? {
    let end = producers[wire.index]
    return end.place < 0 || diagram.doctrine == .frobenius
      ? nil : (BoxID(Int(end.box)), Int(end.place))
  }

  /// How many inputs of a box have places that mean something: all, or the states of a SIMD or scan box.
  func orderedInputCount(of box: BoxID) -> Int {
    diagram.body(of: box) == nil || diagram.doctrine == .frobenius
      ? diagram.inputs(of: box).count : diagram.operation(of: box).stateCount
  }

  /// The place of the first input that all lanes share.
  func firstSharedInput(of box: BoxID) -> Int {
    let operation = diagram.operation(of: box)
    return operation.stateCount + operation.mappedCount
  }

  private mutating func rank(_ wire: WireID) {
    guard wireRank[wire.index] < 0 else { return }
    wireRank[wire.index] = Int32(wireOrder.count)
    wireOrder.append(wire)
  }

  private mutating func run(from start: Task) {
    pending.append(start)
    run()
  }

  private mutating func run() {
    while let task = pending.popLast() {
      switch task {
      case .wire(let wire):
        guard wireRank[wire.index] < 0 else { continue }
        rank(wire)
        if incidence != nil { pushDistinct(on: wire) }
        if diagram.doctrine == .symmetric { pushConsumer(of: wire) }
        if diagram.doctrine != .frobenius { pushProducer(of: wire) }
      case .box(let box):
        guard boxRank[box.index] < 0 else { continue }
        work += 1
        boxRank[box.index] = Int32(boxOrder.count)
        boxOrder.append(box)
        pushNeighbours(of: box)
      }
    }
  }

  private mutating func push(_ wires: ArraySlice<WireID>) {
    for wire in wires.reversed() where wireRank[wire.index] < 0 { pending.append(.wire(wire)) }
  }

  /// What comes after a box, pushed in reverse: its outputs, the part of its inputs that has places, its body's
  /// results, the box around it.
  private mutating func pushNeighbours(of box: BoxID) {
    if let owner = diagram.owner(of: regionOfBox[box.index]) { pending.append(.box(owner)) }
    let ordered = orderedInputCount(of: box)
    if let body = diagram.body(of: box) {
      push(diagram.codomain(of: body))
      push(diagram.inputs(of: box).prefix(ordered))
      push(diagram.domain(of: body).prefix(ordered))
    } else {
      push(diagram.inputs(of: box))
    }
    push(diagram.outputs(of: box))
  }

  private mutating func pushProducer(of wire: WireID) {
    let end = producers[wire.index]
    guard end.box >= 0 else { return }
    let box = BoxID(Int(end.box))
    if end.place >= 0 {
      let inputs = diagram.inputs(of: box)
      pending.append(.wire(inputs[inputs.startIndex + Int(end.place)]))
    }
    pending.append(.box(box))
  }

  private mutating func pushConsumer(of wire: WireID) {
    let end = consumers[wire.index]
    guard end.box >= 0 else { return }
    let box = BoxID(Int(end.box))
    if end.place >= 0 {
      let outputs = diagram.outputs(of: box)
      pending.append(.wire(outputs[outputs.startIndex + Int(end.place)]))
    }
    pending.append(.box(box))
  }

  /// Boxes on the wire that have no number yet and that their colour and port tell apart.
  private mutating func pushDistinct(on wire: WireID) {
    guard let ends = incidence?.ends(of: wire) else { return }
    work += ends.count
    var open: [(colour: UInt64, port: Int32, box: Int32)] = []
    for end in ends where boxRank[Int(end.box)] < 0 {
      open.append((colours[Int(end.box)], end.port, end.box))
    }
    open.sort { ($0.colour, $0.port) > ($1.colour, $1.port) }
    for (place, end) in open.enumerated() {
      let repeatsLast =
        place > 0 && open[place - 1].0 == end.colour && open[place - 1].1 == end.port
      let repeatsNext =
        place + 1 < open.count && open[place + 1].0 == end.colour && open[place + 1].1 == end.port
      if !repeatsLast && !repeatsNext { pending.append(.box(BoxID(Int(end.box)))) }
    }
  }
}

extension Diagram {
  fileprivate func producerEnds() -> [CanonicalTraversal.End] {
    var ends = Array(repeating: CanonicalTraversal.End(box: -1, place: -1), count: wireCount)
    for box in 0..<boxCount {
      for wire in outputs(of: BoxID(box)) { ends[wire.index].box = Int32(box) }
      guard let body = body(of: BoxID(box)) else { continue }
      for (place, wire) in domain(of: body).enumerated() {
        ends[wire.index] = CanonicalTraversal.End(box: Int32(box), place: Int32(place))
      }
    }
    return ends
  }

  fileprivate func consumerEnds() -> [CanonicalTraversal.End] {
    var ends = Array(repeating: CanonicalTraversal.End(box: -1, place: -1), count: wireCount)
    for box in 0..<boxCount {
      for wire in inputs(of: BoxID(box)) { ends[wire.index].box = Int32(box) }
      guard let body = body(of: BoxID(box)) else { continue }
      for (place, wire) in codomain(of: body).enumerated() {
        ends[wire.index] = CanonicalTraversal.End(box: Int32(box), place: Int32(place))
      }
    }
    return ends
  }
}
