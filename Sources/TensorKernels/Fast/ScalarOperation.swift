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
