/// A function of one real number, under the name that the tensor theory gives its box.
///
/// Special values follow IEEE arithmetic on the definition as written: `gelu` and `silu` of minus
/// infinity are NaN (−∞ · 0), for instance.
public enum UnaryFunction: String, CaseIterable, Sendable {
  /// `-x`
  case neg
  /// eˣ
  case exp
  /// The natural logarithm; −∞ at 0, NaN below.
  case log
  /// The square root; NaN below 0.
  case sqrt
  /// `1 / x`
  case reciprocal
  /// The hyperbolic tangent.
  case tanh
  /// `1 / (1 + exp(-x))`, without overflow.
  case sigmoid
  /// `x` above 0, else 0; NaN stays NaN.
  case relu
  /// `x · Φ(x)` with Φ the normal distribution function, by the error function and exact
  /// (Hendrycks and Gimpel, Gaussian Error Linear Units, 2016), not its tanh approximation.
  case gelu
  /// `x · sigmoid(x)`
  case silu
  /// `x` above 0, else `exp(x) - 1` (Clevert et al. 2015, α = 1).
  case elu
  /// The sine of radians.
  case sin
  /// The cosine of radians.
  case cos
  /// The absolute value.
  case abs

  /// The value at `x`.
  public func callAsFunction<Scalar: RealScalar>(_ x: Scalar) -> Scalar {
    switch self {
    case .neg: -x
    case .exp: Scalar.exponential(x)
    case .log: Scalar.logarithm(x)
    case .sqrt: x.squareRoot()
    case .reciprocal: 1 / x
    case .tanh: Scalar.hyperbolicTangent(x)
    case .sigmoid: UnaryFunction.logistic(x)
    case .relu: x > 0 || x.isNaN ? x : 0
    case .gelu: x * (Scalar.complementaryErrorFunction(-x / Scalar(2).squareRoot()) / 2)
    case .silu: x * UnaryFunction.logistic(x)
    case .elu: x > 0 ? x : Scalar.exponentialMinusOne(x)
    case .sin: Scalar.sine(x)
    case .cos: Scalar.cosine(x)
    case .abs: Swift.abs(x)
    }
  }

  private static func logistic<Scalar: RealScalar>(_ x: Scalar) -> Scalar {
    if x >= 0 { return 1 / (1 + Scalar.exponential(-x)) }
    let e = Scalar.exponential(x)
    return e / (1 + e)
  }
}

/// A function of two real numbers, under the name that the tensor theory gives its box.
public enum BinaryFunction: String, CaseIterable, Sendable {
  /// `x + y`
  case add
  /// `x - y`
  case sub
  /// `x · y`
  case mul
  /// `x / y`
  case div
  /// The larger; NaN if either is NaN.
  case maximum
  /// The smaller; NaN if either is NaN.
  case minimum
  /// `x` to the power of `y`, with the special cases of C's `pow`.
  case power
  /// 1 if `x < y`, else 0 (also for NaN).
  case less

  /// The value at `(x, y)`.
  public func callAsFunction<Scalar: RealScalar>(_ x: Scalar, _ y: Scalar) -> Scalar {
    switch self {
    case .add: x + y
    case .sub: x - y
    case .mul: x * y
    case .div: x / y
    case .maximum: x.isNaN || x > y ? x : y
    case .minimum: x.isNaN || x < y ? x : y
    case .power: Scalar.power(x, y)
    case .less: x < y ? 1 : 0
    }
  }
}
