import DiagramIR

/// Copies a diagram while the groups that `LaneFusion` found become one SIMD box each.
///
/// Boxes and groups are both **items**; a group is named by its root. An item is copied once all that it depends on
/// is. The walk over a region keeps its own stack, so a chain of a million boxes is no deeper for the machine than one.
///
/// - Complexity: linear in the diagram.
struct FusedLanes {
  private var fusion: LaneFusion
  private var copy: RegionCopy
  private var isCopied: [Bool]
  /// For the outputs of the group that is being copied, the wires of the bodies that they stack; -1 elsewhere.
  private var inside: [WireID]
  /// How many inputs of the group an output of it has.
  private var uses: [Int32]
  /// For the wires that enter the group, the first wire of a body that they are; -1 elsewhere.
  private var entered: [WireID]

  private var diagram: Diagram { fusion.diagram }

  init(_ fusion: LaneFusion) {
    self.fusion = fusion
    let diagram = fusion.diagram
    copy = RegionCopy(of: diagram)
    isCopied = Array(repeating: false, count: diagram.boxCount)
    inside = Array(repeating: WireID(-1), count: diagram.wireCount)
    uses = Array(repeating: 0, count: diagram.wireCount)
    entered = inside
  }

  mutating func result() -> Diagram {
    let root = diagram.root
    copyContents(of: root)
    return copy.builder.finish(codomain: diagram.codomain(of: root).map { copy[$0] })
  }

  private mutating func copyContents(of region: RegionID) {
    for wire in diagram.domain(of: region) { copy.addDomainWire(for: wire) }
    guard let order = fusion.orders[region] else { return copy.copyBoxes(of: region) }
    var pending: [Visit] = []
    for box in order {
      pending.append(Visit(fusion.root(box.rawValue), fusion))
      while var visit = pending.popLast() {
        if isCopied[Int(visit.root)] { continue }
        if let needed = nextItem(for: &visit) {
          pending.append(visit)
          pending.append(Visit(needed, fusion))
        } else {
          isCopied[Int(visit.root)] = true
          copyItem(visit.root)
        }
      }
    }
  }

  /// How far the walk has come with the inputs of an item.
  private struct Visit {
    let root: Int32
    var member: Int32
    var place: Int32 = 0

    init(_ root: Int32, _ fusion: LaneFusion) {
      self.root = root
      member = fusion.isGroup(root) ? fusion.first[Int(root)] : root
    }
  }

  /// The next item that an item depends on and that isn't copied; `nil` when there is none any more.
  private mutating func nextItem(for visit: inout Visit) -> Int32? {
    let isGroup = fusion.isGroup(visit.root)
    while visit.member >= 0 {
      let record = fusion.boxes[Int(visit.member)]
      while visit.place < record.inputCount {
        let wire = fusion.ports[Int(record.firstPort + visit.place)]
        visit.place += 1
        let producer = fusion.producers[wire.index]
        guard producer >= 0 else { continue }
        let item = fusion.root(producer)
        if item != visit.root, !isCopied[Int(item)] { return item }
      }
      (visit.member, visit.place) = (isGroup ? fusion.next[Int(visit.member)] : -1, 0)
    }
    return nil
  }

  private mutating func copyItem(_ root: Int32) {
    let box = BoxID(Int(root))
    if fusion.isGroup(root) { return fuse(fusion.members(of: root)) }
    guard let body = diagram.body(of: box) else { return copy.copy(box) }
    let inputs = diagram.inputs(of: box).map { copy[$0] }
    copy.builder.openBody()
    copyContents(of: body)
    close(
      diagram.operation(of: box), inputs, diagram.codomain(of: body).map { copy[$0] },
      Array(diagram.outputs(of: box)))
  }

