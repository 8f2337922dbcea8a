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
  let boxes: [Diagram.BoxRecord]
  let ports: [WireID]
  let producers: [Int32]
  let consumers: [Int32]
  /// For every operation, a number of its axis and how many inputs its lanes take apart; -1 where it isn't `simd`.
  let lanes: [(axis: Int32, mapped: Int)]
  private var stage: [Int32]
  /// For each SIMD box, another of its group, or itself.
  private var parent: [Int32]
  private var joined: [Int32] = []
  /// For each box, the one behind it in its group; for each root of a group, the first and the last; -1 for none.
  private(set) var next: [Int32]
  private(set) var first: [Int32]
  private var last: [Int32]
  /// The boxes of the regions that may have groups, each after those it depends on.
  private(set) var orders: [RegionID: [BoxID]] = [:]
  private var hasGroups = false

  private init(_ diagram: Diagram) {
    self.diagram = diagram
    (boxes, ports) = (diagram.boxRecords, diagram.ports)
    producers = diagram.producers()
    consumers = diagram.consumerCounts()
    lanes = diagram.laneAxes()
    stage = Array(repeating: 0, count: diagram.boxCount)
    parent = (0..<Int32(diagram.boxCount)).map { $0 }
    next = Array(repeating: -1, count: diagram.boxCount)
    (first, last) = (next, next)
  }

  /// The diagram after as many fusions as stages allow, on all levels, and whether lanes that could be fused are left.
  static func fused(_ diagram: Diagram) -> (diagram: Diagram, leavesPairs: Bool) {
    var current = diagram
    while current.hasLanesInOneRegion {
      var fusion = LaneFusion(current)
      guard fusion.findGroups() else { return (current, fusion.hasPairs) }
      var copying = FusedLanes(fusion)
      current = copying.result()
    }
    return (current, false)
  }

  /// Whether somewhere lanes go on over the axis of the lanes before them.
  private var hasPairs: Bool {
    boxes.indices.contains { box in
      guard boxes[box].body >= 0 else { return false }
      let start = Int(boxes[box].firstPort)
      return (0..<Int(boxes[box].inputCount)).contains { place in
        let producer = Int(producers[ports[start + place].index])
        return producer >= 0 && isLanes(box, continuing: producer, at: place)
      }
    }
  }

  /// Finds the groups of the outermost regions that have one.
  ///
  /// - Returns: whether there are any; false where boxes depend on each other in a circle.
  private mutating func findGroups() -> Bool {
    var pending = [diagram.root]
    while let region = pending.popLast() {
      guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
        return false
      }
      for box in order { place(box.index) }
      for box in order where boxes[box.index].body >= 0 { group(box) }
      for box in order where boxes[box.index].body >= 0 && isRoot(box) {
        if first[box.index] == last[box.index] {
          pending.append(RegionID(Int(boxes[box.index].body)))
        } else {
          hasGroups = true
        }
      }
      orders[region] = order
    }
    return hasGroups
  }

  /// Gives a box its stage, and joins it with the lanes that it continues.
  private mutating func place(_ box: Int) {
    joined.removeAll(keepingCapacity: true)
    let start = Int(boxes[box].firstPort)
    for place in 0..<Int(boxes[box].inputCount) {
      let producer = Int(producers[ports[start + place].index])
      guard producer >= 0 else { continue }
      let continues = isLanes(box, continuing: producer, at: place)
      let reached = stage[producer] + (continues ? 0 : 1)
      if reached > stage[box] {
        stage[box] = reached
        joined.removeAll(keepingCapacity: true)
      }
      if continues && reached == stage[box] { joined.append(Int32(producer)) }
    }
    for producer in joined {
      let (a, b) = (root(producer), root(Int32(box)))
      parent[Int(max(a, b))] = min(a, b)
    }
  }

  private func isLanes(_ box: Int, continuing other: Int, at place: Int) -> Bool {
    let (own, before) = (lanes[boxes[box].operation.index], lanes[boxes[other].operation.index])
    return own.axis >= 0 && own.axis == before.axis && place < own.mapped
  }

  /// Whether a box stands for its group, or is alone.
  private func isRoot(_ box: BoxID) -> Bool { parent[box.index] == box.rawValue }

  /// The box that stands for the group of a box.
  mutating func root(_ box: Int32) -> Int32 {
    var box = box
    while parent[Int(box)] != box {
      parent[Int(box)] = parent[Int(parent[Int(box)])]
      box = parent[Int(box)]
    }
    return box
  }

  /// Puts a box at the end of its group.
  private mutating func group(_ box: BoxID) {
    let root = Int(root(box.rawValue))
    if first[root] < 0 { first[root] = box.rawValue } else { next[Int(last[root])] = box.rawValue }
    last[root] = box.rawValue
  }

  /// Whether a box stands for a group of several.
  func isGroup(_ root: Int32) -> Bool { first[Int(root)] != last[Int(root)] }

  /// The boxes of the group of a root, each after those that it continues; the box alone where there is none.
  func members(of root: Int32) -> [BoxID] {
    guard isGroup(root) else { return [BoxID(Int(root))] }
    var (members, box): ([BoxID], Int32) = ([], first[Int(root)])
    while box >= 0 {
      members.append(BoxID(Int(box)))
      box = next[Int(box)]
    }
    return members
  }
}

extension Diagram {
  /// Whether some region holds two boxes with bodies: where none does, nothing can be fused.
  fileprivate var hasLanesInOneRegion: Bool {
    (0..<regionCount).contains { region in
      boxes(in: RegionID(region)).lazy.filter { body(of: $0) != nil }.prefix(2).count == 2
    }
  }

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
