/// Distinct values, numbered in order of first occurrence.
struct InternTable<Value: Hashable & Sendable>: Sendable {
  private(set) var values: [Value] = []
  private var positions: [Value: Int32] = [:]

  init() {}

  /// A table that holds `values`, which are distinct, under their positions.
  init(values: [Value]) {
    self.values = values
    for (index, value) in values.enumerated() { positions[value] = Int32(index) }
  }

  subscript(position: Int) -> Value { values[position] }

  /// The value's number; it is added when it is new.
  mutating func intern(_ value: Value) -> Int {
    if let position = positions[value] { return Int(position) }
    positions[value] = Int32(values.count)
    values.append(value)
    return values.count - 1
  }
}
