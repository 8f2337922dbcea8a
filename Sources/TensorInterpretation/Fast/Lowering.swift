import DiagramIR
import TensorKernels

/// Turns a diagram into a flat program, box by box.
///
/// Lanes dissolve: inside them a wire is a view that moves along each axis around it, and a box becomes one
/// operation over exactly those axes along which its inputs move. A box in a scan runs in the innermost loop on
/// which its inputs depend.
struct Lowering {
  /// What an axis around a box has become.
  enum Axis {
    /// Lanes, by place among those around.
    case lane(Int)
    /// A loop, by level.
    case loop(Int)
  }

  /// What is around a box.
  struct Surroundings {
    /// The sizes of the lanes, outermost first.
    var lanes: [Int] = []
    /// Of each SIMD and scan box around, outermost first.
    var axes: [Axis] = []
    /// The frame of each level of loops.
    var frames = [0]
  }

  let function: TensorDiagram
  let layout: ArrayLayout
  /// The boxes of each region, each after those whose results it reads.
  let orders: [[BoxID]]
  let sizes: [SizeVariable: Int]
  let hiddenUnits: Int
  /// For the body of a scan, how deep the axes are that learned boxes inside are per.
  let depthsOfBodies: [RegionID: Set<Int>]
  let regionsOfBoxes: [RegionID]
  /// The function of numbers that each operation of the diagram is.
  let functions: [ScalarOperation?]
  var program = FlatProgram()
  /// The box whose steps are emitted.
  var currentBox = BoxID(0)
  private var numbers: [UInt32: Int] = [:]
  private var countings: [Int: Int] = [:]
  private var realCountings: [Int: Int] = [:]
  private var parameters: [String: Int] = [:]

  var diagram: Diagram { function.diagram }

  init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int, elementLimit: Int
  ) throws(InterpretationError) {
    self.function = function
    self.sizes = sizes
    self.hiddenUnits = hiddenUnits
    layout = try function.layout(
      sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit,
      laneLimit: FastPlan.laneLimit)
    orders = try Self.orders(function.diagram)
    depthsOfBodies = try Self.depthsOfBodies(function)
    regionsOfBoxes = function.diagram.regionsOfBoxes()
    functions = function.diagram.operations.map { operation in
      if case .box(let symbol) = operation { ScalarOperation(named: symbol.name) } else { nil }
    }
  }

  private static func orders(_ diagram: Diagram) throws(InterpretationError) -> [[BoxID]] {
    let producers = diagram.producers()
    var orders: [[BoxID]] = []
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
        throw .malformed(.cycle(region))
      }
      orders.append(order)
    }
    return orders
  }

  mutating func run() throws(InterpretationError) -> [FlatView] {
    var inputs: [FlatView] = []
    for (place, wire) in diagram.domain.enumerated() {
      let shape = self.shape(of: wire)
      let count = shape.reduce(1, *)
      program.buffers.append(
        FlatBuffer(
          count: count, isIndex: diagram.type(of: wire).isIndex, source: .input(place)))
      inputs.append(
        FlatView(
          buffer: program.buffers.count - 1, sizes: shape,
          strides: FlatView.denseStrides(shape)))
    }
    return try lower(diagram.root, inputs, in: Surroundings())
  }

  /// The views of a region's results.
  mutating func lower(
    _ region: RegionID, _ inputs: [FlatView], in around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    let wires = diagram.wires(in: region)
    let start = wires.first?.index ?? 0
    var views: [FlatView?] = Array(repeating: nil, count: wires.count)
    for (wire, view) in zip(diagram.domain(of: region), inputs) { views[wire.index - start] = view }
    for box in orders[region.index] {
      let arguments = diagram.inputs(of: box).compactMap { views[$0.index - start] }
      let results = try lower(box, arguments, around)
      for (wire, view) in zip(diagram.outputs(of: box), results) {
        views[wire.index - start] = view
      }
    }
    return diagram.codomain(of: region).compactMap { views[$0.index - start] }
  }

  private mutating func lower(
    _ box: BoxID, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    currentBox = box
    switch diagram.operation(of: box) {
    case .box(let symbol): return [try lower(symbol, box, inputs, around)]
    case .number(let bits): return [constant(Float(Double(bitPattern: bits)), around)]
    case .size(let size):
      let value = try sizes.value(size, what: diagram.operation(of: box).words)
      return [constant(Float(value), around)]
    case .learned(let learned): return try lower(learned, box, inputs, around)
    case .simd: return try lowerLanes(box, inputs, around)
    case .scan: return try lowerScan(box, inputs, around)
    case .use(let use): throw .unfolding(.undeclared(use.definition))
    }
  }

  /// The sizes of a wire's axes.
  func shape(of wire: WireID) -> [Int] { layout.shapes[diagram.typeID(of: wire).index].sizes }

  /// The sizes of the axes of a box's results.
  func resultShapes(of box: BoxID) -> [[Int]] { diagram.outputs(of: box).map { shape(of: $0) } }
}

// MARK: - Buffers

