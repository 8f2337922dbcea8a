import DiagramIR

extension [UInt8] {
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
