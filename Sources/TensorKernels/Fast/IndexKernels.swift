/// Reads the rows of tables that indices name.
public struct GatherKernel: Hashable, Sendable {
  let loops: StridedLoops
  let rowCount: Int
  let rowStride: Int

  /// Prepares a kernel.
  ///
  /// - Parameters:
  ///   - loops: over the table's entries within a row, the indices and the array that is written.
  ///   - rowCount: how many rows a table has.
  ///   - rowStride: how far apart they are.
  public init(loops: StridedLoops, rowCount: Int, rowStride: Int) {
    self.loops = loops
    self.rowCount = rowCount
    self.rowStride = rowStride
  }

  /// Gathers; returns the first index that names no row, and its step, or `nil` when all do.
  public func run(
    _ table: UnsafePointer<Float>, _ indices: UnsafePointer<Int>,
    _ y: UnsafeMutablePointer<Float>
  ) -> (step: Int, index: Int)? {
    for step in 0..<loops.count {
      let row = indices[loops.offset(1, at: step)]
      guard row >= 0, row < rowCount else { return (step, row) }
      y[loops.offset(2, at: step)] = table[loops.offset(0, at: step) + row * rowStride]
    }
    return nil
  }
}

/// Sorts: the positions of vectors' entries from the smallest to the largest, NaN last.
public struct OrderKernel: Hashable, Sendable {
  let loops: StridedLoops
  let count: Int
  let stride: Int
  let resultStride: Int

  /// Prepares a kernel.
  ///
  /// - Parameters:
  ///   - loops: over the vectors that are read and those that are written.
  ///   - count: how many entries a vector has.
  ///   - stride: how far apart they are.
  ///   - resultStride: how far apart the positions are.
  public init(loops: StridedLoops, count: Int, stride: Int, resultStride: Int) {
    self.loops = loops
    self.count = count
    self.stride = stride
    self.resultStride = resultStride
  }

  /// Sorts each vector at `x`, in place in the positions at `y`.
  ///
  /// - Complexity: n log n for n entries, by heapsort: no memory but that of the positions.
  public func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int>) {
    for step in 0..<loops.count {
      let (vector, positions) = (x + loops.offset(0, at: step), y + loops.offset(1, at: step))
      for place in 0..<count { positions[place * resultStride] = place }
      sort(vector, positions)
    }
  }

  private func sort(_ x: UnsafePointer<Float>, _ positions: UnsafeMutablePointer<Int>) {
    guard count > 1 else { return }
    for root in (0..<count / 2).reversed() { sift(x, positions, root, count) }
    for end in (1..<count).reversed() {
      let last = positions[end * resultStride]
      positions[end * resultStride] = positions[0]
      positions[0] = last
      sift(x, positions, 0, end)
    }
  }

  /// Moves an entry down until no child comes after it.
  private func sift(
    _ x: UnsafePointer<Float>, _ positions: UnsafeMutablePointer<Int>, _ start: Int, _ end: Int
  ) {
    var root = start
    while 2 * root + 1 < end {
      var child = 2 * root + 1
      let next = positions[child * resultStride]
      if child + 1 < end, isBefore(x, next, positions[(child + 1) * resultStride]) { child += 1 }
      let (parent, other) = (positions[root * resultStride], positions[child * resultStride])
      guard isBefore(x, parent, other) else { return }
      positions[root * resultStride] = other
      positions[child * resultStride] = parent
      root = child
    }
  }

  private func isBefore(_ x: UnsafePointer<Float>, _ first: Int, _ second: Int) -> Bool {
    let (a, b) = (x[first * stride], x[second * stride])
    if a < b { return true }
    if b < a { return false }
    return a.isNaN == b.isNaN ? first < second : b.isNaN
  }
}
