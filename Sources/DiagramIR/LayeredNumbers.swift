/// Numbers for keys in order of first occurrence, in two layers: copies share the lower one and are cheap while
/// the upper one is small.
struct LayeredNumbers<Key: Hashable & Sendable>: Sendable {
  private var lower: [Key: Int] = [:]
  private var upper: [Key: Int] = [:]

  init() {}

  /// How many keys have numbers.
  var count: Int { lower.count + upper.count }

  /// How many keys the upper layer holds.
  var upperCount: Int { upper.count }

  /// The number of a key; `nil` when it has none.
  subscript(key: Key) -> Int? { upper[key] ?? lower[key] }

  /// The number of a key, which gets the next one when it has none.
  mutating func number(_ key: Key) -> Int {
    if let known = self[key] { return known }
    upper[key] = count
    return count - 1
  }

  /// Moves everything to the lower layer.
  mutating func seal() {
    lower.merge(upper) { old, _ in old }
    upper = [:]
  }

  /// The keys of the upper layer in the order of their numbers.
  var upperKeys: [Key] { upper.sorted { $0.value < $1.value }.map(\.key) }

  /// All keys with their numbers.
  var all: [Key: Int] { lower.merging(upper) { old, _ in old } }
}
