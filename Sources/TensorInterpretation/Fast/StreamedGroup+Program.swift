import TensorKernels

extension StreamedGroup {
  /// The group as one step.
  func step() -> FlatStep {
    var builder = StreamingProgramBuilder(self)
    for sink in sinks { builder.add(sink) }
    var step = builder.step
    step.boxes = members.union(scalings).sorted().flatMap { program.steps[$0].boxes }
    return step
  }
}

/// Turns a group's graph into a streaming program.
private struct StreamingProgramBuilder {
  private let group: StreamedGroup
  private var nodes: StreamedNodes
  private var program = StreamingProgram()
  private var lowered: [StreamedNodes.Reading: Int] = [:]
  private var inputs: [FlatOperand] = []
  private var outputs: [FlatOperand] = []
  private var arrayNumbers: [FlatOperand: Int] = [:]
  private var tileNumbers: [Int: Int] = [:]
  /// Which values of places each pass computes.
  private var computed: [Set<Int>] = []
  private var rowNumbers: [Int: Int] = [:]
  private var rowsOfLevels: [[Int]] = []

  init(_ group: StreamedGroup) {
    self.group = group
    nodes = group.nodes
  }

  var step: FlatStep {
    var program = program
    for (level, rows) in rowsOfLevels.enumerated() {
      if level < program.passes.count {
        program.passes[level].rows = rows
      } else {
        program.lastRows += rows
      }
    }
    program.arrays = (inputs + outputs).map { operand in
      StreamingProgram.Steps(
        row: operand.strides[group.rowAxis], column: operand.strides[group.columnAxis],
        depth: operand.strides.count > group.sizes.count ? operand.strides[group.sizes.count] : 0)
    }
    return FlatStep(
      operation: .streamed(program), sizes: group.sizes, inputs: inputs.map(flat), outputs: outputs)
  }

  private func flat(_ operand: FlatOperand) -> FlatOperand {
    var operand = operand
    operand.strides.removeLast(operand.strides.count - group.sizes.count)
    return operand
  }

  mutating func add(_ sink: StreamedGroup.Sink) {
    outputs.append(sink.output)
    switch sink.kind {
    case .fold(let node):
      let row = nodes.lowered(.init(node: node), &lowered)
      program.outputs.append(.row(rowSource(row)))
    case .product(let weights, let values, let entries, let divisor):
      let divisor = divisor.map { nodes.lowered(.init(node: $0), &lowered) }
      let weights = nodes.lowered(.init(node: weights), &lowered)
      var terms: [StreamingProgram.Term] = []
      for term in nodes.terms(weights) {
        let product = product(term.base, values, entries)
        let numerator = term.numerator.map { rowSource($0) }
        let denominator = (term.denominator ?? divisor).map { rowSource($0) }
        terms.append(
          .init(
            product: product, numerator: numerator, denominator: denominator,
            isNegative: term.isNegative))
      }
      program.outputs.append(.matrix(terms))
    }
  }

  // MARK: - Folds

  private mutating func product(
    _ base: Int, _ values: FlatOperand, _ entries: StridedLoops
  ) -> Int {
    let level = nodes.traits[base].level
    let weights = tile(base, level)
    let peak = nodes.traits[base].peak.map { self.peak($0) }
    let array = array(values)
    program.products.append(
      .init(weights: weights, values: array, peak: peak, entries: entries))
    append(.product(program.products.count - 1), level)
    return program.products.count - 1
  }

  private mutating func append(_ action: StreamingProgram.Action, _ pass: Int) {
    reach(pass)
    program.passes[pass].actions.append(action)
  }

  private mutating func reach(_ pass: Int) {
    while program.passes.count <= pass {
      program.passes.append(.init())
      computed.append([])
    }
  }

  private mutating func addRow(_ value: StreamingProgram.RowValue, for node: Int) -> Int {
    program.rows.append(value)
    rowNumbers[node] = program.rows.count - 1
    return program.rows.count - 1
  }

  /// The row that holds the largest entry of a node.
  private mutating func peak(_ body: Int) -> Int {
    let node = nodes.add(.peak(body))
    if let known = rowNumbers[node] { return known }
    let level = nodes.traits[node].level - 1
    let source = placeSource(body, level)
    let row = addRow(.peak(source), for: node)
    append(.row(row), level)
    return row
  }

  private mutating func sum(_ body: Int, _ node: Int) -> Int {
    let level = nodes.traits[node].level - 1
    let source = placeSource(body, level)
    let peak = nodes.traits[body].peak.map { self.peak($0) }
    let row = addRow(.sum(source, peak: peak), for: node)
    append(.row(row), level)
    return row
  }

