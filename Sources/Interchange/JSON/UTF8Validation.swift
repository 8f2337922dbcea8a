/// Whether bytes are UTF-8, by the table of well-formed sequences in the Unicode standard (3-7).
enum UTF8Validation {
  /// The offset of the first byte that does not belong to a well-formed sequence; nil if none.
  static func firstFault(in bytes: [UInt8]) -> Int? {
    var at = 0
    while at < bytes.count {
      if bytes[at] < 0x80 {
        at += 1
        continue
      }
      guard let length = sequenceLength(bytes, at) else { return at }
      at += length
    }
    return nil
  }

  /// The length of the well-formed sequence of two to four bytes at `at`; nil if there is none.
  private static func sequenceLength(_ bytes: [UInt8], _ at: Int) -> Int? {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch bytes[at] {
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: length = 3
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return nil
    }
    guard bytes.count - at >= length, second.contains(bytes[at + 1]) else { return nil }
    for index in (at + 2)..<(at + length) where bytes[index] & 0xc0 != 0x80 { return nil }
    return length
  }
}
