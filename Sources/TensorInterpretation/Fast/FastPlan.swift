import DiagramIR
import TensorKernels

/// What the fast engine does to evaluate a diagram at given sizes, in single precision.
///
/// Planned once, run as often as wanted: `FastEvaluator` holds a plan's memory and parameters. The nesting of
/// lanes is gone; the plan is a list of kernels over strided views of buffers, with a loop for each scan.
///
/// ```
/// let plan = try FastPlan(function, sizes: sizes)
/// let evaluator = try FastEvaluator(plan, parameters: weights)
/// let results = try evaluator.run([.real(x)])
/// ```
public struct FastPlan: Sendable {
  /// Where an array of a command starts.
  struct Access: Sendable {
    let buffer: Int
    let offset: Int
    let loops: [Int]
  }

  enum Kernel: Sendable {
    case elementwise(ElementwiseProgram)
    case fold(FoldKernel)
    case contraction(ContractionKernel)
    case streaming(StreamingKernel)
    case rows(RowKernel)
    case recurrence(RecurrenceKernel)
    case ranking(RankingKernel)
    case copy(StridedCopy)
    case copyIndices(StridedCopy)
    case position(StridedCopy)
    case gather(GatherKernel, rowCount: Int, box: BoxID)
    case order(OrderKernel)
  }

  struct Command: Sendable {
    let kernel: Kernel
    /// The step of the program that it runs.
    let step: Int
    let arrays: [Access]
  }

  enum Node: Sendable {
    case command(Command)
    case loop(count: Int, level: Int, frame: Int)
  }

  struct Buffer: Sendable {
    let count: Int
    let isIndex: Bool
    let source: FlatSource
  }

  /// What an input must be.
  struct Input: Sendable {
    let shape: Shape
    /// For indices, the size of the axis whose positions they are.
    let indexedSize: Int?
  }

  struct Result: Sendable {
    let shape: Shape
    let isIndex: Bool
    let access: Access
    let copy: StridedCopy
    /// Whether kernels write it into the array that is returned; it is copied there otherwise.
    let isWrittenInPlace: Bool
  }

  /// The most lanes in which a box may run: lanes take time here, but no memory unless their results are held.
  public static let laneLimit = 1 << 44

  /// The diagram.
  public let function: TensorDiagram
  /// The size of each of its variables.
  public let sizes: [SizeVariable: Int]
  let hiddenUnits: Int
  let program: FlatProgram
  let buffers: [Buffer]
  let layout: ArenaLayout
  let frames: [[Node]]
  let inputs: [Input]
  let results: [Result]
  let loopDepth: Int
  let scratchCount: Int
  /// The most arrays of a command.
  let largestArrayCount: Int