  /// Where a value of rows comes from.
  private mutating func rowSource(_ node: Int) -> StreamingProgram.Source {
    if let known = rowNumbers[node] { return .row(known) }
    switch nodes.nodes[node] {
    case .array(let number): return .array(array(group.arrays[number]))
    case .number(let value): return .number(value)
    case .peak(let body): return .row(peak(body))
    case .sum(let body): return .row(sum(body, node))
    case .apply(let operation, let operands):
      var sources: [StreamingProgram.Source] = []
      for operand in operands { sources.append(rowSource(operand)) }
      return .row(addFunction(.apply(operation, sources), node))
    case .product, .depthSum, .fold, .exponential: return .number(.nan)
    }
  }

  private mutating func addFunction(_ value: StreamingProgram.RowValue, _ node: Int) -> Int {
    let (row, level) = (addRow(value, for: node), nodes.traits[node].level)
    while rowsOfLevels.count <= level { rowsOfLevels.append([]) }
    rowsOfLevels[level].append(row)
    return row
  }

  private mutating func array(_ operand: FlatOperand) -> Int {
    var operand = operand
    if operand.strides.count == group.sizes.count { operand.strides.append(0) }
    if let known = arrayNumbers[operand] { return known }
    arrayNumbers[operand] = inputs.count
    inputs.append(operand)
    return inputs.count - 1
  }

  // MARK: - Places

  /// Where a node's value at a place comes from in a pass.
  private mutating func placeSource(_ node: Int, _ pass: Int) -> StreamingProgram.Source {
    switch nodes.nodes[node] {
    case .array, .number: return rowSource(node)
    case .product, .depthSum, .exponential: return tile(node, pass)
    case .apply where nodes.traits[node].movesColumn: return tile(node, pass)
    default: return rowSource(node)
    }
  }

  /// A node's value in a tile of its own.
  private mutating func tile(_ node: Int, _ pass: Int) -> StreamingProgram.Source {
    reach(pass)
    let number = tileNumbers[node] ?? -1
    if number >= 0, computed[pass].contains(number) { return .tile(number) }
    let value = value(of: node, pass)
    return emit(value, node, pass)
  }

  private mutating func emit(
    _ value: StreamingProgram.TileValue, _ node: Int, _ pass: Int
  ) -> StreamingProgram.Source {
    let number: Int
    if let known = tileNumbers[node] {
      number = known
    } else {
      program.tiles.append(value)
      number = program.tiles.count - 1
      tileNumbers[node] = number
      addScales(of: node, tile: number)
    }
    computed[pass].insert(number)
    append(.tile(number), pass)
    return .tile(number)
  }

  private mutating func addScales(of node: Int, tile: Int) {
    guard case .product(_, _, _, let scales) = nodes.nodes[node] else { return }
    for scale in scales {
      let array = array(group.arrays[scale.array])
      program.rowScales.append(.init(tile: tile, array: array, isDivisor: scale.isDivisor))
    }
  }

  private mutating func value(of node: Int, _ pass: Int) -> StreamingProgram.TileValue {
    switch nodes.nodes[node] {
    case .product(let rows, let columns, let depth, _):
      let left = array(group.arrays[rows])
      return .product(rows: left, columns: array(group.arrays[columns]), depth: depth)
    case .exponential(let body):
      let source = tile(body, pass)
      return .exponential(source, peak: peak(body))
    case .apply(let operation, let operands) where nodes.traits[node].movesColumn:
      var sources: [StreamingProgram.Source] = []
      for operand in operands { sources.append(placeSource(operand, pass)) }
      return .apply(operation, sources)
    case .depthSum(let body, let depth):
      var inner: (values: [StreamingProgram.TileValue], numbers: [Int: Int]) = ([], [:])
      let last = innerSource(body, pass, &inner)
      if case .inner(let number) = last, number == inner.values.count - 1 {
        return .depthSum(depth: depth, body: inner.values)
      }
      return .depthSum(depth: depth, body: inner.values + [.load(last)])
    default: return .load(placeSource(node, pass))
    }
  }

  /// Where a node's value comes from inside a sum over depth.
  private mutating func innerSource(
    _ node: Int, _ pass: Int,
    _ inner: inout (values: [StreamingProgram.TileValue], numbers: [Int: Int])
  ) -> StreamingProgram.Source {
    guard nodes.traits[node].movesDepth,
      case .apply(let operation, let operands) = nodes.nodes[node]
    else { return placeSource(node, pass) }
    if let known = inner.numbers[node] { return .inner(known) }
    var sources: [StreamingProgram.Source] = []
    for operand in operands { sources.append(innerSource(operand, pass, &inner)) }
    inner.values.append(.apply(operation, sources))
    inner.numbers[node] = inner.values.count - 1
    return .inner(inner.values.count - 1)
  }
}
