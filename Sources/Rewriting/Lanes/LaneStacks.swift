import DiagramIR

/// What stacks of SIMD boxes need again and again, kept by number: axes, the types of lanes and of stacked lanes, and
/// operations.
struct LaneStacks {
  /// The number of an axis.
  typealias Axis = Int

  private var sizes: [Size] = []
  private var numbers: [Size: Axis] = [:]
  /// For every type, that of one lane; -1 where it isn't known yet.
  private var laneTypes: [TypeID] = []
  private var stackedTypes: [SIMD2<Int32>: TypeID] = [:]
  private var operations: [SIMD2<Int32>: OperationID] = [:]

  /// The number of a size.
  mutating func axis(_ size: Size) -> Axis {
    if let known = numbers[size] { return known }
    numbers[size] = sizes.count
    sizes.append(size)
    return sizes.count - 1
  }

  /// The size of an axis.
  func size(of axis: Axis) -> Size { sizes[axis] }

  /// The type of one lane of a type; the type itself where it has no axis.
  mutating func lane(of type: TypeID, _ builder: inout DiagramBuilder) -> TypeID {
    while laneTypes.count <= type.index { laneTypes.append(TypeID(-1)) }
    if laneTypes[type.index].index < 0 {
      let whole = builder.type(type)
      laneTypes[type.index] = whole.lane.map { builder.typeID($0) } ?? type
    }
    return laneTypes[type.index]
  }

  /// The type of lanes of a type, stacked; the type itself where it is a sort.
  mutating func stacked(
    _ type: TypeID, _ axis: Axis, _ builder: inout DiagramBuilder
  ) -> TypeID {
    let key = SIMD2(type.rawValue, Int32(axis))
    if let known = stackedTypes[key] { return known }
    let stacked = builder.type(type).repeated(sizes[axis]).map { builder.typeID($0) } ?? type
    stackedTypes[key] = stacked
    return stacked
  }

  /// The operation of a SIMD box.
  mutating func operation(
    _ axis: Axis, mapped: Int, _ builder: inout DiagramBuilder
  ) -> OperationID {
    let key = SIMD2(Int32(axis), Int32(mapped))
    if let known = operations[key] { return known }
    let operation = builder.operationID(.simd(axis: sizes[axis], mapped: mapped))
    operations[key] = operation
    return operation
  }
}

extension LaneNormalForm {
  /// A SIMD box whose body is open.
  struct OpenLanes {
    var axis: LaneStacks.Axis
    var mapped: Int
    var inputs: [WireID]
  }

  /// Opens the bodies of a stack of SIMD boxes; wires become those of the innermost one.
  ///
  /// - Parameter isMapped: whether the lanes of an axis take a wire apart.
  mutating func open(
    _ axes: [LaneStacks.Axis], _ wires: inout [WireID],
    _ isMapped: (_ wire: Int, _ depth: Int) -> Bool
  ) throws(ReplacementError) -> [OpenLanes] {
    guard builder.nesting + axes.count <= DiagramBuilder.maximumNesting else { throw .nesting }
    var opened: [OpenLanes] = []
    opened.reserveCapacity(axes.count)
    for (depth, axis) in axes.enumerated() {
      let outside = wires
      var lanes = OpenLanes(axis: axis, mapped: 0, inputs: [])
      lanes.inputs.reserveCapacity(wires.count)
      builder.openBody()
      for kind in [true, false] {
        for place in wires.indices where isMapped(place, depth) == kind {
          let type = builder.typeID(of: outside[place], nesting: builder.nesting - 1)
          wires[place] = builder.addDomainWire(kind ? stacks.lane(of: type, &builder) : type)
          lanes.inputs.append(outside[place])
        }
        if kind { lanes.mapped = lanes.inputs.count }
      }
      opened.append(lanes)
    }
    return opened
  }

  /// Ends the bodies of a stack; what the innermost one returns becomes what the outermost box makes.
  mutating func close(_ opened: [OpenLanes], _ outputs: inout [WireID]) {
    for lanes in opened.reversed() {
      let types = outputs.map { stacks.stacked(builder.typeID(of: $0), lanes.axis, &builder) }
      let first = builder.closeBody(
        stacks.operation(lanes.axis, mapped: lanes.mapped, &builder), inputs: lanes.inputs,
        codomain: outputs, outputs: types)
      for place in outputs.indices { outputs[place] = WireID(first.index + place) }
    }
  }
}
