import DiagramIR

extension FlatGraph {
  /// What a replacement has changed.
  struct Change: ~Copyable {
    /// New boxes, in the order of the other side.
    var added = RawBuffer<Int32>()
    /// Boxes at wires that have become one.
    var touched = RawBuffer<Int32>()
    /// For every wire of the other side, its wire in the graph.
    var glued = RawBuffer<Int32>()
    /// The boxes that disappear.
    fileprivate var removed = RawBuffer<Int32>()

    @inline(__always)
    mutating func clear() {
      added.truncate(to: 0)
      touched.truncate(to: 0)
      glued.truncate(to: 0)
    }
  }

  /// Puts the other side of a rule in the place of the match that was found last, in `cartesian`.
  ///
  /// Matched boxes whose outputs something else still consumes stay. What consumed the result of the match consumes
  /// the other side's; the wire stays, with its name, where a box of the other side makes it.
  ///
  /// - Complexity: linear in the match, the other side, and the ends of the result.
  mutating func replace(
    _ found: inout FlatSearch, by instance: inout RuleInstance, _ change: inout Change
  ) {
    change.clear()
    let region = boxes[found.boxes[0]].region
    chooseRemoved(found, &change.removed)
    let result = found.wires[found.codomain[0]]
    for box in change.removed.elements { unlink(box) }
    for box in change.removed.elements { dropOutputs(of: box, except: result) }
    splitFromProducer(result)
    for side in instance.wires.elements { change.glued.append(place(side, found.wires.elements)) }
    for side in instance.joins.elements { join(result, to: found.wires[side.input], &change) }
    for side in instance.boxes.elements {
      let box = takeSlot(room: side.ports)
      fill(box, side, instance.ports.elements, change.glued.elements, region: region)
      change.added.append(box)
    }
  }

  /// Takes a box off its wires.
  private mutating func unlink(_ box: Int32) {
    let record = boxes[box]
    let middle = record.firstPort + record.inputs
    for port in record.firstPort..<middle { view.detach(port) }
    for port in middle..<(middle + record.outputs) { wires[ports[port].wire].producer = -1 }
    boxes[box].kind = -1
    boxCount -= 1
  }

  /// Gives up a removed box's slot and the wires that it made and nothing consumes.
  private mutating func dropOutputs(of box: Int32, except result: Int32) {
    let record = boxes[box]
    let first = record.firstPort + record.inputs
    for port in first..<(first + record.outputs) {
      let wire = ports[port].wire
      if wire != result && wires[wire].firstUse < 0 { removeWire(wire) }
    }
    leaveSlot(box)
  }

  /// Where the matched box that makes the result stays, it keeps a wire of its own that nothing consumes.
  private mutating func splitFromProducer(_ wire: Int32) {
    let port = wires[wire].producer
    guard port >= 0 else { return }
    let own = addWire(wires[wire].type, name: wires[wire].name)
    repeatedNames.insert(wires[wire].name)
    view.produce(own, at: port, of: ports[port].box)
    wires[wire].producer = -1
  }

  /// The wire of the graph that a wire of the other side becomes.
  private mutating func place(
    _ side: RuleInstance.Wire, _ images: UnsafeMutableBufferPointer<Int32>
  ) -> Int32 {
    guard side.role != .inner else { return addWire(side.type, name: side.name) }
    let wire = images[Int(side.image)]
    if side.role == .result && wires[wire].name < 0 { wires[wire].name = side.name }
    return wire
  }

  /// Has everything that consumed the result consume another wire.
  private mutating func join(_ result: Int32, to wire: Int32, _ change: inout Change) {
    view.moveUses(of: result, to: wire)
    removeWire(result)
    let producer = view.producer(of: wire)
    if producer >= 0 { change.touched.append(producer) }
    var use = wires[wire].firstUse
    while use >= 0 {
      if ports[use].box >= 0 { change.touched.append(ports[use].box) }
      use = ports[use].next
    }
  }

  /// Makes a slot a box of the other side.
  private mutating func fill(
    _ box: Int32, _ side: RuleInstance.Box, _ sidePorts: UnsafeMutableBufferPointer<Int32>,
    _ glued: UnsafeMutableBufferPointer<Int32>, region: Int32
  ) {
    let (first, view) = (boxes[box].firstPort, view)
    boxes[box] = Box(
      kind: side.kind, operation: side.operation, firstPort: first, inputs: side.inputs,
      outputs: side.ports - side.inputs, room: side.ports, region: region, body: -1)
    boxCount += 1
    for offset in 0..<side.inputs {
      view.attach(first + offset, to: glued[Int(sidePorts[Int(side.firstPort + offset)])], of: box)
    }
    for offset in side.inputs..<side.ports {
      view.produce(glued[Int(sidePorts[Int(side.firstPort + offset)])], at: first + offset, of: box)
    }
  }
}

// MARK: - What disappears

extension FlatGraph {
  /// The matched boxes that nothing outside of the match consumes.
  private func chooseRemoved(_ found: borrowing FlatSearch, _ removed: inout RawBuffer<Int32>) {
    removed.truncate(to: 0)
    for box in found.boxes.elements where !removed.elements.contains(box) { removed.append(box) }
    var place = 0
    while place < removed.count {
      guard mustStay(removed[place], found, removed) else {
        place += 1
        continue
      }
      for later in (place + 1)..<max(removed.count, place + 1) {
        removed[later - 1] = removed[later]
      }
      removed.truncate(to: removed.count - 1)
      place = 0
    }
  }

  /// Whether a box makes something that the other side takes or that something else consumes.
  private func mustStay(
    _ box: Int32, _ found: borrowing FlatSearch, _ removed: borrowing RawBuffer<Int32>
  ) -> Bool {
    let redirected = found.wires[found.codomain[0]]
    let record = boxes[box]
    let first = record.firstPort + record.inputs
    for port in first..<(first + record.outputs) {
      let wire = ports[port].wire
      for place in 0..<found.taken.count where found.wires[found.taken[place]] == wire {
        return true
      }
      if wire != redirected && isNeeded(wire, without: removed) { return true }
    }
    return false
  }

  /// Whether something other than these boxes consumes a wire.
  private func isNeeded(_ wire: Int32, without removed: borrowing RawBuffer<Int32>) -> Bool {
    var use = wires[wire].firstUse
    while use >= 0 {
      let box = ports[use].box
      if !removed.elements.contains(box) { return true }
      use = ports[use].next
    }
    return false
  }
}
