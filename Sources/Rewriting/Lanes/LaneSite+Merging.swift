import DiagramIR

// MARK: - simd.fuse, simd.beside, scan.fuse

extension LaneSite {
  /// One box instead of the two that the wire connects; `scans` says which kind the second one is. A scan takes up lanes
  /// without states too.
  func fusing(scans: Bool) throws(LaneError) -> [Replacement] {
    let kind = scans ? "scan" : "SIMD"
    guard let box = producer(wire), let first = Lanes(diagram, box), scans || first.states == 0,
      first.outputs.firstIndex(of: wire) ?? 0 >= first.states
    else { throw isNot("what the lanes of a \(kind) box return") }
    for port in index.consumers(of: wire) {
      guard let second = Lanes(diagram, port.box), (second.states > 0) == scans,
        second.mapped.contains(Int(port.place))
      else { continue }
      return [try merging(first, second, dropsConnections: true)]
    }
    throw isNot("mapped by a \(kind) box")
  }

  /// One box instead of the SIMD box that makes the wire and the first other over its axis that doesn't depend on it.
  func joiningBeside() throws(LaneError) -> [Replacement] {
    let first = try simd()
    let region = index.regionOfBox[first.box.index]
    var (failure, isSeen): (LaneError?, Bool) = (nil, false)
    for box in index.boxOrder where index.regionOfBox[box.index] == region {
      if box == first.box { isSeen = true }
      guard isSeen, box != first.box, let second = Lanes(diagram, box), second.states == 0,
        second.axis == first.axis
      else { continue }
      if !isIndependent(first.box, box) {
        failure = .between
        continue
      }
      return [try merging(first, second, dropsConnections: false)]
    }
    throw failure ?? isNot("made by a SIMD box that is followed by another over its axis")
  }

  /// Whether neither box depends on the other.
  private func isIndependent(_ a: BoxID, _ b: BoxID) -> Bool {
    !ancestors(of: Array(diagram.inputs(of: a))).contains(b)
      && !ancestors(of: Array(diagram.inputs(of: b))).contains(a)
  }

  /// The boxes of the region that wires depend on.
  func ancestors(of wires: [WireID]) -> Set<BoxID> {
    var (found, pending): (Set<BoxID>, [WireID]) = ([], wires)
    while let wire = pending.popLast() {
      guard let box = producer(wire), found.insert(box).inserted else { continue }
      pending += diagram.inputs(of: box)
    }
    return found
  }

  /// One box that does what two do. With `dropsConnections`, wires that lead from the first to the second only stay
  /// inside.
  private func merging(
    _ first: Lanes, _ second: Lanes, dropsConnections: Bool
  ) throws(LaneError) -> Replacement {
    guard first.axis == second.axis else { throw .axes(first.axis, second.axis) }
    for place in Array(0..<second.states) + Array(second.shared)
    where first.outputs.contains(second.inputs[place]) {
      throw .shared(wire: name(second.inputs[place]))
    }
    let kept = first.outputs.indices.filter { place in
      place < first.states || !dropsConnections || isUsed(first.outputs[place], except: second.box)
    }
    var part = LanePart(diagram)
    let results = part.merged(first, second, keeping: kept)
    return part.finish(
      results, in: index.regionOfBox[first.box.index], removing: [first.box, second.box])
  }

  /// Whether a wire is a result, has another consumer than the box, or none at all.
  private func isUsed(_ wire: WireID, except box: BoxID) -> Bool {
    let consumers = index.consumers(of: wire)
    return index.codomainCount[wire.index] > 0 || consumers.isEmpty
      || consumers.contains { $0.box != box }
  }
}

extension LanePart {
  /// Adds the box that does what two do, with the outputs of the first that are kept.
  fileprivate mutating func merged(
    _ first: Lanes, _ second: Lanes, keeping kept: [Int]
  ) -> [(old: WireID, new: WireID)] {
    let inner = Dictionary(
      zip(first.outputs, first.codomain).dropFirst(first.states).map { ($0, $1) },
      uniquingKeysWith: { first, _ in first })
    let both = [first, second]
    let states = both.flatMap { lanes in (0..<lanes.states).map { (lanes, $0) } }
    let mapped = both.flatMap { lanes in lanes.mapped.map { (lanes, $0) } }
      .filter { $0.0.box == first.box || inner[$0.0.inputs[$0.1]] == nil }
    let shared = both.flatMap { lanes in lanes.shared.map { (lanes, $0) } }
    let entries = states + mapped + shared
    let inputs = entries.map { enter($0.0.inputs[$0.1]) }
    builder.openBody()
    for (lanes, place) in entries { addDomain(lanes.domain[place]) }
    copy(source.boxes(in: first.body))
    for place in second.mapped {
      guard let wire = inner[second.inputs[place]] else { continue }
      let name = source.name(of: second.inputs[place])
      let isFree = source.name(of: wire).isEmpty && !name.isEmpty
      if isFree && !kept.contains(where: { first.codomain[$0] == wire }) {
        builder.setName(name, of: self[wire])
      }
      self[second.domain[place]] = self[wire]
    }
    copy(source.boxes(in: second.body))
    let returned =
      both.flatMap { lanes in (0..<lanes.states).map { (lanes, $0) } }
      + kept.filter { $0 >= first.states }.map { (first, $0) }
      + (second.states..<second.outputs.count).map { (second, $0) }
    let operation: Operation =
      states.isEmpty
      ? .simd(axis: first.axis, mapped: mapped.count)
      : .scan(axis: first.axis, states: states.count, mapped: mapped.count)
    let outputs = builder.closeBody(
      operation, inputs: inputs, codomain: returned.map { self[$0.0.codomain[$0.1]] },
      outputs: returned.map { source.type(of: $0.0.outputs[$0.1]) })
    return zip(returned, outputs).map { ($0.0.outputs[$0.1], $1) }
  }
}
