import TensorKernels

extension StreamedGroup {
  /// The array of which a factor of a product is a multiple, with the numbers by which the product's rows are
  /// multiplied or divided instead: those that don't move along the depth, and that a condition allows.
  mutating func unscaled(
    _ factor: FlatOperand, _ depth: Int, _ scales: inout [StreamedNodes.RowScale],
    where isScale: (FlatOperand) -> Bool
  ) -> FlatOperand {
    guard remaining > 0, let writer = uses.writer[factor.buffer] else { return factor }
    visited.append(writer)
    guard uses.frames[writer] == frame,
      case .elementwise(let instructions, _) = program.steps[writer].operation,
      instructions.count == 1, !uses.isResult[factor.buffer],
      [.binary(.mul), .binary(.div)].contains(instructions[0].operation),
      let inputs = inlined(program.steps[writer], in: factor, depth)
    else { return factor }
    let (operands, isDivisor) = (
      instructions[0].operands, instructions[0].operation == .binary(.div)
    )
    for (scale, other) in isDivisor ? [(1, 0)] : [(1, 0), (0, 1)] {
      let (scale, other) = (inputs[operands[scale]], inputs[operands[other]])
      guard scale.strides.last == 0, isScale(scale), other.strides.last != 0 else { continue }
      remaining -= 1
      scalings.insert(writer)
      let array = unscaled(other, depth, &scales, where: isScale)
      scales.append(.init(array: number(of: scale), isDivisor: isDivisor))
      return array
    }
    return factor
  }
}
