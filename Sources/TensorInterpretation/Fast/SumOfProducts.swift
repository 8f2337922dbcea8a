import TensorKernels

/// A step as a sum of products, with the steps that make its factors written out: `Σ a · b · … / c` over axes.
///
/// The first axes are those of the step's result; the others are summed. A factor moves along some of the axes.
struct SumOfProducts {
  /// An array that is a factor, or a divisor.
  struct Factor: Hashable {
    /// Strides over all axes.
    var operand: FlatOperand
    var isInverse: Bool
  }

  /// The most factors of one sum that are looked at first; the rest stays in steps of its own.
  static let usual = 12
  /// The most factors that are looked at where that cuts a sum.
  static let largest = 30
  /// The most axes.
  static let axisLimit = 60

  /// The step whose result it is.
  let root: Int
  /// The sizes of the axes.
  private(set) var sizes: [Int]
  /// How many axes the result has.
  let kept: Int
  /// The factors, numbers among them.
  private(set) var factors: [Factor]
  /// The steps that are written out.
  private(set) var absorbed: [Int] = []

  /// - Returns: `nil` for a step that is no sum of products, or has an empty axis.
  init?(_ number: Int, _ step: FlatStep) {
    guard let summed = step.summedAxes, !step.sizes.contains(0), step.sizes.count <= Self.axisLimit
    else { return nil }
    root = number
    sizes = step.sizes
    kept = step.sizes.count - summed
    factors = step.productFactors
  }

  /// Writes out a factor that is another step's result; the sum has room for its factors.
  ///
  /// - Returns: false, and nothing changes, where that can't be.
  mutating func expand(_ place: Int, as step: FlatStep, _ number: Int) -> Bool {
    let reader = factors[place].operand
    guard let summed = step.summedAxes, let output = step.outputs.first,
      sizes.count + summed <= Self.axisLimit, !step.sizes.contains(0),
      let axes = AxisMatch(output, step.sizes.dropLast(summed), reader, sizes)
    else { return false }
    let fresh = sizes.count
    sizes += step.sizes.suffix(summed)
    for other in factors.indices {
      factors[other].operand.strides += Array(repeating: 0, count: summed)
    }
    let written = step.productFactors.map { factor in
      let own = factor.operand
      var operand = axes.moved(own, axisCount: sizes.count)
      for axis in 0..<summed {
        let stride = own.strides[own.strides.count - summed + axis]
        operand.strides[fresh + axis] = sizes[fresh + axis] > 1 ? stride : 0
      }
      return Factor(operand: operand, isInverse: factor.isInverse)
    }
    factors.replaceSubrange(place...place, with: written)
    absorbed.append(number)
    return true
  }

  /// The axes along which an array moves, as bits.
  func axes(of operand: FlatOperand) -> UInt64 {
    var axes: UInt64 = 0
    for axis in sizes.indices where operand.strides[axis] != 0 && sizes[axis] > 1 {
      axes |= 1 << UInt64(axis)
    }
    return axes
  }

  /// How many elements an array over these axes has.
  func count(_ axes: UInt64) -> Int {
    var (count, rest) = (1, axes)
    while rest != 0 {
      count = count.multipliedSaturating(by: sizes[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return count
  }

  /// Whether a product is summed along an axis that at most one factor has.
  var hasLooseAxis: Bool {
    guard factors.count > 1 else { return false }
    return (kept..<sizes.count).contains { axis in
      sizes[axis] > 1 && factors.count { $0.operand.strides[axis] != 0 } < 2
    }
  }

  /// The axes of the result.
  var keptAxes: UInt64 { kept == 0 ? 0 : (1 << UInt64(kept)) - 1 }
}

extension FlatStep {
  /// Along how many of the last axes a sum of products sums; `nil` for a step that is none.
  var summedAxes: Int? {
    switch operation {
    case .fold(.sum): return 1
    case .contraction(let summed): return summed
    case .elementwise(let instructions, _):
      guard instructions.count == 1 else { return nil }
      switch instructions[0].operation {
      case .binary(.mul), .binary(.div): return 0
      default: return nil
      }
    default: return nil
    }
  }

  /// The factors of a sum of products.
  var productFactors: [SumOfProducts.Factor] {
    guard case .elementwise(let instructions, _) = operation, let only = instructions.first else {
      return inputs.map { SumOfProducts.Factor(operand: $0, isInverse: false) }
    }
    let isQuotient = only.operation == .binary(.div)
    return only.operands.enumerated().map { place, register in
      SumOfProducts.Factor(operand: inputs[register], isInverse: isQuotient && place == 1)
    }
  }
}
