/// Distinct values, numbered in order of first occurrence.
///
/// A few values are looked through, which takes less time than to hash them; more are found by a dictionary.
struct InternTable<Value: Hashable & Sendable>: Sendable {
  private static var smallCount: Int { 16 }

  private(set) var values: [Value] = []
  /// Empty as long as there are few.
  private var positions: [Value: Int32] = [:]

  init() {}

  /// A table that holds `values`, which are distinct, under their positions.
  init(values: [Value]) {
    self.values = values
    if values.count > Self.smallCount { numberAll() }
  }

  subscript(position: Int) -> Value { values[position] }

  /// The value's number; it is added when it is new.
  mutating func intern(_ value: Value) -> Int {
    if values.count <= Self.smallCount {
      if let known = values.firstIndex(of: value) { return known }
      values.append(value)
      if values.count > Self.smallCount { numberAll() }
      return values.count - 1
    }
    if let position = positions[value] { return Int(position) }
    positions[value] = Int32(values.count)
    values.append(value)
    return values.count - 1
  }

  private mutating func numberAll() {
    for (index, value) in values.enumerated() { positions[value] = Int32(index) }
  }
}
