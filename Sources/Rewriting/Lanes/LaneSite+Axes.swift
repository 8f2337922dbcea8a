import DiagramIR

/// How an input or output of nested lanes relates to the two axes.
struct NestedLanes {
  let outer: Lanes
  let inner: Lanes
  /// For each input: the place of its inner use, and whether outer and inner lanes take it apart.
  let inputs: [(outer: WireID, lane: WireID, byOuter: Bool, byInner: Bool)]
}

// MARK: - simd.exchange

extension LaneSite {
  /// The SIMD box that makes the wire, whose lanes are one other SIMD box and nothing else.
  func nested() throws(LaneError) -> NestedLanes {
    let outer = try simd()
    let boxes = diagram.boxes(in: outer.body)
    guard let only = boxes.first, boxes.count == 1, let inner = Lanes(diagram, only),
      inner.states == 0, inner.outputs == outer.codomain
    else { throw isNot("made by a SIMD box whose lanes are one SIMD box") }
    let inputs = inner.inputs.indices.compactMap { place in
      outer.domain.firstIndex(of: inner.inputs[place]).map { entry in
        (
          outer: outer.inputs[entry], lane: inner.domain[place],
          byOuter: outer.mapped.contains(entry), byInner: inner.mapped.contains(place)
        )
      }
    }
    return NestedLanes(outer: outer, inner: inner, inputs: inputs)
  }

  /// Outer and inner axis of nested lanes exchanged, between transpositions; two in a row cancel.
  func exchanging() throws(LaneError) -> [Replacement] {
    let nested = try nested()
    let (n, m) = (nested.outer.axis, nested.inner.axis)
    if n == m { try refuse([n], in: nested.inner.body) }
    var part = LanePart(diagram)
    var makers: [BoxID] = []
    let wires = nested.inputs.map { input -> WireID in
      guard input.byOuter && input.byInner else { return part.enter(input.outer) }
      if let box = maker("transpose", of: input.outer), let source = diagram.inputs(of: box).first {
        makers.append(box)
        return part.enter(source)
      }
      let wire = part.enter(input.outer)
      return part.box("transpose", [wire], diagram.type(of: input.outer).transposed)
    }
    let flags = nested.inputs.map { [$0.byInner, $0.byOuter] }
    let made = part.stack([m, n], wires, flags) { part, inner in
      part.body(of: nested.inner, at: nested.inputs.map(\.lane), inner)
    }
    let restored = results(nested.outer.outputs, made, cancelling: "transpose", &part) {
      part, wire, old in
      part.box("transpose", [wire], diagram.type(of: old).transposed.transposed)
    }
    let removed = unused(
      restored.cancelled + [nested.outer.box] + makers,
      replaced: nested.outer.outputs + restored.results.map(\.old))
    return [
      part.finish(
        restored.results, in: index.regionOfBox[nested.outer.box.index], removing: removed)
    ]
  }

  /// What takes the place of outputs: the new wires behind a box, and the new wires themselves where that box was
  /// behind the outputs with its inverse.
  private func results(
    _ outputs: [WireID], _ made: [WireID], cancelling inverse: String, _ part: inout LanePart,
    _ restore: (inout LanePart, WireID, WireID) -> WireID
  ) -> (results: [(old: WireID, new: WireID)], cancelled: [BoxID]) {
    var (results, cancelled): ([(old: WireID, new: WireID)], [BoxID]) = ([], [])
    for (old, wire) in zip(outputs, made) {
      let users = self.users(inverse, of: old)
        .filter { diagram.type(of: $0.output) == part.builder.type(of: wire) }
      for user in users {
        results.append((user.output, wire))
        cancelled.append(user.box)
      }
      let others = index.consumers(of: old).count - users.count
      guard others > 0 || index.codomainCount[old.index] > 0 || users.isEmpty else { continue }
      results.append((old, restore(&part, wire, old)))
    }
    return (results, cancelled)
  }
}

// MARK: - simd.merge