  /// Plans the evaluation of a diagram without shape variables.
  ///
  /// - Parameters:
  ///   - elementLimit: as for `Interpreter`, and for the elements of all buffers together.
  ///   - isChosenByCost: whether products are regrouped, sums moved and equal boxes shared where exact laws make
  ///     that cheaper, and what depends on parameters and constants alone is computed once for all runs; else all is
  ///     computed in each run, as the diagram draws it.
  ///   - leastStreamed: the fewest elements of an array of scores that is streamed rather than stored.
  ///   - plansRepeatsOnce: whether what stands several times outside of lanes, at the same sizes, is planned once: uses
  ///     of a definition of at least 32 boxes, where at least three are equal but for labels.
  /// - Throws: `InterpretationError`, of the cases about sizes and limits; nothing is allocated before.
  /// - Complexity: linear in the boxes times the nesting of lanes.
  public init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int = 64,
    elementLimit: Int = Shape.largestElementCount, isChosenByCost: Bool = true,
    leastStreamed: Int = leastStreamed, plansRepeatsOnce: Bool = true
  ) throws(InterpretationError) {
    let options = PlanOptions(
      isChosenByCost: isChosenByCost, elementLimit: elementLimit, leastStreamed: leastStreamed,
      plansRepeatsOnce: plansRepeatsOnce)
    let (program, layout) = try FlatProgram.laidOut(
      function, sizes: sizes, hiddenUnits: hiddenUnits, options)
    self.function = function
    self.sizes = sizes
    self.hiddenUnits = hiddenUnits
    self.program = program
    buffers = program.buffers.map {
      Buffer(count: $0.count, isIndex: $0.isIndex, source: $0.source)
    }
    self.layout = layout
    let inPlace = program.resultsInPlace
    var compilation = KernelCompilation(program)
    compilation.compile(FlatProgram.prologue, level: 0)
    compilation.compile(0, level: 0)
    frames = compilation.frames
    loopDepth = compilation.loopDepth
    scratchCount = compilation.scratchCount
    largestArrayCount = compilation.largestArrayCount
    inputs = try Self.inputs(function, sizes)
    var results: [Result] = []
    for (view, buffer) in zip(program.results, inPlace) {
      let isIndex = program.buffers[view.buffer].isIndex
      results.append(try Self.result(view, isIndex: isIndex, isWrittenInPlace: buffer != nil))
    }
    self.results = results
  }

  private static func inputs(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int]
  ) throws(InterpretationError) -> [Input] {
    try zip(function.diagram.domain, function.inputNames).map {
      wire, name throws(InterpretationError) in
      let type = function.diagram.type(of: wire)
      let what = "input '\(name)'"
      return Input(
        shape: try sizes.shape(type.sizes, what: what),
        indexedSize: try type.indexedSize.map { size throws(InterpretationError) in
          try sizes.value(size, what: what)
        })
    }
  }

  private static func result(
    _ view: FlatView, isIndex: Bool, isWrittenInPlace: Bool
  ) throws(InterpretationError) -> Result {
    let shape: Shape
    do { shape = try Shape(view.sizes) } catch { throw .kernel(box: "a result", error) }
    let loops = StridedLoops(
      sizes: view.sizes, strides: [view.strides, FlatView.denseStrides(view.sizes)])
    return Result(
      shape: shape, isIndex: isIndex,
      access: Access(buffer: view.buffer, offset: view.offset, loops: []),
      copy: StridedCopy(loops), isWrittenInPlace: isWrittenInPlace)
  }

  /// The fewest elements of an array of scores that is streamed, unless said otherwise.
  public static let leastStreamed = 1 << 15

  /// How many of its kernels stream: they fold scores that are never stored.
  public var streamingCount: Int {
    frames.joined().count { node in
      if case .command(let command) = node, case .streaming = command.kernel { true } else { false }
    }
  }

  /// How many parts of the diagram were planned once for several places.
  public var plannedOnceCount: Int { program.plannedOnceCount }

  /// How many of its kernels run once, when an evaluator is made, those in loops counted once.
  public var onceCount: Int { program.stepsOnce.count }

  /// How many kernels it runs, those in loops counted once, those that run once included.
  public var kernelCount: Int {
    frames.joined().count { node in
      if case .command = node { true } else { false }
    }
  }

  /// What an evaluator holds for parameters as products read them, in bytes, on this machine; it comes on top of
  /// `memorySize`, and is at most about twice what these parameters take for each product.
  public var packedSize: Int { PackedParameters.size(for: self, level: .best) }

  /// The scratch memory of each thread, in bytes; it comes on top of `memorySize`.
  public var scratchSize: Int { scratchCount * MemoryLayout<Float>.stride }

  /// How many results are written where they are returned, without a copy.
  package var resultCountInPlace: Int { results.count { $0.isWrittenInPlace } }

  /// The arrays that the caller gives and gets, in bytes; the largest integer where that is too small.
  public var outsideSize: Int {
    let given = inputs.map { ($0.shape, $0.indexedSize != nil) }
    let returned = results.map { ($0.shape, $0.isIndex) }
    return (given + returned).reduce(0) { bytes, array in
      let size = array.1 ? MemoryLayout<Int>.stride : MemoryLayout<Float>.stride
      return bytes.addedSaturating(array.0.elementCount.multipliedSaturating(by: size))
    }
  }

  /// The memory that a run needs besides its inputs and results, in bytes: parameters, and what is held between
  /// runs, included.
  public var memorySize: Int {
    layout.realCount * MemoryLayout<Float>.stride + layout.indexCount * MemoryLayout<Int>.stride
  }
}

extension FlatProgram {
  /// What is computed, with its memory, within the limits: as the diagram draws it, where only that is.
  static func laidOut(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int, _ options: PlanOptions
  ) throws(InterpretationError) -> (FlatProgram, ArenaLayout) {
    let lowered = try FlatProgram(
      function, sizes: sizes, hiddenUnits: hiddenUnits, options: options)
    let program = lowered.optimized(options)
    do { return (program, try program.layout(elementLimit: options.elementLimit)) } catch {
      guard options.isChosenByCost, !program.choices.isEmpty || !program.partChoices.isEmpty else {
        throw error
      }
      var drawn = options
      drawn.isChosenByCost = false
      return try laidOut(function, sizes: sizes, hiddenUnits: hiddenUnits, drawn)
    }
  }

  /// For each result, the buffer that is its array as it is returned; `nil` where it is a view of something else,
  /// or other results see the same.
  var resultsInPlace: [Int?] {
    var uses: [Int: Int] = [:]
    for view in results { uses[view.buffer, default: 0] += 1 }
    return results.map { view in
      let buffer = buffers[view.buffer]
      let isWhole =
        buffer.source == .steps && !buffer.isIndex && buffer.level == 0 && view.offset == 0
        && view.strides == FlatView.denseStrides(view.sizes) && buffer.count > 0
        && buffer.count == view.sizes.reduce(1, *)
      return isWhole && uses[view.buffer] == 1 ? view.buffer : nil
    }
  }

  /// Refuses buffers that are too large.
  private func layout(elementLimit: Int) throws(InterpretationError) -> ArenaLayout {
    for case .step(let step) in frames.joined() {
      for operand in steps[step].outputs {
        let count = buffers[operand.buffer].count
        guard count <= elementLimit else {
          throw .tooManyElements(
            what: "an array of the fast engine", sizes: [count], limit: elementLimit)
        }
      }
    }
    let layout = ArenaLayout(self, inPlace: Set(resultsInPlace.compactMap { $0 }))
    guard layout.madeCount <= max(elementLimit, Shape.largestElementCount) else {
      throw .tooManyElementsTogether(
        what: "the arrays of the fast engine", limit: Shape.largestElementCount)
    }
    return layout
  }
}
