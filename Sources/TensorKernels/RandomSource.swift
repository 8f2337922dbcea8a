/// A reproducible stream of random numbers: splitmix64.
///
/// The same seed gives the same bits on every platform. Normal deviates also pass through the C
/// library's log, sine and cosine, which may differ in their last bit from one platform to
/// another. Not for cryptography. Steele, Lea and Flood, *Fast Splittable Pseudorandom Number
/// Generators*, OOPSLA 2014.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spareNormal: Double?

  /// A stream determined by a seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// A stream determined by a seed and a name, such as that of a parameter.
  ///
  /// What one name gives does not depend on which other names are drawn from, or in what order.
  public init(seed: UInt64, stream name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a, 64 bits
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    state = RandomSource.mix(RandomSource.mix(seed) ^ hash)
  }

  /// The next 64 uniformly distributed bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return RandomSource.mix(state)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in `[0, 1)`, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number in `0..<bound`, each equally likely (rejection, no modulo bias).
  ///
  /// - Throws: `emptyRange` unless `bound > 0`.
  public mutating func integer(below bound: Int) throws(TensorError) -> Int {
    guard bound > 0 else { throw .emptyRange(bound: bound) }
    let range = UInt64(bound)
    let rejected = (0 &- range) % range
    while true {
      let product = next().multipliedFullWidth(by: range)
      if product.low >= rejected { return Int(product.high) }
    }
  }

  /// A standard normal deviate (Box and Muller, 1958).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * Double.logarithm(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * Double.sine(angle)
    return radius * Double.cosine(angle)
  }
}

extension RandomSource {
  /// Independent normal deviates of mean zero and the given standard deviation.
  public mutating func normals<Scalar: RealScalar>(
    _ shape: Shape, deviation: Double = 1, as type: Scalar.Type = Scalar.self
  ) -> Tensor<Scalar> {
    var elements: [Scalar] = []
    elements.reserveCapacity(shape.elementCount)
    for _ in 0..<shape.elementCount { elements.append(Scalar(deviation * normal())) }
    return Tensor(filling: shape, with: elements)
  }

  /// Independent indices into an axis of size `bound`.
  ///
  /// - Throws: `emptyRange` if indices are wanted and `bound` is not positive.
  public mutating func indices(
    _ shape: Shape, below bound: Int
  ) throws(TensorError) -> Tensor<Int> {
    var elements: [Int] = []
    elements.reserveCapacity(shape.elementCount)
    for _ in 0..<shape.elementCount { elements.append(try integer(below: bound)) }
    return Tensor(filling: shape, with: elements)
  }
}
