import TensorKernels

extension StreamedGroup {
  /// Which of a step's axes is which of the group's.
  struct Axes {
    /// For each of the group's axes, the step's.
    var sources: [Int?]
    /// The step's other axes.
    var others: [Int]

    /// An operand of the step over the group's axes.
    func mapped(_ operand: FlatOperand) -> FlatOperand {
      var mapped = operand
      mapped.strides = sources.map { $0.map { operand.strides[$0] } ?? 0 }
      return mapped
    }
  }

  /// Takes in whatever reads what the group computes, as far as that can be.
  ///
  /// - Returns: the buffers that something else reads, and that are not cheap to compute again.
  mutating func grow() -> Set<Int> {
    var (place, outside) = (0, Set<Int>())
    while place < wide.count, !isTooLarge {
      let (buffer, operand, node) = wide[place]
      place += 1
      var isClosed = !uses.isResult[buffer]
      for reader in uses.readers(of: buffer) where !members.contains(reader) {
        if !absorb(reader, buffer, operand) { isClosed = false }
      }
      if !isClosed && !nodes.traits[node].isCheap { outside.insert(buffer) }
    }
    return outside
  }

  /// Takes in a step that reads a buffer of the group.
  mutating func absorb(_ number: Int, _ buffer: Int, _ operand: FlatOperand) -> Bool {
    visited.append(number)
    let step = program.steps[number]
    let inputs = step.inputs.filter { $0.buffer == buffer }
    guard uses.frames[number] == frame, inputs.count == 1, step.outputs.count == 1,
      uses.writer[step.outputs[0].buffer] == number,
      let axes = axes(of: step, reading: inputs[0], as: operand)
    else { return false }
    switch step.operation {
    case .elementwise, .copy:
      guard axes.others.isEmpty else { return false }
      _ = expand(axes.mapped(step.outputs[0]))
    case .fold:
      guard axes.others.isEmpty, axes.sources[columnAxis] == step.sizes.count - 1 else {
        return false
      }
      _ = expand(axes.mapped(step.outputs[0]))
    case .contraction(summed: 1): addProduct(number, step, axes, operand)
    default: return false
    }
    return members.contains(number)
  }

  private mutating func addProduct(
    _ number: Int, _ step: FlatStep, _ axes: Axes, _ weights: FlatOperand
  ) {
    guard axes.sources[columnAxis] == step.sizes.count - 1,
      let other = step.inputs.first(where: { $0.buffer != weights.buffer })
    else { return }
    let values = axes.mapped(other)
    guard values.strides[rowAxis] == 0 else { return }
    let weights = expand(weights)
    let division = division(of: step, axes, weights: weights)
    let output = division?.output ?? step.outputs[0]
    let entries = StridedLoops(
      sizes: axes.others.map { step.sizes[$0] },
      strides: [other, output].map { array in axes.others.map { array.strides[$0] } })
    add(
      Sink(
        step: number, last: division?.step,
        kind: .product(
          weights: weights, values: values, entries: entries, divisor: division?.divisor),
        output: axes.mapped(output)))
  }

  /// The axes of a step that reads a buffer just as the group does; `nil` where it doesn't.
  private func axes(
    of step: FlatStep, reading own: FlatOperand, as operand: FlatOperand
  ) -> Axes? {
    guard own.offset == operand.offset, own.loops.allSatisfy({ $0 == 0 }) else { return nil }
    var rest = step.sizes.indices.filter { step.sizes[$0] != 1 }
    var sources: [Int?] = []
    for (axis, size) in sizes.enumerated() {
      guard size != 1 else {
        sources.append(nil)
        continue
      }
      guard operand.strides[axis] != 0,
        let place = rest.firstIndex(where: {
          own.strides[$0] == operand.strides[axis] && step.sizes[$0] == size
        })
      else { return nil }
      sources.append(rest.remove(at: place))
    }
    guard rest.allSatisfy({ own.strides[$0] == 0 }) else { return nil }
    return Axes(sources: sources, others: rest)
  }
}