extension LaneSite {
  /// Lanes over a product of sizes become lanes of lanes.
  func unmerging() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let (n, m) = try factors(of: lanes)
    try refuse([lanes.axis, n, m], in: lanes.body)
    var part = LanePart(diagram)
    var makers: [BoxID] = []
    let wires = lanes.inputs.indices.map { place -> WireID in
      let wire = lanes.inputs[place]
      guard lanes.mapped.contains(place) else { return part.enter(wire) }
      let lane = diagram.type(of: lanes.domain[place])
      let type = lane.repeated(m)?.repeated(n) ?? lane
      if let box = maker("merge", of: wire), let source = diagram.inputs(of: box).first,
        diagram.type(of: source) == type
      {
        makers.append(box)
        return part.enter(source)
      }
      let entered = part.enter(wire)
      return part.box("split", [entered], type)
    }
    let flags = lanes.inputs.indices.map { place in
      Array(repeating: lanes.mapped.contains(place), count: 2)
    }
    let made = part.stack([n, m], wires, flags) { part, inner in
      part.body(of: lanes, at: lanes.domain, inner)
    }
    let restored = results(lanes.outputs, made, cancelling: "split", &part) { part, wire, old in
      part.box("merge", [wire], diagram.type(of: old))
    }
    let removed = unused(
      restored.cancelled + [lanes.box] + makers,
      replaced: lanes.outputs + restored.results.map(\.old))
    return [
      part.finish(restored.results, in: index.regionOfBox[lanes.box.index], removing: removed)
    ]
  }

  /// The sizes that the step gives, or those that a mapped input was merged from.
  private func factors(of lanes: Lanes) throws(LaneError) -> (Size, Size) {
    let (n, m): (Size, Size)
    if let first = given("n"), let second = given("m") {
      (n, m) = (first, second)
    } else {
      let shapes = lanes.mapped.compactMap { maker("merge", of: lanes.inputs[$0]) }
        .compactMap { diagram.inputs(of: $0).first }.map { diagram.type(of: $0).shape }
      guard let shape = shapes.first, shape.count > 1, case .size(let first) = shape[0],
        case .size(let second) = shape[1]
      else { throw .sizes(needed: "n = …, m = …") }
      (n, m) = (first, second)
    }
    do {
      guard try n * m == lanes.axis else { throw LaneError.axes(try n * m, lanes.axis) }
    } catch let error as LaneError { throw error } catch { throw .size(.overflow) }
    return (n, m)
  }

  /// Lanes of lanes become lanes over the product of the sizes.
  func merging() throws(LaneError) -> [Replacement] {
    let nested = try nested()
    let (n, m) = (nested.outer.axis, nested.inner.axis)
    let product: Size
    do { product = try n * m } catch { throw .size(error) }
    try refuse([n, m, product], in: nested.inner.body)
    var part = LanePart(diagram)
    var makers: [BoxID] = []
    let wires = nested.inputs.map { input in
      part.merged(input, n, m, product, self, &makers)
    }
    let flags = nested.inputs.map { [$0.byOuter || $0.byInner] }
    let made = part.stack([product], wires, flags) { part, inner in
      part.body(of: nested.inner, at: nested.inputs.map(\.lane), inner)
    }
    let outer = nested.outer
    let restored = results(outer.outputs, made, cancelling: "merge", &part) { part, wire, old in
      part.box("split", [wire], diagram.type(of: old))
    }
    let removed = unused(
      restored.cancelled + [outer.box] + makers,
      replaced: outer.outputs + restored.results.map(\.old))
    return [
      part.finish(restored.results, in: index.regionOfBox[outer.box.index], removing: removed)
    ]
  }
}

extension LanePart {
  /// An input of lanes of lanes, with one axis for the two; what only one of the two takes apart is repeated along
  /// the other.
  fileprivate mutating func merged(
    _ input: (outer: WireID, lane: WireID, byOuter: Bool, byInner: Bool), _ n: Size, _ m: Size,
    _ product: Size, _ site: LaneSite, _ makers: inout [BoxID]
  ) -> WireID {
    guard input.byOuter || input.byInner else { return enter(input.outer) }
    let lane = source.type(of: input.lane)
    let both = lane.repeated(m)?.repeated(n) ?? lane
    if input.byOuter && input.byInner, let box = site.maker("split", of: input.outer),
      let whole = source.inputs(of: box).first, source.type(of: whole) == lane.repeated(product)
    {
      makers.append(box)
      return enter(whole)
    }
    var wire = enter(input.outer)
    if !input.byInner {
      wire =
        lanes(n, mapped: [wire]) { part, wires in
          [part.box("repeat", wires, lane.repeated(m) ?? lane)]
        }[0]
    }
    if !input.byOuter { wire = box("repeat", [wire], both) }
    return box("merge", [wire], lane.repeated(product) ?? lane)
  }

  /// A stack of SIMD boxes around what `body` adds; a flag for each wire and axis says whether lanes take it apart.
  mutating func stack(
    _ axes: [Size], _ wires: [WireID], _ isMapped: [[Bool]],
    _ body: (inout LanePart, [WireID]) -> [WireID]
  ) -> [WireID] {
    guard let axis = axes.first else { return body(&self, wires) }
    let order =
      wires.indices.filter { isMapped[$0][0] } + wires.indices.filter { !isMapped[$0][0] }
    let count = isMapped.count { $0[0] }
    return lanes(
      axis, mapped: order[..<count].map { wires[$0] }, shared: order[count...].map { wires[$0] }
    ) { part, inner in
      var placed = inner
      for (place, wire) in zip(order, inner) { placed[place] = wire }
      return part.stack(
        Array(axes.dropFirst()), placed, isMapped.map { Array($0.dropFirst()) }, body)
    }
  }

  /// Copies the body of lanes, whose domain wires these wires stand for.
  mutating func body(of lanes: Lanes, at domain: [WireID], _ wires: [WireID]) -> [WireID] {
    for (wire, copy) in zip(domain, wires) { self[wire] = copy }
    copy(source.boxes(in: lanes.body))
    return lanes.codomain.map { self[$0] }
  }
}

extension WireType {
  /// The type with its two leading axes exchanged.
  fileprivate var transposed: WireType {
    guard case .array(let element, var shape) = self, shape.count > 1 else { return self }
    shape.swapAt(0, 1)
    return .array(element, shape)
  }
}