  /// Ends the open body; its box makes what some wires of the source carry.
  private mutating func close(
    _ operation: Operation, _ inputs: [WireID], _ codomain: [WireID], _ outputs: [WireID]
  ) {
    let first = copy.builder.closeBody(
      copy.builder.operationID(operation), inputs: inputs, codomain: codomain,
      outputs: outputs.map { diagram.typeID(of: $0) })
    for (place, wire) in outputs.enumerated() {
      let new = WireID(first.index + place)
      copy[wire] = new
      copy.builder.setName(diagram.name(of: wire), of: new)
    }
  }
}

// MARK: - Groups

extension FusedLanes {
  private mutating func fuse(_ members: [BoxID]) {
    for box in members {
      for (wire, lane) in zip(diagram.outputs(of: box), codomain(of: box)) {
        inside[wire.index] = lane
      }
    }
    let kept = outputsUsedOutside(members)
    var entries = Entries()
    enter(members, mapped: true, &entries)
    let mapped = entries.inputs.count
    enter(members, mapped: false, &entries)
    let inputs = entries.inputs.map { copy[$0] }
    copy.builder.openBody()
    for wire in entries.domain { copy.addDomainWire(for: wire) }
    for (wire, other) in entries.aliases { copy[wire] = copy[other] }
    for box in members { copyBody(of: box) }
    close(
      .simd(axis: diagram.operation(of: members[0]).axis ?? .one, mapped: mapped), inputs,
      kept.map { copy[inside[$0.index]] }, kept)
    for box in members {
      for wire in diagram.outputs(of: box) {
        inside[wire.index] = WireID(-1)
        uses[wire.index] = 0
      }
    }
  }

  private func codomain(of box: BoxID) -> ArraySlice<WireID> {
    diagram.body(of: box).map { diagram.codomain(of: $0) } ?? []
  }

  /// What the box of a group takes, and the wires of the members' bodies that this is.
  private struct Entries {
    var inputs: [WireID] = []
    var domain: [WireID] = []
    /// Wires of bodies that are what others are.
    var aliases: [(wire: WireID, other: WireID)] = []
  }

  /// Collects wires that no member makes: those that lanes take apart, or those that they share.
  private mutating func enter(
    _ members: [BoxID], mapped isMapped: Bool, _ entries: inout Entries
  ) {
    let start = entries.inputs.count
    for box in members {
      let record = fusion.boxes[box.index]
      let domain = diagram.domain(of: RegionID(Int(record.body)))
      let mapped = min(fusion.lanes[record.operation.index].mapped, domain.count)
      for place in isMapped ? 0..<mapped : mapped..<domain.count {
        let wire = fusion.ports[Int(record.firstPort) + place]
        let lane = domain[domain.startIndex + place]
        if isMapped, inside[wire.index].index >= 0 { continue }
        if entered[wire.index].index >= 0 {
          entries.aliases.append((lane, entered[wire.index]))
        } else {
          entered[wire.index] = lane
          entries.inputs.append(wire)
          entries.domain.append(lane)
        }
      }
    }
    for wire in entries.inputs[start...] { entered[wire.index] = WireID(-1) }
  }

  /// Copies the body of a member, whose domain wires are those of the group's box or what members before it make.
  private mutating func copyBody(of box: BoxID) {
    let record = fusion.boxes[box.index]
    let domain = diagram.domain(of: RegionID(Int(record.body)))
    for place in 0..<min(fusion.lanes[record.operation.index].mapped, domain.count) {
      let made = inside[fusion.ports[Int(record.firstPort) + place].index]
      if made.index >= 0 { copy[domain[domain.startIndex + place]] = copy[made] }
    }
    copy.copyBoxes(of: RegionID(Int(record.body)))
  }

  /// The outputs of a group that are results, or inputs of other boxes, or of no use at all.
  private mutating func outputsUsedOutside(_ members: [BoxID]) -> [WireID] {
    for box in members {
      for wire in diagram.inputs(of: box) where inside[wire.index].index >= 0 {
        uses[wire.index] += 1
      }
    }
    return members.flatMap { diagram.outputs(of: $0) }
      .filter { uses[$0.index] == 0 || uses[$0.index] != fusion.consumers[$0.index] }
  }
}
