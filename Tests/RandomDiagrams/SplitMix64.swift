/// A repeatable source of random bits: the same seed gives the same diagrams on every machine.
///
/// Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts from a seed; every seed is fine.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// An integer from zero to `limit - 1`; zero when the limit isn't positive.
  public mutating func below(_ limit: Int) -> Int {
    limit > 0 ? Int.random(in: 0..<limit, using: &self) : 0
  }

  /// True in about this many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of the elements; `nil` when there is none.
  public mutating func pick<Elements: RandomAccessCollection>(
    _ elements: Elements
  ) -> Elements.Element? {
    elements.randomElement(using: &self)
  }

  /// How many boxes a random diagram shall have: mostly few, sometimes up to `limit`.
  public mutating func boxCount(upTo limit: Int = 200) -> Int {
    let top = chance(4) ? limit : chance(20) ? min(limit, 30) : min(limit, 10)
    return 1 + below(top)
  }
}
