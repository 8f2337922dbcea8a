/// Numbers the wires and boxes of a diagram in an order that depends on its structure alone.
///
/// From a wire the walk goes to what produces it, and from a box to its inputs in port order. Since a wire has
/// one producer and ports are ordered, there is nothing to choose: everything that the codomain depends on gets
/// the same numbers in every isomorphic diagram. In `symmetric` a wire also has one consumer, and the walk goes
/// forward too, so it reaches all that is connected with the interface. Through a SIMD or scan box it goes by
/// its body: from the body's codomain to the body's domain, and from there to the wires that enter.
///
/// In `frobenius` a wire may have several producers, and only the interface can be numbered this way.
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
    for wire in diagram.codomain { visit(wire) }
    guard diagram.doctrine == .symmetric else { return }
    for wire in diagram.domain {
      var tasks: [Task] = []
      pushConsumers(of: wire, &tasks)
      run(&tasks)
    }
  }

  /// Numbers a box, unless it has a number, and everything that can be reached from it.
  mutating func visit(_ box: BoxID) {
    var tasks = [Task.box(box)]
    run(&tasks)
  }

  /// Takes back all numbers after these many boxes and wires.
  mutating func rollBack(boxes: Int, wires: Int) {
    for box in boxOrder[boxes...] { boxRank[box.index] = -1 }
    for wire in wireOrder[wires...] { wireRank[wire.index] = -1 }
    boxOrder.removeSubrange(boxes...)
    wireOrder.removeSubrange(wires...)
  }

  /// The SIMD or scan box whose body has the wire in its domain, and the place there.
  func entry(of wire: WireID) -> (box: BoxID, place: Int)? {
    let end = producers[wire.index]
    return end.place < 0 ? nil : (BoxID(Int(end.box)), Int(end.place))
  }

  private mutating func visit(_ wire: WireID) {
    var tasks = [Task.wire(wire)]
    run(&tasks)
  }

  private mutating func rank(_ wire: WireID) {
    guard wireRank[wire.index] < 0 else { return }
    wireRank[wire.index] = Int32(wireOrder.count)
    wireOrder.append(wire)
  }

  /// Works off a stack of tasks.
  private mutating func run(_ pending: inout [Task]) {
    while let task = pending.popLast() {
      switch task {
      case .wire(let wire):
        guard wireRank[wire.index] < 0 else { continue }
        rank(wire)
        if diagram.doctrine == .symmetric { pushConsumers(of: wire, &pending) }
        if diagram.doctrine != .frobenius { pushProducers(of: wire, &pending) }
      case .box(let box):
        guard boxRank[box.index] < 0 else { continue }
        boxRank[box.index] = Int32(boxOrder.count)
        boxOrder.append(box)
        pushNeighbours(of: box, &pending)
      }
    }
  }

  /// What comes after a box, pushed in reverse: its outputs, its body's results, its inputs, its owner.
  private func pushNeighbours(of box: BoxID, _ pending: inout [Task]) {
    if let owner = diagram.owner(of: regionOfBox[box.index]) { pending.append(.box(owner)) }
    if diagram.doctrine == .frobenius {
      for wire in diagram.inputs(of: box).reversed() { pending.append(.wire(wire)) }
    } else if let body = diagram.body(of: box) {
      for wire in diagram.codomain(of: body).reversed() { pending.append(.wire(wire)) }
      let states = diagram.operation(of: box).stateCount
      for wire in diagram.inputs(of: box).prefix(states).reversed() { pending.append(.wire(wire)) }
      for wire in diagram.domain(of: body).prefix(states).reversed() { pending.append(.wire(wire)) }
    } else {
      for wire in diagram.inputs(of: box).reversed() { pending.append(.wire(wire)) }
    }
    for wire in diagram.outputs(of: box).reversed() { pending.append(.wire(wire)) }
  }

  private func pushProducers(of wire: WireID, _ pending: inout [Task]) {
    let end = producers[wire.index]
    guard end.box >= 0 else { return }
    let box = BoxID(Int(end.box))
    if end.place >= 0 {
      let inputs = diagram.inputs(of: box)
      pending.append(.wire(inputs[inputs.startIndex + Int(end.place)]))
    }
    pending.append(.box(box))
  }

  private func pushConsumers(of wire: WireID, _ pending: inout [Task]) {
    let end = consumers[wire.index]
    guard end.box >= 0 else { return }
    let box = BoxID(Int(end.box))
    if end.place >= 0 {
      let outputs = diagram.outputs(of: box)
      pending.append(.wire(outputs[outputs.startIndex + Int(end.place)]))
    }
    pending.append(.box(box))
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
