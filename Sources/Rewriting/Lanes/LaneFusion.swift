import DiagramIR

/// Fuses stacks of SIMD boxes over one axis at once.
///
/// Each box gets a **stage**: along a wire from lanes to lanes over the same axis the stage stays, along any other it
/// grows. Boxes of one stage that such wires connect become one box. A path that leaves them comes to a later stage and
/// never back, so no cycle arises, however many groups are fused together.
///
/// Pairs that could be fused although their stages differ are left for `simd.fuse` itself.
///
/// - Complexity: linear in the diagram, for each level of nesting that has such boxes.
struct LaneFusion {
  let diagram: Diagram
  private let producers: [Int32]
  private let consumers: [Int32]
  /// For every operation, a number of its axis and how many inputs its lanes take apart; -1 where it isn't `simd`.
  private let lanes: [(axis: Int32, mapped: Int)]
  private var stage: [Int32]
  /// For each SIMD box, another of its group, or itself.
  private var parent: [Int32]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    consumers = diagram.consumerCounts()
    lanes = diagram.laneAxes()
    stage = Array(repeating: 0, count: diagram.boxCount)
    parent = (0..<Int32(diagram.boxCount)).map { $0 }
  }

  /// The diagram after as many fusions as stages allow, on all levels.
  static func fused(_ diagram: Diagram) throws(ReplacementError) -> Diagram {
    var current = diagram
    while true {
      var fusion = LaneFusion(current)
      let parts = fusion.replacements()
      if parts.isEmpty { return current }
      current = try current.replacing(parts)
    }
  }

  /// What fuses the groups of the outermost regions that have one.
  private mutating func replacements() -> [Replacement] {
    var (parts, pending): ([Replacement], [RegionID]) = ([], [diagram.root])
    var part = LanePart(diagram)
    while let region = pending.popLast() {
      let order = diagram.topologicalOrder(of: region, producers: producers) ?? []
      for box in order { place(box) }
      var groups: [Int32: [BoxID]] = [:]
      for box in order where diagram.body(of: box) != nil {
        groups[root(box.rawValue), default: []].append(box)
      }
      for box in order {
        guard let members = groups[box.rawValue] else { continue }
        if members.count > 1 {
          parts.append(fusing(members, in: region, &part))
        } else if let body = diagram.body(of: members[0]) {
          pending.append(body)
        }
      }
    }
    return parts
  }

  /// Gives a box its stage, and joins it with the lanes that it continues.
  private mutating func place(_ box: BoxID) {
    var joined: [Int32] = []
    for (place, wire) in diagram.inputs(of: box).enumerated() {
      let producer = producers[wire.index]
      guard producer >= 0 else { continue }
      let continues = isLanes(box, continuing: BoxID(Int(producer)), at: place)
      let reached = stage[Int(producer)] + (continues ? 0 : 1)
      if reached > stage[box.index] { (stage[box.index], joined) = (reached, []) }
      if continues && reached == stage[box.index] { joined.append(producer) }
    }
    for producer in joined {
      let (a, b) = (root(producer), root(box.rawValue))
      parent[Int(max(a, b))] = min(a, b)
    }
  }

  private func isLanes(_ box: BoxID, continuing other: BoxID, at place: Int) -> Bool {
    let (own, before) = (
      lanes[diagram.operationID(of: box).index], lanes[diagram.operationID(of: other).index]
    )
    return own.axis >= 0 && own.axis == before.axis && place < own.mapped
  }

  /// Whether somewhere lanes go on over the axis of the lanes before them.
  static func hasPairs(_ diagram: Diagram) -> Bool {
    let fusion = LaneFusion(diagram)
    return (0..<diagram.boxCount).contains { index in
      let box = BoxID(index)
      guard diagram.body(of: box) != nil else { return false }
      return diagram.inputs(of: box).enumerated().contains { place, wire in
        let producer = fusion.producers[wire.index]
        return producer >= 0 && fusion.isLanes(box, continuing: BoxID(Int(producer)), at: place)
      }
    }
  }

  private mutating func root(_ box: Int32) -> Int32 {
    var box = box
    while parent[Int(box)] != box {
      parent[Int(box)] = parent[Int(parent[Int(box)])]
      box = parent[Int(box)]
    }
    return box
  }

  private func fusing(
    _ members: [BoxID], in region: RegionID, _ part: inout LanePart
  ) -> Replacement {
    let all = members.compactMap { Lanes(diagram, $0) }
    var inside: [WireID: WireID] = [:]
    for lanes in all {
      for (wire, lane) in zip(lanes.outputs, lanes.codomain) { inside[wire] = lane }
    }
    let kept = outputsUsedOutside(members, inside)
    var (inputs, domain): ([WireID], [WireID]) = ([], [])
    for lanes in all {
      for place in lanes.mapped where inside[lanes.inputs[place]] == nil {
        inputs.append(lanes.inputs[place])
        domain.append(lanes.domain[place])
      }
    }
    let mapped = inputs.count
    for lanes in all {
      inputs += lanes.inputs[lanes.shared]
      domain += lanes.domain[lanes.shared]
    }
    let entered = part.enter(inputs)
    part.builder.openBody()
    for wire in domain { part.addDomain(wire) }
    for lanes in all {
      for place in lanes.mapped {
        if let lane = inside[lanes.inputs[place]] { part[lanes.domain[place]] = part[lane] }
      }
      part.copy(diagram.boxes(in: lanes.body))
    }
    let outputs = part.builder.closeBody(
      .simd(axis: all.first?.axis ?? .one, mapped: mapped), inputs: entered,
      codomain: kept.compactMap { inside[$0] }.map { part[$0] },
      outputs: kept.map { diagram.type(of: $0) })
    return part.finish(
      zip(kept, outputs).map { ($0, $1) }, in: region, removing: members)
  }

  /// The outputs of a group that are results, or inputs of other boxes, or of no use at all.
  private func outputsUsedOutside(
    _ members: [BoxID], _ inside: [WireID: WireID]
  ) -> [WireID] {
    var uses: [WireID: Int32] = [:]
    for box in members {
      for wire in diagram.inputs(of: box) where inside[wire] != nil {
        uses[wire, default: 0] += 1
      }
    }
    return members.flatMap { diagram.outputs(of: $0) }
      .filter { uses[$0] == nil || uses[$0] != consumers[$0.index] }
  }
}

extension Diagram {
  /// For every operation, a number of its axis and how many inputs its lanes take apart; -1 where it isn't `simd`.
  fileprivate func laneAxes() -> [(axis: Int32, mapped: Int)] {
    var numbers: [Size: Int32] = [:]
    return operations.map { operation in
      guard case .simd(let axis, let mapped) = operation else { return (-1, 0) }
      let number = numbers[axis] ?? Int32(numbers.count)
      numbers[axis] = number
      return (number, mapped)
    }
  }
}
