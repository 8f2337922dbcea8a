import DiagramIR

/// Digests and the numbers that they stand for, found by open addressing.
///
/// A digest takes 32 bytes, its number 4, and a slot 4, of which between a quarter and a half are taken.
struct DigestTable: Sendable {
  private var keys: [(UInt64, UInt64, UInt64, UInt64)] = []
  private var values: [UInt32] = []
  private var slots: [UInt32] = Array(repeating: 0, count: 1 << 6)

  /// How many digests there are.
  var count: Int { keys.count }

  /// The number of a digest.
  func number(of digest: Digest) -> Int? {
    let entry = slots[slot(of: digest.parts)]
    return entry == 0 ? nil : Int(values[Int(entry) - 1])
  }

  /// Enters a digest that may be there already; then nothing changes.
  mutating func enter(_ digest: Digest, _ number: Int) {
    let slot = slot(of: digest.parts)
    guard slots[slot] == 0 else { return }
    keys.append(digest.parts)
    values.append(UInt32(truncatingIfNeeded: number))
    slots[slot] = UInt32(truncatingIfNeeded: keys.count)
    if 2 * keys.count > slots.count { grow() }
  }

  /// The slot of a digest, or the empty one where it would go.
  private func slot(of key: (UInt64, UInt64, UInt64, UInt64)) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key.0) & mask
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for (position, key) in keys.enumerated() {
      slots[slot(of: key)] = UInt32(truncatingIfNeeded: position + 1)
    }
  }
}
