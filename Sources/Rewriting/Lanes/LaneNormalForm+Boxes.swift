import DiagramIR

extension LaneNormalForm {
  /// What the walk asks of an operation of the source.
  struct OperationFacts {
    enum Kind {
      case lanes(axis: LaneStacks.Axis, mapped: Int)
      case scan(states: Int, mapped: Int)
      case repetition
      /// A sum, mean or maximum.
      case fold
      case other
    }

    var kind: Kind
    /// The operation in the result.
    var copy: OperationID
    /// The axes over which each lane has weights of its own.
    var weightAxes: [Size] = []

    init(_ operation: Operation, _ builder: inout DiagramBuilder, _ stacks: inout LaneStacks) {
      copy = builder.operationID(operation.withoutSingleAxes)
      switch operation {
      case .simd(let axis, let mapped): kind = .lanes(axis: stacks.axis(axis), mapped: mapped)
      case .scan(_, let states, let mapped): kind = .scan(states: states, mapped: mapped)
      default: kind = Self.kind(TensorBox.name(of: operation))
      }
      switch operation {
      case .learned(let box): weightAxes = box.per
      case .use(let use): weightAxes = use.per
      default: break
      }
    }

    private static func kind(_ name: String?) -> Kind {
      switch name {
      case "repeat": .repetition
      case "sum", "mean", "max": .fold
      default: .other
      }
    }
  }

  /// Copies a box, alone in a stack of SIMD boxes.
  mutating func place(_ box: BoxID) throws(ReplacementError) {
    let facts = operations[source.operationID(of: box).index]
    var (wires, lanes, isLane): ([WireID], [LaneLists.List], [Bool]) = ([], [], [])
    var all = lanesOfWeights(facts, of: box)
    let inputs = source.inputs(of: box)
    wires.reserveCapacity(inputs.count)
    lanes.reserveCapacity(inputs.count)
    for (place, wire) in inputs.enumerated() {
      var value = values[wire.index]
      if case .scan(let states, let mapped) = facts.kind {
        isLane.append(place >= states && place < states + mapped && value.axes.first ?? nil == nil)
        if place >= states, place < states + mapped, isLane.last == false {
          value.axes.removeFirst()
        }
      }
      value = try whole(value)
      wires.append(value.wire)
      lanes.append(value.lanes)
      all = lists.union(all, value.lanes)
    }
    let levels = lists.levels(all)
    let lists = lists
    let opened = try open(levels.map { around[$0] }, &wires) { place, depth in
      lanes[place] == all || lists.contains(lanes[place], levels[depth])
    }
    var outputs = try copy(box, facts, wires, isLane)
    close(opened, &outputs)
    for (wire, new) in zip(source.outputs(of: box), outputs) {
      let name = source.name(of: wire)
      if !name.isEmpty { builder.setName(name, of: new) }
      values[wire.index] = Value(wire: new, lanes: all)
    }
  }

  /// The lanes on which a box depends by its weights.
  private mutating func lanesOfWeights(
    _ facts: OperationFacts, of box: BoxID
  ) -> LaneLists.List {
    var (axes, list) = (facts.weightAxes, LaneLists.none)
    if case .scan = facts.kind { axes = Array(source.freeAxes(of: box)) }
    for axis in axes where axis != .one {
      if let level = around.lastIndex(where: { stacks.size(of: $0) == axis }) {
        list = lists.inserting(level, into: list)
      }
    }
    return list
  }

  private mutating func copy(
    _ box: BoxID, _ facts: OperationFacts, _ inputs: [WireID], _ isMapped: [Bool]
  ) throws(ReplacementError) -> [WireID] {
    let types = source.outputs(of: box).map { source.typeID(of: $0) }
    if case .scan(let states, _) = facts.kind, let body = source.body(of: box),
      let axis = source.operation(of: box).axis
    {
      return try copyScan(body, axis, states, inputs, isMapped, types)
    }
    let first = builder.addBox(facts.copy, inputs: inputs[...], outputs: types)
    return types.indices.map { WireID(first.index + $0) }
  }

  private mutating func copyScan(
    _ body: RegionID, _ axis: Size, _ states: Int, _ inputs: [WireID], _ isMapped: [Bool],
    _ outputs: [TypeID]
  ) throws(ReplacementError) -> [WireID] {
    guard builder.nesting < DiagramBuilder.maximumNesting else { throw .nesting }
    let states = min(states, inputs.count)
    let order =
      Array(0..<states) + inputs.indices.filter { $0 >= states && isMapped[$0] }
      + inputs.indices.filter { $0 >= states && !isMapped[$0] }
    let lanes = Array(source.domain(of: body))
    builder.openBody()
    for place in order {
      let wire = builder.addDomainWire(
        source.typeID(of: lanes[place]), name: source.name(of: lanes[place]))
      values[lanes[place].index] = Value(wire: wire, lanes: LaneLists.none)
    }
    let outside = around
    around = []
    let codomain = try contents(of: body)
    around = outside
    let outer = builder.nesting
    repeated = repeated.filter { $0.key.nesting < outer }
    entries = entries.filter { $0.key.nesting < outer }
    arrays = arrays.filter { $0.key.nesting < outer }
    let operation = builder.operationID(
      .scan(axis: axis, states: states, mapped: isMapped.count { $0 }))
    let first = builder.closeBody(
      operation, inputs: order.map { inputs[$0] }, codomain: codomain, outputs: outputs)
    return outputs.indices.map { WireID(first.index + $0) }
  }

  /// The value without axes of copies, which become arrays, the innermost first.
  mutating func whole(_ value: Value) throws(ReplacementError) -> Value {
    if value.axes.isEmpty { return value }
    var value = value
    while let place = value.axes.lastIndex(where: { $0 != nil }), let size = value.axes[place] {
      let depth = lists.count(value.lanes) + value.axes[..<place].count { $0 == nil }
      let key = Repeated(wire: value.wire, place: depth, size: size, nesting: builder.nesting)
      if let known = arrays[key] ?? repeated[key] {
        value.wire = known
      } else {
        value.wire = try repeating(value.wire, depth, size)
        repeated[key] = value.wire
      }
      value.axes[place] = nil
    }
    value.axes = []
    return value
  }

  private mutating func repeating(
    _ wire: WireID, _ depth: Int, _ size: Size
  ) throws(ReplacementError) -> WireID {
    var wires = [wire]
    let opened = try open(outermost(depth, of: wire), &wires) { _, _ in true }
    if let type = builder.type(of: wires[0]).repeated(size) {
      wires = builder.addBox(TensorBox.operation("repeat"), inputs: wires, outputs: [type])
    }
    close(opened, &wires)
    return wires[0]
  }
}
