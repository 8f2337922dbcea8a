import DiagramIR

/// How many operations on numbers an evaluation takes: as polynomials in sizes, or as numbers.
public struct OperationCount<Number: Hashable & Sendable>: Hashable, Sendable {
  /// Products of two numbers, in `mul` boxes and learned maps. The addition that takes up such a product is not
  /// counted again.
  public var multiplyAdds: Number
  /// Numbers that `sum`, `mean` and `max` read.
  public var folded: Number
  /// Values of all other functions of numbers: `add`, `exp`, `div`, …
  public var functions: Number

  init(multiplyAdds: Number, folded: Number, functions: Number) {
    self.multiplyAdds = multiplyAdds
    self.folded = folded
    self.functions = functions
  }
}

extension OperationCount where Number == Size {
  static var none: OperationCount {
    OperationCount(multiplyAdds: .zero, folded: .zero, functions: .zero)
  }

  mutating func add(_ other: OperationCount, times lanes: Size) throws(SizeError) {
    multiplyAdds = try multiplyAdds + other.multiplyAdds * lanes
    folded = try folded + other.folded * lanes
    functions = try functions + other.functions * lanes
  }

  /// The numbers when the sizes have these values; `nil` when one has none.
  ///
  /// - Throws: `SizeError.overflow`, when one exceeds 64 bits.
  public func value(_ sizes: [SizeVariable: Int]) throws(SizeError) -> OperationCount<Int>? {
    guard let multiplyAdds = try multiplyAdds.value(sizes), let folded = try folded.value(sizes),
      let functions = try functions.value(sizes)
    else { return nil }
    return OperationCount<Int>(multiplyAdds: multiplyAdds, folded: folded, functions: functions)
  }
}

extension OperationCount where Number == Int {
  /// Counts a box of the tensor theory that reads so many numbers by its first input.
  mutating func add(_ box: String, reading count: Int) {
    switch ScalarWork(box: box) {
    case .product: multiplyAdds += 1
    case .function: functions += 1
    case .fold: folded += count
    case .none: break
    }
  }
}

/// What an evaluation did: counted by the reference interpreter while it ran.
public struct EvaluationTally: Hashable, Sendable {
  /// The operations on numbers.
  public internal(set) var operations = OperationCount<Int>(
    multiplyAdds: 0, folded: 0, functions: 0)
  /// The most numbers that were held at once; see `DiagramCost.peakMemory`.
  public private(set) var peakMemory = 0
  private var held = 0

  /// Nothing yet.
  public init() {}

  mutating func hold(_ count: Int) {
    held += count
    peakMemory = max(peakMemory, held)
  }

  mutating func release(_ count: Int) { held -= count }
}
