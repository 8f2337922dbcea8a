/// A name of a file, as a small integer.
public struct NameID: Hashable, Sendable {
  /// The index in the table, in order of first occurrence.
  public let index: UInt32

  init(_ index: UInt32) { self.index = index }
}

/// The distinct names of one file.
///
/// Names are ranges of the file's own bytes in an open-addressing table, so that a file of a million names
/// costs twelve bytes a name and no string.
public struct NameTable: Sendable {
  private let bytes: [UInt8]
  private var ranges: [(start: UInt32, end: UInt32)] = []
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// How many names there are.
  public var count: Int { ranges.count }

  /// The name's text.
  public subscript(id: NameID) -> String {
    let range = ranges[Int(id.index)]
    return String(decoding: bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
  }

  /// The id of the name that stands at `start..<end` of the file.
  ///
  /// - Complexity: O(length), amortized.
  mutating func intern(start: Int, end: Int) -> NameID {
    if 4 * ranges.count >= 3 * slots.count { grow() }
    var slot = hash(start, end) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      if equal(ranges[Int(id)], start, end) { return NameID(id) }
      slot = (slot + 1) & (slots.count - 1)
    }
    ranges.append((UInt32(start), UInt32(end)))
    slots[slot] = UInt32(ranges.count)
    return NameID(UInt32(ranges.count - 1))
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for (index, range) in ranges.enumerated() {
      var slot = hash(Int(range.start), Int(range.end)) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }

  /// FNV-1a, finished so that the low bits depend on all of it.
  private func hash(_ start: Int, _ end: Int) -> Int {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in start..<end { value = (value ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    value ^= value >> 32
    return Int(truncatingIfNeeded: value & 0x7fff_ffff_ffff_ffff)
  }

  private func equal(_ range: (start: UInt32, end: UInt32), _ start: Int, _ end: Int) -> Bool {
    guard Int(range.end) - Int(range.start) == end - start else { return false }
    for offset in 0..<(end - start) where bytes[Int(range.start) + offset] != bytes[start + offset]
    {
      return false
    }
    return true
  }
}
