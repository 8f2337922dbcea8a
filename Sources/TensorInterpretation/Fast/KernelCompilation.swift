import TensorKernels

/// Turns steps into kernels.
struct KernelCompilation {
  let program: FlatProgram
  private(set) var frames: [[FastPlan.Node]]
  /// The kernels of steps that are the same in several places.
  private var prototypes: [FastPlan.Kernel?]
  private(set) var loopDepth = 0
  private(set) var scratchCount = 0
  private(set) var largestArrayCount = 0

  init(_ program: FlatProgram) {
    self.program = program
    frames = Array(repeating: [], count: program.frames.count)
    prototypes = Array(repeating: nil, count: program.prototypeCount)
  }

  mutating func compile(_ frame: Int, level: Int) {
    loopDepth = max(loopDepth, level)
    for node in program.frames[frame] {
      switch node {
      case .step(let step):
        if let command = command(step) { frames[frame].append(.command(command)) }
      case .loop(let count, let body):
        frames[frame].append(.loop(count: count, level: level, frame: body))
        compile(body, level: level + 1)
      }
    }
  }

  private mutating func command(_ number: Int) -> FastPlan.Command? {
    let step = program.steps[number]
    guard let kernel = sharedKernel(step) else { return nil }
    largestArrayCount = max(largestArrayCount, step.inputs.count + step.outputs.count)
    var arrays: [FastPlan.Access] = []
    arrays.reserveCapacity(step.inputs.count + step.outputs.count)
    for operands in [step.inputs, step.outputs] {
      for operand in operands {
        arrays.append(
          FastPlan.Access(buffer: operand.buffer, offset: operand.offset, loops: operand.loops))
      }
    }
    return FastPlan.Command(kernel: kernel, step: number, arrays: arrays)
  }

  /// The kernel of a step, made once for those that are the same.
  private mutating func sharedKernel(_ step: FlatStep) -> FastPlan.Kernel? {
    guard step.prototype >= 0 else { return countedKernel(step) }
    if let known = prototypes[step.prototype] {
      guard case .gather(let kernel, let rowCount, _) = known,
        case .gather(_, _, let box) = step.operation
      else { return known }
      return .gather(kernel, rowCount: rowCount, box: box)
    }
    prototypes[step.prototype] = countedKernel(step)
    return prototypes[step.prototype]
  }

  /// A new kernel, for which there is room in the scratch memory.
  private mutating func countedKernel(_ step: FlatStep) -> FastPlan.Kernel? {
    let kernel = kernel(step)
    switch kernel {
    case .elementwise(let program): scratchCount = max(scratchCount, program.scratchCount)
    case .contraction(let contraction): scratchCount = max(scratchCount, contraction.scratchCount)
    case .rows(let rows): scratchCount = max(scratchCount, rows.scratchCount)
    case .streaming(let streaming): scratchCount = max(scratchCount, streaming.scratchCount)
    case .recurrence(let recurrence): scratchCount = max(scratchCount, recurrence.scratchCount)
    case .ranking(let ranking): scratchCount = max(scratchCount, ranking.scratchCount)
    default: break
    }
    return kernel
  }

  private func kernel(_ step: FlatStep) -> FastPlan.Kernel? {
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
    case .contraction(let summed):
      return .contraction(
        ContractionKernel(
          sizes: step.sizes, strides: step.operands.map(\.strides), summed: summed,
          isAdding: false))
    case .streamed(let program): return .streaming(step.streaming(program))
    case .rows(let program): return .rows(step.rows(program))
    case .recurrence(let program): return .recurrence(step.recurrence(program))
    case .ranking(let program): return .ranking(step.ranking(program))
    case .copy: return .copy(StridedCopy(step.loops))
    case .copyIndices: return .copyIndices(StridedCopy(step.loops))
    case .position: return .position(StridedCopy(step.loops))
    case .gather(let rowCount, let rowStride, let box):
      let kernel = GatherKernel(loops: step.loops, rowCount: rowCount, rowStride: rowStride)
      return .gather(kernel, rowCount: rowCount, box: box)
    case .order(let count, let stride, let resultStride):
      return .order(
        OrderKernel(loops: step.loops, count: count, stride: stride, resultStride: resultStride))
    case .part: return nil
    }
  }
}

extension FlatStep {
  /// The kernel of a step along rows.
  fileprivate func rows(_ program: RowProgram) -> RowKernel {
    let rows = StridedLoops(
      sizes: sizes.dropLast(), strides: operands.map { $0.strides.dropLast() })
    return RowKernel(
      program, rows: rows, width: sizes.last ?? 1,
      entrySteps: operands.map { $0.strides.last ?? 0 })
  }

  /// The kernel of a streamed step.
  fileprivate func streaming(_ program: StreamingProgram) -> StreamingKernel {
    let batches = StridedLoops(
      sizes: sizes.dropLast(2), strides: operands.map { $0.strides.dropLast(2) })
    return StreamingKernel(
      program, rows: sizes[sizes.count - 2], columns: sizes[sizes.count - 1], batches: batches)
  }

  /// The kernel of sums over sorted vectors.
  fileprivate func ranking(_ program: RankingProgram) -> RankingKernel {
    let axes = sizes.count - 2
    return RankingKernel(
      program, numbers: sizes[axes], entries: sizes[axes + 1],
      moves: operands.map { ($0.strides[axes], $0.strides[axes + 1]) },
      batches: StridedLoops(
        sizes: sizes.dropLast(2), strides: operands.map { $0.strides.dropLast(2) }))
  }

  /// The kernel of a loop over columns.
  fileprivate func recurrence(_ program: RecurrenceProgram) -> RecurrenceKernel {
    let axes = sizes.count - 2
    return RecurrenceKernel(
      program, steps: sizes[axes], columns: sizes[axes + 1],
      moves: operands.map { ($0.strides[axes], $0.strides[axes + 1]) },
      batches: StridedLoops(
        sizes: sizes.dropLast(2), strides: operands.map { $0.strides.dropLast(2) }))
  }
}
