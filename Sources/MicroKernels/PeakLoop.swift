extension InstructionSet {
  /// Multiplies and adds in twelve registers, without memory, and returns a number that depends on all.
  @inlinable @inline(__always)
  static func peak(_ steps: Int) -> Float {
    let factor = Vector(repeating: 0.999_999)
    let one = Vector(repeating: 1e-6)
    var (a, b, c) = (factor, one, factor)
    var (d, e, f) = (factor, one, factor)
    var (g, h, i) = (factor, one, factor)
    var (j, k, l) = (factor, one, factor)
    var left = steps
    while left > 0 {
      a = multiplyAdd(a, factor, one)
      b = multiplyAdd(b, factor, one)
      c = multiplyAdd(c, factor, one)
      d = multiplyAdd(d, factor, one)
      e = multiplyAdd(e, factor, one)
      f = multiplyAdd(f, factor, one)
      g = multiplyAdd(g, factor, one)
      h = multiplyAdd(h, factor, one)
      i = multiplyAdd(i, factor, one)
      j = multiplyAdd(j, factor, one)
      k = multiplyAdd(k, factor, one)
      l = multiplyAdd(l, factor, one)
      left -= 1
    }
    let x = Vector.sum(Vector.sum(Vector.sum(a, b), Vector.sum(c, d)), Vector.sum(e, f))
    let y = Vector.sum(Vector.sum(Vector.sum(g, h), Vector.sum(i, j)), Vector.sum(k, l))
    return Vector.sum(x, y).first
  }
}
