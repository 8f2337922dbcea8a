import MicroKernels

// MARK: - Rows that are read where they lie

extension MatrixProduct {
  /// Whether rows of a are read where they lie: their numbers follow one another, and with few columns it would
  /// take about as long to pack them as to multiply. Rows are taken some at a time, so they come in long loops.
  var isReadInPlace: Bool {
    let lines = rows.sizes.last ?? 1
    return columns.count <= Self.mostColumnsInPlace && depth.count >= Self.tileColumns
      && depth.sizes.count == 1 && depth.innermostStride(0) == 1
      && (lines == rows.count || lines >= Self.leastRowsInPlace)
  }

  /// The most columns, and the fewest rows in a loop, for which that was measured to be faster.
  private static let (mostColumnsInPlace, leastRowsInPlace) = (256, 64)
}

extension PackedRun {
  /// Multiplies rows where they lie with right panels, panel by panel: one stays in the first cache while all
  /// rows go by.
  ///
  /// Numbers are added in the order in which packed rows are.
  ///
  /// - Parameters:
  ///   - rows: at most a block of them.
  ///   - columns: at most a block; where they are in c stands in memory.
  func multiplyInPlace(
    _ rows: Range<Int>, _ columns: Range<Int>, _ depth: Range<Int>,
    _ right: UnsafePointer<Float>
  ) {
    let width = kernels.tileColumns
    for start in stride(from: 0, to: columns.count, by: width) {
      let panel = right + start * depth.count
      let offsets = memory.columns.c + start
      let isWhole = columns.count - start >= width && areConsecutive(offsets, width)
      product.rows.forRuns(in: rows) { row, count in
        if isWhole {
          let target = factors.c + product.rows.offset(1, at: row) + offsets.pointee
          multiply(
            row, count, depth, panel, target, product.rows.innermostStride(1), isAdding(depth))
        } else {
          multiply(row, count, depth, panel, memory.left, width, false)
          scatter(row, count, min(width, columns.count - start), offsets, isAdding(depth))
        }
      }
    }
  }

  private func isAdding(_ depth: Range<Int>) -> Bool {
    factors.isAdding || depth.lowerBound > 0
  }

  private func areConsecutive(_ offsets: UnsafePointer<Int>, _ count: Int) -> Bool {
    for place in 1..<count where offsets[place] != offsets[0] + place { return false }
    return true
  }

  /// The products of rows that lie some steps apart and one panel.
  private func multiply(
    _ row: Int, _ count: Int, _ depth: Range<Int>, _ panel: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ targetStep: Int, _ isAdding: Bool
  ) {
    kernels.multiplyStrips(
      StripProduct(
        a: factors.a + product.rows.offset(0, at: row)
          + product.depth.offset(0, at: depth.lowerBound),
        rowStep: product.rows.innermostStride(0), depthStep: 1, b: panel,
        rightStep: kernels.tileColumns, c: target, resultStep: targetStep,
        size: (count, kernels.tileColumns, depth.count), isAdding: isAdding))
  }

  /// Copies entries from memory to columns that don't follow one another or don't fill a panel, or adds them.
  private func scatter(
    _ row: Int, _ count: Int, _ columns: Int, _ offsets: UnsafePointer<Int>, _ isAdding: Bool
  ) {
    let width = kernels.tileColumns
    for line in 0..<count {
      let numbers = memory.left + line * width
      let target = factors.c + product.rows.offset(1, at: row + line)
      for column in 0..<columns {
        let place = target + offsets[column]
        place.pointee = isAdding ? place.pointee + numbers[column] : numbers[column]
      }
    }
  }
}
