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
  let options: PlanOptions
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
  /// Parts of the diagram that are planned once.
  var parts = PlannedParts()
  var repeated: RepeatedParts
  /// For the buffers that are parameters, a box that has it, and what the key has behind that box's label.
  var parameterBoxes: [Int: (box: BoxID, suffix: Substring)] = [:]
  private let producers: [Int32]
  /// The boxes of each region, each after those whose results it reads; `nil` where that isn't known yet.
  private var orders: [[BoxID]?]
  private var numbers: [UInt32: Int] = [:]
  private var countings: [Int: Int] = [:]
  private var realCountings: [Int: Int] = [:]
  private var parameters: [String: Int] = [:]

  var diagram: Diagram { function.diagram }

  init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int, options: PlanOptions
  ) throws(InterpretationError) {
    self.function = function
    self.options = options
    self.sizes = sizes
    self.hiddenUnits = hiddenUnits
    layout = try function.layout(
      sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: options.elementLimit,
      laneLimit: FastPlan.laneLimit)
    repeated = RepeatedParts(
      function, elementCounts: layout.shapes.map(\.elementCount),
      leastStreamed: options.leastStreamed)
    producers = function.diagram.producers()
    orders = Array(repeating: nil, count: function.diagram.regionCount)
    depthsOfBodies = try Self.depthsOfBodies(function)
    regionsOfBoxes = function.diagram.regionsOfBoxes()
    functions = function.diagram.operations.map { operation in
      if case .box(let symbol) = operation { ScalarOperation(named: symbol.name) } else { nil }
    }
  }

  /// The boxes of a region, each after those whose results it reads.
  mutating func order(of region: RegionID) throws(InterpretationError) -> [BoxID] {
    if let known = orders[region.index] { return known }
    guard let order = diagram.topologicalOrder(of: region, producers: producers) else {
      throw .malformed(.cycle(region))
    }
    orders[region.index] = order
    return order
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
    let boxes = diagram.boxes(in: diagram.root)
    guard options.plansRepeatsOnce, !function.uses.isEmpty,
      try order(of: diagram.root).elementsEqual(boxes)
    else { return try lower(diagram.root, inputs, in: Surroundings()) }
    return try lower(
      0..<boxes.count, Array(zip(diagram.domain, inputs)), results: Array(diagram.codomain))
  }

  /// The views of a region's results.
  mutating func lower(
    _ region: RegionID, _ inputs: [FlatView], in around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    let wires = diagram.wires(in: region)
    let start = wires.first?.index ?? 0
    var views: [FlatView?] = Array(repeating: nil, count: wires.count)
    for (wire, view) in zip(diagram.domain(of: region), inputs) { views[wire.index - start] = view }
    for box in try order(of: region) {
      let arguments = diagram.inputs(of: box).compactMap { views[$0.index - start] }
      let results = try lower(box, arguments, around)
      for (wire, view) in zip(diagram.outputs(of: box), results) {
        views[wire.index - start] = view
      }
    }
    return diagram.codomain(of: region).compactMap { views[$0.index - start] }
  }

  mutating func lower(
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
    FlatView(
      buffer: numberBuffer(value), lanes: around.lanes.map { _ in 0 }, sizes: [], strides: [])
  }

  /// The buffer of a number.
  mutating func numberBuffer(_ value: Float) -> Int {
    let buffer =
      numbers[value.bitPattern] ?? addBuffer(1, isIndex: false, source: .number(value))
    numbers[value.bitPattern] = buffer
    return buffer
  }

  /// 0, 1, …, the same in all lanes.
  mutating func counting(_ count: Int, isIndex: Bool, _ around: Surroundings) -> FlatView {
    FlatView(
      buffer: countingBuffer(count, isIndex: isIndex), lanes: around.lanes.map { _ in 0 },
      sizes: [count], strides: FlatView.denseStrides([count]))
  }

  /// The buffer of 0, 1, ….
  mutating func countingBuffer(_ count: Int, isIndex: Bool) -> Int {
    let known = isIndex ? countings[count] : realCountings[count]
    let buffer = known ?? addBuffer(count, isIndex: isIndex, source: .counting)
    if isIndex { countings[count] = buffer } else { realCountings[count] = buffer }
    return buffer
  }

  /// What a body makes in a program of its own.
  mutating func withProgram<Made>(
    _ body: (inout Lowering) throws(InterpretationError) -> Made
  ) throws(InterpretationError) -> Made {
    let outer = (program, numbers, countings, realCountings, parameters, parameterBoxes)
    program = FlatProgram()
    (numbers, countings, realCountings, parameters) = ([:], [:], [:], [:])
    parameterBoxes = [:]
    let made = try body(&self)
    (program, numbers, countings, realCountings, parameters, parameterBoxes) = outer
    return made
  }

  /// The buffer of a parameter.
  ///
  /// - Parameters:
  ///   - box: one that has it.
  ///   - suffix: what its key has behind the label of that box.
  mutating func parameterBuffer(
    _ key: String, count: Int, box: BoxID, suffix: Substring
  ) -> Int {
    if let known = parameters[key] { return known }
    let buffer = addBuffer(count, isIndex: false, source: .parameter(key))
    parameters[key] = buffer
    parameterBoxes[buffer] = (box, suffix)
    return buffer
  }

  /// A parameter of a box, sliced along its leading axes by the lanes and loops around at these depths.
  mutating func parameter(
    _ declaration: ParameterDeclaration, of learned: LearnedBox, _ box: BoxID, depths: [Int],
    _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let shape = try sizes.shape(declaration.shape, what: "parameter '\(declaration.key)'").sizes
    let buffer = parameterBuffer(
      declaration.key, count: shape.reduce(1, *), box: box,
      suffix: declaration.key.dropFirst(learned.label.count))
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

  mutating func addBuffer(_ count: Int, isIndex: Bool, source: FlatSource) -> Int {
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
