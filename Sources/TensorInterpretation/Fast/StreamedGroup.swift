import TensorKernels

/// Steps that run as one, tile by tile, over the places of a matrix: its rows are an axis along which scores are
/// made, its columns the axis along which they are folded; other axes are batches of matrices.
struct StreamedGroup {
  /// What the group writes.
  struct Sink {
    enum Kind {
      /// A fold of this node.
      case fold(Int)
      /// The sum over columns of a node times the rows of an array; divided by a node of rows, if there is one.
      case product(weights: Int, values: FlatOperand, entries: StridedLoops, divisor: Int?)
    }

    let step: Int
    /// A step that reads the result of that one and nothing else does: what the group writes is its result.
    var last: Int?
    let kind: Kind
    /// Over the group's axes.
    let output: FlatOperand
  }

  private struct Place: Hashable {
    let operand: FlatOperand
    let depth: Int?
  }

  /// The most steps that are taken in.
  static let largest = 96

  let program: FlatProgram
  let uses: BufferUses
  let frame: Int
  /// The sizes of the axes: batches, rows, columns.
  let sizes: [Int]
  /// Buffers that stay.
  let barriers: Set<Int>
  private(set) var nodes: StreamedNodes
  /// The arrays that nodes read, over the group's axes and one of depth.
  private(set) var arrays: [FlatOperand] = []
  private(set) var sinks: [Sink] = []
  /// Steps that the group does instead.
  private(set) var members: Set<Int> = []
  /// Steps that were looked at; what the group is depends on no others.
  var visited: [Int] = []
  /// Steps whose results the group doesn't need any more, since it scales rows itself.
  var scalings: Set<Int> = []
  /// Buffers that the group computes place by place, in the order in which they were found.
  private(set) var wide: [(buffer: Int, operand: FlatOperand, node: Int)] = []
  private var known: [Place: Int] = [:]
  private var arrayNumbers: [FlatOperand: Int] = [:]
  var remaining = Self.largest

  /// The most elements that may be read and written instead of the arrays that aren't stored.
  private let mostOutside: Int
  private var outside: (buffers: [Int], count: Int) = ([], 0)

  init(
    _ program: FlatProgram, _ uses: BufferUses, frame: Int, sizes: [Int], barriers: Set<Int>,
    mostOutside: Int
  ) {
    (self.program, self.uses, self.frame) = (program, uses, frame)
    (self.sizes, self.barriers, self.mostOutside) = (sizes, barriers, mostOutside)
    nodes = StreamedNodes(columnCount: sizes.last ?? 0)
  }

  var rowAxis: Int { sizes.count - 2 }
  var columnAxis: Int { sizes.count - 1 }

  /// Whether more is read and written than may be; the group doesn't grow then.
  var isTooLarge: Bool { outside.count > mostOutside }

  private mutating func addOutside(_ buffer: Int) {
    guard !outside.buffers.contains(buffer) else { return }
    outside.buffers.append(buffer)
    outside.count = outside.count.addedSaturating(program.buffers[buffer].count)
    if isTooLarge { remaining = 0 }
  }

  mutating func add(_ sink: Sink) {
    addOutside(sink.output.buffer)
    sinks.append(sink)
    members.insert(sink.step)
    if let last = sink.last { members.insert(last) }
  }

  // MARK: - Expanding

  /// The node of what an operand over the group's axes reads; over an axis of depth besides, where one is given.
  mutating func expand(_ operand: FlatOperand, depth: Int? = nil) -> Int {
    if depth != nil, operand.strides.last == 0 {
      var flat = operand
      flat.strides.removeLast()
      return expand(flat)
    }
    let place = Place(operand: operand, depth: depth)
    if let node = known[place] { return node }
    let node = expanded(operand, depth) ?? array(operand)
    known[place] = node
    return node
  }

  /// The node of an array that is read as it is.
  private mutating func array(_ operand: FlatOperand) -> Int {
    if case .number(let value) = program.buffers[operand.buffer].source {
      return nodes.add(.number(value))
    }
    var operand = operand
    if operand.strides.count == sizes.count { operand.strides.append(0) }
    let number = number(of: operand)
    let moves = operand.strides.map { $0 != 0 }
    return nodes.add(
      .array(number),
      .init(
        movesRow: moves[rowAxis], movesColumn: moves[columnAxis], movesDepth: moves[sizes.count],
        isCheap: !(moves[rowAxis] && moves[columnAxis])))
  }

  mutating func number(of operand: FlatOperand) -> Int {
    if let known = arrayNumbers[operand] { return known }
    arrayNumbers[operand] = arrays.count
    arrays.append(operand)
    addOutside(operand.buffer)
    return arrays.count - 1
  }

  private mutating func expanded(_ operand: FlatOperand, _ depth: Int?) -> Int? {
    guard remaining > 0, let writer = uses.writer[operand.buffer] else { return nil }
    visited.append(writer)
    guard uses.frames[writer] == frame else { return nil }
    let (row, column) = (operand.strides[rowAxis], operand.strides[columnAxis])
    if column == 0 { return depth == nil ? expandedRow(operand, writer) : nil }
    guard row != 0, !barriers.contains(operand.buffer) else { return nil }
    remaining -= 1
    guard let node = expandedPlace(operand, depth, program.steps[writer]) else { return nil }
    members.insert(writer)
    if !wide.contains(where: { $0.buffer == operand.buffer }) {
      wide.append((operand.buffer, operand, node))
    }
    return node
  }

