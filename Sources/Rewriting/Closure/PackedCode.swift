/// An encoding as words, and a hash of it.
struct PackedCode {
  let words: UnsafePointer<UInt64>
  let count: Int
  let fingerprint: UInt64

  /// The words with their hash: each two are mixed in by a full-width product.
  @inline(__always)
  init(_ words: UnsafePointer<UInt64>, _ count: Int) {
    self.words = words
    self.count = count
    var hash = UInt64(truncatingIfNeeded: count) ^ 0x9E37_79B9_7F4A_7C15
    var position = 0
    while position &+ 1 < count {
      let (one, other) = (words[position], words[position &+ 1])
      let product = (hash ^ one).multipliedFullWidth(by: other ^ 0xD6E8_FEB8_6659_FD93)
      hash = product.high ^ product.low &+ 0x2545_F491_4F6C_DD1D
      position &+= 2
    }
    if position < count {
      let product = (hash ^ words[position]).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      hash = product.high ^ product.low
    }
    let product = hash.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    fingerprint = product.high ^ product.low
  }

  @inline(__always)
  init(_ words: UnsafePointer<UInt64>, _ count: Int, fingerprint: UInt64) {
    (self.words, self.count, self.fingerprint) = (words, count, fingerprint)
  }

  @inline(__always)
  func isEqual(_ other: UnsafeBufferPointer<UInt64>) -> Bool {
    guard other.count == count else { return false }
    var position = 0
    while position < count {
      guard words[position] == other[position] else { return false }
      position &+= 1
    }
    return true
  }
}
