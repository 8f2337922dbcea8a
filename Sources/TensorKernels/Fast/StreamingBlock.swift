import MicroKernels

/// A block of rows that one worker goes through, pass by pass and tile by tile.
struct StreamingBlock {
  let kernel: StreamingKernel
  let kernels: KernelTable
  let memory: StreamingMemory
  /// Where the block's part of each array starts.
  let starts: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let scratch: UnsafeMutablePointer<Float>
  /// How many values of whole tiles were computed place by place, if that is counted.
  private let computed: UnsafeMutablePointer<Int>?
  /// The rows that there are, and those rounded up to whole vectors.
  private(set) var (height, lanes) = (0, 0)
  /// The columns of the tile, and the first of them.
  private(set) var (width, first) = (0, 0)
  private(set) var pass = 0
  /// The step of a sum over depth, and the tiles of what is inside.
  private var depth = 0
  private var inner: [Int] = []

  var program: StreamingProgram { kernel.program }

  init(
    _ kernel: StreamingKernel, _ kernels: KernelTable, memory: StreamingMemory,
    starts: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, computed: UnsafeMutablePointer<Int>? = nil
  ) {
    (self.kernel, self.kernels, self.memory) = (kernel, kernels, memory)
    (self.starts, self.scratch, self.computed) = (starts, scratch, computed)
  }

  /// Computes a block's rows.
  func run(height: Int) {
    var block = self
    block.height = height
    block.lanes = StreamingLoops.rounded(height)
    block.pack()
    block.forgetRows()
    for pass in kernel.passes.indices {
      block.pass = pass
      block.runPass()
    }
    for row in program.lastRows { block.computeRow(row) }
    for (place, output) in program.outputs.enumerated() {
      block.write(output, to: program.arrays.count - program.outputs.count + place)
    }
  }

  private mutating func runPass() {
    let pass = kernel.passes[self.pass]
    for row in pass.rows { computeRow(row) }
    for action in pass.actions { clear(action) }
    for column in stride(from: 0, to: kernel.columns, by: kernel.blockColumns) {
      first = column
      width = min(kernel.blockColumns, kernel.columns - column)
      if kernel.isExamined { examine(pass.actions) }
      for action in pass.actions { run(action) }
    }
  }

  private mutating func run(_ action: StreamingProgram.Action) {
    switch action {
    case .tile(let number):
      if isNeeded(number) { compute(program.tiles[number], number) }
    case .row(let row): take(row)
    case .product(let product): add(product)
    }
  }

  private func clear(_ action: StreamingProgram.Action) {
    switch action {
    case .tile: return
    case .product(let product):
      let count = kernel.blockRows * program.products[product].width
      (scratch + memory.sums[product]).update(repeating: 0, count: count)
    case .row(let row):
      let line = self.row(row)
      guard case .peak = program.rows[row] else { return line.update(repeating: 0, count: lanes) }
      line.update(repeating: -.infinity, count: lanes)
      (line + kernel.blockRows).update(repeating: 0, count: lanes)
    }
  }

  func row(_ number: Int) -> UnsafeMutablePointer<Float> { scratch + memory.rows[number] }

  func tile(_ number: Int) -> UnsafeMutablePointer<Float> {
    let place = kernel.registers.places[pass][number]
    return scratch + memory.tiles + place * kernel.blockRows * kernel.blockColumns
  }
}

// MARK: - Values of places

extension StreamingBlock {
  private func innerTile(_ number: Int) -> UnsafeMutablePointer<Float> {
    scratch + memory.tiles + inner[number] * kernel.blockRows * kernel.blockColumns
  }

  private mutating func compute(_ value: StreamingProgram.TileValue, _ number: Int) {
    computed?.pointee += 1
    guard case .depthSum(let count, let body) = value else {
      return compute(value, tile(number), packed: memory.packed[number])
    }
    inner = kernel.registers.inner[pass][number]
    let (target, step) = (tile(number), kernel.blockRows)
    target.update(repeating: 0, count: step * width)
    for depth in 0..<count {
      self.depth = depth
      for (place, value) in body.enumerated() { compute(value, innerTile(place), packed: 0) }
      let last = innerTile(body.count - 1)
      kernels.applyToPairs(.add, target, last, target, step * width)
    }
    depth = 0
  }

