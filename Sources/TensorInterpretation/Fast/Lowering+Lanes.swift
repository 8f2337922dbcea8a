import DiagramIR
import TensorKernels

extension Lowering {
  /// The body of a SIMD box, over one more axis of lanes.
  mutating func lowerLanes(
    _ box: BoxID, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    guard let body = diagram.body(of: box) else { throw .malformed(.body(box)) }
    let mapped = diagram.operation(of: box).mappedCount
    let count = layout.axes[diagram.operationID(of: box)] ?? 0
    var inner = around
    inner.axes.append(.lane(around.lanes.count))
    inner.lanes.append(count)
    var views = inputs.prefix(mapped).map { $0.mapped() }
    views += inputs.dropFirst(mapped).map { $0.shared() }
    return try lower(body, views, in: inner).map { $0.stacked(count) }
  }

  /// The body of a scan box, in a loop of its own inside the loops on which its inputs depend. Lanes around it
  /// stay lanes inside.
  mutating func lowerScan(
    _ box: BoxID, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    guard let body = diagram.body(of: box) else { throw .malformed(.body(box)) }
    let operation = diagram.operation(of: box)
    let (states, mapped) = (operation.stateCount, operation.mappedCount)
    let count = layout.axes[diagram.operationID(of: box)] ?? 0
    let (lanes, level) = dependencies(of: inputs, body, around)
    program.frames.append([])
    let frame = program.frames.count - 1
    var inner = around
    inner.axes.append(.loop(level + 1))
    inner.frames = Array(around.frames.prefix(level + 1)) + [frame]

    var held: [FlatView] = []
    for view in inputs.prefix(states) {
      let isIndex = program.buffers[view.buffer].isIndex
      let state = try makeArray(
        lanes: lanes, sizes: view.sizes, level: level, isIndex: isIndex, around)
      copy(view, to: state, lanes: lanes, level: level, around)
      held.append(state)
    }
    var views = held
    for place in views.indices { views[place].level = level + 1 }
    views += inputs.dropFirst(states).prefix(mapped).map { $0.peeled(level: level + 1) }
    views += inputs.dropFirst(states + mapped)
    let returned = try lower(body, views, in: inner)
    currentBox = box

    var stacked: [FlatView] = []
    for view in returned.dropFirst(states) {
      stacked.append(try stack(view, count: count, level: level + 1, inner))
    }
    try update(held, to: Array(returned.prefix(states)), lanes, level: level + 1, inner)
    program.frames[around.frames[level]].append(.loop(count: count, frame: frame))
    return held + stacked
  }

  /// The lanes on which a scan depends, and the innermost loop around it on which it does.
  private func dependencies(
    of inputs: [FlatView], _ body: RegionID, _ around: Surroundings
  ) -> (lanes: [Int], level: Int) {
    var lanes = Set(self.lanes(of: inputs, around))
    var level = inputs.map(\.level).max() ?? 0
    for depth in depthsOfBodies[body] ?? [] where depth < around.axes.count {
      switch around.axes[depth] {
      case .lane(let lane): if around.lanes[lane] != 1 { lanes.insert(lane) }
      case .loop(let loop): level = max(level, loop)
      }
    }
    return (lanes.sorted(), level)
  }

  /// What the loop's steps return, along a new leading axis.
  private mutating func stack(
    _ view: FlatView, count: Int, level: Int, _ inner: Surroundings
  ) throws(InterpretationError) -> FlatView {
    if view.level < level { return view.repeated(count) }
    let lanes = lanes(of: [view], inner)
    let result = try makeArray(
      lanes: lanes, sizes: [count] + view.sizes, level: level - 1,
      isIndex: program.buffers[view.buffer].isIndex, inner)
    copy(view, to: result.peeled(level: level), lanes: lanes, level: level, inner)
    return result
  }

  /// The end of a step of a loop: the states become what the body returned. That may be a view of another
  /// state, which is put aside first.
  private mutating func update(
    _ states: [FlatView], to views: [FlatView], _ lanes: [Int], level: Int, _ inner: Surroundings
  ) throws(InterpretationError) {
    let buffers = Set(states.map(\.buffer))
    var sources: [FlatView] = []
    for view in views {
      guard buffers.contains(view.buffer) else {
        sources.append(view)
        continue
      }
      let aside = try makeArray(
        lanes: lanes, sizes: view.sizes, level: level,
        isIndex: program.buffers[view.buffer].isIndex, inner)
      copy(view, to: aside, lanes: lanes, level: level, inner)
      sources.append(aside)
    }
    for (state, view) in zip(states, sources) {
      copy(view, to: state, lanes: lanes, level: level, inner)
    }
  }

  /// For each region inside a SIMD or scan box, how deep the axes are that learned boxes in it are per.
  static func depthsOfBodies(
    _ function: TensorDiagram
  ) throws(InterpretationError) -> [RegionID: Set<Int>] {
    let diagram = function.diagram
    let hasScans = diagram.operations.contains { if case .scan = $0 { true } else { false } }
    guard hasScans else { return [:] }
    let regions = diagram.regionsOfBoxes()
    var depths: [RegionID: Set<Int>] = [:]
    try function.forEachBox { box, axes throws(InterpretationError) in
      guard case .learned(let learned) = diagram.operation(of: box), !learned.per.isEmpty else {
        return
      }
      let own = Set(learned.per.compactMap { axis in axes.lastIndex(of: axis) })
      var region = regions[box.index]
      while let owner = diagram.owner(of: region) {
        depths[region, default: []].formUnion(own)
        region = regions[owner.index]
      }
    }
    return depths
  }
}
