extension InstructionSet {
  /// The natural logarithm within 2 units in the last place; −∞ at zero, NaN below.
  ///
  /// x = 2ᵉ m with m in [√½, √2); log m = f − f²/2 + f³ p(f), f = m − 1, p interpolated at Chebyshev nodes.
  @inlinable @inline(__always)
  static func logarithm(_ x: Lanes) -> Lanes {
    let isTiny = x .< 1.175_494_4e-38
    let scaled = x.replacing(with: x * 16_777_216, where: isTiny)
    let steps = (scaled.bits &- 0x3F35_04F3) &>> 23
    let f = Lanes(bits: scaled.bits &- (steps &<< 23)) - 1
    let counted = Lanes(bits: steps &+ 0x4B40_0000) - 12_582_912
    let e = counted.replacing(with: counted - 24, where: isTiny)
    var p = horner(f, Lanes(repeating: 6.971_612e-2), -0.114_797_34)
    p = horner(f, p, 0.116_854_2)
    p = horner(f, p, -0.124_256_87)
    p = horner(f, p, 0.142_490_58)
    p = horner(f, p, -0.166_678_03)
    p = horner(f, p, 0.200_007_16)
    p = horner(f, p, -0.249_999_97)
    p = horner(f, p, 0.333_333_31)
    let square = f * f
    var rest = multiplyAdd(p * square, f, e * -2.121_944_4e-4)
    rest = multiplyAdd(square, Lanes(repeating: -0.5), rest)
    let value = multiplyAdd(e, Lanes(repeating: 0.693_359_375), f + rest)
    let special = x.replacing(with: -.infinity, where: x .== 0)
      .replacing(with: .nan, where: x .< 0)
    let isRegular = (x .> 0) .& (x .< .infinity)
    return special.replacing(with: value, where: isRegular)
  }

  /// The largest size of an angle for which `wave` is exact enough.
  @inlinable @inline(__always)
  static var largestAngle: Float { 8192 }

  /// The sine or the cosine with an absolute error of at most 2e-7, for angles up to `largestAngle`.
  ///
  /// x = n π/2 + r, where n π/2 is subtracted in four parts of which three are exact (Cody and Waite);
  /// polynomials interpolated at Chebyshev nodes.
  @inlinable @inline(__always)
  static func wave(_ x: Lanes, isCosine: Bool) -> Lanes {
    let rounding = Lanes(repeating: 12_582_912)
    let shifted = multiplyAdd(x, Lanes(repeating: 0.636_619_77), rounding)
    let n = shifted - rounding
    var r = multiplyAdd(n, Lanes(repeating: -1.570_312_5), x)
    r = multiplyAdd(n, Lanes(repeating: -4.837_513e-4), r)
    r = multiplyAdd(n, Lanes(repeating: -7.549_533_6e-8), r)
    r = multiplyAdd(n, Lanes(repeating: -2.563_344_2e-12), r)
    let z = r * r
    var s = horner(z, Lanes(repeating: 2.724_687e-6), -1.984_006_4e-4)
    s = horner(z, s, 8.333_332e-3)
    s = horner(z, s, -0.166_666_67)
    let sine = multiplyAdd(s * z, r, r).replacing(with: r, where: z .== 0)
    var c = horner(z, Lanes(repeating: -2.729_840_7e-7), 2.480_058e-5)
    c = horner(z, c, -1.388_888_8e-3)
    c = horner(z, c, 4.166_666_8e-2)
    let cosine = multiplyAdd(c * z, z, multiplyAdd(z, Lanes(repeating: -0.5), Lanes(repeating: 1)))
    let quarters = shifted.bits &+ SIMD16<Int32>(repeating: isCosine ? 1 : 0)
    let one = SIMD16<Int32>(repeating: 1)
    let value = sine.replacing(with: cosine, where: (quarters & one) .== one)
    return Lanes(bits: value.bits ^ ((quarters &>> one) &<< SIMD16<Int32>(repeating: 31)))
  }
}
