import DiagramIR

/// Scan boxes whose lanes are independent: each state stays what it is, or nothing uses it, in the lanes and after.
struct IndependentScans {
  let diagram: Diagram
  private let consumers: [Int32]
  private let regions: [RegionID]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    consumers = diagram.consumerCounts()
    regions = diagram.regionsOfBoxes()
  }

  /// Why the lanes of a scan box are not independent; names are given by `name`.
  func obstacle(_ lanes: Lanes, _ name: (WireID) -> String) -> LaneError? {
    for state in 0..<lanes.states where lanes.codomain[state] != lanes.domain[state] {
      let wire = lanes.domain[state]
      if consumers[wire.index] > 0 { return .usesState(wire: name(wire)) }
      let last = lanes.outputs[state]
      if consumers[last.index] > 0 { return .usesLastState(wire: name(last)) }
    }
    return nil
  }

  /// What makes all such boxes SIMD boxes, those inside others excepted.
  func replacements() -> [Replacement] {
    var parts: [Replacement] = []
    guard diagram.operations.contains(where: { $0.stateCount > 0 }) else { return parts }
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      for box in diagram.boxes(in: region) {
        guard let lanes = Lanes(diagram, box), lanes.states > 0,
          obstacle(lanes, { _ in "" }) == nil, !isInside(region)
        else { continue }
        parts.append(replacement(lanes, in: region))
      }
    }
    return parts
  }

  /// Whether a region lies in a scan box that is replaced itself.
  private func isInside(_ region: RegionID) -> Bool {
    var owner = diagram.owner(of: region)
    while let box = owner {
      if let lanes = Lanes(diagram, box), lanes.states > 0, obstacle(lanes, { _ in "" }) == nil {
        return true
      }
      owner = diagram.owner(of: regions[box.index])
    }
    return false
  }

  /// The SIMD box in the place of a scan box. A state that stays what it is is a wire that all lanes share.
  func replacement(_ lanes: Lanes, in region: RegionID) -> Replacement {
    var part = LanePart(diagram)
    let order = Array(lanes.mapped) + Array(0..<lanes.states) + Array(lanes.shared)
    let inputs = order.map { part.enter(lanes.inputs[$0]) }
    let count = lanes.mapped.count
    var results: [(old: WireID, new: WireID)] = []
    for state in 0..<lanes.states where lanes.codomain[state] == lanes.domain[state] {
      results.append((lanes.outputs[state], part.enter(lanes.inputs[state])))
    }
    let outputs = part.lanes(
      lanes.axis, mapped: Array(inputs[..<count]), shared: Array(inputs[count...])
    ) { part, wires in
      var domain = lanes.domain
      for (place, wire) in zip(order, wires) { domain[place] = wire }
      return Array(part.body(of: lanes.box, on: domain)[lanes.states...])
    }
    results += zip(lanes.outputs[lanes.states...], outputs).map { (old: $0, new: $1) }
    return part.finish(results, in: region, removing: [lanes.box])
  }
}
