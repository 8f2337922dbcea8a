/// A sum of products of two arrays over some of the axes around them: `c[i] = Σₖ a[i, k] · b[i, k]`.
///
/// Axes are told apart by which arrays move along them: the longest of those that only a has become the rows of a
/// matrix product, the longest that only b has its columns, the longest that is summed its depth; the rest is
/// looped over.
public struct ContractionKernel: Hashable, Sendable {
  let product: MatrixProduct
  let batches: StridedLoops
  let sums: StridedLoops
  let isSwapped: Bool
  /// Whether sums are added to what the result holds.
  public let isAdding: Bool

  /// Prepares a contraction.
  ///
  /// - Parameters:
  ///   - sizes: of all axes, those that are summed last.
  ///   - strides: of a, b and c for each axis; those of c are zero where an axis is summed.
  ///   - summed: how many axes are summed.
  ///   - isAdding: whether the sums are added to what c holds.
  public init(sizes: [Int], strides: [[Int]], summed: Int, isAdding: Bool) {
    self.isAdding = isAdding
    let kept = sizes.count - summed
    var groups = AxisGroups(sizes: sizes, strides: strides, kept: kept)
    let depth = groups.takeLongest(.depth)
    let left = groups.takeLongest(.left)
    let right = groups.takeLongest(.right)
    sums = groups.rest(.depth)
    batches = groups.rest(.batch)
    // The columns are consecutive where that can be: they are computed side by side.
    isSwapped =
      (left.c == 1 && right.c != 1 && left.size > 1) || (right.size == 1 && left.size > 1)
    let (rows, columns) = isSwapped ? (right, left) : (left, right)
    let (first, second) = isSwapped ? (1, 0) : (0, 1)
    product = MatrixProduct(
      rows: rows.size, columns: columns.size, depth: depth.size,
      a: .init(row: rows.steps[first], column: depth.steps[first]),
      b: .init(row: depth.steps[second], column: columns.steps[second]),
      c: .init(row: rows.c, column: columns.c))
  }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int { product.scratchCount }

  /// Runs the contraction.
  ///
  /// - Parameter scratch: `scratchCount` floats for each worker.
  public func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let blocks = product.blockCount
    let work = batches.count * product.rows * product.columns * max(1, product.depth * sums.count)
    workers.run(items: batches.count * blocks, work: work) { worker, items in
      for item in items {
        let (batch, block) = item.quotientAndRemainder(dividingBy: blocks)
        let memory = scratch + worker * scratchCount
        let left = a + batches.offset(0, at: batch)
        let right = b + batches.offset(1, at: batch)
        let result = c + batches.offset(2, at: batch)
        if sums.count == 0 || product.depth == 0 {
          runEmpty(block, result)
        }
        for step in 0..<(product.depth == 0 ? 0 : sums.count) {
          let (x, y) = (left + sums.offset(0, at: step), right + sums.offset(1, at: step))
          product.run(
            block: block, isSwapped ? y : x, isSwapped ? x : y, result, scratch: memory,
            adding: isAdding || step > 0)
        }
      }
    }
  }

  /// Sums of nothing.
  private func runEmpty(_ block: Int, _ c: UnsafeMutablePointer<Float>) {
    guard !isAdding else { return }
    let first = block * MatrixProduct.blockRows
    for row in first..<min(product.rows, first + MatrixProduct.blockRows) {
      for column in 0..<product.columns {
        c[row * product.c.row + column * product.c.column] = 0
      }
    }
  }
}

/// The axes of a contraction, by which arrays move along them.
private struct AxisGroups {
  enum Group { case batch, left, right, depth }

  struct Axis {
    var size = 1
    var steps = [0, 0, 0]

    var c: Int { steps[2] }
  }

  private var left: StridedLoops
  private var right: StridedLoops
  private var depth: StridedLoops
  private var batch: [Axis] = []
  private var sums: [Axis] = []

  init(sizes: [Int], strides: [[Int]], kept: Int) {
    var axes: [[Axis]] = [[], [], []]
    for (place, size) in sizes.enumerated() {
      let axis = Axis(size: size, steps: strides.map { $0[place] })
      if place >= kept {
        axes[2].append(axis)
      } else if axis.steps[0] != 0 && axis.steps[1] == 0 {
        axes[0].append(axis)
      } else if axis.steps[0] == 0 && axis.steps[1] != 0 {
        axes[1].append(axis)
      } else {
        batch.append(axis)
      }
    }
    let loops = axes.map(Self.loops)
    (left, right, depth) = (loops[0], loops[1], loops[2])
  }

  private static func loops(_ axes: [Axis]) -> StridedLoops {
    StridedLoops(
      sizes: axes.map(\.size), strides: (0..<3).map { array in axes.map { $0.steps[array] } })
  }

  /// The longest axis of a group; one of size 1 when there is none.
  mutating func takeLongest(_ group: Group) -> Axis {
    let loops = group == .left ? left : group == .right ? right : depth
    var axes = loops.sizes.indices.map { place in
      Axis(size: loops.sizes[place], steps: loops.strides.map { $0[place] })
    }
    var longest = Axis()
    if let place = axes.indices.max(by: { axes[$0].size < axes[$1].size }) {
      longest = axes.remove(at: place)
    }
    if group == .depth { sums += axes } else { batch += axes }
    return longest
  }

  /// What is left of the summed axes, or of the others.
  func rest(_ group: Group) -> StridedLoops { Self.loops(group == .depth ? sums : batch) }
}
