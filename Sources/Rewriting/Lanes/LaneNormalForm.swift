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
    /// The lanes around the source's wire on which it depends; in front of the axes below.
    var lanes: LaneLists.List
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
  let operations: [OperationFacts]
  var builder: DiagramBuilder
  private let producers: [Int32]
  var values: [Value]
  var lists = LaneLists()
  var stacks: LaneStacks
  /// The axes of the lanes around the walk, up to the next scan box.
  var around: [LaneStacks.Axis] = []
  var repeated: [Repeated: WireID] = [:]
  /// Arrays without an axis of size 1 that they have, and the other way round.
  var entries: [Repeated: WireID] = [:]
  var arrays: [Repeated: WireID] = [:]

  init(_ source: Diagram) {
    self.source = source
    producers = source.producers()
    builder = DiagramBuilder(doctrine: source.doctrine, tablesOf: source)
    stacks = LaneStacks()
    var facts: [OperationFacts] = []
    for operation in source.operations {
      facts.append(OperationFacts(operation, &builder, &stacks))
    }
    operations = facts
    values = Array(
      repeating: Value(wire: WireID(-1), lanes: LaneLists.none), count: source.wireCount)
  }

  /// - Throws: `ReplacementError.nesting`.
  mutating func result() throws(ReplacementError) -> Diagram {
    for wire in source.domain {
      let new = builder.addDomainWire(source.typeID(of: wire), name: source.name(of: wire))
      values[wire.index] = Value(wire: new, lanes: LaneLists.none)
    }
    return builder.finish(codomain: try contents(of: source.root))
  }

  mutating func contents(of region: RegionID) throws(ReplacementError) -> [WireID] {
    try visit(region)
    var codomain: [WireID] = []
    for wire in source.codomain(of: region) {
      codomain.append(try whole(values[wire.index]).wire)
    }
    return codomain
  }

  private mutating func visit(_ region: RegionID) throws(ReplacementError) {
    for box in source.topologicalOrder(of: region, producers: producers) ?? [] {
      let kind = operations[source.operationID(of: box).index].kind
      if case .lanes(let axis, let mapped) = kind, let body = source.body(of: box) {
        try enter(box, body, axis, mapped)
        continue
      }
      switch kind {
      case .repetition: repeatValue(box)
      case .fold where isOverOne(box):
        values[source.outputs(of: box)[source.outputs(of: box).startIndex].index] = try entry(
          values[source.inputs(of: box)[source.inputs(of: box).startIndex].index])
      default: try place(box)
      }
    }
  }

  private mutating func enter(
    _ box: BoxID, _ body: RegionID, _ axis: LaneStacks.Axis, _ mapped: Int
  ) throws(ReplacementError) {
    let level = around.count
    let isSingle = stacks.size(of: axis) == .one
    let inputs = source.inputs(of: box)
    for (place, lane) in source.domain(of: body).enumerated() {
      var value = values[inputs[inputs.startIndex + place].index]
      if place < mapped {
        if isSingle, source.type(of: lane).isReal {
          value = try entry(value)
        } else {
          value.peel(level, &lists)
        }
      }
      values[lane.index] = value
    }
    around.append(axis)
    try visit(body)
    around.removeLast()
    for (wire, lane) in zip(source.outputs(of: box), source.codomain(of: body)) {
      var value = values[lane.index]
      value.stack(level, lists) { stacks.size(of: axis) }
      values[wire.index] = value
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
  /// Becomes one lane of the value.
  fileprivate mutating func peel(_ level: Int, _ lists: inout LaneLists) {
    if axes.isEmpty || axes.removeFirst() == nil { lanes = lists.adding(level, to: lanes) }
  }

  /// Becomes all lanes of the value.
  fileprivate mutating func stack(_ level: Int, _ lists: LaneLists, _ axis: () -> Size) {
    if lists.last(lanes) == level {
      lanes = lists.withoutLast(lanes)
      if !axes.isEmpty { axes.insert(nil, at: 0) }
    } else {
      axes.insert(axis(), at: 0)
    }
  }
}
