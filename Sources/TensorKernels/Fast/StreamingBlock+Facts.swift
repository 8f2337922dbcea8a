import MicroKernels

// What is known of arrays, found once for a block of rows and once for a tile of columns. Not yet found: the least
// above the largest. Found to be of no use: NaN.
extension StreamingBlock {
  /// Forgets what is known of the rows of a block.
  func forgetRows() {
    forget(memory.facts.start..<memory.facts.columns)
    guard !kernel.isExamined else { return }
    for number in program.tiles.indices {
      keep(nil, of: number)
      need(number)
    }
  }

  /// Forgets what is known of the columns of a matrix.
  func forgetColumns() { forget(memory.facts.columns..<memory.facts.end) }

  private func forget(_ facts: Range<Int>) {
    guard kernel.isExamined else { return }
    for place in stride(from: facts.lowerBound, to: facts.upperBound, by: 2) {
      scratch[place] = .infinity
      scratch[place + 1] = -.infinity
    }
  }

  private func fact(_ place: Int, _ find: () -> StreamingRange?) -> StreamingRange? {
    let entry = scratch + place
    if entry[0] > entry[1] {
      let found = find()
      entry[0] = found?.least ?? .nan
      entry[1] = found?.largest ?? .nan
    }
    return entry[0].isNaN ? nil : StreamingRange(entry[0], entry[1])
  }

  /// Which tile of a row of them it is.
  private var columnTile: Int { first / kernel.blockColumns }

  // MARK: - Numbers

  /// Between which numbers an array lies in the tile, where it moves along one axis only, and none is NaN.
  func lineRange(_ array: Int) -> StreamingRange? {
    let steps = program.arrays[array]
    guard kernel.isExamined, steps.row == 0 || steps.column == 0, steps.depth == 0 else {
      return nil
    }
    let place = memory.facts.lines[array] + (steps.column == 0 ? 0 : 2 * columnTile)
    return fact(place) {
      let start = starts[array] + first * steps.column
      let (step, count) =
        steps.row != 0 ? (steps.row, height) : (steps.column, steps.column == 0 ? 1 : width)
      var (least, largest) = (start.pointee, start.pointee)
      for place in 0..<count {
        let number = start[place * step]
        guard !number.isNaN else { return nil }
        (least, largest) = (min(least, number), max(largest, number))
      }
      return StreamingRange(least, largest)
    }
  }

  // MARK: - Products

  /// Between which numbers a product's sums lie, however they are added up: by Cauchy and Schwarz, none is larger
  /// than the root of the sums of the squares of both factors.
  func productRange(_ number: Int) -> StreamingRange? {
    guard case .product(_, let columns, let depth) = program.tiles[number],
      let rows = fact(memory.facts.rowSquares[number], { packedSquares(number, depth) })
    else { return nil }
    let steps = program.arrays[columns]
    let place = memory.facts.columnSquares[number] + 2 * columnTile
    let others = fact(place) {
      let start = starts[columns] + first * steps.column
      let isDeep = steps.depth == 1
      return squares(
        start, isDeep ? depth : width, step: isDeep ? 1 : steps.column,
        lines: isDeep ? width : depth, lineStep: isDeep ? steps.column : steps.depth)
    }
    guard let others else { return nil }
    // Twice as large, so that rounding doesn't matter.
    let bound = 2 * (Double(rows.largest) * Double(others.largest)).squareRoot()
    return bound < 1e37 ? StreamingRange(-Float(bound), Float(bound)) : nil
  }

  private func packedSquares(_ number: Int, _ depth: Int) -> StreamingRange? {
    squares(
      scratch + memory.packed[number], lanes, step: 1, lines: depth, lineStep: kernel.blockRows)
  }

  /// Whether what a sum of products multiplies is finite in the tile.
  func hasFiniteValues(_ number: Int) -> Bool {
    let product = program.products[number]
    let place = memory.facts.valueSquares[number] + 2 * columnTile
    let found = fact(place) {
      let (entries, step) = (product.entries, program.arrays[product.values].column)
      let start = starts[product.values] + first * step
      let run = entries.innermostStride(0) == 1 ? entries.sizes.last ?? 1 : 1
      var total: Float = 0
      for entry in stride(from: 0, to: entries.count, by: run) {
        let part = squares(
          start + entries.offset(0, at: entry), run, step: 1, lines: width, lineStep: step)
        guard let part else { return nil }
        total += part.largest
      }
      return total.isFinite ? StreamingRange(total, total) : nil
    }
    return found != nil
  }

  /// A number that is at least the sum of the squares of lines of numbers; `nil` where that isn't finite.
  private func squares(
    _ start: UnsafePointer<Float>, _ count: Int, step: Int, lines: Int, lineStep: Int
  ) -> StreamingRange? {
    var (total, origin): (Float, Int) = (0, 0)
    let isWhole = step == 1 && lineStep == count
    for line in 0..<(isWhole ? 1 : lines) {
      let numbers = start + line * lineStep
      if step == 1 {
        var sum: Float = 0
        kernels.dots(numbers, numbers, &origin, isWhole ? count * lines : count, &sum, 1, false)
        total += sum
      } else {
        for place in 0..<count { total += numbers[place * step] * numbers[place * step] }
      }
    }
    // Twice as large, since sums are rounded, and squares that are too small to be numbers are zero.
    let bound = 2 * total + Float(count * lines) * .leastNormalMagnitude
    return bound.isFinite ? StreamingRange(bound, bound) : nil
  }
}
