import DiagramIR

// MARK: - simd.identity, simd.structure, simd.hoist, simd.sink

extension LaneSite {
  /// Results that are mapped inputs, lane by lane, become those inputs.
  func removingIdentities() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    var part = LanePart(diagram)
    var (passed, rest): ([(old: WireID, new: WireID)], [Int]) = ([], [])
    for (place, wire) in lanes.codomain.enumerated() {
      if let input = lanes.mapped.first(where: { lanes.domain[$0] == wire }) {
        passed.append((lanes.outputs[place], part.enter(lanes.inputs[input])))
      } else {
        rest.append(place)
      }
    }
    guard !passed.isEmpty else {
      throw isNot("made by lanes that pass an input on")
    }
    let results = passed + part.returning(rest, of: lanes)
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }

  /// Lanes that pass the wire on.
  func addingIdentity() throws(LaneError) -> [Replacement] {
    guard let axis = diagram.type(of: wire).axis else {
      throw isNot("an array with a leading axis")
    }
    var part = LanePart(diagram)
    let input = part.enter(wire)
    let outputs = part.lanes(axis, mapped: [input]) { $1 }
    return [
      part.finish([(wire, outputs[0])], in: index.regionOfWire[wire.index], removing: [])
    ]
  }

  /// Results that nothing uses go; results that are the same in the lanes become one.
  func cleaningOutputs() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let used = lanes.outputs.indices.filter { place in
      let wire = lanes.outputs[place]
      return index.codomainCount[wire.index] > 0 || !index.consumers(of: wire).isEmpty
    }
    var first: [WireID: Int] = [:]
    for place in used { first[lanes.codomain[place]] = first[lanes.codomain[place]] ?? place }
    let kept = used.filter { first[lanes.codomain[$0]] == $0 }
    guard kept.count < lanes.outputs.count else {
      throw isNot("made by lanes with results that are unused or there twice")
    }
    var part = LanePart(diagram)
    let made = Dictionary(
      part.returning(kept, of: lanes).map { ($0.old, $0.new) }, uniquingKeysWith: { a, _ in a })
    let results = used.compactMap { place -> (old: WireID, new: WireID)? in
      guard let same = first[lanes.codomain[place]], let new = made[lanes.outputs[same]] else {
        return nil
      }
      return (lanes.outputs[place], new)
    }
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }

  /// Lanes return the wire once for each of its consumers.
  func copyingOutput() throws(LaneError) -> Diagram {
    let lanes = try simd()
    let count = index.consumers(of: wire).count + Int(index.codomainCount[wire.index])
    guard count > 1 else { throw isNot("a result of lanes with several consumers") }
    var copying = Unsharing(diagram, lanes.box, only: wire)
    return copying.result(consumers: count)
  }

  /// The box that makes the wire leaves the lanes, which share what it makes.
  func hoisting() throws(LaneError) -> [Replacement] {
    let lanes = try enclosing()
    guard let box = producer(wire) else { throw isNot("made inside the lanes") }
    let shared = Set(lanes.shared.map { lanes.domain[$0] })
    let inputs = diagram.inputs(of: box)
    guard inputs.allSatisfy({ shared.contains($0) }) else {
      throw .dependsOnLane(wire: name(wire))
    }
    if diagram.freeAxes(of: box).contains(lanes.axis) { throw .perLane(axis: lanes.axis) }
    var part = LanePart(diagram)
    let outer = part.enter(lanes.inputs)
    for wire in inputs {
      if let place = lanes.domain.firstIndex(of: wire) { part[wire] = outer[place] }
    }
    part.copy([box])
    let made = diagram.outputs(of: box).map { part[$0] }
    part.builder.openBody()
    for wire in lanes.domain { part.addDomain(wire) }
    for wire in diagram.outputs(of: box) { part.addDomain(wire) }
    part.copy(diagram.boxes(in: lanes.body).filter { $0 != box })
    let results = part.close(lanes, inputs: outer + made)
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }

  /// The box that makes the wire enters the lanes of the first SIMD box that shares the wire.
  func sinking() throws(LaneError) -> [Replacement] {
    guard let box = producer(wire) else { throw isNot("made by a box") }
    let outputs = Array(diagram.outputs(of: box))
    let user = index.consumers(of: wire).lazy.compactMap { port -> Lanes? in
      guard let lanes = Lanes(diagram, port.box), lanes.states == 0,
        lanes.shared.contains(Int(port.place))
      else { return nil }
      return lanes
    }.first
    guard let lanes = user else { throw isNot("shared by the lanes of a SIMD box") }
    if diagram.freeAxes(of: box).contains(lanes.axis) { throw .perLane(axis: lanes.axis) }
    let stay = lanes.inputs.indices.filter {
      !lanes.shared.contains($0) || !outputs.contains(lanes.inputs[$0])
    }
    var part = LanePart(diagram)
    let arguments = Array(diagram.inputs(of: box))
    let outer = part.enter(stay.map { lanes.inputs[$0] }) + part.enter(arguments)
    part.builder.openBody()
    for place in stay { part.addDomain(lanes.domain[place]) }
    let inner = arguments.map { wire in
      part.builder.addDomainWire(diagram.type(of: wire), name: diagram.name(of: wire))
    }
    for (wire, copy) in zip(arguments, inner) { part[wire] = copy }
    part.copy([box])
    for place in lanes.shared where outputs.contains(lanes.inputs[place]) {
      part[lanes.domain[place]] = part[lanes.inputs[place]]
    }
    part.copy(diagram.boxes(in: lanes.body))
    let results = part.close(lanes, inputs: outer)
    let removed = unused([lanes.box, box], replaced: lanes.outputs)
    return [part.finish(results, in: index.regionOfBox[box.index], removing: removed)]
  }
}

extension LanePart {
  /// Ends an open body that returns what a SIMD box returns, with these inputs, its mapped ones first.
  mutating func close(_ lanes: Lanes, inputs: [WireID]) -> [(old: WireID, new: WireID)] {
    let outputs = builder.closeBody(
      .simd(axis: lanes.axis, mapped: lanes.mapped.count), inputs: inputs,
      codomain: lanes.codomain.map { self[$0] },
      outputs: lanes.outputs.map { source.type(of: $0) })
    return zip(lanes.outputs, outputs).map { ($0, $1) }
  }

  /// A SIMD box again, with some of its results; none at all for no result.
  mutating func returning(_ places: [Int], of lanes: Lanes) -> [(old: WireID, new: WireID)] {
    guard !places.isEmpty else { return [] }
    let inputs = enter(lanes.inputs)
    let count = lanes.mapped.count
    let outputs = self.lanes(
      lanes.axis, mapped: Array(inputs[..<count]), shared: Array(inputs[count...])
    ) { part, wires in
      let codomain = part.body(of: lanes.box, on: wires)
      return places.map { codomain[$0] }
    }
    return zip(places, outputs).map { (lanes.outputs[$0], $1) }
  }
}
