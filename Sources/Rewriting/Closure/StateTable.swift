/// Encodings, numbered in the order in which they were entered, with a hash table to find them again.
///
/// All bytes are in one array. A slot of the table has the upper half of the fingerprint and the number, plus one;
/// its place begins with the fingerprint's upper bits, so the table grows without computing a fingerprint again.
/// Equal fingerprints are told apart by the bytes.
struct StateTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var slots: [UInt64]
  private var shift: UInt64

  init() {
    shift = 64 - 12
    slots = Array(repeating: 0, count: 1 << 12)
  }

  /// How many encodings there are.
  var count: Int { ends.count }

  /// Calls a function with what looks encodings up.
  func reading<Result>(_ body: (Reader) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { bytes in
      ends.withUnsafeBufferPointer { ends in
        slots.withUnsafeBufferPointer { slots in
          body(Reader(bytes: bytes, ends: ends, slots: slots, shift: shift))
        }
      }
    }
  }

  /// Enters an encoding unless it is there.
  ///
  /// - Returns: its number; `nil` when it is new and there are as many as the limit.
  mutating func enter(
    _ encoding: UnsafeBufferPointer<UInt8>, _ fingerprint: UInt64, limit: Int
  ) -> (number: UInt32, isNew: Bool)? {
    let (number, slot) = reading { $0.search(encoding, fingerprint) }
    if let number { return (number, false) }
    guard count < limit else { return nil }
    let new = UInt32(count)
    slots[slot] = fingerprint & 0xFFFF_FFFF_0000_0000 | UInt64(new) + 1
    bytes.append(contentsOf: encoding)
    ends.append(bytes.count)
    if 2 * count > slots.count { grow() }
    return (new, true)
  }

  private mutating func grow() {
    shift -= 1
    var larger = [UInt64](repeating: 0, count: 2 * slots.count)
    let mask = larger.count - 1
    for entry in slots where entry != 0 {
      var slot = Int(truncatingIfNeeded: entry >> shift)
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = entry
    }
    slots = larger
  }

  /// Looks encodings up while nothing is entered; any number of threads may use one.
  struct Reader: @unchecked Sendable {
    let bytes: UnsafeBufferPointer<UInt8>
    let ends: UnsafeBufferPointer<Int>
    let slots: UnsafeBufferPointer<UInt64>
    let shift: UInt64

    /// The encoding of a number.
    @inline(__always)
    func encoding(_ number: Int) -> UnsafeBufferPointer<UInt8> {
      let start = number == 0 ? 0 : ends[number - 1]
      return UnsafeBufferPointer(rebasing: bytes[start..<ends[number]])
    }

    /// The number of an encoding, or the slot where it would go.
    func search(
      _ encoding: UnsafeBufferPointer<UInt8>, _ fingerprint: UInt64
    ) -> (number: UInt32?, slot: Int) {
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: fingerprint >> shift)
      while slots[slot] != 0 {
        let entry = slots[slot]
        if (entry ^ fingerprint) >> 32 == 0 {
          let number = UInt32(truncatingIfNeeded: entry) - 1
          if isEqual(self.encoding(Int(number)), encoding) { return (number, slot) }
        }
        slot = (slot + 1) & mask
      }
      return (nil, slot)
    }

    private func isEqual(
      _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
      guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else {
        return left.count == right.count
      }
      var offset = 0
      while offset + 8 <= left.count {
        let first = UnsafeRawPointer(a).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let second = UnsafeRawPointer(b).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        guard first == second else { return false }
        offset += 8
      }
      while offset < left.count {
        guard a[offset] == b[offset] else { return false }
        offset += 1
      }
      return true
    }
  }
}
