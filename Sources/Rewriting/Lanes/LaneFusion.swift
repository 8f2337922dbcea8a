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
  private var joined: [Int32] = []
  /// For each box, the one behind it in its group; for each root of a group, the first and the last; -1 for none.
  private var next: [Int32]
  private var first: [Int32]
  private var last: [Int32]
  /// For the outputs of the group that is being fused, the wires of the bodies that they stack; -1 elsewhere.
  private var inside: [WireID]
  /// How many inputs of the group an output of it has.
  private var uses: [Int32]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    consumers = diagram.consumerCounts()
    lanes = diagram.laneAxes()
    stage = Array(repeating: 0, count: diagram.boxCount)
    parent = (0..<Int32(diagram.boxCount)).map { $0 }
    next = Array(repeating: -1, count: diagram.boxCount)
    (first, last) = (next, next)
    inside = Array(repeating: WireID(-1), count: diagram.wireCount)
    uses = Array(repeating: 0, count: diagram.wireCount)
  }

  /// The diagram after as many fusions as stages allow, on all levels, and whether lanes that could be fused are left.
  static func fused(
    _ diagram: Diagram
  ) throws(ReplacementError) -> (diagram: Diagram, leavesPairs: Bool) {
    var current = diagram
    while true {
      var fusion = LaneFusion(current)
      let parts = fusion.replacements()
      if parts.isEmpty { return (current, fusion.hasPairs) }
      current = try current.replacing(parts)
    }
  }

  /// Whether somewhere lanes go on over the axis of the lanes before them.
  private var hasPairs: Bool {
    (0..<diagram.boxCount).contains { index in
      let box = BoxID(index)
      guard diagram.body(of: box) != nil else { return false }
      return diagram.inputs(of: box).enumerated().contains { place, wire in
        let producer = producers[wire.index]
        return producer >= 0 && isLanes(box, continuing: BoxID(Int(producer)), at: place)
      }
    }
  }

  /// What fuses the groups of the outermost regions that have one.
  private mutating func replacements() -> [Replacement] {
    var (parts, pending): ([Replacement], [RegionID]) = ([], [diagram.root])
    var part = LanePart(diagram)
    while let region = pending.popLast() {
      let order = diagram.topologicalOrder(of: region, producers: producers) ?? []
      for box in order { place(box) }
      for box in order where diagram.body(of: box) != nil { group(box) }
      for box in order where parent[box.index] == box.rawValue {
        guard let body = diagram.body(of: box) else { continue }
        if first[box.index] == last[box.index] {
          pending.append(body)
        } else {
          parts.append(fusing(members(of: box), in: region, &part))
        }
      }
    }
    return parts
  }

  /// Gives a box its stage, and joins it with the lanes that it continues.
  private mutating func place(_ box: BoxID) {
    joined.removeAll(keepingCapacity: true)
    for (place, wire) in diagram.inputs(of: box).enumerated() {
      let producer = producers[wire.index]
      guard producer >= 0 else { continue }
      let continues = isLanes(box, continuing: BoxID(Int(producer)), at: place)
      let reached = stage[Int(producer)] + (continues ? 0 : 1)
      if reached > stage[box.index] {
        stage[box.index] = reached
        joined.removeAll(keepingCapacity: true)
      }
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

  private mutating func root(_ box: Int32) -> Int32 {
    var box = box
    while parent[Int(box)] != box {
      parent[Int(box)] = parent[Int(parent[Int(box)])]
      box = parent[Int(box)]
    }
    return box
  }
}

// MARK: - Groups

extension LaneFusion {
  /// Puts a box at the end of its group.
  private mutating func group(_ box: BoxID) {
    let root = Int(root(box.rawValue))
    if first[root] < 0 { first[root] = box.rawValue } else { next[Int(last[root])] = box.rawValue }
    last[root] = box.rawValue
  }

  /// The boxes of the group of a root, each after those that it continues.
  private func members(of root: BoxID) -> [BoxID] {
    var (members, box): ([BoxID], Int32) = ([], first[root.index])
    while box >= 0 {
      members.append(BoxID(Int(box)))
      box = next[Int(box)]
    }
    return members
  }

  private mutating func fusing(
    _ members: [BoxID], in region: RegionID, _ part: inout LanePart
  ) -> Replacement {
    for box in members {
      for (wire, lane) in zip(diagram.outputs(of: box), codomain(of: box)) {
        inside[wire.index] = lane
      }
    }
    let kept = outputsUsedOutside(members)
    let (inputs, domain, mapped) = entries(of: members)
    let entered = part.enter(inputs)
    part.builder.openBody()
    for wire in domain { part.addDomain(wire) }
    for box in members { copy(box, &part) }
    let outputs = part.builder.closeBody(
      .simd(axis: diagram.operation(of: members[0]).axis ?? .one, mapped: mapped),
      inputs: entered, codomain: kept.map { part[inside[$0.index]] },
      outputs: kept.map { diagram.type(of: $0) })
    for box in members {
      for wire in diagram.outputs(of: box) {
        inside[wire.index] = WireID(-1)
        uses[wire.index] = 0
      }
    }
    return part.finish(
      zip(kept, outputs).map { ($0, $1) }, in: region, removing: members)
  }

  private func codomain(of box: BoxID) -> ArraySlice<WireID> {
    diagram.body(of: box).map { diagram.codomain(of: $0) } ?? []
  }

  /// What the box of a group takes: wires that no member makes and the members' domain wires for them, those that
  /// lanes take apart first.
  private func entries(
    of members: [BoxID]
  ) -> (inputs: [WireID], domain: [WireID], mapped: Int) {
    var (inputs, domain): ([WireID], [WireID]) = ([], [])
    func collect(mapped isMapped: Bool) {
      for box in members {
        guard let body = diagram.body(of: box) else { continue }
        let count = lanes[diagram.operationID(of: box).index].mapped
        for (place, (wire, lane)) in zip(diagram.inputs(of: box), diagram.domain(of: body))
          .enumerated()
        where (place < count) == isMapped && (!isMapped || inside[wire.index].index < 0) {
          inputs.append(wire)
          domain.append(lane)
        }
      }
    }
    collect(mapped: true)
    let mapped = inputs.count
    collect(mapped: false)
    return (inputs, domain, mapped)
  }

  /// Copies the body of a member, whose domain wires are those of the group's box or what members before it make.
  private func copy(_ box: BoxID, _ part: inout LanePart) {
    guard let body = diagram.body(of: box) else { return }
    let count = lanes[diagram.operationID(of: box).index].mapped
    for (wire, lane) in zip(diagram.inputs(of: box), diagram.domain(of: body)).prefix(count)
    where inside[wire.index].index >= 0 { part[lane] = part[inside[wire.index]] }
    part.copy(diagram.boxes(in: body))
  }

  /// The outputs of a group that are results, or inputs of other boxes, or of no use at all.
  private mutating func outputsUsedOutside(_ members: [BoxID]) -> [WireID] {
    for box in members {
      for wire in diagram.inputs(of: box) where inside[wire.index].index >= 0 {
        uses[wire.index] += 1
      }
    }
    return members.flatMap { diagram.outputs(of: $0) }
      .filter { uses[$0.index] == 0 || uses[$0.index] != consumers[$0.index] }
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
