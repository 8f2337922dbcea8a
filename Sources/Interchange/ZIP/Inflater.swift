/// Decompresses a deflate stream (RFC 1951).
///
/// The output never grows past `limit`, whatever the input says. Compression is not offered.
package struct Inflater {
  /// What to do when the stream goes on beyond the limit.
  package enum Overrun {
    /// Throw `tooLong`.
    case isFault
    /// Return what fits.
    case isCut
  }

  private let bytes: [UInt8]
  private let end: Int
  private let limit: Int
  private var offset: Int
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  private init(_ bytes: [UInt8], in range: Range<Int>, limit: Int) {
    self.bytes = bytes
    self.limit = limit
    offset = range.lowerBound
    end = range.upperBound
  }

  /// Decompresses the stream that takes up a range of bytes, all of it.
  ///
  /// - Throws: a `DeflateFault`; also when bytes of the range are left over.
  /// - Complexity: linear in the range and in the output.
  package static func inflate(
    _ bytes: [UInt8], in range: Range<Int>, limit: Int, overrun: Overrun = .isFault
  ) throws(DeflateFault) -> [UInt8] {
    var inflater = Inflater(bytes, in: range.clamped(to: 0..<bytes.count), limit: limit)
    while true {
      let isLast = try inflater.take(1) == 1
      try inflater.block()
      if inflater.output.count > limit {
        guard overrun == .isCut else { throw .tooLong(limit: limit) }
        return Array(inflater.output.prefix(limit))
      }
      if isLast { break }
    }
    let unread = inflater.end - inflater.offset + inflater.bitCount / 8
    guard unread == 0 else { throw .trailingBytes(unread) }
    return inflater.output
  }

  private mutating func block() throws(DeflateFault) {
    switch try take(2) {
    case 0: try storedBlock()
    case 1:
      let codes = Inflater.fixed
      try compressedBlock(literals: codes.literals, distances: codes.distances)
    case 2:
      let codes = try dynamicCodes()
      try compressedBlock(literals: codes.literals, distances: codes.distances)
    default: throw .blockType
    }
  }

  // MARK: Bits

  /// Makes at least `count` bits available (at most 32); past the end they are zero.
  private mutating func fill(_ count: Int) {
    while bitCount < count, offset < end {
      bits |= UInt64(bytes[offset]) << UInt64(bitCount)
      offset += 1
      bitCount += 8
    }
  }

  private mutating func drop(_ count: Int) throws(DeflateFault) {
    guard count <= bitCount else { throw .truncated }
    bits >>= UInt64(count)
    bitCount -= count
  }

  /// The next bits as a number, the first bit lowest.
  private mutating func take(_ count: Int) throws(DeflateFault) -> Int {
    fill(count)
    let value = Int(bits & (1 << UInt64(count) - 1))
    try drop(count)
    return value
  }

  private mutating func symbol(_ code: HuffmanCode) throws(DeflateFault) -> Int {
    fill(HuffmanCode.longest)
    guard let (symbol, length) = code.symbol(for: Int(bits & 0x7fff)) else {
      throw bitCount < HuffmanCode.longest ? .truncated : .code
    }
    try drop(length)
    return symbol
  }

  // MARK: Blocks

  private mutating func storedBlock() throws(DeflateFault) {
    try drop(bitCount % 8)
    let length = try take(16)
    guard try take(16) == length ^ 0xffff else { throw .storedLength }
    var left = length
    while left > 0, bitCount > 0 {
      output.append(UInt8(try take(8)))
      left -= 1
    }
    guard left <= end - offset else { throw .truncated }
    output += bytes[offset..<offset + left]
    offset += left
  }

  private mutating func compressedBlock(
    literals: HuffmanCode, distances: HuffmanCode
  ) throws(DeflateFault) {
    while output.count <= limit {
      let symbol = try symbol(literals)
      if symbol < 256 {
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        try copy(lengthSymbol: symbol - 257, distances)
      }
    }
  }

  private mutating func copy(
    lengthSymbol: Int, _ distances: HuffmanCode
  ) throws(DeflateFault) {
    guard lengthSymbol < Inflater.lengths.count else { throw .code }
    let (shortest, lengthBits) = Inflater.lengths[lengthSymbol]
    let length = shortest + (try take(lengthBits))
    let distanceSymbol = try symbol(distances)
    guard distanceSymbol < Inflater.distances.count else { throw .code }
    let (nearest, distanceBits) = Inflater.distances[distanceSymbol]
    let distance = nearest + (try take(distanceBits))
    guard distance <= output.count else { throw .distance }
    for index in output.count - distance..<output.count - distance + length {
      output.append(output[index])
    }
  }

  /// The two codes that a dynamic block defines at its start (RFC 1951, section 3.2.7).
  private mutating func dynamicCodes() throws(DeflateFault) -> (
    literals: HuffmanCode, distances: HuffmanCode
  ) {
    let literalCount = 257 + (try take(5))
    let distanceCount = 1 + (try take(5))
    let lengthCount = 4 + (try take(4))
    guard literalCount <= 286, distanceCount <= 30 else { throw .codeLengths }
    var lengthLengths = [UInt8](repeating: 0, count: 19)
    for position in Inflater.lengthOrder.prefix(lengthCount) {
      lengthLengths[position] = UInt8(try take(3))
    }
    let lengths = try codeLengths(
      literalCount + distanceCount, HuffmanCode(lengths: lengthLengths))
    guard lengths[256] > 0 else { throw .codeLengths }
    return (
      try HuffmanCode(lengths: Array(lengths[..<literalCount])),
      try HuffmanCode(lengths: Array(lengths[literalCount...]))
    )
  }

  private mutating func codeLengths(
    _ count: Int, _ code: HuffmanCode
  ) throws(DeflateFault) -> [UInt8] {
    var lengths: [UInt8] = []
    while lengths.count < count {
      switch try symbol(code) {
      case 16:
        guard let last = lengths.last else { throw .codeLengths }
        lengths += repeatElement(last, count: 3 + (try take(2)))
      case 17: lengths += repeatElement(0, count: 3 + (try take(3)))
      case 18: lengths += repeatElement(0, count: 11 + (try take(7)))
      case let length: lengths.append(UInt8(length))
      }
    }
    guard lengths.count == count else { throw .codeLengths }
    return lengths
  }
}
