import MicroKernels

/// A function of one, two or three real numbers that an elementwise program applies.
public enum ScalarOperation: Hashable, Sendable {
  /// A function of one number.
  case unary(UnaryFunction)
  /// A function of two numbers.
  case binary(BinaryFunction)
  /// The second where the first is not zero (NaN counts as not zero), else the third.
  case select

  /// How many numbers it takes.
  public var operandCount: Int {
    switch self {
    case .unary: 1
    case .binary: 2
    case .select: 3
    }
  }
}

extension ScalarOperation {
  /// The values at consecutive numbers, of which those that it doesn't take are ignored.
  func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ count: Int, _ kernels: KernelTable
  ) {
    switch self {
    case .unary(let function): function.apply(a, result, count, kernels)
    case .binary(let function): function.apply(a, b, result, count, kernels)
    case .select: kernels.select(a, b, c, result, count)
    }
  }
}
