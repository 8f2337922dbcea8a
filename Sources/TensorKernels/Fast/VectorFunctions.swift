/// Elementary functions of sixteen numbers at a time, in single precision.
///
/// Additions and multiplications only, no calls, so that they run at the speed of the processor's vector unit
/// whatever its width. NaN gives NaN, and infinities what the functions of `UnaryFunction` give.
public enum VectorFunctions {
  /// Sixteen numbers.
  public typealias Vector = SIMD16<Float>

  /// eˣ within 2 units in the last place, results below the normal range included.
  ///
  /// x = n ln 2 + r with |r| ≤ ln 2 / 2, where n ln 2 is subtracted in two parts of which the first is exact
  /// (Cody and Waite, *Software Manual for the Elementary Functions*, 1980); eʳ by its Taylor polynomial.
  @inlinable @inline(__always)
  public static func exp(_ x: Vector) -> Vector {
    let bounded = x.replacing(with: 89, where: x .> 89).replacing(with: -104, where: x .< -104)
    let rounding = Vector(repeating: 12_582_912)  // 1.5 · 2²³: adding it rounds to an integer
    let shifted = bounded * 1.442_695_04 + rounding
    let n = shifted - rounding
    let r = (bounded - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p = r * 1.984_127e-4 + 1.388_888_9e-3
    p = p * r + 8.333_333_3e-3
    p = p * r + 4.166_666_6e-2
    p = p * r + 0.166_666_67
    p = p * r + 0.5
    let value = (p * (r * r) + r) + 1
    return value * powerOfTwo(shifted, half: false) * powerOfTwo(shifted, half: true)
  }

  /// Of 2ⁿ, for the n that adding to 1.5 · 2²³ left in the last bits, the one half or the other.
  @inlinable @inline(__always)
  static func powerOfTwo(_ shifted: Vector, half: Bool) -> Vector {
    let n = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- 0x4B40_0000
    let first = n &>> 1
    let exponent = half ? first : n &- first
    return unsafeBitCast((exponent &+ 127) &<< 23, to: Vector.self)
  }

  /// The absolute value.
  @inlinable @inline(__always)
  public static func magnitude(_ x: Vector) -> Vector {
    unsafeBitCast(
      unsafeBitCast(x, to: SIMD16<UInt32>.self) & 0x7FFF_FFFF, to: Vector.self)
  }

  /// The hyperbolic tangent within 3 units in the last place.
  @inlinable @inline(__always)
  public static func tanh(_ x: Vector) -> Vector {
    let size = magnitude(x)
    let square = x * x
    var p = square * -5.704_988_7e-3 + 2.063_908_9e-2
    p = p * square - 5.373_971_6e-2
    p = p * square + 0.133_314_42
    p = p * square - 0.333_332_82
    let near = p * square * x + x
    let far = 1 - 2 / (exp(size + size) + 1)
    let signed = far.replacing(with: -far, where: x .< 0)
    return signed.replacing(with: near, where: size .< 0.625)
  }

  /// `1 / (1 + exp(-x))` within 4 units in the last place, without overflow.
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Vector) -> Vector {
    let e = exp(-magnitude(x))
    let upper = 1 / (1 + e)
    return upper.replacing(with: e * upper, where: x .< 0)
  }

  /// `x · Φ(x)` with an absolute error of at most 1e-6 · max(1, |x|).
  ///
  /// Φ by the error function's complement, whose formula has a relative error below 1.2e-7 (Press et al.,
  /// *Numerical Recipes*, 1992, section 6.2).
  @inlinable @inline(__always)
  public static func gelu(_ x: Vector) -> Vector {
    let z = magnitude(x) * 0.707_106_78
    let t = 1 / (1 + z * 0.5)
    var p = t * 0.170_872_77 - 0.822_152_23
    p = p * t + 1.488_515_87
    p = p * t - 1.135_203_98
    p = p * t + 0.278_868_07
    p = p * t - 0.186_288_06
    p = p * t + 0.096_784_18
    p = p * t + 0.374_091_96
    p = p * t + 1.000_023_68
    p = p * t - 1.265_512_23
    let tail = t * exp(p - z * z) * 0.5
    return x * tail.replacing(with: 1 - tail, where: x .> 0)
  }
}
