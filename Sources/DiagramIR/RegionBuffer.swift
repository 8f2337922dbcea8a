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

  /// Adds a box and a wire for each of its outputs; returns the first of these.
  mutating func addBox(
    _ operation: OperationID, inputs: ArraySlice<WireID>, outputs: [TypeID], body: Int32 = -1
  ) -> WireID {
    let first = wireTypes.count
    boxes.append(
      Diagram.BoxRecord(
        operation: operation, firstPort: Int32(ports.count), inputCount: Int32(inputs.count),
        outputCount: Int32(outputs.count), body: body))
    for wire in inputs { ports.append(wire) }
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

  /// Forgets everything; small arrays keep their memory.
  mutating func empty() {
    wireTypes.empty()
    wireNames.empty()
    boxes.empty()
    ports.empty()
    domain.empty()
    codomain = []
    identifications = []
    hasMergedInputsOfBodies = false
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
  /// - Returns: how many mapped inputs there are then, and all inputs.
  /// - Complexity: linear in this level.
  mutating func normalizeLaneInputs(
    _ inputs: [WireID], states: Int, mapped count: Int
  ) -> (mapped: Int, inputs: [WireID]) {
    let mappedEnd = states + count
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
    if order == Array(domain.indices) { return (count, inputs) }
    keepDomain(order)
    return (mapped.count, order.map { inputs[$0] })
  }

  /// Whether the body is one box applied to the whole domain, in order, and no outer wire enters
  /// twice: then it is normal already. Bodies of many inputs are not looked at.
  func appliesOneBox(to outer: [WireID]) -> Bool {
    guard boxes.count == 1, outer.count <= 8, outer.count == domain.count else { return false }
    let (inputs, results) = (Int(boxes[0].inputCount), Int(boxes[0].outputCount))
    guard inputs == domain.count, results == codomain.count else { return false }
    for place in 0..<inputs {
      if ports[place] != domain[place] || outer[..<place].contains(outer[place]) { return false }
    }
    for place in 0..<results where ports[inputs + place] != codomain[place] { return false }
    return true
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
    for box in boxes.indices {
      let first = Int(boxes[box].firstPort + boxes[box].inputCount)
      let outputs = ports[first..<(first + Int(boxes[box].outputCount))]
      for wire in outputs { producer[wire.index] = box }
    }
    var order: [WireID] = []
    var isSeen = Array(repeating: false, count: wireTypes.count)
    var isEntered = Array(repeating: false, count: boxes.count)
    var pending: [WireID] = codomain.reversed()
    func enter(_ box: Int) {
      isEntered[box] = true
      let first = Int(boxes[box].firstPort)
      for port in (first..<(first + Int(boxes[box].inputCount))).reversed() {
        pending.append(ports[port])
      }
    }
    func drain() {
      while let wire = pending.popLast() {
        guard !isSeen[wire.index] else { continue }
        isSeen[wire.index] = true
        order.append(wire)
        let box = producer[wire.index]
        if box >= 0, !isEntered[box] { enter(box) }
      }
    }
    drain()
    for box in boxes.indices where !isEntered[box] {
      enter(box)
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

extension Array {
  /// Drops all elements; keeps the memory where that is not much. A few are faster dropped one by one.
  fileprivate mutating func empty() {
    if count <= 8 {
      while !isEmpty { removeLast() }
    } else {
      removeAll(keepingCapacity: capacity <= 256)
    }
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
