/// A name of a file, as a small integer.
public struct NameID: Hashable, Sendable {
  /// The index in the table, in order of first occurrence.
  public let index: UInt32

  init(_ index: UInt32) { self.index = index }
}

/// The distinct names of one file.
///
/// Names are ranges of the file's own bytes in an open-addressing table, so that a file of a million names
/// costs sixteen to thirty bytes a name and no string.
public struct NameTable: Sendable {
  /// A place of the table: some bits of a name's hash, and the name's index plus one; zero where it is free.
  private struct Slot {
    var tag: UInt32 = 0
    var name: UInt32 = 0
  }

  private let bytes: [UInt8]
  private var ranges: [(start: UInt32, end: UInt32)] = []
  private var slots: [Slot] = Array(repeating: Slot(), count: 64)

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// How many names there are.
  public var count: Int { ranges.count }

  /// The name's text.
  public subscript(id: NameID) -> String {
    let range = ranges[Int(id.index)]
    return bytes.withUnsafeBufferPointer {
      String(
        decoding: UnsafeBufferPointer(rebasing: $0[Int(range.start)..<Int(range.end)]),
        as: UTF8.self)
    }
  }

  /// The id of the name that stands at `start..<end` of the file.
  ///
  /// - Complexity: O(length), amortized.
  mutating func intern(start: Int, end: Int) -> NameID {
    if 8 * ranges.count >= 7 * slots.count { grow() }
    let hash = bytes.withUnsafeBufferPointer {
      NameHash.of(UnsafeBufferPointer(rebasing: $0[start..<end]))
    }
    let tag = UInt32(truncatingIfNeeded: hash)
    let mask = slots.count - 1
    var place = Int(tag) & mask
    while slots[place].name != 0 {
      let known = slots[place]
      if known.tag == tag, isEqual(ranges[Int(known.name - 1)], start, end) {
        return NameID(known.name - 1)
      }
      place = (place + 1) & mask
    }
    ranges.append((UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end)))
    slots[place] = Slot(tag: tag, name: UInt32(truncatingIfNeeded: ranges.count))
    return NameID(UInt32(truncatingIfNeeded: ranges.count - 1))
  }

  private func isEqual(_ known: (start: UInt32, end: UInt32), _ start: Int, _ end: Int) -> Bool {
    guard Int(known.end - known.start) == end - start else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      let first = Int(known.start)
      for offset in 0..<(end - start) where bytes[first + offset] != bytes[start + offset] {
        return false
      }
      return true
    }
  }

  private mutating func grow() {
    var larger = Array(repeating: Slot(), count: 2 * slots.count)
    let mask = larger.count - 1
    for slot in slots where slot.name != 0 {
      var place = Int(slot.tag) & mask
      while larger[place].name != 0 { place = (place + 1) & mask }
      larger[place] = slot
    }
    slots = larger
  }
}
