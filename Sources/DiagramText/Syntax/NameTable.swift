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
    let id = bytes.withUnsafeBufferPointer { bytes in
      let mask = slots.count - 1
      var slot = Self.hash(bytes[start..<end]) & mask
      while slots[slot] != 0 {
        let range = ranges[Int(slots[slot] - 1)]
        let known = bytes[Int(range.start)..<Int(range.end)]
        if known.count == end - start, known.elementsEqual(bytes[start..<end]) {
          return NameID(slots[slot] - 1)
        }
        slot = (slot + 1) & mask
      }
      slots[slot] = UInt32(ranges.count + 1)
      return NameID(UInt32(ranges.count))
    }
    if Int(id.index) == ranges.count { ranges.append((UInt32(start), UInt32(end))) }
    return id
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    bytes.withUnsafeBufferPointer { bytes in
      for (index, range) in ranges.enumerated() {
        var slot = Self.hash(bytes[Int(range.start)..<Int(range.end)]) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(index + 1)
      }
    }
  }

  /// FNV-1a, finished so that the low bits depend on all of it.
  private static func hash(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value ^= value >> 32
    return Int(truncatingIfNeeded: value & 0x7fff_ffff_ffff_ffff)
  }
}
