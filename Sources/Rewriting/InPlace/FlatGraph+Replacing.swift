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
  @inline(__always)
  mutating func replace(
    _ found: inout FlatSearch, by instance: inout RuleInstance, _ change: inout Change
  ) {
    change.added.removeAll()
    change.touched.removeAll()
    let region = boxes[found.boxes[0]].region
    chooseRemoved(&found, &change.removed)
    let results = found.codomain.elements
    let images = found.wires.elements
    for box in change.removed.elements { view.unlink(box) }
    boxCount -= change.removed.count
    for box in change.removed.elements { dropOutputs(of: box, results, images) }
    if doctrine == .cartesian { for wire in results { splitFromProducer(images[Int(wire)]) } }
    glue(&found, &instance, &change)
    for side in instance.boxes.elements {
      let box = slot(room: side.ports, &change.removed)
      view.fill(box, side, instance.ports.elements, change.glued.elements, region: region)
      change.added.append(box)
    }
    boxCount += instance.boxes.count
    for box in change.removed.elements where box >= 0 { leaveSlot(box) }
  }

  /// Gives up the wires that a removed box made and nothing consumes, except the results of the match.
  @inline(__always)
  private mutating func dropOutputs(
    of box: Int32, _ results: UnsafeMutableBufferPointer<Int32>,
    _ images: UnsafeMutableBufferPointer<Int32>
  ) {
    let (record, view) = (boxes[box], view)
    let first = record.firstPort + record.inputs
    for port in first..<(first + record.outputs) {
      let wire = view.ports[Int(port)].wire
      guard view.wires[Int(wire)].firstUse < 0,
        !results.contains(where: { images[Int($0)] == wire })
      else { continue }
      removeWire(wire)
    }
  }

  /// Where a matched box stays, it keeps a wire of its own that nothing consumes.
  private mutating func splitFromProducer(_ wire: Int32) {
    let port = wires[wire].producer
    guard port >= 0 else { return }
    let own = addWire(wires[wire].type, name: wires[wire].name)
    view.produce(own, at: port, of: ports[port].box)
    wires[wire].producer = -1
  }

  /// Finds for every wire of the other side its wire in the graph.
  @inline(__always)
  private mutating func glue(
    _ found: inout FlatSearch, _ instance: inout RuleInstance, _ change: inout Change
  ) {
    change.glued.removeAll()
    let (images, domain) = (found.wires.elements, found.domain.elements)
    let sides = instance.wires.elements
    for side in sides {
      change.glued.append(side.place < 0 ? -1 : images[Int(domain[Int(side.place)])])
    }
    for place in 0..<found.codomain.count {
      let (result, side) = (images[Int(found.codomain[place])], instance.codomain[place])
      if change.glued[side] < 0 {
        change.glued[side] = result
        if wires[result].name < 0 { wires[result].name = sides[Int(side)].name }
      } else {
        join(result, to: change.glued[side], &change)
      }
    }
    for side in 0..<sides.count where change.glued[side] < 0 {
      change.glued[side] = addWire(sides[side].type, name: sides[side].name)
    }
  }

  /// Has everything that consumed a result consume another wire.
  private mutating func join(_ result: Int32, to wire: Int32, _ change: inout Change) {
    let view = view
    view.moveUses(of: result, to: wire)
    removeWire(result)
    let producer = view.producer(of: wire)
    if producer >= 0 { change.touched.append(producer) }
    var use = view.wires[Int(wire)].firstUse
    while use >= 0 {
      let port = view.ports[Int(use)]
      if port.box >= 0 { change.touched.append(port.box) }
      use = port.next
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
}

extension FlatGraph.View {
  /// Takes a box off its wires.
  @inline(__always)
  fileprivate func unlink(_ box: Int32) {
    let record = boxes[Int(box)]
    let middle = record.firstPort + record.inputs
    for port in record.firstPort..<middle { detach(port) }
    for port in middle..<(middle + record.outputs) {
      wires[Int(ports[Int(port)].wire)].producer = -1
    }
    boxes[Int(box)].kind = -1
  }

  /// Makes a slot a box of the other side.
  @inline(__always)
  fileprivate func fill(
    _ box: Int32, _ side: RuleInstance.Box, _ sidePorts: UnsafeMutableBufferPointer<Int32>,
    _ glued: UnsafeMutableBufferPointer<Int32>, region: Int32
  ) {
    let first = boxes[Int(box)].firstPort
    boxes[Int(box)] = FlatGraph.Box(
      kind: side.kind, operation: side.operation, firstPort: first, inputs: side.inputs,
      outputs: side.ports - side.inputs, room: side.ports, region: region, body: -1)
    for offset in 0..<side.inputs {
      attach(first + offset, to: glued[Int(sidePorts[Int(side.firstPort + offset)])], of: box)
    }
    for offset in side.inputs..<side.ports {
      produce(glued[Int(sidePorts[Int(side.firstPort + offset)])], at: first + offset, of: box)
    }
  }
}

// MARK: - What disappears

extension FlatGraph {
  /// The matched boxes that disappear: all, except in `cartesian` those that something still consumes.
  @inline(__always)
  private mutating func chooseRemoved(
    _ found: inout FlatSearch, _ removed: inout RawBuffer<Int32>
  ) {
    removed.removeAll()
    for box in found.boxes.elements {
      if doctrine == .symmetric || !removed.elements.contains(box) { removed.append(box) }
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
      if !removed.elements.contains(box) { return true }
      use = ports[use].next
    }
    return false
  }
}
