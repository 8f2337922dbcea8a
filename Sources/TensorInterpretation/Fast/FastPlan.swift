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
    case copy(StridedCopy)
    case copyIndices(StridedCopy)
    case position(StridedCopy)
    case gather(GatherKernel, rowCount: Int, box: Int)
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
  let results: [Result]
  let boxes: [String]
  let loopDepth: Int
  let scratchCount: Int

  /// Plans the evaluation of a diagram without shape variables.
  ///
  /// - Parameters:
  ///   - elementLimit: as for `Interpreter`, and for the elements of all buffers together.
  ///   - isChosenByCost: whether products are regrouped, sums moved and equal boxes shared where exact laws make
  ///     that cheaper; else all is computed as the diagram draws it.
  ///   - leastStreamed: the fewest elements of an array of scores that is streamed rather than stored.
  /// - Throws: `InterpretationError`, of the cases about sizes and limits; nothing is allocated before.
  /// - Complexity: linear in the boxes times the nesting of lanes.
  public init(
    _ function: TensorDiagram, sizes: [SizeVariable: Int], hiddenUnits: Int = 64,
    elementLimit: Int = Shape.largestElementCount, isChosenByCost: Bool = true,
    leastStreamed: Int = leastStreamed
  ) throws(InterpretationError) {
    let lowered = try FlatProgram(
      function, sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit)
    let (program, layout) = try lowered.laidOut(
      isChosenByCost: isChosenByCost, elementLimit: elementLimit, leastStreamed: leastStreamed)
    self.function = function
    self.sizes = sizes
    self.hiddenUnits = hiddenUnits
    self.program = program
    buffers = program.buffers.map {
      Buffer(count: $0.count, isIndex: $0.isIndex, source: $0.source)
    }
    self.layout = layout
    let inPlace = program.resultsInPlace
    boxes = program.boxes
    var compilation = Compilation(program)
    compilation.compile(0, level: 0)
    frames = compilation.frames
    loopDepth = compilation.loopDepth
    scratchCount = compilation.scratchCount
    var results: [Result] = []
    for (view, buffer) in zip(program.results, inPlace) {
      let isIndex = program.buffers[view.buffer].isIndex
      results.append(try Self.result(view, isIndex: isIndex, isWrittenInPlace: buffer != nil))
    }
    self.results = results
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

  /// How many kernels it runs, those in loops counted once.
  public var kernelCount: Int {
    frames.joined().count { node in
      if case .command = node { true } else { false }
    }
  }

  /// The scratch memory of each thread, in bytes; it comes on top of `memorySize`.
  public var scratchSize: Int { scratchCount * MemoryLayout<Float>.stride }

  /// How many results are written where they are returned, without a copy.
  package var resultCountInPlace: Int { results.count { $0.isWrittenInPlace } }

  /// The memory that a run needs besides its inputs and results, parameters included, in bytes.
  public var memorySize: Int {
    layout.realCount * MemoryLayout<Float>.stride + layout.indexCount * MemoryLayout<Int>.stride
  }
}

extension FlatProgram {
  /// What is computed, with its memory, within the limits: as the diagram draws it, where only that is.
  func laidOut(
    isChosenByCost: Bool, elementLimit: Int, leastStreamed: Int
  ) throws(InterpretationError) -> (FlatProgram, ArenaLayout) {
    let program = optimized(
      isChosenByCost: isChosenByCost, elementLimit: elementLimit, leastStreamed: leastStreamed)
    do { return (program, try program.layout(elementLimit: elementLimit)) } catch {
      guard isChosenByCost, !program.choices.isEmpty else { throw error }
      return try laidOut(
        isChosenByCost: false, elementLimit: elementLimit, leastStreamed: leastStreamed)
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

/// Turns steps into kernels.
private struct Compilation {
  let program: FlatProgram
  private(set) var frames: [[FastPlan.Node]]
  private(set) var loopDepth = 0
  private(set) var scratchCount = 0

  init(_ program: FlatProgram) {
    self.program = program
    frames = Array(repeating: [], count: program.frames.count)
  }

  mutating func compile(_ frame: Int, level: Int) {
    loopDepth = max(loopDepth, level)
    for node in program.frames[frame] {
      switch node {
      case .step(let step):
        frames[frame].append(.command(command(step)))
      case .loop(let count, let body):
        frames[frame].append(.loop(count: count, level: level, frame: body))
        compile(body, level: level + 1)
      }
    }
  }

  private mutating func command(_ number: Int) -> FastPlan.Command {
    let step = program.steps[number]
    let kernel = kernel(step)
    switch kernel {
    case .elementwise(let program): scratchCount = max(scratchCount, program.scratchCount)
    case .contraction(let contraction): scratchCount = max(scratchCount, contraction.scratchCount)
    case .streaming(let streaming): scratchCount = max(scratchCount, streaming.scratchCount)
    default: break
    }
    return FastPlan.Command(
      kernel: kernel, step: number,
      arrays: step.operands.map {
        FastPlan.Access(buffer: $0.buffer, offset: $0.offset, loops: $0.loops)
      })
  }

  private func kernel(_ step: FlatStep) -> FastPlan.Kernel {
    switch step.operation {
    case .elementwise(let instructions, let results):
      return .elementwise(
        ElementwiseProgram(
          loops: step.loops, loadCount: step.inputs.count, instructions: instructions,
          stores: results))
    case .fold(let function):
      let loops = StridedLoops(
        sizes: step.sizes.dropLast(), strides: step.operands.map { $0.strides.dropLast() })
      return .fold(
        FoldKernel(
          function, loops: loops, count: step.sizes.last ?? 0,
          stride: step.inputs[0].strides.last ?? 0))
    case .contraction(let summed, let isAdding):
      return .contraction(
        ContractionKernel(
          sizes: step.sizes, strides: step.operands.map(\.strides), summed: summed,
          isAdding: isAdding))
    case .streamed(let program): return .streaming(step.streaming(program))
    case .copy: return .copy(StridedCopy(step.loops))
    case .copyIndices: return .copyIndices(StridedCopy(step.loops))
    case .position: return .position(StridedCopy(step.loops))
    case .gather(let rowCount, let rowStride, let box):
      let kernel = GatherKernel(loops: step.loops, rowCount: rowCount, rowStride: rowStride)
      return .gather(kernel, rowCount: rowCount, box: box)
    case .order(let count, let stride, let resultStride):
      return .order(
        OrderKernel(loops: step.loops, count: count, stride: stride, resultStride: resultStride))
    }
  }
}

extension FlatStep {
  /// The kernel of a streamed step.
  fileprivate func streaming(_ program: StreamingProgram) -> StreamingKernel {
    let batches = StridedLoops(
      sizes: sizes.dropLast(2), strides: operands.map { $0.strides.dropLast(2) })
    return StreamingKernel(
      program, rows: sizes[sizes.count - 2], columns: sizes[sizes.count - 1], batches: batches)
  }
}
