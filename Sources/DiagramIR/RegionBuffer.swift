/// One level of a diagram while it is built. Its wires count from zero.
struct RegionBuffer: Sendable {
  var wireTypes: [TypeID] = []
  var wireNames: [String] = []
  var boxes: [Diagram.BoxRecord] = []
  var ports: [WireID] = []
  var domain: [WireID] = []
  var codomain: [WireID] = []
  /// In `frobenius`: pairs of wires that composition has made one.
  var identifications: [(WireID, WireID)] = []
  /// Whether a body inside may now get one wire twice.
  var hasMergedInputsOfBodies = false

  mutating func addWire(_ type: TypeID, name: String) -> WireID {
    wireTypes.append(type)
    wireNames.append(name)
    return WireID(wireTypes.count - 1)
  }

  mutating func addBox(_ operation: OperationID, inputs: [WireID], outputs: [WireID], body: Int32) {
    boxes.append(
      Diagram.BoxRecord(
        operation: operation, firstPort: Int32(ports.count), inputCount: Int32(inputs.count),
        outputCount: Int32(outputs.count), body: body))
    ports += inputs
    ports += outputs
  }

  /// Adds a box without a body and a wire for each of its outputs; returns the first of these.
  mutating func addBox(
    _ operation: OperationID, inputs: ArraySlice<WireID>, outputs: [TypeID]
  ) -> WireID {
    let first = wireTypes.count
    boxes.append(
      Diagram.BoxRecord(
        operation: operation, firstPort: Int32(ports.count), inputCount: Int32(inputs.count),
        outputCount: Int32(outputs.count), body: -1))
    ports += inputs
    for type in outputs {
      ports.append(WireID(wireTypes.count))
      wireTypes.append(type)
      wireNames.append("")
    }
    return WireID(first)
  }

  /// Makes room for that many boxes more, of about two inputs and one output.
  mutating func reserve(boxes count: Int) {
    boxes.reserveCapacity(boxes.count + count)
    ports.reserveCapacity(ports.count + 3 * count)
    wireTypes.reserveCapacity(wireTypes.count + 2 * count)
    wireNames.reserveCapacity(wireNames.count + 2 * count)
  }

  func inputs(of box: Int) -> ArraySlice<WireID> {
    let start = Int(boxes[box].firstPort)
    return ports[start..<(start + Int(boxes[box].inputCount))]
  }

  func outputs(of box: Int) -> ArraySlice<WireID> {
    let start = Int(boxes[box].firstPort + boxes[box].inputCount)
    return ports[start..<(start + Int(boxes[box].outputCount))]
  }
}

// MARK: - The normal form of SIMD and scan boxes

extension RegionBuffer {
  /// Orders the mapped and shared inputs of this body by first use, merges those that bring the same wire, and
  /// drops those that the body doesn't use. States keep their places.
  ///
  /// - Complexity: linear in this level.
  mutating func normalizeLaneInputs(
    _ operation: Operation, inputs: [WireID]
  ) -> (Operation, [WireID]) {
    if appliesOneBox(to: inputs) { return (operation, inputs) }
    let states = operation.stateCount
    let mappedEnd = states + operation.mappedCount
    mergeRepeatedInputs(inputs, from: states, mappedEnd: mappedEnd)
    var place = Array(repeating: -1, count: wireTypes.count)
    for position in domain.indices where position >= states {
      place[domain[position].index] = position
    }
    let used = wiresInOrderOfUse().compactMap { wire in
      place[wire.index] >= 0 ? place[wire.index] : nil
    }
    let mapped = used.filter { $0 < mappedEnd }
    let order = Array(0..<states) + mapped + used.filter { $0 >= mappedEnd }
    if order == Array(domain.indices) { return (operation, inputs) }
    keepDomain(order)
    return (operation.mapping(mapped.count), order.map { inputs[$0] })
  }

  /// Whether the body is one box applied to the whole domain, in order, and no outer wire enters
  /// twice: then it is normal already. Bodies of many inputs are not looked at.
  private func appliesOneBox(to outer: [WireID]) -> Bool {
    boxes.count == 1 && outer.count <= 8 && inputs(of: 0).elementsEqual(domain)
      && outputs(of: 0).elementsEqual(codomain)
      && outer.indices.allSatisfy { !outer[..<$0].contains(outer[$0]) }
  }

