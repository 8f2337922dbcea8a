import TensorKernels

extension FlatProgram {
  /// Sums of sums of products become one sum over more axes: Σₕ Σₖ a · b = Σₕₖ a · b.
  ///
  /// Heads' outputs, each of which passes a map of its own, are summed so in one product.
  mutating func mergeSums() {
    let uses = BufferUses(self)
    for number in steps.indices where uses.frames[number] >= 0 {
      guard case .fold(.sum) = steps[number].operation, let input = steps[number].inputs.first,
        let writer = uses.writer[input.buffer], uses.frames[writer] == uses.frames[number],
        uses.readers(of: input.buffer) == [number], !uses.isResult[input.buffer],
        let merged = steps[writer].summed(by: steps[number], input)
      else { continue }
      steps[number] = merged
    }
  }
}

extension FlatStep {
  /// The contraction that this one and a sum of its results, each read once, are together; `nil` where there is
  /// none.
  fileprivate func summed(by sum: FlatStep, _ input: FlatOperand) -> FlatStep? {
    guard case .contraction(let count) = operation, let output = outputs.first,
      output.offset == input.offset, input.loops.allSatisfy({ $0 == 0 }),
      output.loops.allSatisfy({ $0 == 0 })
    else { return nil }
    // For each axis of the sum, the axis of this step along which it goes.
    var axes: [Int] = []
    for (size, stride) in zip(sum.sizes, input.strides) {
      guard stride != 0,
        let own = sizes.indices.dropLast(count).first(where: {
          output.strides[$0] == stride && sizes[$0] == size && !axes.contains($0)
        })
      else { return nil }
      axes.append(own)
    }
    let kept = sizes.indices.dropLast(count)
    guard kept.allSatisfy({ sizes[$0] == 1 || axes.contains($0) }) else { return nil }
    var merged = sum
    merged.operation = .contraction(summed: count + 1)
    merged.sizes = sum.sizes + sizes.suffix(count)
    merged.inputs = inputs.map { operand in
      var operand = operand
      operand.strides = axes.map { operand.strides[$0] } + operand.strides.suffix(count)
      return operand
    }
    merged.outputs = sum.outputs.map { operand in
      var operand = operand
      operand.strides += Array(repeating: 0, count: count)
      return operand
    }
    merged.boxes = boxes + sum.boxes
    return merged
  }
}
