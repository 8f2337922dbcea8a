import DiagramIR

// MARK: - simd.split, scan.fuse backward, simd.beside backward

extension LaneSite {
  /// Two boxes instead of the one that holds the wire: what the wire depends on, then the rest. The second passes on
  /// what the first returned of the results.
  func splitting(scans: Bool) throws(LaneError) -> [Replacement] {
    let region = index.regionOfWire[wire.index]
    guard let owner = diagram.owner(of: region), let lanes = Lanes(diagram, owner),
      (lanes.states > 0) == scans
    else { throw isNot("inside a \(scans ? "scan" : "SIMD") box") }
    guard producer(wire) != nil else { throw isNot("made inside the lanes") }
    let cut = closure(of: lanes)
    let rest = diagram.boxes(in: lanes.body).filter { !cut.boxes.contains($0) }
    let laterStates = (0..<lanes.states).filter { !cut.states.contains($0) }
    guard !rest.isEmpty, scans == (lanes.states > 0), !scans || !laterStates.isEmpty,
      !scans || !cut.states.isEmpty
    else { throw .onePart(wire: name(wire)) }
    var part = LanePart(diagram)
    let results = part.split(
      lanes, first: cut.boxes, rest: rest, firstStates: cut.states.sorted(),
      laterStates: laterStates)
    return [part.finish(results, in: index.regionOfBox[owner.index], removing: [owner])]
  }

  /// What the wire depends on in its lane, and the states that this involves, with what makes their next values.
  private func closure(of lanes: Lanes) -> (boxes: Set<BoxID>, states: Set<Int>) {
    var (wires, states) = ([wire], Set<Int>())
    while true {
      let boxes = ancestors(of: wires)
      let used = Set(boxes.flatMap { Array(diagram.inputs(of: $0)) } + wires)
      let new = (0..<lanes.states).filter {
        used.contains(lanes.domain[$0]) && !states.contains($0)
      }
      if new.isEmpty { return (boxes, states) }
      states.formUnion(new)
      wires += new.map { lanes.codomain[$0] }
    }
  }

  /// Two boxes beside each other: the results that share boxes with the wire, and the others.
  func partingBeside() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let component = self.component(of: lanes)
    let isFirst = lanes.codomain.map { wire in
      producer(wire).map { component.contains($0) } ?? (wire == self.codomain(of: lanes))
    }
    let first = lanes.outputs.indices.filter { isFirst[$0] }
    let second = lanes.outputs.indices.filter { !isFirst[$0] }
    guard !first.isEmpty, !second.isEmpty else { throw .onePart(wire: name(wire)) }
    let boxes = diagram.boxes(in: lanes.body)
    var part = LanePart(diagram)
    let results =
      part.restricted(lanes, to: first, boxes.filter { component.contains($0) })
      + part.restricted(lanes, to: second, boxes.filter { !component.contains($0) })
    return [
      part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])
    ]
  }

  /// The wire of the body that the site's wire brings out.
  private func codomain(of lanes: Lanes) -> WireID? {
    lanes.outputs.firstIndex(of: wire).map { lanes.codomain[$0] }
  }

  /// The boxes of the body that are connected with what makes the wire, otherwise than through the domain.
  private func component(of lanes: Lanes) -> Set<BoxID> {
    guard let start = codomain(of: lanes), let box = producer(start) else { return [] }
    var (found, pending): (Set<BoxID>, [BoxID]) = ([box], [box])
    while let box = pending.popLast() {
      let before = diagram.inputs(of: box).compactMap { producer($0) }
      let after = diagram.outputs(of: box).flatMap { index.consumers(of: $0).map(\.box) }
      for other in before + after where found.insert(other).inserted { pending.append(other) }
    }
    return found
  }
}

extension LanePart {
  /// A SIMD box with some boxes of another and some of its results.
  fileprivate mutating func restricted(
    _ lanes: Lanes, to places: [Int], _ boxes: [BoxID]
  ) -> [(old: WireID, new: WireID)] {
    let inputs = enter(lanes.inputs)
    builder.openBody()
    for wire in lanes.domain { addDomain(wire) }
    copy(boxes)
    let outputs = builder.closeBody(
      .simd(axis: lanes.axis, mapped: lanes.mapped.count), inputs: inputs,
      codomain: places.map { self[lanes.codomain[$0]] },
      outputs: places.map { source.type(of: lanes.outputs[$0]) })
    return zip(places, outputs).map { (lanes.outputs[$0], $1) }
  }

  /// Two boxes for one. What crosses from the first to the second is what the rest or a result uses.
  fileprivate mutating func split(
    _ lanes: Lanes, first: Set<BoxID>, rest: [BoxID], firstStates: [Int], laterStates: [Int]
  ) -> [(old: WireID, new: WireID)] {
    let inputs = enter(lanes.inputs)
    let crossing = self.crossing(lanes, first: first, rest: rest, laterStates: laterStates)
    let firstInputs = firstStates + Array(lanes.mapped) + Array(lanes.shared)
    let axis = lanes.axis
    builder.openBody()
    for place in firstInputs { addDomain(lanes.domain[place]) }
    copy(source.boxes(in: lanes.body).filter { first.contains($0) })
    let made = builder.closeBody(
      Self.operation(axis, firstStates.count, lanes.mapped.count),
      inputs: firstInputs.map { inputs[$0] },
      codomain: (firstStates.map { lanes.codomain[$0] } + crossing).map { self[$0] },
      outputs: firstStates.map { source.type(of: lanes.outputs[$0]) }
        + crossing.compactMap { source.type(of: $0).repeated(axis) })
    let between = Array(made[firstStates.count...])
    builder.openBody()
    for place in laterStates { addDomain(lanes.domain[place]) }
    for wire in crossing { addDomain(wire) }
    for place in Array(lanes.mapped) + Array(lanes.shared) { addDomain(lanes.domain[place]) }
    copy(rest)
    let returned = laterStates + Array(lanes.states..<lanes.outputs.count)
    let outputs = builder.closeBody(
      Self.operation(axis, laterStates.count, crossing.count + lanes.mapped.count),
      inputs: laterStates.map { inputs[$0] } + between + inputs[lanes.states...],
      codomain: returned.map { self[lanes.codomain[$0]] },
      outputs: returned.map { source.type(of: lanes.outputs[$0]) })
    return zip(firstStates, made).map { (lanes.outputs[$0], $1) }
      + zip(returned, outputs).map { (lanes.outputs[$0], $1) }
  }

  private static func operation(_ axis: Size, _ states: Int, _ mapped: Int) -> Operation {
    states == 0
      ? .simd(axis: axis, mapped: mapped) : .scan(axis: axis, states: states, mapped: mapped)
  }

  /// The wires that the second of two boxes takes from the first, in the order of their boxes; states that the lanes
  /// of the first see among them.
  private func crossing(
    _ lanes: Lanes, first: Set<BoxID>, rest: [BoxID], laterStates: [Int]
  ) -> [WireID] {
    var needed = Set(rest.flatMap { Array(source.inputs(of: $0)) })
    needed.formUnion(lanes.codomain[lanes.states...])
    needed.formUnion(laterStates.map { lanes.codomain[$0] })
    let seen = (0..<lanes.states).filter { !laterStates.contains($0) }.map { lanes.domain[$0] }
    let made = source.boxes(in: lanes.body).filter { first.contains($0) }
      .flatMap { Array(source.outputs(of: $0)) }
    return (seen + made).filter { needed.contains($0) }
  }
}