extension Lowering {
  /// One number, the same in all lanes.
  mutating func constant(_ value: Float, _ around: Surroundings) -> FlatView {
    let buffer =
      numbers[value.bitPattern] ?? addBuffer(1, isIndex: false, source: .number(value))
    numbers[value.bitPattern] = buffer
    return FlatView(
      buffer: buffer, lanes: around.lanes.map { _ in 0 }, sizes: [], strides: [])
  }

  /// 0, 1, …, the same in all lanes.
  mutating func counting(_ count: Int, isIndex: Bool, _ around: Surroundings) -> FlatView {
    let known = isIndex ? countings[count] : realCountings[count]
    let buffer = known ?? addBuffer(count, isIndex: isIndex, source: .counting)
    if isIndex { countings[count] = buffer } else { realCountings[count] = buffer }
    return FlatView(
      buffer: buffer, lanes: around.lanes.map { _ in 0 }, sizes: [count],
      strides: FlatView.denseStrides([count]))
  }

  /// A parameter, sliced along its leading axes by the lanes and loops around at these depths.
  mutating func parameter(
    _ declaration: ParameterDeclaration, depths: [Int], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let shape = try sizes.shape(declaration.shape, what: "parameter '\(declaration.key)'").sizes
    let buffer =
      parameters[declaration.key]
      ?? addBuffer(shape.reduce(1, *), isIndex: false, source: .parameter(declaration.key))
    parameters[declaration.key] = buffer
    var view = FlatView(
      buffer: buffer, lanes: around.lanes.map { _ in 0 }, sizes: shape,
      strides: FlatView.denseStrides(shape))
    for depth in depths {
      switch around.axes[depth] {
      case .loop(let level): view = view.peeled(level: level)
      case .lane(let place):
        view.lanes[place] += view.strides.removeFirst()
        view.sizes.removeFirst()
      }
    }
    return view
  }

  private mutating func addBuffer(_ count: Int, isIndex: Bool, source: FlatSource) -> Int {
    program.buffers.append(FlatBuffer(count: count, isIndex: isIndex, source: source))
    return program.buffers.count - 1
  }

  /// A new, dense array over some of the lanes and axes of its own.
  mutating func makeArray(
    lanes: [Int], sizes: [Int], level: Int, isIndex: Bool = false, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let all = lanes.map { around.lanes[$0] } + sizes
    var count = 1
    for size in all {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, size))
      guard !overflow else {
        throw .tooManyElements(
          what: "an array of the fast engine", sizes: all, limit: Shape.largestElementCount)
      }
      count = product
    }
    if all.contains(0) { count = 0 }
    program.buffers.append(
      FlatBuffer(count: count, isIndex: isIndex, source: .steps, level: level))
    let strides = FlatView.denseStrides(all)
    var view = FlatView(
      buffer: program.buffers.count - 1, level: level, lanes: around.lanes.map { _ in 0 },
      sizes: sizes, strides: Array(strides.dropFirst(lanes.count)))
    for (lane, stride) in zip(lanes, strides) { view.lanes[lane] = stride }
    return view
  }
}

// MARK: - Steps

extension Lowering {
  /// The lanes along which any of the views moves.
  func lanes(of views: [FlatView], _ around: Surroundings) -> [Int] {
    around.lanes.indices.filter { lane in views.contains { $0.lanes[lane] != 0 } }
  }

  /// A view as an operand over some of the lanes, then axes along which it moves by these strides.
  func operand(_ view: FlatView, _ lanes: [Int], _ strides: [Int]) -> FlatOperand {
    FlatOperand(
      buffer: view.buffer, offset: view.offset, loops: view.loops,
      strides: lanes.map { view.lanes[$0] } + strides)
  }

  /// Adds a step to the frame of a level.
  mutating func emit(
    _ operation: FlatOperation, lanes: [Int], sizes: [Int], _ inputs: [FlatOperand],
    _ outputs: [FlatOperand], level: Int, _ around: Surroundings
  ) {
    var step = FlatStep(
      operation: operation, sizes: lanes.map { around.lanes[$0] } + sizes, inputs: inputs,
      outputs: outputs, boxes: [currentBox])
    if lanes.count < around.lanes.count {
      for lane in around.lanes.indices where around.lanes[lane] > 1 && !lanes.contains(lane) {
        step.sparedLanes = step.sparedLanes.multipliedSaturating(by: around.lanes[lane])
      }
    }
    program.steps.append(step)
    program.frames[around.frames[level]].append(.step(program.steps.count - 1))
  }

  /// Copies one view to another of the same sizes, at a level.
  mutating func copy(
    _ view: FlatView, to target: FlatView, lanes: [Int], level: Int, _ around: Surroundings
  ) {
    let isIndex = program.buffers[view.buffer].isIndex
    emit(
      isIndex ? .copyIndices : .copy, lanes: lanes, sizes: view.sizes,
      [operand(view, lanes, view.strides)], [operand(target, lanes, target.strides)],
      level: level, around)
  }

  /// The view in a dense array of its own.
  mutating func materialized(
    _ view: FlatView, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let lanes = lanes(of: [view], around)
    let target = try makeArray(
      lanes: lanes, sizes: view.sizes, level: view.level,
      isIndex: program.buffers[view.buffer].isIndex, around)
    copy(view, to: target, lanes: lanes, level: view.level, around)
    return target
  }
}
