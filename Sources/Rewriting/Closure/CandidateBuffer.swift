/// Successors of packed states that one thread has found, in order, with the encodings of those that aren't known.
///
/// They are looked up in groups: first all slots of a group are read and then all states, so that reads from far
/// memory overlap.
///
/// A value holds pointers and numbers alone; whoever made it deallocates it.
struct CandidateBuffer {
  /// A successor.
  struct Candidate {
    var fingerprint: UInt64
    /// Where its words are.
    var start: Int
    /// How many words it has; zero for a known state.
    var count: Int32
    var source: UInt32
    var rewrite: UInt32
    /// The number of a known state.
    var known: UInt32 = 0
    /// What `PackedMarks` says of the way back.
    var mark: UInt64
  }

  /// How many are looked up together.
  private static let groupSize = 64

  private var candidates: UnsafeMutablePointer<Candidate>
  private var capacity = 1024
  private var words: UnsafeMutablePointer<UInt64>
  private var wordCapacity = 1 << 14
  private let entries: UnsafeMutablePointer<UInt64>
  /// Known states below are left out.
  private var firstKept = 0
  /// How many successors are looked up, and how many words they have.
  private var settled = (count: 0, words: 0)
  private var count = 0
  private var wordCount = 0

  init() {
    candidates = .allocate(capacity: capacity)
    words = .allocate(capacity: wordCapacity)
    words.initialize(repeating: 0, count: wordCapacity)
    entries = .allocate(capacity: Self.groupSize)
    entries.initialize(repeating: 0, count: Self.groupSize)
  }

  func deallocate() {
    candidates.deallocate()
    words.deallocate()
    entries.deallocate()
  }

  /// The successors that are left, once all are looked up.
  var all: UnsafeBufferPointer<Candidate> {
    UnsafeBufferPointer(start: candidates, count: settled.count)
  }

  /// The encoding of a successor that isn't known.
  @inline(__always)
  func code(of candidate: Candidate) -> PackedCode {
    PackedCode(words + candidate.start, Int(candidate.count), fingerprint: candidate.fingerprint)
  }

  /// Begins anew.
  ///
  /// - Parameter first: known states with lower numbers are left out.
  mutating func removeAll(keepingKnownFrom first: Int) {
    (count, wordCount, settled) = (0, 0, (0, 0))
    firstKept = first
  }

  /// Where the next encoding may be written.
  @inline(__always)
  mutating func room(for bytes: Int) -> UnsafeMutablePointer<UInt8> {
    if wordCount &+ bytes &>> 3 >= wordCapacity { growWords(bytes) }
    return UnsafeMutableRawPointer(words + wordCount).assumingMemoryBound(to: UInt8.self)
  }

  /// Adds a successor, whose encoding was written where there is room.
  @inline(__always)
  mutating func add(
    words length: Int, source: Int, rewrite: Int, mark: UInt64, _ table: StateTable.Reader
  ) {
    if count == capacity { grow() }
    (candidates + count).initialize(
      to: Candidate(
        fingerprint: 0, start: wordCount, count: Int32(truncatingIfNeeded: length),
        source: UInt32(truncatingIfNeeded: source), rewrite: UInt32(truncatingIfNeeded: rewrite),
        mark: mark))
    count &+= 1
    wordCount &+= length
    if count &- settled.count == Self.groupSize { settle(table) }
  }

  /// Looks up what was added since the last time. Known states are taken out, or at least their words.
  mutating func settle(_ table: StateTable.Reader) {
    let (first, size) = (settled.count, count &- settled.count)
    for place in 0..<size {
      let candidate = candidates[first &+ place]
      let code = PackedCode(words + candidate.start, Int(candidate.count))
      candidates[first &+ place].fingerprint = code.fingerprint
      entries[place] = table.firstEntry(code.fingerprint)
    }
    for place in 0..<size where entries[place] != 0 {
      entries[place] = table.firstWord(entries[place])
    }
    for place in first..<count {
      var candidate = candidates[place]
      if let known = table.search(code(of: candidate)).number {
        guard known >= firstKept else { continue }
        (candidate.known, candidate.count) = (known, 0)
      } else {
        moveWords(of: &candidate)
      }
      candidates[settled.count] = candidate
      settled.count &+= 1
    }
    (count, wordCount) = (settled.count, settled.words)
  }

  @inline(__always)
  private mutating func moveWords(of candidate: inout Candidate) {
    let length = Int(candidate.count)
    if candidate.start != settled.words {
      for word in 0..<length { words[settled.words &+ word] = words[candidate.start &+ word] }
      candidate.start = settled.words
    }
    settled.words &+= length
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Candidate>.allocate(capacity: 2 * capacity)
    larger.moveInitialize(from: candidates, count: count)
    candidates.deallocate()
    candidates = larger
    capacity *= 2
  }

  private mutating func growWords(_ bytes: Int) {
    let capacity = 2 * wordCapacity + bytes / 8
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
    larger.initialize(repeating: 0, count: capacity)
    larger.update(from: words, count: wordCount)
    words.deallocate()
    words = larger
    wordCapacity = capacity
  }
}
