extension InstructionSet {
  /// eˣ within 2 units in the last place, results below the normal range included.
  ///
  /// x = n ln 2 + r with |r| ≤ ln 2 / 2, where n ln 2 is subtracted in two parts of which the first is exact
  /// (Cody and Waite, *Software Manual for the Elementary Functions*, 1980); eʳ by its Taylor polynomial.
  @inlinable @inline(__always)
  static func exponential(_ x: Lanes) -> Lanes {
    let bounded = x.replacing(with: 89, where: x .> 89).replacing(with: -104, where: x .< -104)
    let rounding = Lanes(repeating: 12_582_912)  // 1.5 · 2²³: adding it rounds to an integer
    let shifted = multiplyAdd(bounded, Lanes(repeating: 1.442_695_04), rounding)
    let n = shifted - rounding
    var r = multiplyAdd(n, Lanes(repeating: -0.693_359_375), bounded)
    r = multiplyAdd(n, Lanes(repeating: 2.121_944_4e-4), r)
    var p = horner(r, Lanes(repeating: 1.984_127e-4), 1.388_888_9e-3)
    p = horner(r, p, 8.333_333_3e-3)
    p = horner(r, p, 4.166_666_6e-2)
    p = horner(r, p, 0.166_666_67)
    p = horner(r, p, 0.5)
    let value = multiplyAdd(p, r * r, r) + 1
    return value * powerOfTwo(shifted, half: false) * powerOfTwo(shifted, half: true)
  }

  /// Of 2ⁿ, for the n that adding to 1.5 · 2²³ left in the last bits, the one half or the other.
  @inlinable @inline(__always)
  static func powerOfTwo(_ shifted: Lanes, half: Bool) -> Lanes {
    let n = shifted.bits &- 0x4B40_0000
    let first = n &>> 1
    let exponent = half ? first : n &- first
    return Lanes(bits: (exponent &+ 127) &<< 23)
  }

  /// The hyperbolic tangent within 3 units in the last place.
  @inlinable @inline(__always)
  static func hyperbolicTangent(_ x: Lanes) -> Lanes {
    let size = x.absolute
    let square = x * x
    var p = horner(square, Lanes(repeating: -5.704_988_7e-3), 2.063_908_9e-2)
    p = horner(square, p, -5.373_971_6e-2)
    p = horner(square, p, 0.133_314_42)
    p = horner(square, p, -0.333_332_82)
    let near = multiplyAdd(p * square, x, x).replacing(with: x, where: square .== 0)
    let far = 1 - 2 / (exponential(size + size) + 1)
    let signed = far.replacing(with: -far, where: x .< 0)
    return signed.replacing(with: near, where: size .< 0.625)
  }

  /// `1 / (1 + exp(-x))` within 4 units in the last place, without overflow.
  @inlinable @inline(__always)
  static func logistic(_ x: Lanes) -> Lanes {
    let e = exponential(-x.absolute)
    let upper = 1 / (1 + e)
    return upper.replacing(with: e * upper, where: x .< 0)
  }

  /// `x · Φ(x)` with an absolute error of at most 1e-6 · max(1, |x|).
  ///
  /// Φ by the error function's complement, whose formula has a relative error below 1.2e-7 (Press et al.,
  /// *Numerical Recipes*, 1992, section 6.2).
  @inlinable @inline(__always)
  static func gaussianUnit(_ x: Lanes) -> Lanes {
    let z = x.absolute * 0.707_106_78
    let t = 1 / multiplyAdd(z, Lanes(repeating: 0.5), Lanes(repeating: 1))
    var p = horner(t, Lanes(repeating: 0.170_872_77), -0.822_152_23)
    p = horner(t, p, 1.488_515_87)
    p = horner(t, p, -1.135_203_98)
    p = horner(t, p, 0.278_868_07)
    p = horner(t, p, -0.186_288_06)
    p = horner(t, p, 0.096_784_18)
    p = horner(t, p, 0.374_091_96)
    p = horner(t, p, 1.000_023_68)
    p = horner(t, p, -1.265_512_23)
    let tail = t * exponential(p - z * z) * 0.5
    return x * tail.replacing(with: 1 - tail, where: x .> 0)
  }

  /// x above zero, else eˣ - 1 within 3 units in the last place.
  ///
  /// Near zero x + x² p(x), p interpolated at Chebyshev nodes of [-0.5, 0].
  @inlinable @inline(__always)
  static func exponentialUnit(_ x: Lanes) -> Lanes {
    var p = horner(x, Lanes(repeating: 1.654_332e-4), 1.371_470_2e-3)
    p = horner(x, p, 8.329_093e-3)
    p = horner(x, p, 4.166_621_7e-2)
    p = horner(x, p, 0.166_666_66)
    p = horner(x, p, 0.5)
    let near = multiplyAdd(p * x, x, x)
    let below = (exponential(x) - 1).replacing(with: near, where: x .> -0.5)
    return below.replacing(with: x, where: x .>= 0)
  }
}
