import DiagramIR

// MARK: - simd.repeat, simd.one, simd.zero, scan.simd

extension LaneSite {
  /// Mapped inputs that are repeated arrays become shared; lanes that then share everything become one, and its results
  /// are repeated.
  func sharingRepeated() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    let makers = lanes.mapped.map { maker("repeat", of: lanes.inputs[$0]) }
    let (mapped, repeated) = (
      lanes.mapped.filter { makers[$0] == nil }, lanes.mapped.filter { makers[$0] != nil }
    )
    guard !repeated.isEmpty || mapped.isEmpty else {
      throw isNot("made by lanes that map a repeated array")
    }
    var part = LanePart(diagram)
    let sources = repeated.compactMap { makers[$0] }.compactMap { diagram.inputs(of: $0).first }
    let order = mapped + repeated + Array(lanes.shared)
    let outer =
      part.enter(mapped.map { lanes.inputs[$0] }) + part.enter(sources)
      + part.enter(lanes.sharedInputs)
    let apply = { (part: inout LanePart, wires: [WireID]) -> [WireID] in
      var domain = lanes.domain
      for (place, wire) in zip(order, wires) { domain[place] = wire }
      return part.body(of: lanes.box, on: domain)
    }
    let outputs: [WireID]
    if mapped.isEmpty {
      try refuse([lanes.axis], in: lanes.body)
      let single = apply(&part, outer)
      outputs = zip(single, lanes.outputs).map { wire, old in
        part.box("repeat", [wire], diagram.type(of: old))
      }
    } else {
      outputs = part.lanes(
        lanes.axis, mapped: Array(outer[..<mapped.count]), shared: Array(outer[mapped.count...]),
        apply)
    }
    let removed = unused([lanes.box] + makers.compactMap { $0 }, replaced: lanes.outputs)
    return [
      part.finish(
        zip(lanes.outputs, outputs).map { ($0, $1) }, in: index.regionOfBox[lanes.box.index],
        removing: removed)
    ]
  }

  /// The box whose result is repeated is applied in each lane instead.
  func repeatingLanes() throws(LaneError) -> [Replacement] {
    guard let box = maker("repeat", of: wire), let inner = diagram.inputs(of: box).first,
      let axis = diagram.type(of: wire).axis, let made = producer(inner)
    else { throw isNot("the repeated result of a box") }
    if diagram.freeAxes(of: made).contains(axis) { throw .perLane(axis: axis) }
    var part = LanePart(diagram)
    let arguments = Array(diagram.inputs(of: made))
    let outer = part.enter(arguments)
    let outputs = part.lanes(axis, mapped: [], shared: outer) { part, wires in
      for (wire, copy) in zip(arguments, wires) { part[wire] = copy }
      part.copy([made])
      return [part[inner]]
    }
    let removed = unused([box, made], replaced: [wire])
    return [
      part.finish([(wire, outputs[0])], in: index.regionOfBox[box.index], removing: removed)
    ]
  }

  /// One lane is what it does: the axis of size 1 goes, by a sum, and comes back, by a repetition.
  func removingSingleLane() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    guard lanes.axis == .one else { throw isNot("made by a SIMD box over an axis of size 1") }
    try refuse([.one], in: lanes.body)
    var part = LanePart(diagram)
    var domain: [WireID] = []
    for (place, lane) in lanes.domain.enumerated() {
      let outer = part.enter(lanes.inputs[place])
      guard lanes.mapped.contains(place) else {
        domain.append(outer)
        continue
      }
      let type = diagram.type(of: lane)
      guard type.isReal else { throw .indices(wire: name(lanes.inputs[place])) }
      domain.append(part.box("sum", [outer], type))
    }
    let single = part.body(of: lanes.box, on: domain)
    let results = zip(lanes.outputs, single).map { old, wire in
      (old: old, new: part.box("repeat", [wire], diagram.type(of: old)))
    }
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }

  /// The box that makes the wire becomes one lane.
  func addingSingleLane() throws(LaneError) -> [Replacement] {
    guard let box = producer(wire) else { throw isNot("made by a box") }
    if diagram.freeAxes(of: box).contains(.one) { throw .perLane(axis: .one) }
    var part = LanePart(diagram)
    let arguments = Array(diagram.inputs(of: box))
    let outputs = Array(diagram.outputs(of: box))
    for output in outputs where !diagram.type(of: output).isReal {
      throw .indices(wire: name(output))
    }
    let outer = try arguments.map { wire throws(LaneError) -> WireID in
      guard let type = diagram.type(of: wire).repeated(.one) else {
        throw .notAt(wire: name(wire), expected: "an array")
      }
      return part.box("repeat", [part.enter(wire)], type)
    }
    let made = part.lanes(.one, mapped: outer) { part, wires in
      for (wire, copy) in zip(arguments, wires) { part[wire] = copy }
      part.copy([box])
      return outputs.map { part[$0] }
    }
    let results = zip(outputs, made).map { old, wire in
      (old: old, new: part.box("sum", [wire], diagram.type(of: old)))
    }
    return [part.finish(results, in: index.regionOfBox[box.index], removing: [box])]
  }

  /// No lane at all: the results are the empty arrays of their types, zeros repeated.
  func removingNoLanes() throws(LaneError) -> [Replacement] {
    let lanes = try simd()
    guard lanes.axis == .zero else { throw isNot("made by a SIMD box over an axis of size 0") }
    var part = LanePart(diagram)
    var results: [(old: WireID, new: WireID)] = []
    for output in lanes.outputs {
      guard diagram.type(of: output).isReal else { throw .indices(wire: name(output)) }
      var type = WireType.scalar
      var array = part.builder.addBox(.number(0.0), inputs: [], outputs: [.scalar])[0]
      for dimension in diagram.type(of: output).shape.reversed() {
        guard case .size(let size) = dimension, let next = type.repeated(size) else {
          throw .notAt(wire: name(output), expected: "an array of known rank")
        }
        type = next
        array = part.box("repeat", [array], type)
      }
      results.append((output, array))
    }
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }

  /// The scan box that makes the wire becomes a SIMD box.
  func removingStates() throws(LaneError) -> [Replacement] {
    guard let box = producer(wire), let lanes = Lanes(diagram, box), lanes.states > 0 else {
      throw isNot("made by a scan box")
    }
    let scans = IndependentScans(diagram)
    if let obstacle = scans.obstacle(lanes, name) { throw obstacle }
    return [scans.replacement(lanes, in: index.regionOfBox[box.index])]
  }

  /// The wire, which lanes share, becomes a state that stays as it is.
  func addingState() throws(LaneError) -> [Replacement] {
    let lanes = try enclosing()
    guard let shared = lanes.shared.first(where: { lanes.domain[$0] == wire }) else {
      throw isNot("shared by the lanes of a SIMD box")
    }
    let order = [shared] + Array(lanes.mapped) + lanes.shared.filter { $0 != shared }
    var part = LanePart(diagram)
    let inputs = order.map { part.enter(lanes.inputs[$0]) }
    part.builder.openBody()
    for place in order { part.addDomain(lanes.domain[place]) }
    part.copy(diagram.boxes(in: lanes.body))
    let outputs = part.builder.closeBody(
      .scan(axis: lanes.axis, states: 1, mapped: lanes.mapped.count), inputs: inputs,
      codomain: ([wire] + lanes.codomain).map { part[$0] },
      outputs: ([wire] + lanes.outputs).map { diagram.type(of: $0) })
    let results = zip(lanes.outputs, outputs.dropFirst()).map { (old: $0, new: $1) }
    return [part.finish(results, in: index.regionOfBox[lanes.box.index], removing: [lanes.box])]
  }
}
