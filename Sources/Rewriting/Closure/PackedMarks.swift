/// For each state, which matches in it are known to lead to a known state: those that take back a step from an
/// explored state. They need not be tried.
///
/// A mark is a bit of a word, for a rule and the number of the box where its pattern's first box lies. Larger
/// numbers have no bit, and those matches are tried.
struct PackedMarks: Sendable {
  private var words: [UInt64] = [0]

  /// Adds a state with its marks.
  mutating func append(_ mark: UInt64) { words.append(mark) }

  /// Adds marks to a state.
  mutating func add(_ mark: UInt64, to state: UInt32) { words[Int(state)] |= mark }

  /// Calls a function with what reads marks; it finds none when `isEmpty`.
  func reading<Result>(isEmpty: Bool, _ body: (Reader) -> Result) -> Result {
    words.withUnsafeBufferPointer { words in
      body(Reader(words: isEmpty ? UnsafeBufferPointer(start: nil, count: 0) : words))
    }
  }

  /// The mark of a rule and a box; zero when there is none.
  @inline(__always)
  static func mark(rule: Int, box: Int, ruleCount: Int) -> UInt64 {
    let bit = box &* ruleCount &+ rule
    return rule < 0 || bit >= 64 ? 0 : 1 &<< UInt64(truncatingIfNeeded: bit)
  }

  /// Reads marks while none is added; any number of threads may use one.
  struct Reader: @unchecked Sendable {
    fileprivate let words: UnsafeBufferPointer<UInt64>

    /// The marks of a state.
    @inline(__always)
    func marks(of state: Int) -> UInt64 { words.isEmpty ? 0 : words[state] }
  }
}
