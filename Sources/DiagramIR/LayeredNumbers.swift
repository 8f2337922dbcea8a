/// Numbers for keys in order of first occurrence, in two layers: copies share the lower one and are cheap while
/// the upper one is small.
///
/// The first few keys are looked through, which takes less time than to hash them.
struct LayeredNumbers<Key: Hashable & Sendable>: Sendable {
  private static var smallCount: Int { 8 }

  /// The keys of the upper layer, as long as they are few and the lower one is empty.
  private var first: [Key] = []
  private var lower: [Key: Int] = [:]
  private var upper: [Key: Int] = [:]

  init() {}

  /// How many keys have numbers.
  var count: Int { first.count + lower.count + upper.count }

  /// How many keys the upper layer holds.
  var upperCount: Int { first.count + upper.count }

  /// The number of a key; `nil` when it has none.
  subscript(key: Key) -> Int? {
    if let known = first.firstIndex(of: key) { return known }
    return lower.isEmpty && upper.isEmpty ? nil : upper[key] ?? lower[key]
  }

  /// The number of a key, which gets the next one when it has none.
  mutating func number(_ key: Key) -> Int {
    if let known = self[key] { return known }
    if first.count < Self.smallCount, lower.isEmpty, upper.isEmpty {
      first.append(key)
    } else {
      upper[key] = count
    }
    return count - 1
  }

  /// Moves everything to the lower layer.
  mutating func seal() {
    lower.merge(upper) { old, _ in old }
    for (number, key) in first.enumerated() { lower[key] = number }
    (first, upper) = ([], [:])
  }

  /// The keys of the upper layer in the order of their numbers.
  var upperKeys: [Key] { first + upper.sorted { $0.value < $1.value }.map(\.key) }

  /// All keys with their numbers.
  var all: [Key: Int] {
    var all = lower.merging(upper) { old, _ in old }
    for (number, key) in first.enumerated() { all[key] = number }
    return all
  }
}
