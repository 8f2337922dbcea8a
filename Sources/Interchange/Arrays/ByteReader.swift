/// Reads little-endian numbers from a range of bytes, checking that they are there.
struct ByteReader {
  let bytes: [UInt8]
  /// The next byte, from the start of `bytes`.
  var offset: Int
  /// One past the last byte that may be read.
  let end: Int

  /// The range is cut to the bytes there are.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    let whole = range.clamped(to: 0..<bytes.count)
    offset = whole.lowerBound
    end = whole.upperBound
  }

  init(_ bytes: [UInt8]) { self.init(bytes, in: 0..<bytes.count) }

  /// The number of bytes left.
  var available: Int { end - offset }

  /// The next bytes, as a slice of the whole.
  mutating func take(_ count: Int, _ part: String) throws(ArrayFault) -> ArraySlice<UInt8> {
    guard count >= 0, count <= available else {
      throw ArrayFault(
        offset: offset, .truncated(part: part, needed: count, available: available))
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// The next unsigned number of one to eight bytes; nil if it doesn't fit an `Int`.
  private mutating func number(_ width: Int, _ part: String) throws(ArrayFault) -> Int? {
    var value: UInt64 = 0
    for (index, byte) in try take(width, part).enumerated() {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    return Int(exactly: value)
  }

  mutating func uint16(_ part: String) throws(ArrayFault) -> Int {
    try number(2, part) ?? .max
  }

  mutating func uint32(_ part: String) throws(ArrayFault) -> Int {
    try number(4, part) ?? .max
  }

  /// A 64-bit length; what doesn't fit an `Int` becomes the largest, which no file has.
  mutating func length64(_ part: String) throws(ArrayFault) -> Int {
    try number(8, part) ?? .max
  }
}

extension [UInt8] {
  /// Appends the lowest `width` bytes of a number, little-endian.
  mutating func append(little value: Int, width: Int) {
    for index in 0..<width { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
