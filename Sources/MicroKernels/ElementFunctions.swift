/// A function of one number that kernels compute.
@frozen
public enum ElementFunction: Sendable {
  /// The function of this name in the tensor theory.
  case neg, exp, log, sqrt, reciprocal, tanh, sigmoid, relu, gelu, silu, elu, sin, cos, abs
}

/// A function of two numbers that kernels compute.
@frozen
public enum PairFunction: Sendable {
  /// The function of this name in the tensor theory.
  case add, sub, mul, div, maximum, minimum, less
}

extension InstructionSet {
  /// The values at consecutive numbers.
  @inlinable @inline(__always)
  static func apply(
    _ function: ElementFunction, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch function {
    case .neg: map(x, y, count) { Lanes(bits: $0.bits ^ Int32.min) }
    case .exp: map(x, y, count) { exponential($0) }
    case .log: map(x, y, count) { logarithm($0) }
    case .sqrt: map(x, y, count) { $0.squareRoot() }
    case .reciprocal: map(x, y, count) { 1 / $0 }
    case .tanh: map(x, y, count) { hyperbolicTangent($0) }
    case .sigmoid: map(x, y, count) { logistic($0) }
    case .relu: map(x, y, count) { $0.replacing(with: 0, where: $0 .<= 0) }
    case .gelu: map(x, y, count) { gaussianUnit($0) }
    case .silu: map(x, y, count) { $0 * logistic($0) }
    case .elu: map(x, y, count) { exponentialUnit($0) }
    case .sin: map(x, y, count) { wave($0, isCosine: false) }
    case .cos: map(x, y, count) { wave($0, isCosine: true) }
    case .abs: map(x, y, count) { $0.absolute }
    }
  }

  /// The values at consecutive pairs of numbers.
  @inlinable @inline(__always)
  static func apply(
    _ function: PairFunction, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch function {
    case .add: map(a, b, y, count) { $0 + $1 }
    case .sub: map(a, b, y, count) { $0 - $1 }
    case .mul: map(a, b, y, count) { $0 * $1 }
    case .div: map(a, b, y, count) { $0 / $1 }
    case .maximum: map(a, b, y, count) { Lanes.larger($0, $1) }
    case .minimum: map(a, b, y, count) { Lanes.smaller($0, $1) }
    case .less:
      map(a, b, y, count) { Lanes(repeating: 0).replacing(with: 1, where: $0 .< $1) }
    }
  }

  /// The second where the first isn't zero, else the third.
  @inlinable @inline(__always)
  static func select(
    _ condition: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var place = 0
    while place < count {
      let mask = Lanes.from(condition, place, count) .!= 0
      let otherwise = Lanes.from(b, place, count)
      otherwise.replacing(with: Lanes.from(a, place, count), where: mask).store(y, place, count)
      place += 16
    }
  }
}
