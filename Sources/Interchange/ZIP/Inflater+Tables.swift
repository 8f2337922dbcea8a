/// The constants of RFC 1951, sections 3.2.5 to 3.2.7.
extension Inflater {
  /// For each length symbol from 257 on, the shortest length and how many bits are added to it.
  static let lengths: [(Int, Int)] =
    spans(first: 3, extraBits: [0, 0, 0, 0] + doubled(0...5, times: 4)) + [(258, 0)]

  /// For each distance symbol, the nearest distance and how many bits are added to it.
  static let distances: [(Int, Int)] =
    spans(first: 1, extraBits: [0, 0] + doubled(0...13, times: 2))

  /// The order in which the lengths of the code-length code are stored.
  static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// The codes of blocks of type 1.
  static let fixed: (literals: HuffmanCode, distances: HuffmanCode) = {
    let literals = [(8, 144), (9, 112), (7, 24), (8, 8)].flatMap { length, count in
      [UInt8](repeating: UInt8(length), count: count)
    }
    let distances = [UInt8](repeating: 5, count: 32)
    guard let first = try? HuffmanCode(lengths: literals),
      let second = try? HuffmanCode(lengths: distances)
    else { preconditionFailure("the fixed codes of deflate are complete") }
    return (first, second)
  }()

  private static func doubled(_ bits: ClosedRange<Int>, times: Int) -> [Int] {
    bits.flatMap { [Int](repeating: $0, count: times) }
  }

  private static func spans(first: Int, extraBits: [Int]) -> [(Int, Int)] {
    var start = first
    return extraBits.map { bits in
      defer { start += 1 << bits }
      return (start, bits)
    }
  }
}
