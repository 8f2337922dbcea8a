import TensorKernels

extension FastEvaluator {
  /// Computes what is the same in every run.
  func runOnce() throws(InterpretationError) { try run(frame: FlatProgram.prologue) }

  /// Runs what a frame of the plan lists.
  func run(frame: Int) throws(InterpretationError) {
    for node in plan.frames[frame] {
      switch node {
      case .command(let command): try run(command)
      case .loop(let count, let level, let body):
        for step in 0..<count {
          steps[level] = step
          try run(frame: body)
        }
      }
    }
  }

  private func start<Element>(
    _ access: FastPlan.Access, _ type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    var offset = access.offset
    for (level, stride) in access.loops.enumerated() { offset += stride * steps[level] }
    return places[access.buffer].assumingMemoryBound(to: type) + offset
  }

  /// Where an array of real numbers starts now.
  func real(_ access: FastPlan.Access) -> UnsafeMutablePointer<Float> { start(access, Float.self) }

  /// Where an array of indices starts now.
  func index(_ access: FastPlan.Access) -> UnsafeMutablePointer<Int> { start(access, Int.self) }

  private func run(_ command: FastPlan.Command) throws(InterpretationError) {
    let arrays = command.arrays
    switch command.kernel {
    case .elementwise(let program): program.run(starts(arrays), scratch: scratch, workers: workers)
    case .streaming(let kernel): kernel.run(starts(arrays), scratch: scratch, workers: workers)
    case .rows(let kernel): kernel.run(starts(arrays), scratch: scratch, workers: workers)
    case .recurrence(let kernel): kernel.run(starts(arrays), scratch: scratch, workers: workers)
    case .ranking(let kernel): kernel.run(starts(arrays), scratch: scratch, workers: workers)
    case .fold(let kernel): kernel.run(real(arrays[0]), real(arrays[1]), workers: workers)
    case .contraction(let kernel):
      kernel.run(
        real(arrays[0]), real(arrays[1]), real(arrays[2]), scratch: scratch,
        packed: packed[command.step], workers: workers)
    case .copy(let kernel): kernel.run(real(arrays[0]), real(arrays[1]), workers: workers)
    case .copyIndices(let kernel): kernel.run(index(arrays[0]), index(arrays[1]), workers: workers)
    case .position(let kernel):
      kernel.run(index(arrays[0]), real(arrays[1]), workers: workers) { Float($0) }
    case .gather(let kernel, let rowCount, let box):
      let fault = kernel.run(real(arrays[0]), index(arrays[1]), real(arrays[2]))
      guard let fault else { return }
      throw .kernel(
        box: plan.function.describe(box),
        .indexOutOfRange(
          operation: "gather", position: fault.step, index: fault.index, size: rowCount))
    case .order(let kernel): kernel.run(real(arrays[0]), index(arrays[1]))
    }
  }

  private func starts(
    _ arrays: [FastPlan.Access]
  ) -> UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>> {
    for (place, access) in arrays.enumerated() {
      (starts + place).initialize(to: real(access))
    }
    return UnsafeMutableBufferPointer(start: starts, count: arrays.count)
  }
}
