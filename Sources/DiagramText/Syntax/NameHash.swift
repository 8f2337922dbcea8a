/// The hash of a name's bytes.
///
/// Eight bytes are mixed at once: a multiplication that keeps both halves of the product (the folded
/// multiplication of wyhash, by Wang Yi, in the public domain). Tables whose names come from files take
/// it for speed only: what they hold never depends on it.
enum NameHash {
  private static let first: UInt64 = 0xa076_1d64_78bd_642f
  private static let second: UInt64 = 0xe703_7ed1_a0b4_28db

  /// The hash, not negative.
  ///
  /// - Complexity: O(length).
  static func of(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    let bytes = UnsafeRawBufferPointer(name)
    var (state, offset) = (first ^ UInt64(truncatingIfNeeded: bytes.count), 0)
    while bytes.count - offset >= 8 {
      state = mix(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < bytes.count {
      rest = rest << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return Int(truncatingIfNeeded: mix(state ^ rest) >> 1)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: second)
    return product.high ^ product.low
  }
}

extension [UInt8] {
  /// Whether these bytes stand at a place.
  func holds(_ name: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    withUnsafeBufferPointer { bytes in
      for offset in 0..<name.count where bytes[start + offset] != name[offset] { return false }
      return true
    }
  }
}
