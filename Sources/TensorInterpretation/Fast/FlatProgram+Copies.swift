import TensorKernels

extension FlatProgram {
  /// What is computed to be copied only is written where the copy would be, as the parts of a concatenation are;
  /// except for states of loops.
  ///
  /// - Complexity: linear in the steps, and in the readers and writers of what copies write.
  mutating func writeCopiesInPlace() {
    guard steps.contains(where: \.isCopy) else { return }
    let uses = BufferUses(self)
    var (order, writer) = (StepOrder(self, uses), uses.writer)
    var isDropped = Array(repeating: false, count: steps.count)
    for number in steps.indices where uses.frames[number] >= 0 {
      guard case .copy = steps[number].operation, let source = steps[number].inputs.first,
        let target = steps[number].outputs.first, !uses.isResult[source.buffer],
        uses.readers(of: source.buffer).count == 1, let maker = writer[source.buffer],
        uses.frames[maker] == uses.frames[number],
        let output = steps[maker].output(writtenBy: steps[number])
      else { continue }
      // States of loops are read before they are written; what they were must stay until then.
      let times = order.times[maker]..<order.times[number]
      guard
        uses.readers(of: target.buffer).allSatisfy({ order.times[$0] > times.upperBound }),
        !order.severalWriters(of: target.buffer).contains(where: {
          times.contains(order.times[$0])
        })
      else { continue }
      steps[maker].outputs = [output]
      steps[maker].boxes += steps[number].boxes
      if writer[target.buffer] == number { writer[target.buffer] = maker }
      order.replaceWriter(number, by: maker, of: target.buffer)
      isDropped[number] = true
    }
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { isDropped[number] } else { false }
      }
    }
  }
}

extension FlatStep {
  /// How this step would write its result where a copy of it goes.
  ///
  /// - Returns: `nil` where the copy isn't of each element once, or functions would write across lines of memory.
  fileprivate func output(writtenBy copy: FlatStep) -> FlatOperand? {
    guard outputs.count == 1, outputs[0].loops.allSatisfy({ $0 == 0 }), !sizes.contains(0),
      !copy.sizes.contains(0), let kept = writtenAxes,
      let match = AxisMatch(outputs[0], sizes[..<kept], copy.inputs[0], copy.sizes),
      match.isWhole(Array(sizes[..<kept]), copy.inputs[0], copy.sizes)
    else { return nil }
    var output = copy.outputs[0]
    output.strides = match.sources.map { axis in axis.map { copy.outputs[0].strides[$0] } ?? 0 }
    let steps = output.strides.filter { $0 != 0 }
    if case .elementwise = operation, let last = steps.last, last != steps.min() { return nil }
    output.strides += Array(repeating: 0, count: sizes.count - kept)
    return output
  }

  /// The axes along which the result moves, the first ones; `nil` for steps that write in a way of their own.
  private var writtenAxes: Int? {
    switch operation {
    case .elementwise: sizes.count
    case .contraction(let summed): sizes.count - summed
    default: nil
    }
  }
}
