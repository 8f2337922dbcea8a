import DiagramIR

// MARK: - simd.concat

extension LaneSite {
  /// Lanes over a sum of sizes become two SIMD boxes, whose results are joined.
  func parting() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let (n, m) = try summands(of: lanes)
    try refuse([lanes.axis, n, m], in: lanes.body)
    var part = LanePart(diagram)
    var (first, second, makers): ([WireID], [WireID], [BoxID]) = ([], [], [])
    for place in lanes.mapped {
      let (wire, lane) = (lanes.inputs[place], diagram.type(of: lanes.domain[place]))
      let types = (lane.repeated(n) ?? lane, lane.repeated(m) ?? lane)
      if let box = maker("concat", of: wire),
        diagram.inputs(of: box).map({ diagram.type(of: $0) }) == [types.0, types.1]
      {
        let pair = part.enter(Array(diagram.inputs(of: box)))
        (first, second) = (first + [pair[0]], second + [pair[1]])
        makers.append(box)
      } else {
        let entered = part.enter(wire)
        first.append(part.box("take", [entered], types.0))
        second.append(part.box("drop", [entered], types.1))
      }
    }
    let shared = part.enter(lanes.sharedInputs)
    let apply = { (part: inout LanePart, wires: [WireID]) in part.body(of: lanes.box, on: wires) }
    let made = (
      part.lanes(n, mapped: first, shared: shared, apply),
      part.lanes(m, mapped: second, shared: shared, apply)
    )
    let results = lanes.outputs.indices.map { place in
      let old = lanes.outputs[place]
      let joined = [made.0[place], made.1[place]]
      return (old: old, new: part.box("concat", joined, diagram.type(of: old)))
    }
    let removed = unused([lanes.box] + makers, replaced: lanes.outputs)
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: removed)]
  }

  /// The sizes that the step gives, or those that a mapped input was joined from.
  private func summands(of lanes: Lanes) throws(LaneError) -> (Size, Size) {
    let pairs = lanes.mapped.compactMap { maker("concat", of: lanes.inputs[$0]) }
      .map { diagram.inputs(of: $0).compactMap { diagram.type(of: $0).axis } }
    let sizes = [given("n"), given("m")].compactMap { $0 }
    guard let pair = sizes.count == 2 ? sizes : pairs.first, pair.count == 2 else {
      throw .sizes(needed: "n = …, m = …")
    }
    let sum: Size
    do { sum = try pair[0] + pair[1] } catch { throw .size(error) }
    guard sum == lanes.axis else { throw .axes(sum, lanes.axis) }
    return (pair[0], pair[1])
  }

  /// Two SIMD boxes that do the same, whose results are joined, become one over the joined inputs.
  func joining() throws(LaneError) -> [Replacement] {
    guard let box = maker("concat", of: wire) else { throw isNot("made by 'concat'") }
    let ends = Array(diagram.inputs(of: box))
    let found = ends.compactMap { producer($0) }.compactMap { Lanes(diagram, $0) }
    guard found.count == 2, found.allSatisfy({ $0.states == 0 }), let a = found.first,
      let b = found.last, let place = a.outputs.firstIndex(of: ends[0])
    else { throw isNot("the results of two SIMD boxes, joined") }
    guard b.outputs.firstIndex(of: ends[1]) == place, a.sharedInputs == b.sharedInputs,
      a.mapped == b.mapped, isSame(a, b)
    else { throw .different }
    let axis: Size
    do { axis = try a.axis + b.axis } catch { throw .size(error) }
    try refuse([a.axis, b.axis, axis], in: a.body)
    try refuse([a.axis, b.axis, axis], in: b.body)
    var part = LanePart(diagram)
    let mapped = a.mapped.map { place -> WireID in
      let pair = part.enter([a.inputs[place], b.inputs[place]])
      let lane = diagram.type(of: a.domain[place])
      return part.box("concat", pair, lane.repeated(axis) ?? lane)
    }
    let made = part.lanes(axis, mapped: mapped, shared: part.enter(a.sharedInputs)) {
      [$0.body(of: a.box, on: $1)[place]]
    }
    let removed = unused([box, a.box, b.box], replaced: [wire])
    return [
      part.finish([(wire, made[0])], in: index.regionOfBox[box.index], removing: removed)
    ]
  }

  /// Whether the lanes of two boxes do the same; their inputs are in the order of use.
  private func isSame(_ a: Lanes, _ b: Lanes) -> Bool {
    let bodies = [a, b].map { lanes in
      var part = LanePart(diagram)
      let domain = lanes.domain.map { wire in part.builder.addDomainWire(diagram.type(of: wire)) }
      let codomain = part.body(of: lanes.box, on: domain)
      return part.builder.finish(codomain: codomain)
    }
    return bodies[0].isIsomorphic(to: bodies[1])
  }
}

// MARK: - simd.reindex

extension LaneSite {
  /// Lanes of picked positions become picked results of all lanes.
  func reindexingLast() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let makers = lanes.mapped.compactMap { maker("reindex", of: lanes.inputs[$0]) }
    guard makers.count == lanes.mapped.count, let first = makers.first,
      let positions = diagram.inputs(of: first).last,
      makers.allSatisfy({ diagram.inputs(of: $0).last == positions })
    else { throw isNot("made by lanes whose mapped inputs are all reindexed alike") }
    let sources = makers.compactMap { diagram.inputs(of: $0).first }
    let axes = sources.compactMap { diagram.type(of: $0).axis }
    guard let axis = axes.first, axes.allSatisfy({ $0 == axis }) else { throw .different }
    try refuse([lanes.axis, axis], in: lanes.body)
    for lane in lanes.codomain where !diagram.type(of: lane).isReal {
      throw .indices(wire: name(lane))
    }
    var part = LanePart(diagram)
    let made = part.lanes(
      axis, mapped: part.enter(sources), shared: part.enter(lanes.sharedInputs)
    ) { $0.body(of: lanes.box, on: $1) }
    let picked = part.enter(positions)
    let results = zip(lanes.outputs, made).map { old, wire in
      (old: old, new: part.box("reindex", [wire, picked], diagram.type(of: old)))
    }
    let removed = unused([lanes.box] + makers, replaced: lanes.outputs)
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: removed)]
  }

  /// Picked results of lanes become the results of lanes of picked positions.
  func reindexingFirst() throws(LaneError) -> [Replacement] {
    guard let box = maker("reindex", of: wire), let axis = diagram.type(of: wire).axis,
      let source = diagram.inputs(of: box).first, let positions = diagram.inputs(of: box).last,
      let made = producer(source), let lanes = Lanes(diagram, made), lanes.states == 0,
      let place = lanes.outputs.firstIndex(of: source)
    else { throw isNot("the reindexed result of a SIMD box") }
    try refuse([lanes.axis, axis], in: lanes.body)
    var part = LanePart(diagram)
    let picked = part.enter(positions)
    var mapped: [WireID] = []
    for place in lanes.mapped {
      let lane = diagram.type(of: lanes.domain[place])
      guard lane.isReal else { throw .indices(wire: name(lanes.inputs[place])) }
      let entered = part.enter(lanes.inputs[place])
      mapped.append(part.box("reindex", [entered, picked], lane.repeated(axis) ?? lane))
    }
    let results = part.lanes(axis, mapped: mapped, shared: part.enter(lanes.sharedInputs)) {
      [$0.body(of: lanes.box, on: $1)[place]]
    }
    let removed = unused([box, lanes.box], replaced: [wire])
    return [
      part.finish([(wire, results[0])], in: index.regionOfBox[box.index], removing: removed)
    ]
  }
}
