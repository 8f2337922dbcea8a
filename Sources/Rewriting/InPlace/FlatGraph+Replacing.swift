import DiagramIR

extension FlatGraph {
  /// A match: the images of the pattern's boxes and wires, and which wires are glued.
  struct Occurrence: Sendable {
    let boxes: [Int32]
    let wires: [Int32]
    let interface: PatternProgram.Interface
  }

  /// What a replacement has changed.
  struct Change: Sendable {
    /// New boxes, in the order of the other side.
    var added: [Int32] = []
    /// Boxes at wires that now have another end.
    var touched: [Int32] = []
    /// For every wire of the other side, its wire in the graph.
    fileprivate var glued: [Int32] = []
  }

  /// Puts the other side of a rule in the place of a match.
  ///
  /// In `cartesian`, matched boxes whose outputs something else still consumes stay. What consumed a result of
  /// the match consumes the other side's; the wire stays, with its name, where a box of the other side makes it.
  ///
  /// - Complexity: linear in the match, the other side, and the ends of the results.
  mutating func replace(_ found: Occurrence, by instance: RuleInstance, _ change: inout Change) {
    change.added.removeAll(keepingCapacity: true)
    change.touched.removeAll(keepingCapacity: true)
    let region = boxes[Int(found.boxes[0])].region
    for box in removedBoxes(found) { remove(box) }
    for wire in found.interface.codomain { splitFromProducer(found.wires[Int(wire)]) }
    glue(found, instance, &change.glued)
    for box in instance.boxes {
      change.added.append(addBox(box, wires: change.glued, region: region))
    }
    for wire in instance.codomain { touchConsumers(of: change.glued[Int(wire)], &change) }
    guard doctrine == .symmetric else { return }
    for wire in found.interface.domain {
      let image = found.wires[Int(wire)]
      touch(producer(of: image), &change)
      touchConsumers(of: image, &change)
    }
  }

  private func touch(_ box: Int32, _ change: inout Change) {
    if box >= 0 { change.touched.append(box) }
  }

  private func touchConsumers(of wire: Int32, _ change: inout Change) {
    var use = wires[Int(wire)].firstUse
    while use >= 0 {
      touch(ports[Int(use)].box, &change)
      use = ports[Int(use)].next
    }
  }

  /// Where a matched box stays, it keeps a wire of its own that nothing consumes.
  private mutating func splitFromProducer(_ wire: Int32) {
    let port = wires[Int(wire)].producer
    guard port >= 0 else { return }
    let own = addWire(wires[Int(wire)].type, name: names[Int(wire)])
    wires[Int(own)].producer = port
    ports[Int(port)].wire = own
    wires[Int(wire)].producer = -1
  }

  /// Finds for every wire of the other side its wire in the graph.
  private mutating func glue(
    _ found: Occurrence, _ instance: RuleInstance, _ glued: inout [Int32]
  ) {
    glued.removeAll(keepingCapacity: true)
    for wire in instance.wires {
      let place = Int(wire.place)
      glued.append(place < 0 ? -1 : found.wires[Int(found.interface.domain[place])])
    }
    for (wire, side) in zip(found.interface.codomain, instance.codomain) {
      let result = found.wires[Int(wire)]
      if glued[Int(side)] < 0 {
        glued[Int(side)] = result
        if names[Int(result)].isEmpty { names[Int(result)] = instance.wires[Int(side)].name }
      } else {
        moveUses(of: result, to: glued[Int(side)])
      }
    }
    for number in glued.indices where glued[number] < 0 {
      glued[number] = addWire(instance.wires[number].type, name: instance.wires[number].name)
    }
  }

  /// Adds a box of the other side.
  private mutating func addBox(
    _ side: RuleInstance.Box, wires glued: [Int32], region: Int32
  ) -> Int32 {
    let box = Int32(boxes.count)
    boxes.append(
      Box(
        operation: side.operation, kind: kindOfOperation[Int(side.operation)],
        firstPort: Int32(ports.count), inputs: Int32(side.inputs.count),
        outputs: Int32(side.outputs.count), region: region, body: -1))
    for wire in side.inputs {
      let port = Int32(ports.count)
      ports.append(Port(wire: glued[Int(wire)], box: box))
      attach(port, to: glued[Int(wire)])
    }
    for wire in side.outputs {
      wires[Int(glued[Int(wire)])].producer = Int32(ports.count)
      ports.append(Port(wire: glued[Int(wire)], box: box))
    }
    boxCount += 1
    return box
  }

  /// The matched boxes that disappear: all, except in `cartesian` those that something still consumes.
  private func removedBoxes(_ found: Occurrence) -> [Int32] {
    guard doctrine == .cartesian else { return found.boxes }
    let taken = found.interface.taken.map { found.wires[Int($0)] }
    let redirected = found.wires[Int(found.interface.codomain[0])]
    var (kept, removed): ([Int32], [Int32]) = ([], [])
    for box in found.boxes where !removed.contains(box) { removed.append(box) }
    while let box = removed.first(where: { box in
      outputs(of: box).contains { wire in
        taken.contains(wire)
          || wire != redirected && isNeeded(wire, without: removed)
      }
    }) {
      removed.removeAll { $0 == box }
      kept.append(box)
    }
    return removed
  }

  private func outputs(of box: Int32) -> [Int32] {
    let record = boxes[Int(box)]
    let first = record.firstPort + record.inputs
    return (first..<(first + record.outputs)).map { ports[Int($0)].wire }
  }

  /// Whether something other than these boxes consumes a wire.
  private func isNeeded(_ wire: Int32, without removed: [Int32]) -> Bool {
    var use = wires[Int(wire)].firstUse
    while use >= 0 {
      if !removed.contains(ports[Int(use)].box) { return true }
      use = ports[Int(use)].next
    }
    return false
  }
}
