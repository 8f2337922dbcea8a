/// What is decided about matches by their operations and types alone: each combination is judged once.
struct SignatureTable: Sendable {
  private var verdicts: [[Int32]: Int32] = [:]
  /// The verdict that was given last; negative when the combination doesn't fit.
  private(set) var last: Int32 = -1

  /// What is known about a combination.
  mutating func look(up signature: [Int32]) -> Int32? {
    guard let known = verdicts[signature] else { return nil }
    last = known
    return known
  }

  /// Keeps the verdict for a combination, and returns it.
  mutating func learn(_ verdict: Int32, for signature: [Int32]) -> Int32 {
    verdicts[signature] = verdict
    last = verdict
    return verdict
  }
}