  private mutating func expandedPlace(
    _ operand: FlatOperand, _ depth: Int?, _ step: FlatStep
  ) -> Int? {
    switch step.operation {
    case .elementwise(let instructions, _) where instructions.count == 1:
      guard let inputs = inlined(step, in: operand, depth) else { return nil }
      var parts: [Int] = []
      for place in instructions[0].operands { parts.append(expand(inputs[place], depth: depth)) }
      return nodes.add(.apply(instructions[0].operation, parts))
    case .copy:
      guard let inputs = inlined(step, in: operand, depth) else { return nil }
      return expand(inputs[0], depth: depth)
    case .contraction(let summed) where depth == nil:
      return expandedSum(operand, step, summed: summed)
    case .fold(.sum) where depth == nil: return expandedSum(operand, step, summed: 1)
    case .fold(.mean) where depth == nil:
      guard let sum = expandedSum(operand, step, summed: 1) else { return nil }
      let count = nodes.add(.number(Float(step.sizes.last ?? 0)))
      return nodes.apply(.div, sum, count)
    default: return nil
    }
  }

  func inlined(
    _ step: FlatStep, in operand: FlatOperand, _ depth: Int?
  ) -> [FlatOperand]? {
    var isWhole = false
    return step.inlined(in: operand, sizes: sizes + (depth.map { [$0] } ?? []), isWhole: &isWhole)
  }

  /// A contraction, or a sum, along axes of depth.
  private mutating func expandedSum(
    _ operand: FlatOperand, _ step: FlatStep, summed: Int
  ) -> Int? {
    // Batches that share a sum would compute it again and again.
    guard sizes.indices.allSatisfy({ sizes[$0] == 1 || operand.strides[$0] != 0 }) else {
      return nil
    }
    let kept = step.sizes.count - summed
    let depths = StridedLoops(
      sizes: Array(step.sizes[kept...]), strides: step.inputs.map { Array($0.strides[kept...]) })
    guard depths.sizes.count <= 1,
      let factors = inlined(step.droppingAxes(summed), in: operand, nil)
    else { return nil }
    let depth = depths.innermost
    var deep = factors
    for place in deep.indices { deep[place].strides.append(depth.strides[place]) }
    if let product = product(deep, depth.size) { return product }
    var parts: [Int] = []
    for factor in deep { parts.append(expand(factor, depth: depth.size)) }
    var body = parts[0]
    for part in parts.dropFirst() { body = nodes.apply(.mul, body, part) }
    guard nodes.traits[body].movesDepth else { return depth.size == 1 ? body : nil }
    return nodes.add(.depthSum(body, depth: depth.size))
  }

  /// The product of an array along rows and one along columns.
  private mutating func product(_ factors: [FlatOperand], _ depth: Int) -> Int? {
    guard factors.count == 2, depth > 1 else { return nil }
    let isRow = factors.map { $0.strides[rowAxis] != 0 && $0.strides[columnAxis] == 0 }
    let isColumn = factors.map { $0.strides[rowAxis] == 0 && $0.strides[columnAxis] != 0 }
    guard let row = isRow.firstIndex(of: true), isColumn[1 - row] else { return nil }
    var scales: [StreamedNodes.RowScale] = []
    let (own, other) = (rowAxis, columnAxis)
    let rows = unscaled(factors[row], depth, &scales) { $0.strides[other] == 0 }
    let columns = unscaled(factors[1 - row], depth, &scales) {
      $0.strides[own] == 0 && $0.strides[other] == 0
    }
    return nodes.add(
      .product(
        rows: number(of: rows), columns: number(of: columns), depth: depth, scales: scales))
  }

  // MARK: - Rows

  /// A value of rows that depends on a fold of the group; `nil` for others, which are read.
  private mutating func expandedRow(_ operand: FlatOperand, _ writer: Int) -> Int? {
    let step = program.steps[writer]
    switch step.operation {
    case .elementwise(let instructions, _) where instructions.count == 1:
      guard let inputs = inlined(step, in: operand, nil) else { return nil }
      remaining -= 1
      var parts: [Int] = []
      for place in instructions[0].operands { parts.append(expand(inputs[place])) }
      guard parts.contains(where: { nodes.traits[$0].level > 0 }) else { return nil }
      return nodes.add(.apply(instructions[0].operation, parts))
    case .fold(let function) where step.sizes.last == sizes[columnAxis]:
      guard let node = fold(function, operand, step) else { return nil }
      addWhole(writer, node, operand)
      return node
    default: return nil
    }
  }

  /// A fold along the group's columns.
  private mutating func fold(
    _ function: FoldFunction, _ operand: FlatOperand, _ step: FlatStep
  ) -> Int? {
    guard var input = inlined(step.droppingAxes(1), in: operand, nil)?.first else { return nil }
    input.strides[columnAxis] = step.inputs[0].strides.last ?? 0
    guard input.strides[rowAxis] != 0, input.strides[columnAxis] != 0 else { return nil }
    return nodes.add(.fold(function, expand(input)))
  }

  /// The fold's step becomes a member where the group computes all of its result.
  private mutating func addWhole(_ writer: Int, _ node: Int, _ operand: FlatOperand) {
    guard !members.contains(writer) else { return }
    var (reader, isWhole) = (operand, false)
    reader.strides.remove(at: columnAxis)
    let kept = program.steps[writer].droppingAxes(1)
    let sizes = self.sizes.dropLast()
    guard kept.inlined(in: reader, sizes: Array(sizes), isWhole: &isWhole) != nil, isWhole
    else { return }
    add(Sink(step: writer, kind: .fold(node), output: operand))
  }
}

extension FlatStep {
  /// The step without its last axes.
  func droppingAxes(_ count: Int) -> FlatStep {
    func dropping(_ operand: FlatOperand) -> FlatOperand {
      var operand = operand
      operand.strides.removeLast(count)
      return operand
    }
    return FlatStep(
      operation: operation, sizes: Array(sizes.dropLast(count)), inputs: inputs.map(dropping),
      outputs: outputs.map(dropping))
  }
}