  private func compute(
    _ value: StreamingProgram.TileValue, _ target: UnsafeMutablePointer<Float>, packed: Int
  ) {
    let step = kernel.blockRows
    switch value {
    case .product(_, let columns, let depth):
      let steps = program.arrays[columns]
      kernels.multiplyStrips(
        StripProduct(
          a: starts[columns] + first * steps.column, rowStep: steps.column,
          depthStep: steps.depth, b: scratch + packed, rightStep: step, c: target,
          resultStep: step, size: (width, lanes, depth), isAdding: false))
    case .load(let source):
      for column in 0..<width {
        (target + column * step).update(from: line(source, column, 0), count: lanes)
      }
    case .exponential(let source, let peak):
      let lines = NumberLines(
        start: places(of: source, or: target), step: step, count: width, length: lanes)
      kernels.exponentialLines(lines, row(peak) + step, target, step)
    case .apply(.select, let sources) where constant(sources[0]) != nil:
      // What isn't chosen may not have been computed.
      compute(.load(sources[constant(sources[0]) != 0 ? 1 : 2]), target, packed: packed)
    case .apply(let operation, let sources): apply(operation, sources, target)
    case .depthSum: return
    }
  }

  private func apply(
    _ operation: ScalarOperation, _ sources: [StreamingProgram.Source],
    _ target: UnsafeMutablePointer<Float>
  ) {
    let step = kernel.blockRows
    if lanes == step, sources.allSatisfy({ tile(of: $0) != nil }) {
      func whole(_ place: Int) -> UnsafePointer<Float> {
        UnsafePointer(tile(of: sources[place % sources.count]) ?? target)
      }
      return operation.apply(whole(0), whole(1), whole(2), target, step * width, kernels)
    }
    func moving(_ place: Int) -> Bool { place < sources.count && moves(sources[place]) }
    func line(_ place: Int, _ column: Int) -> UnsafePointer<Float> {
      self.line(sources[place], column, place)
    }
    var (a, b, c) = (line(0, 0), line(1 % sources.count, 0), line(2 % sources.count, 0))
    let isMoving = (moving(0), moving(1 % sources.count), moving(2 % sources.count))
    for column in 0..<width {
      if isMoving.0 { a = line(0, column) }
      if isMoving.1 { b = line(1 % sources.count, column) }
      if isMoving.2 { c = line(2 % sources.count, column) }
      operation.apply(a, b, c, target + column * step, lanes, kernels)
    }
  }

  /// A tile's values, place by place: where they lie, or else written to a place for them.
  func places(
    of source: StreamingProgram.Source, or space: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    if let tile = tile(of: source) { return tile }
    for column in 0..<width {
      (space + column * kernel.blockRows).update(from: line(source, column, 3), count: lanes)
    }
    return space
  }

  /// Whether a source's line depends on the column.
  private func moves(_ source: StreamingProgram.Source) -> Bool {
    switch source {
    case .tile(let number): constant(number) == nil
    case .inner: true
    case .row, .number: false
    case .array(let array): program.arrays[array].column != 0
    }
  }

  private func tile(of source: StreamingProgram.Source) -> UnsafeMutablePointer<Float>? {
    switch source {
    case .tile(let number): constant(number) == nil ? tile(number) : nil
    case .inner(let number): innerTile(number)
    case .row, .array, .number: nil
    }
  }

  /// What a source holds at a column of the tile, for each row; in one of four lines where it lies elsewhere
  /// otherwise.
  func line(
    _ source: StreamingProgram.Source, _ column: Int, _ slot: Int
  ) -> UnsafePointer<Float> {
    let space = scratch + memory.lines + slot * kernel.blockRows
    switch source {
    case .tile(let number):
      guard let value = constant(number) else {
        return UnsafePointer(tile(number) + column * kernel.blockRows)
      }
      space.update(repeating: value, count: lanes)
    case .inner(let number): return UnsafePointer(innerTile(number) + column * kernel.blockRows)
    case .row(let number): return UnsafePointer(row(number))
    case .number(let value): space.update(repeating: value, count: lanes)
    case .array(let array):
      let steps = program.arrays[array]
      let start = starts[array] + (first + column) * steps.column + depth * steps.depth
      if steps.row == 0 {
        space.update(repeating: start.pointee, count: lanes)
      } else if steps.row == 1 && lanes == height {
        return UnsafePointer(start)
      } else {
        kernels.gather(start, steps.row, space, height)
        for row in height..<lanes { space[row] = 0 }
      }
    }
    return UnsafePointer(space)
  }
}
