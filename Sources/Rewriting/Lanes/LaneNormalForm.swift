import DiagramIR

/// The index form of a diagram: every box alone in a stack of SIMD boxes, over those axes of the lanes around it
/// on which it depends.
///
/// The walk goes once from producers to consumers, through bodies, and keeps for each wire of the source a
/// **value**: a wire of the result, the lanes around it on which that depends, and which of its leading
/// axes are copies. Lanes that only pass wires on, that share them or that get repeated arrays then leave no trace:
/// peeling takes an axis from a value, closing a body gives it back. Axes of copies become `repeat` boxes
/// only where a box or a result needs the whole array.
///
/// A scan box stays one box; its body is a diagram of its own.
///
/// Why the result is unique: read a value as a term, its box applied to the terms of its inputs together with the
/// axes of its stack. `simd.identity`, `fuse`, `beside`, `structure`, `hoist`, `repeat` and their inverses change no
/// term, and two diagrams with the same terms have the same index form up to boxes that are there twice or
/// for nothing, which `share` and `discard` take away.
///
/// An axis of size 1 has one lane, so nothing depends on which (`simd.one`): peeling it off an array takes the sum
/// over it, which is its one entry, stacking makes one copy, and `per 1` goes away.
///
/// - Complexity: linear in ports times the depth of nesting.
struct LaneNormalForm {
  /// What a wire of the source is in the result.
  struct Value {
    var wire: WireID
    /// The lanes around the source's wire on which it depends, outermost first; in front of the axes below.
    var lanes: [Int]
    /// The leading axes: `nil` for an axis of the wire, a size for an axis of copies. Those left out are axes of the
    /// wire.
    var axes: [Size?] = []
  }

  struct Repeated: Hashable {
    var wire: WireID
    var place: Int
    var size: Size
    var nesting: Int
  }

  let source: Diagram
  var builder: DiagramBuilder
  private let producers: [Int32]
  private var values: [Value]
  /// The axes of the lanes around the walk, up to the next scan box.
  private var around: [Size] = []
  private var repeated: [Repeated: WireID] = [:]
  /// Arrays without an axis of size 1 that they have, and the other way round.
  var entries: [Repeated: WireID] = [:]
  var arrays: [Repeated: WireID] = [:]

  init(_ source: Diagram) {
    self.source = source
    producers = source.producers()
    builder = DiagramBuilder(doctrine: source.doctrine)
    values = Array(repeating: Value(wire: WireID(-1), lanes: []), count: source.wireCount)
  }

  /// - Throws: `ReplacementError.nesting`.
  mutating func result() throws(ReplacementError) -> Diagram {
    for wire in source.domain {
      let new = builder.addDomainWire(source.type(of: wire), name: source.name(of: wire))
      values[wire.index] = Value(wire: new, lanes: [])
    }
    return builder.finish(codomain: try contents(of: source.root))
  }

  private mutating func contents(of region: RegionID) throws(ReplacementError) -> [WireID] {
    try visit(region)
    var codomain: [WireID] = []
    for wire in source.codomain(of: region) {
      codomain.append(try whole(values[wire.index]).wire)
    }
    return codomain
  }

  private mutating func visit(_ region: RegionID) throws(ReplacementError) {
    for box in source.topologicalOrder(of: region, producers: producers) ?? [] {
      if case .simd(let axis, let mapped) = source.operation(of: box),
        let body = source.body(of: box)
      {
        try enter(box, body, axis, mapped)
      } else if TensorBox.name(of: source.operation(of: box)) == "repeat" {
        repeatValue(box)
      } else if isFoldOfOne(box) {
        values[source.outputs(of: box)[source.outputs(of: box).startIndex].index] = try entry(
          values[source.inputs(of: box)[source.inputs(of: box).startIndex].index])
      } else {
        try place(box)
      }
    }
  }

  private mutating func enter(
    _ box: BoxID, _ body: RegionID, _ axis: Size, _ mapped: Int
  ) throws(ReplacementError) {
    let level = around.count
    for (place, lane) in source.domain(of: body).enumerated() {
      let outer = values[source.inputs(of: box)[place + source.inputs(of: box).startIndex].index]
      if place < mapped, axis == .one, source.type(of: lane).isReal {
        values[lane.index] = try entry(outer)
      } else {
        values[lane.index] = place < mapped ? outer.peeled(level) : outer
      }
    }
    around.append(axis)
    try visit(body)
    around.removeLast()
    for (wire, lane) in zip(source.outputs(of: box), source.codomain(of: body)) {
      values[wire.index] = values[lane.index].stacked(level, axis)
    }
  }

  private mutating func repeatValue(_ box: BoxID) {
    guard let input = source.inputs(of: box).first, let output = source.outputs(of: box).first,
      let size = source.type(of: output).axis
    else { return }
    var value = values[input.index]
    value.axes.insert(size, at: 0)
    values[output.index] = value
  }
}

extension LaneNormalForm.Value {
  /// One lane of the value.
  fileprivate func peeled(_ level: Int) -> Self {
    var value = self
    if value.axes.isEmpty {
      value.lanes.append(level)
    } else if value.axes.removeFirst() == nil {
      value.lanes.append(level)
    }
    return value
  }

  /// All lanes of the value.
  fileprivate func stacked(_ level: Int, _ axis: Size) -> Self {
    var value = self
    if value.lanes.last == level {
      value.lanes.removeLast()
      if !value.axes.isEmpty { value.axes.insert(nil, at: 0) }
    } else {
      value.axes.insert(axis, at: 0)
    }
    return value
  }
}

