import TensorKernels

// A product of the group whose only reader divides it by numbers of rows that the group computes is written divided.
extension StreamedGroup {
  /// A step that divides the results of another one.
  struct Division {
    let step: Int
    /// Over the axes of the step whose results it divides.
    let output: FlatOperand
    /// The node of rows by which it divides.
    let divisor: Int
  }

  /// What divides all results of a product, where nothing else reads them and the divisor is known only in the group.
  mutating func division(
    of step: FlatStep, _ axes: Axes, weights: Int
  ) -> Division? {
    let product = step.outputs[0]
    let readers = uses.readers(of: product.buffer)
    guard let number = readers.first, readers.count == 1, !uses.isResult[product.buffer],
      uses.frames[number] == frame, !members.contains(number)
    else { return nil }
    let last = program.steps[number]
    visited.append(number)
    guard case .elementwise(let instructions, _) = last.operation, instructions.count == 1,
      instructions[0].operation == .binary(.div), !last.sizes.contains(0),
      !step.sizes.contains(0), uses.writer[last.outputs[0].buffer] == number
    else { return nil }
    let (dividend, divisor) = (
      last.inputs[instructions[0].operands[0]], last.inputs[instructions[0].operands[1]]
    )
    let sizes = step.sizes.dropLast()
    guard dividend.buffer == product.buffer,
      let match = AxisMatch(product, sizes, dividend, last.sizes),
      match.isWhole(Array(sizes), dividend, last.sizes)
    else { return nil }
    let divisors = match.overArray(divisor)
    guard axes.others.allSatisfy({ divisors.strides[$0] == 0 }) else { return nil }
    let node = expand(axes.mapped(divisors))
    guard nodes.traits[node].level > 0, !nodes.traits[node].movesColumn, !isDivided(weights)
    else { return nil }
    return Division(step: number, output: match.overArray(last.outputs[0]), divisor: node)
  }

  /// Whether the laws move a divisor out of sums of these weights.
  private func isDivided(_ weights: Int) -> Bool {
    var (nodes, known) = (nodes, [StreamedNodes.Reading: Int]())
    let lowered = nodes.lowered(.init(node: weights), &known)
    return nodes.terms(lowered).contains { $0.denominator != nil }
  }
}

extension AxisMatch {
  /// An operand of the reader over the array's axes, and one more along which it doesn't move.
  fileprivate func overArray(_ operand: FlatOperand) -> FlatOperand {
    var result = operand
    result.strides = sources.map { $0.map { operand.strides[$0] } ?? 0 } + [0]
    return result
  }
}
