import DiagramIR

// Axes of size 1.
extension LaneNormalForm {
  /// Whether a sum, mean or maximum is over an axis of size 1: all are its one entry.
  func isOverOne(_ box: BoxID) -> Bool {
    guard let input = source.inputs(of: box).first else { return false }
    return source.type(of: input).axis == .one
  }

  /// The one entry of a value along its leading axis, of size 1.
  mutating func entry(_ value: Value) throws(ReplacementError) -> Value {
    var value = value
    if let first = value.axes.first {
      value.axes.removeFirst()
      if first != nil { return value }
    }
    let key = Repeated(
      wire: value.wire, place: lists.count(value.lanes), size: .one, nesting: builder.nesting)
    if let known = entries[key] {
      value.wire = known
      return value
    }
    let array = value.wire
    value.wire = try entry(of: array, depth: key.place)
    entries[key] = value.wire
    var reversed = key
    reversed.wire = value.wire
    arrays[reversed] = array
    return value
  }

  private mutating func entry(
    of wire: WireID, depth: Int
  ) throws(ReplacementError) -> WireID {
    var wires = [wire]
    let opened = try open(outermost(depth, of: wire), &wires) { _, _ in true }
    if let type = builder.type(of: wires[0]).lane {
      wires = builder.addBox(TensorBox.operation("sum"), inputs: wires, outputs: [type])
    }
    close(opened, &wires)
    return wires[0]
  }

  /// A wire's leading axes.
  mutating func outermost(_ depth: Int, of wire: WireID) -> [LaneStacks.Axis] {
    builder.type(of: wire).shape.prefix(depth).compactMap { dimension in
      if case .size(let size) = dimension { stacks.axis(size) } else { nil }
    }
  }
}

extension Operation {
  /// The operation without `per 1`: one lane has one set of weights.
  var withoutSingleAxes: Operation {
    switch self {
    case .learned(var box):
      box.per.removeAll { $0 == .one }
      return .learned(box)
    case .use(var use):
      use.per.removeAll { $0 == .one }
      return .use(use)
    default: return self
    }
  }
}
