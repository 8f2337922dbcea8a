import TensorKernels

/// What a streamed group computes at each place of a matrix, as a graph without equal nodes.
struct StreamedNodes {
  enum Node: Hashable {
    /// An array of the group.
    case array(Int)
    case number(Float)
    case apply(ScalarOperation, [Int])
    /// Two arrays, one along rows and one along columns, multiplied and summed over depth; rows are scaled first.
    case product(rows: Int, columns: Int, depth: Int, scales: [RowScale])
    case depthSum(Int, depth: Int)
    /// A fold along a row, as the program has it.
    case fold(FoldFunction, Int)
    /// The largest entry of a row.
    case peak(Int)
    /// `exp(x - c)`, with c the peak of x where it is finite, else 0.
    case exponential(Int)
    /// The sum of a row.
    case sum(Int)
  }

  /// A factor or divisor of rows, by the number of its array.
  struct RowScale: Hashable {
    let array: Int
    let isDivisor: Bool
  }

  /// What a node depends on.
  struct Traits {
    var movesRow = false
    var movesColumn = false
    var movesDepth = false
    /// After how many passes over the columns it is known: a value of places in the pass of that number.
    var level = 0
    /// The node relative to whose peak so far it is, in the pass of its level.
    var peak: Int?
    /// Whether it is made of functions of what moves along rows or columns only.
    var isCheap = false

    var isWide: Bool { movesRow && movesColumn }
  }

  /// The size of a row.
  let columnCount: Int
  private(set) var nodes: [Node] = []
  private(set) var traits: [Traits] = []
  private var numbers: [Node: Int] = [:]
  /// What nodes were taken apart into.
  var linearForms: [Int: [Term]] = [:]

  init(columnCount: Int) { self.columnCount = columnCount }

  /// The number of a node.
  mutating func add(_ node: Node, _ traits: Traits) -> Int {
    if let known = numbers[node] { return known }
    numbers[node] = nodes.count
    nodes.append(node)
    self.traits.append(traits)
    return nodes.count - 1
  }

  mutating func add(_ node: Node) -> Int {
    if let known = numbers[node] { return known }
    return add(node, traits(of: node))
  }

  private func traits(of node: Node) -> Traits {
    switch node {
    case .array: return Traits()
    case .number: return Traits(isCheap: true)
    case .product: return Traits(movesRow: true, movesColumn: true)
    case .apply(let operation, let operands): return traits(of: operation, operands)
    case .depthSum(let body, _):
      var result = traits[body]
      result.movesDepth = false
      result.isCheap = false
      if result.peak != nil { result.level += 1 }
      result.peak = nil
      return result
    case .fold(_, let body), .sum(let body):
      return Traits(movesRow: traits[body].movesRow, level: traits[body].level + 1)
    case .peak(let body):
      let level = traits[body].level + (traits[body].peak == nil ? 1 : 2)
      return Traits(movesRow: traits[body].movesRow, level: level)
    case .exponential(let body):
      var result = traits[body]
      result.peak = body
      result.isCheap = false
      return result
    }
  }

  private func traits(of operation: ScalarOperation, _ operands: [Int]) -> Traits {
    let parts = operands.map { traits[$0] }
    var result = Traits(
      movesRow: parts.contains(where: \.movesRow),
      movesColumn: parts.contains(where: \.movesColumn),
      movesDepth: parts.contains(where: \.movesDepth), level: parts.map(\.level).max() ?? 0,
      isCheap: parts.allSatisfy(\.isCheap))
    // A value relative to the peak so far may be scaled: everything else must wait for the peak.
    let peaks = parts.map { $0.level == result.level ? $0.peak : nil }
    guard peaks.contains(where: { $0 != nil }) else { return result }
    if let peak = homogeneous(operation, peaks) {
      result.peak = peak
    } else {
      result.level += 1
    }
    return result
  }

  /// The peak of a function's value where scaling it scales the value.
  private func homogeneous(_ operation: ScalarOperation, _ peaks: [Int?]) -> Int? {
    switch operation {
    case .unary(.neg): peaks[0]
    case .binary(.mul): peaks[0] == nil ? peaks[1] : peaks[1] == nil ? peaks[0] : nil
    case .binary(.div): peaks[1] == nil ? peaks[0] : nil
    case .binary(.add), .binary(.sub): peaks[0] == peaks[1] ? peaks[0] : nil
    default: nil
    }
  }

  func isZero(_ node: Int) -> Bool {
    if case .number(let value) = nodes[node] { value == 0 } else { false }
  }

  mutating func apply(_ operation: ScalarOperation, _ operands: Int...) -> Int {
    add(.apply(operation, operands))
  }

  mutating func apply(_ function: BinaryFunction, _ a: Int, _ b: Int) -> Int {
    add(.apply(.binary(function), [a, b]))
  }
}