// MARK: - Boxes

extension LaneNormalForm {
  private mutating func place(_ box: BoxID) throws(ReplacementError) {
    var (inputs, states): ([Value], Int) = ([], source.operation(of: box).stateCount)
    let mapped = source.operation(of: box).mappedCount
    var isMapped: [Bool] = []
    for (place, wire) in source.inputs(of: box).enumerated() {
      var value = values[wire.index]
      var isLane = place >= states && place < states + mapped
      if isLane, let first = value.axes.first, first != nil {
        value.axes.removeFirst()
        isLane = false
      }
      inputs.append(try whole(value))
      isMapped.append(isLane)
    }
    states = min(states, inputs.count)
    let levels = lanes(of: box, inputs)
    let flags = inputs.map { value in levels.map { value.lanes.contains($0) } }
    let outputs = try stack(levels.map { around[$0] }, inputs.map(\.wire), flags) {
      (form, wires) throws(ReplacementError) in
      try form.copy(box, wires, isMapped)
    }
    for (wire, new) in zip(source.outputs(of: box), outputs) {
      if !source.name(of: wire).isEmpty { builder.setName(source.name(of: wire), of: new) }
      values[wire.index] = Value(wire: new, lanes: levels)
    }
  }

  /// The lanes on which a box depends: by its inputs, and by its weights.
  private func lanes(of box: BoxID, _ inputs: [Value]) -> [Int] {
    var levels = Set(inputs.flatMap(\.lanes))
    for axis in source.freeAxes(of: box) where axis != .one {
      if let level = around.lastIndex(of: axis) { levels.insert(level) }
    }
    return levels.sorted()
  }

  private mutating func copy(
    _ box: BoxID, _ inputs: [WireID], _ isMapped: [Bool]
  ) throws(ReplacementError) -> [WireID] {
    let types = source.outputs(of: box).map { source.type(of: $0) }
    guard let body = source.body(of: box),
      case .scan(let axis, let states, _) =
        source.operation(of: box)
    else {
      let operation = source.operation(of: box).withoutSingleAxes
      return builder.addBox(operation, inputs: inputs, outputs: types)
    }
    guard builder.nesting < DiagramBuilder.maximumNesting else { throw .nesting }
    let order =
      Array(0..<states) + inputs.indices.filter { $0 >= states && isMapped[$0] }
      + inputs.indices.filter { $0 >= states && !isMapped[$0] }
    let lanes = Array(source.domain(of: body))
    builder.openBody()
    for place in order {
      let wire = builder.addDomainWire(
        source.type(of: lanes[place]), name: source.name(of: lanes[place]))
      values[lanes[place].index] = Value(wire: wire, lanes: [])
    }
    let outside = around
    around = []
    let codomain = try contents(of: body)
    around = outside
    let outer = builder.nesting
    repeated = repeated.filter { $0.key.nesting < outer }
    entries = entries.filter { $0.key.nesting < outer }
    arrays = arrays.filter { $0.key.nesting < outer }
    return builder.closeBody(
      .scan(axis: axis, states: states, mapped: isMapped.count { $0 }),
      inputs: order.map { inputs[$0] }, codomain: codomain, outputs: types)
  }

  /// The value without axes of copies, which become arrays, the innermost first.
  private mutating func whole(_ value: Value) throws(ReplacementError) -> Value {
    var value = value
    while let place = value.axes.lastIndex(where: { $0 != nil }), let size = value.axes[place] {
      let depth = value.lanes.count + value.axes[..<place].count { $0 == nil }
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
    let axes = outermost(depth, of: wire)
    let flags = [Array(repeating: true, count: axes.count)]
    let outputs = try stack(axes, [wire], flags) { (form, wires) throws(ReplacementError) in
      guard let type = form.builder.type(of: wires[0]).repeated(size) else { return wires }
      return form.builder.addBox(TensorBox.operation("repeat"), inputs: wires, outputs: [type])
    }
    return outputs[0]
  }

  /// A stack of SIMD boxes around what `body` adds. `isMapped` says for each wire and each axis whether the lanes
  /// take it apart.
  mutating func stack(
    _ axes: [Size], _ wires: [WireID], _ isMapped: [[Bool]],
    _ body: (inout Self, [WireID]) throws(ReplacementError) -> [WireID]
  ) throws(ReplacementError) -> [WireID] {
    guard builder.nesting + axes.count <= DiagramBuilder.maximumNesting else { throw .nesting }
    var current = wires
    var levels: [(axis: Size, mapped: Int, inputs: [WireID])] = []
    for (depth, axis) in axes.enumerated() {
      let order =
        wires.indices.filter { isMapped[$0][depth] } + wires.indices.filter { !isMapped[$0][depth] }
      let types = current.map { builder.type(of: $0) }
      let mapped = isMapped.count { $0[depth] }
      levels.append((axis, mapped, order.map { current[$0] }))
      builder.openBody()
      for place in order {
        let type = isMapped[place][depth] ? types[place].lane ?? types[place] : types[place]
        current[place] = builder.addDomainWire(type)
      }
    }
    var outputs = try body(&self, current)
    for level in levels.reversed() {
      let types = outputs.map { builder.type(of: $0).repeated(level.axis) ?? builder.type(of: $0) }
      outputs = builder.closeBody(
        .simd(axis: level.axis, mapped: level.mapped), inputs: level.inputs, codomain: outputs,
        outputs: types)
    }
    return outputs
  }
}
