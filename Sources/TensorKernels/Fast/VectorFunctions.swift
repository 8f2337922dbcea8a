import MicroKernels

extension UnaryFunction {
  /// The values at consecutive numbers, at a level's speed.
  ///
  /// In units of the last place of the exact value: exp and log within 2; tanh and elu within 3; sigmoid within 4,
  /// silu too above −87. Sine and cosine have an absolute error of at most 2e-7, gelu one of 1e-6 · max(1, |x|). The rest is
  /// rounded once. Infinities and NaN give what the function's definition gives.
  ///
  /// - Parameters:
  ///   - x: `count` numbers.
  ///   - y: where the values go; it may be `x`.
  public func apply(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int,
    level: FeatureLevel = .best
  ) {
    apply(x, y, count, level.kernels)
  }

  func apply(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int,
    _ kernels: KernelTable
  ) {
    if (self == .sin || self == .cos) && !Self.areSmallAngles(x, count) {
      for place in 0..<count {
        if Self.areSmallAngles(x + place, 1) {
          kernels.apply(kernel, x + place, y + place, 1)
        } else {
          y[place] = self(x[place])
        }
      }
    } else {
      kernels.apply(kernel, x, y, count)
    }
  }

  /// Whether no angle is too large for the vector kernels, nor infinite; NaN is fine.
  private static func areSmallAngles(_ x: UnsafePointer<Float>, _ count: Int) -> Bool {
    for place in 0..<count where x[place].magnitude > 8192 { return false }
    return true
  }

  private var kernel: ElementFunction {
    switch self {
    case .neg: .neg
    case .exp: .exp
    case .log: .log
    case .sqrt: .sqrt
    case .reciprocal: .reciprocal
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .relu: .relu
    case .gelu: .gelu
    case .silu: .silu
    case .elu: .elu
    case .sin: .sin
    case .cos: .cos
    case .abs: .abs
    }
  }
}

extension BinaryFunction {
  /// The values at consecutive pairs of numbers, at a level's speed, powers excepted: rounded once, or as the
  /// platform's C library gives powers.
  ///
  /// - Parameters:
  ///   - a: `count` numbers.
  ///   - b: as many.
  ///   - y: where the values go; it may be `a` or `b`.
  public func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    count: Int, level: FeatureLevel = .best
  ) {
    apply(a, b, y, count, level.kernels)
  }

  func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int, _ kernels: KernelTable
  ) {
    switch self {
    case .add: kernels.applyToPairs(.add, a, b, y, count)
    case .sub: kernels.applyToPairs(.sub, a, b, y, count)
    case .mul: kernels.applyToPairs(.mul, a, b, y, count)
    case .div: kernels.applyToPairs(.div, a, b, y, count)
    case .maximum: kernels.applyToPairs(.maximum, a, b, y, count)
    case .minimum: kernels.applyToPairs(.minimum, a, b, y, count)
    case .less: kernels.applyToPairs(.less, a, b, y, count)
    case .power: Self.powers(a, b, y, count, kernels)
    }
  }

  /// Powers; squares by one multiplication, where all are squares.
  private static func powers(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int, _ kernels: KernelTable
  ) {
    var areSquares = true
    for place in 0..<count where b[place] != 2 {
      areSquares = false
      break
    }
    if areSquares { return kernels.applyToPairs(.mul, a, a, y, count) }
    for place in 0..<count { y[place] = Float.power(a[place], b[place]) }
  }
}
