/// Encodings, numbered in the order in which they were entered, with a hash table to find them again.
///
/// All words are in one array, and as long as all encodings have the same number of words there is nothing else to
/// find them by. A slot of the table has the upper half of the fingerprint and the number, plus one; its place
/// begins with the fingerprint's upper bits, so the table grows without computing a fingerprint again. Equal
/// fingerprints are told apart by the words.
struct StateTable: Sendable {
  private var words: [UInt64] = []
  /// How many words each encoding has, or -1.
  private var width = 0
  /// Where encodings end, when they differ in width.
  private var ends: [Int] = []
  private var slots: [UInt64]
  private var shift: UInt64
  /// How many encodings there are.
  private(set) var count = 0

  init() {
    shift = 64 - 12
    slots = Array(repeating: 0, count: 1 << 12)
  }

  /// Calls a function with what looks encodings up.
  func reading<Result>(_ body: (Reader) -> Result) -> Result {
    words.withUnsafeBufferPointer { words in
      ends.withUnsafeBufferPointer { ends in
        slots.withUnsafeBufferPointer { slots in
          body(Reader(words, width, ends, slots, shift))
        }
      }
    }
  }

  /// Enters an encoding unless it is there.
  ///
  /// - Returns: its number; `nil` when it is new and there are as many as the limit.
  mutating func enter(_ code: PackedCode, limit: Int) -> (number: UInt32, isNew: Bool)? {
    let (number, slot) = reading { $0.search(code) }
    if let number { return (number, false) }
    guard count < limit else { return nil }
    let new = UInt32(truncatingIfNeeded: count)
    slots[slot] = code.fingerprint & 0xFFFF_FFFF_0000_0000 | UInt64(new) + 1
    append(code)
    if 2 * count > slots.count { grow() }
    return (new, true)
  }

  private mutating func append(_ code: PackedCode) {
    if count == 0 { width = code.count }
    if width >= 0 && code.count != width {
      ends = (0..<count).map { ($0 + 1) * width }
      width = -1
    }
    words.append(contentsOf: UnsafeBufferPointer(start: code.words, count: code.count))
    if width < 0 { ends.append(words.count) }
    count += 1
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
}

extension StateTable {
  /// Looks encodings up while nothing is entered; any number of threads may use one.
  struct Reader: @unchecked Sendable {
    private let words: UnsafeBufferPointer<UInt64>
    private let width: Int
    private let ends: UnsafeBufferPointer<Int>
    private let slots: UnsafeBufferPointer<UInt64>
    private let shift: UInt64

    fileprivate init(
      _ words: UnsafeBufferPointer<UInt64>, _ width: Int, _ ends: UnsafeBufferPointer<Int>,
      _ slots: UnsafeBufferPointer<UInt64>, _ shift: UInt64
    ) {
      self.words = words
      self.width = width
      self.ends = ends
      self.slots = slots
      self.shift = shift
    }

    /// The encoding of a number.
    @inline(__always)
    func encoding(_ number: Int) -> UnsafeBufferPointer<UInt64> {
      guard width < 0 else { return slice(number &* width, width) }
      let start = number == 0 ? 0 : ends[number &- 1]
      return slice(start, ends[number] &- start)
    }

    @inline(__always)
    private func slice(_ start: Int, _ count: Int) -> UnsafeBufferPointer<UInt64> {
      UnsafeBufferPointer(rebasing: words[start..<(start &+ count)])
    }

    /// The entry where the search for a fingerprint begins; zero when it is empty.
    @inline(__always)
    func firstEntry(_ fingerprint: UInt64) -> UInt64 {
      slots[Int(truncatingIfNeeded: fingerprint &>> shift)]
    }

    /// The first word of the state in an entry that isn't empty. To ask for it early is worth while: the rest is
    /// near it in memory.
    @inline(__always)
    func firstWord(_ entry: UInt64) -> UInt64 {
      let number = Int(UInt32(truncatingIfNeeded: entry &- 1))
      return words[width >= 0 ? number &* width : number == 0 ? 0 : ends[number &- 1]]
    }

    /// The number of an encoding, or the slot where it would go.
    @inline(__always)
    func search(_ code: PackedCode) -> (number: UInt32?, slot: Int) {
      let mask = slots.count &- 1
      var slot = Int(truncatingIfNeeded: code.fingerprint &>> shift)
      while slots[slot] != 0 {
        let entry = slots[slot]
        if (entry ^ code.fingerprint) &>> 32 == 0 {
          let number = UInt32(truncatingIfNeeded: entry) &- 1
          if code.isEqual(encoding(Int(number))) { return (number, slot) }
        }
        slot = (slot &+ 1) & mask
      }
      return (nil, slot)
    }
  }
}
