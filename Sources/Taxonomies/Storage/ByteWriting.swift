import DiagramIR

extension [UInt8] {
  /// Appends a number that is not negative, seven bits a byte, low bits first.
  @inline(__always)
  mutating func append(number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a length and the bytes of a text.
  mutating func append(text: String) {
    append(number: text.utf8.count)
    append(contentsOf: text.utf8)
  }

  /// Appends eight bytes, the lowest first.
  mutating func append(word: UInt64) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends 32 bytes.
  mutating func append(_ digest: Digest) {
    append(word: digest.parts.0)
    append(word: digest.parts.1)
    append(word: digest.parts.2)
    append(word: digest.parts.3)
  }
}
