import DiagramIR

extension FlatGraph {
  /// What a replacement has changed.
  struct Change: ~Copyable {
    /// New boxes, in the order of the other side.
    var added = RawBuffer<Int32>()
    /// Boxes at wires that have become one.
    var touched = RawBuffer<Int32>()
    /// For every wire of the other side, its wire in the graph.
    fileprivate var glued = RawBuffer<Int32>()
    /// The boxes that disappear; -1 for those whose slot is taken again.
    fileprivate var removed = RawBuffer<Int32>()
  }

  /// Puts the other side of a rule in the place of the match that was found last.
  ///
  /// In `cartesian`, matched boxes whose outputs something else still consumes stay. What consumed a result of
  /// the match consumes the other side's; the wire stays, with its name, where a box of the other side makes it.
  ///
  /// - Complexity: linear in the match, the other side, and the ends of the results.
  mutating func replace(
    _ found: borrowing FlatSearch, by instance: borrowing RuleInstance, _ change: inout Change
  ) {
    change.added.removeAll()
    change.touched.removeAll()
    let region = boxes[found.boxes[0]].region
    chooseRemoved(found, &change.removed)
    for place in 0..<change.removed.count { unlink(change.removed[place]) }
    for place in 0..<change.removed.count { dropOutputs(of: change.removed[place], found) }
    if doctrine == .cartesian {
      for place in 0..<found.codomain.count { splitFromProducer(found.wires[found.codomain[place]]) }
    }
    glue(found, instance, &change)
    for side in 0..<instance.boxes.count {
      let box = slot(room: instance.boxes[side].ports, &change.removed)
      fill(box, instance.boxes[side], instance, change.glued, region: region)
      change.added.append(box)
    }
    for place in 0..<change.removed.count where change.removed[place] >= 0 {
      leaveSlot(change.removed[place])
    }
  }

  /// Takes a box off its wires.
  @inline(__always)
  private mutating func unlink(_ box: Int32) {
    let record = boxes[box]
    let middle = record.firstPort + record.inputs
    for port in record.firstPort..<middle { detach(port) }
    for port in middle..<(middle + record.outputs) { wires[ports[port].wire].producer = -1 }
    boxes[box].kind = -1
    boxCount -= 1
  }

  /// Gives up the wires that a removed box made and nothing consumes, except the results of the match.
  @inline(__always)
  private mutating func dropOutputs(of box: Int32, _ found: borrowing FlatSearch) {
    let record = boxes[box]
    let first = record.firstPort + record.inputs
    for port in first..<(first + record.outputs) {
      let wire = ports[port].wire
      guard wires[wire].firstUse < 0, !isResult(wire, found) else { continue }
      removeWire(wire)
    }
  }

  @inline(__always)
  private func isResult(_ wire: Int32, _ found: borrowing FlatSearch) -> Bool {
    for place in 0..<found.codomain.count where found.wires[found.codomain[place]] == wire {
      return true
    }
    return false
  }

  /// Where a matched box stays, it keeps a wire of its own that nothing consumes.
  private mutating func splitFromProducer(_ wire: Int32) {
    let port = wires[wire].producer
    guard port >= 0 else { return }
    let own = addWire(wires[wire].type, name: wires[wire].name)
    wires[own].producer = port
    ports[port].wire = own
    wires[wire].producer = -1
  }

  /// Finds for every wire of the other side its wire in the graph.
  @inline(__always)
  private mutating func glue(
    _ found: borrowing FlatSearch, _ instance: borrowing RuleInstance, _ change: inout Change
  ) {
    change.glued.removeAll()
    for side in 0..<instance.wires.count {
      let place = instance.wires[side].place
      change.glued.append(place < 0 ? -1 : found.wires[found.domain[place]])
    }
    for place in 0..<found.codomain.count {
      let (result, side) = (found.wires[found.codomain[place]], instance.codomain[place])
      if change.glued[side] < 0 {
        change.glued[side] = result
        if wires[result].name < 0 { wires[result].name = instance.wires[side].name }
      } else {
        join(result, to: change.glued[side], &change)
      }
    }
    for side in 0..<instance.wires.count where change.glued[side] < 0 {
      change.glued[side] = addWire(instance.wires[side].type, name: instance.wires[side].name)
    }
  }

  /// Has everything that consumed a result consume another wire.
  private mutating func join(_ result: Int32, to wire: Int32, _ change: inout Change) {
    moveUses(of: result, to: wire)
    removeWire(result)
    let producer = producer(of: wire)
    if producer >= 0 { change.touched.append(producer) }
    var use = wires[wire].firstUse
    while use >= 0 {
      if ports[use].box >= 0 { change.touched.append(ports[use].box) }
      use = ports[use].next
    }
  }

  /// The slot of a removed box with as many ports, else another one.
  @inline(__always)
  private mutating func slot(room: Int32, _ removed: inout RawBuffer<Int32>) -> Int32 {
    for place in 0..<removed.count {
      let box = removed[place]
      guard box >= 0, boxes[box].room == room else { continue }
      removed[place] = -1
      return box
    }
    return takeSlot(room: room)
  }

  /// Makes a slot a box of the other side.
  @inline(__always)
  private mutating func fill(
    _ box: Int32, _ side: RuleInstance.Box, _ instance: borrowing RuleInstance,
    _ glued: borrowing RawBuffer<Int32>, region: Int32
  ) {
    let first = boxes[box].firstPort
    boxes[box] = Box(
      kind: side.kind, operation: side.operation, firstPort: first, inputs: side.inputs,
      outputs: side.ports - side.inputs, room: side.ports, region: region, body: -1)
    for offset in 0..<side.inputs {
      ports[first + offset].box = box
      attach(first + offset, to: glued[instance.ports[side.firstPort + offset]])
    }
    for offset in side.inputs..<side.ports {
      let wire = glued[instance.ports[side.firstPort + offset]]
      ports[first + offset] = Port(wire: wire, box: box)
      wires[wire].producer = first + offset
    }
    boxCount += 1
  }
}

// MARK: - What disappears

extension FlatGraph {
  /// The matched boxes that disappear: all, except in `cartesian` those that something still consumes.
  @inline(__always)
  private func chooseRemoved(_ found: borrowing FlatSearch, _ removed: inout RawBuffer<Int32>) {
    removed.removeAll()
    for place in 0..<found.boxes.count {
      let box = found.boxes[place]
      if doctrine == .symmetric || !removed.contains(where: { $0 == box }) { removed.append(box) }
    }
    if doctrine == .cartesian { keepNeeded(found, &removed) }
  }

  private func keepNeeded(_ found: borrowing FlatSearch, _ removed: inout RawBuffer<Int32>) {
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
      if !removed.contains(where: { $0 == box }) { return true }
      use = ports[use].next
    }
    return false
  }
}