  /// Where one outer wire enters twice in the same way, the body uses the first entry for both.
  private mutating func mergeRepeatedInputs(_ inputs: [WireID], from states: Int, mappedEnd: Int) {
    var first: [WireID: WireID] = [:]
    var replacement: [WireID: WireID] = [:]
    for position in states..<max(states, inputs.count) {
      if position == mappedEnd { first = [:] }
      if let earlier = first[inputs[position]] {
        replacement[domain[position]] = earlier
      } else {
        first[inputs[position]] = domain[position]
      }
    }
    guard !replacement.isEmpty else { return }
    hasMergedInputsOfBodies = boxes.indices.contains { box in
      boxes[box].body >= 0 && self.inputs(of: box).contains { replacement[$0] != nil }
    }
    for index in ports.indices { ports[index] = replacement[ports[index]] ?? ports[index] }
    for index in codomain.indices {
      codomain[index] = replacement[codomain[index]] ?? codomain[index]
    }
  }

  /// All wires that boxes or the codomain use: first those that the codomain depends on, depth first, then the
  /// inputs of the other boxes. Each wire once.
  private func wiresInOrderOfUse() -> [WireID] {
    var producer = Array(repeating: -1, count: wireTypes.count)
    for box in boxes.indices { for wire in outputs(of: box) { producer[wire.index] = box } }
    var order: [WireID] = []
    var isSeen = Array(repeating: false, count: wireTypes.count)
    var isEntered = Array(repeating: false, count: boxes.count)
    var pending: [WireID] = codomain.reversed()
    func drain() {
      while let wire = pending.popLast() {
        guard !isSeen[wire.index] else { continue }
        isSeen[wire.index] = true
        order.append(wire)
        let box = producer[wire.index]
        guard box >= 0, !isEntered[box] else { continue }
        isEntered[box] = true
        pending += inputs(of: box).reversed()
      }
    }
    drain()
    for box in boxes.indices where !isEntered[box] {
      isEntered[box] = true
      pending += inputs(of: box).reversed()
      drain()
    }
    return order
  }

  /// Keeps these places of the domain, in this order; the wires of the others disappear.
  private mutating func keepDomain(_ order: [Int]) {
    let kept = order.map { domain[$0] }
    var isDropped = Array(repeating: false, count: wireTypes.count)
    for wire in domain { isDropped[wire.index] = true }
    for wire in kept { isDropped[wire.index] = false }
    var renumbered = Array(repeating: WireID(-1), count: wireTypes.count)
    var (newTypes, newNames): ([TypeID], [String]) = ([], [])
    for index in wireTypes.indices where !isDropped[index] {
      renumbered[index] = WireID(newTypes.count)
      newTypes.append(wireTypes[index])
      newNames.append(wireNames[index])
    }
    (wireTypes, wireNames) = (newTypes, newNames)
    domain = kept.map { renumbered[$0.index] }
    ports = ports.map { renumbered[$0.index] }
    codomain = codomain.map { renumbered[$0.index] }
  }
}

// MARK: - Frobenius

extension RegionBuffer {
  /// Replaces wires that were identified by one of them.
  mutating func mergeIdentifiedWires() {
    guard !identifications.isEmpty else { return }
    var parent = Array(wireTypes.indices)
    func find(_ wire: Int) -> Int {
      var wire = wire
      while parent[wire] != wire {
        parent[wire] = parent[parent[wire]]
        wire = parent[wire]
      }
      return wire
    }
    for (a, b) in identifications {
      let (x, y) = (find(a.index), find(b.index))
      if x != y { parent[max(x, y)] = min(x, y) }
    }
    var renumbered = Array(repeating: -1, count: wireTypes.count)
    var (newTypes, newNames): ([TypeID], [String]) = ([], [])
    for index in wireTypes.indices where find(index) == index {
      renumbered[index] = newTypes.count
      newTypes.append(wireTypes[index])
      newNames.append(wireNames[index])
    }
    let merged = { (wire: WireID) in WireID(renumbered[find(wire.index)]) }
    (wireTypes, wireNames, identifications) = (newTypes, newNames, [])
    domain = domain.map(merged)
    ports = ports.map(merged)
    codomain = codomain.map(merged)
  }
}
