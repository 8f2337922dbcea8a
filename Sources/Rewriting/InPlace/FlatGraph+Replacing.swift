import DiagramIR

extension FlatGraph {
  /// What a replacement has changed.
  struct Change: Sendable {
    /// New boxes, in the order of the other side.
    var added: [Int32] = []
    /// Boxes at wires that now have another end.
    var touched: [Int32] = []
  }

  /// Puts the other side of a rule in the place of a match.
  ///
  /// In `cartesian`, matched boxes whose outputs something else still consumes stay. What consumed a result of
  /// the match consumes the other side's; the wire stays, with its name, where a box of the other side makes it.
  ///
  /// - Complexity: linear in the match, the other side, and the ends of the results.
  mutating func replace(_ search: FlatSearch, by instance: RuleInstance, _ change: inout Change) {
    change.added.removeAll(keepingCapacity: true)
    change.touched.removeAll(keepingCapacity: true)
    let region = boxes[Int(search.boxes[0])].region
    for box in removedBoxes(search) { remove(box) }
    for wire in search.program.codomain { splitFromProducer(search.wires[Int(wire)]) }
    let wires = glued(search, instance)
    for box in instance.boxes {
      change.added.append(
        addBox(
          box.operation, inputs: box.inputs.map { wires[Int($0)] },
          outputs: box.outputs.map { wires[Int($0)] }, region: region))
    }
    for wire in instance.codomain { touchConsumers(of: wires[Int(wire)], &change) }
    guard doctrine == .symmetric else { return }
    for wire in search.program.domain {
      let image = search.wires[Int(wire)]
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

  /// For every wire of the other side, its wire in the graph.
  private mutating func glued(_ search: FlatSearch, _ instance: RuleInstance) -> [Int32] {
    var glued = instance.wires.map { wire in
      wire.place < 0 ? -1 : search.wires[Int(search.program.domain[Int(wire.place)])]
    }
    for (wire, side) in zip(search.program.codomain, instance.codomain) {
      let result = search.wires[Int(wire)]
      if glued[Int(side)] < 0 {
        glued[Int(side)] = result
        if names[Int(result)].isEmpty { names[Int(result)] = instance.wires[Int(side)].name }
      } else {
        moveUses(of: result, to: glued[Int(side)])
      }
    }
    for (number, wire) in instance.wires.enumerated() where glued[number] < 0 {
      glued[number] = addWire(wire.type, name: wire.name)
    }
    return glued
  }

  /// The matched boxes that disappear: all, except in `cartesian` those that something still consumes.
  private func removedBoxes(_ search: FlatSearch) -> [Int32] {
    guard doctrine == .cartesian else { return search.boxes }
    let pattern = search.program.pattern
    let domain = search.program.domain
    let taken = pattern.taken.map { search.wires[Int(domain[$0])] }
    let redirected = search.wires[Int(search.program.codomain[0])]
    var (kept, removed): ([Int32], [Int32]) = ([], [])
    for box in search.boxes where !removed.contains(box) { removed.append(box) }
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
