import MicroKernels

extension StreamingBlock {
  /// The block's rows of what products read, side by side.
  func pack() {
    let step = kernel.blockRows
    for (number, value) in program.tiles.enumerated() {
      guard case .product(let array, _, let depth) = value else { continue }
      let (steps, target) = (program.arrays[array], scratch + memory.packed[number])
      for row in 0..<height {
        let source = starts[array] + row * steps.row
        for place in 0..<depth { target[place * step + row] = source[place * steps.depth] }
      }
      for row in height..<lanes {
        for place in 0..<depth { target[place * step + row] = 0 }
      }
      for scale in program.rowScales where scale.tile == number { self.scale(target, scale, depth) }
    }
  }

  /// Multiplies or divides packed rows.
  private func scale(
    _ packed: UnsafeMutablePointer<Float>, _ scale: StreamingProgram.RowScale, _ depth: Int
  ) {
    let (numbers, step) = (starts[scale.array], program.arrays[scale.array].row)
    for row in 0..<height {
      let number = numbers[row * step]
      var place = row
      for _ in 0..<depth {
        packed[place] = scale.isDivisor ? packed[place] / number : packed[place] * number
        place += kernel.blockRows
      }
    }
  }

  /// Takes the tile into a peak or a sum.
  func take(_ number: Int) {
    let (line, step) = (row(number), kernel.blockRows)
    let space = scratch + memory.lines + 3 * step
    switch program.rows[number] {
    case .peak(let source):
      // What is hidden everywhere leaves the largest entry, and what sums are scaled by is 1.
      if isHidden(number) { return (line + 2 * step).update(repeating: 1, count: lanes) }
      space.update(from: line, count: lanes)
      forLines(source) { kernels.largestLine($0, line) }
      _ = StreamingLoops.rescale(
        old: space, new: line, shift: line + step, factor: line + 2 * step, lanes,
        kernels)
    case .sum(let source, let peak):
      if let peak {
        kernels.applyToPairs(.mul, line, row(peak) + 2 * step, line, lanes)
      }
      if isHidden(number) { return }
      forLines(source) { lines in
        kernels.sumLines(lines, space)
        kernels.applyToPairs(.add, line, space, line, lanes)
      }
    case .apply: return
    }
  }

  /// Calls a body with all lines of a source at once where they lie in a tile, else with one after the other.
  private func forLines(
    _ source: StreamingProgram.Source, _ body: (NumberLines) -> Void
  ) {
    let step = kernel.blockRows
    if case .tile(let number) = source, constant(number) == nil {
      return body(NumberLines(start: tile(number), step: step, count: width, length: lanes))
    }
    for column in 0..<width {
      body(NumberLines(start: line(source, column, 0), step: step, count: 1, length: lanes))
    }
  }

  /// Takes the tile into a sum of products.
  func add(_ number: Int) {
    let product = program.products[number]
    guard case .tile(let tile) = product.weights else { return }
    let (step, width) = (kernel.blockRows, product.width)
    let sums = scratch + memory.sums[number]
    if let peak = product.peak {
      let factor = row(peak) + 2 * step
      for row in 0..<height where factor[row] != 1 {
        let entries = sums + row * width
        kernels.scale(entries, factor[row], entries, width)
      }
    }
    if isSpared(number) { return }
    let weights = places(of: product.weights, or: self.tile(tile))
    let (values, valueStep) = values(product)
    kernels.multiplyStrips(
      StripProduct(
        a: weights, rowStep: 1, depthStep: step, b: values, rightStep: valueStep, c: sums,
        resultStep: width, size: (height, width, self.width), isAdding: true))
  }

  /// The tile's rows of values: where they lie, or copied to rows of whole vectors.
  private func values(
    _ product: StreamingProgram.Product
  ) -> (UnsafePointer<Float>, step: Int) {
    let (entries, step) = (product.entries, program.arrays[product.values].column)
    let start = starts[product.values] + first * step
    let isWhole = entries.sizes.last == product.width && entries.innermostStride(0) == 1
    if isWhole && step != 0 { return (UnsafePointer(start), step) }
    let copy = scratch + memory.values
    for column in 0..<width {
      let (from, to) = (start + column * step, copy + column * product.width)
      for entry in 0..<entries.count { to[entry] = from[entries.offset(0, at: entry)] }
      for entry in entries.count..<product.width { to[entry] = 0 }
    }
    return (UnsafePointer(copy), product.width)
  }
}

// MARK: - Rows

extension StreamingBlock {
  /// Computes a function of rows.
  func computeRow(_ number: Int) {
    let target = row(number)
    switch program.rows[number] {
    case .apply(let operation, let sources):
      operation.apply(
        line(sources[0], 0, 0), line(sources[1 % sources.count], 0, 1),
        line(sources[2 % sources.count], 0, 2), target, lanes, kernels)
    case .peak, .sum: return
    }
  }

  /// Writes the block's rows of a result.
  func write(_ output: StreamingProgram.Output, to array: Int) {
    let (steps, start) = (program.arrays[array], starts[array])
    switch output {
    case .row(let source):
      let values = line(source, 0, 0)
      for row in 0..<height { start[row * steps.row] = values[row] }
    case .matrix(let terms):
      for (place, term) in terms.enumerated() {
        write(term, start, step: steps.row, adding: place > 0)
      }
    }
  }

  private func write(
    _ term: StreamingProgram.Term, _ start: UnsafeMutablePointer<Float>, step: Int, adding: Bool
  ) {
    let product = program.products[term.product]
    let sums = scratch + memory.sums[term.product]
    let numerator = term.numerator.map { line($0, 0, 0) }
    let denominator = term.denominator.map { line($0, 0, 1) }
    let count = product.entries.sizes.last ?? 1
    let isSideBySide = count == product.entries.count && product.entries.innermostStride(1) == 1
    let values = scratch + memory.values
    for row in 0..<height {
      let (from, to) = (sums + row * product.width, start + row * step)
      kernels.scale(from, numerator?[row] ?? 1, values, product.width)
      if let denominator { divide(values, by: denominator[row], product.width) }
      if term.isNegative { kernels.scale(values, -1, values, product.width) }
      if isSideBySide && !adding {
        to.update(from: values, count: count)
        continue
      }
      for entry in 0..<product.entries.count {
        let place = to + product.entries.offset(1, at: entry)
        place.pointee = adding ? place.pointee + values[entry] : values[entry]
      }
    }
  }

  private func divide(_ numbers: UnsafeMutablePointer<Float>, by divisor: Float, _ count: Int) {
    let line = scratch + memory.lines + 2 * kernel.blockRows
    for start in stride(from: 0, to: count, by: kernel.blockRows) {
      let length = min(kernel.blockRows, count - start)
      line.update(repeating: divisor, count: length)
      kernels.applyToPairs(.div, numbers + start, line, numbers + start, length)
    }
  }
}
