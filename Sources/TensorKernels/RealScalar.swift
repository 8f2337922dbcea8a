#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A real number that the kernels compute with: `Float` or `Double`.
///
/// The functions are the platform's C library's in the precision of the type.
public protocol RealScalar: BinaryFloatingPoint, Sendable {
  /// e to the power of `x`.
  static func exponential(_ x: Self) -> Self
  /// `exponential(x) - 1` without cancellation near zero.
  static func exponentialMinusOne(_ x: Self) -> Self
  /// The natural logarithm; minus infinity at zero, NaN below.
  static func logarithm(_ x: Self) -> Self
  /// `base` to the power of `exponent`, with the special cases of C's `pow`.
  static func power(_ base: Self, _ exponent: Self) -> Self
  /// The sine of an angle in radians.
  static func sine(_ x: Self) -> Self
  /// The cosine of an angle in radians.
  static func cosine(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func hyperbolicTangent(_ x: Self) -> Self
  /// The error function, 2/√π ∫₀ˣ exp(-t²) dt.
  static func errorFunction(_ x: Self) -> Self
  /// `1 - errorFunction(x)` without cancellation for large x.
  static func complementaryErrorFunction(_ x: Self) -> Self
}

extension Float: RealScalar {
  /// e to the power of `x`.
  public static func exponential(_ x: Float) -> Float { expf(x) }
  /// `exponential(x) - 1` without cancellation near zero.
  public static func exponentialMinusOne(_ x: Float) -> Float { expm1f(x) }
  /// The natural logarithm; minus infinity at zero, NaN below.
  public static func logarithm(_ x: Float) -> Float { logf(x) }
  /// `base` to the power of `exponent`.
  public static func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
  /// The sine of an angle in radians.
  public static func sine(_ x: Float) -> Float { sinf(x) }
  /// The cosine of an angle in radians.
  public static func cosine(_ x: Float) -> Float { cosf(x) }
  /// The hyperbolic tangent.
  public static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
  /// The error function.
  public static func errorFunction(_ x: Float) -> Float { erff(x) }
  /// One minus the error function.
  public static func complementaryErrorFunction(_ x: Float) -> Float { erfcf(x) }
}

extension Double: RealScalar {
  /// e to the power of `x`.
  public static func exponential(_ x: Double) -> Double { exp(x) }
  /// `exponential(x) - 1` without cancellation near zero.
  public static func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }
  /// The natural logarithm; minus infinity at zero, NaN below.
  public static func logarithm(_ x: Double) -> Double { log(x) }
  /// `base` to the power of `exponent`.
  public static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  /// The sine of an angle in radians.
  public static func sine(_ x: Double) -> Double { sin(x) }
  /// The cosine of an angle in radians.
  public static func cosine(_ x: Double) -> Double { cos(x) }
  /// The hyperbolic tangent.
  public static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  /// The error function.
  public static func errorFunction(_ x: Double) -> Double { erf(x) }
  /// One minus the error function.
  public static func complementaryErrorFunction(_ x: Double) -> Double { erfc(x) }
}
