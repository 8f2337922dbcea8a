/// A sum of products of two arrays over some of the axes around them: `c[i] = Σₖ a[i, k] · b[i, k]`.
///
/// Axes are told apart by which arrays move along them: those that only a has are the rows of a matrix product,
/// those that only b has its columns, those that are summed its depth; the rest is looped over.
public struct ContractionKernel: Hashable, Sendable {
  let product: MatrixProduct
  let batches: StridedLoops
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
    let groups = AxisGroups(sizes: sizes, strides: strides, kept: sizes.count - summed)
    isSwapped = groups.isSwapped
    product = groups.product(isSwapped: isSwapped)
    batches = groups.loops(groups.batch, arrays: [0, 1, 2])
  }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int { product.scratchCount }

  /// Which of the arrays, 0 for a or 1 for b, can be packed once for many runs; `nil` where that is of no use.
  public var packedArray: Int? {
    let array = isSwapped ? 0 : 1
    let isShared = batches.strides[array].allSatisfy { $0 == 0 }
    return product.path == .packed && isShared ? array : nil
  }

  /// How many floats that array takes when it is packed.
  public func packedCount(level: FeatureLevel) -> Int { product.panelCount(level.kernels) }

  /// Packs the array that `packedArray` names.
  ///
  /// - Parameter packed: `packedCount` floats.
  public func pack(
    _ array: UnsafePointer<Float>, to packed: UnsafeMutablePointer<Float>, level: FeatureLevel
  ) {
    guard packedArray != nil else { return }
    product.pack(array, to: packed, level.kernels)
  }

  /// Runs the contraction.
  ///
  /// - Parameters:
  ///   - scratch: `scratchCount` floats for each worker.
  ///   - packed: what `pack` made of one of the arrays for the level of the workers.
  public func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, packed: UnsafePointer<Float>? = nil, workers: Workers
  ) {
    let parts = product.partCount
    let size = product.rows.count * product.columns.count
    let work = batches.count * size * max(1, product.depth.count)
    guard batches.count * size > 0 else { return }
    let kernels = workers.level.kernels
    if packed == nil && batches.count < 2 * workers.count && product.isShared(by: workers) {
      for batch in 0..<batches.count {
        product.runTogether(factors(a, b, c, nil, batch), scratch: scratch, workers: workers)
      }
      return
    }
    let leastItems = min(parts, product.leastParts)
    workers.run(items: batches.count * parts, work: work, leastItems: leastItems) {
      worker, items in
      let memory = scratch + worker * scratchCount
      var item = items.lowerBound
      while item < items.upperBound {
        let (batch, part) = item.quotientAndRemainder(dividingBy: parts)
        let count = min(parts - part, items.upperBound - item)
        product.run(
          parts: part..<(part + count), factors(a, b, c, packed, batch), kernels,
          scratch: memory)
        item += count
      }
    }
  }

  private func factors(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ packed: UnsafePointer<Float>?, _ batch: Int
  ) -> MatrixProduct.Factors {
    let (x, y) = (a + batches.offset(0, at: batch), b + batches.offset(1, at: batch))
    return MatrixProduct.Factors(
      a: isSwapped ? y : x, b: isSwapped ? x : y, c: c + batches.offset(2, at: batch),
      isAdding: isAdding, panels: packed)
  }
}

/// The axes of a contraction, by which arrays move along them.
private struct AxisGroups {
  struct Axis {
    let size: Int
    let steps: [Int]
  }

  private(set) var left: [Axis] = []
  private(set) var right: [Axis] = []
  private(set) var depth: [Axis] = []
  private(set) var batch: [Axis] = []

  init(sizes: [Int], strides: [[Int]], kept: Int) {
    for (place, size) in sizes.enumerated() {
      let axis = Axis(size: size, steps: strides.map { $0[place] })
      if place >= kept {
        depth.append(axis)
      } else if axis.steps[0] != 0 && axis.steps[1] == 0 {
        left.append(axis)
      } else if axis.steps[0] == 0 && axis.steps[1] != 0 {
        right.append(axis)
      } else {
        batch.append(axis)
      }
    }
  }

  /// The product is transposed where its columns follow one another then, or there are several only then.
  var isSwapped: Bool {
    let (rows, columns) = (loops(left, arrays: [2]), loops(right, arrays: [2]))
    return (rows.innermostStride(0) == 1 && columns.innermostStride(0) != 1)
      || (columns.count == 1 && rows.count > 1)
  }

  func product(isSwapped: Bool) -> MatrixProduct {
    let (first, second) = isSwapped ? (1, 0) : (0, 1)
    return MatrixProduct(
      rows: loops(isSwapped ? right : left, arrays: [first, 2]),
      columns: loops(isSwapped ? left : right, arrays: [second, 2]),
      depth: loops(depth, arrays: [first, second]))
  }

  /// Loops over axes, from the one along which the last of the arrays moves most.
  func loops(_ axes: [Axis], arrays: [Int]) -> StridedLoops {
    let axes = axes.count < 2 ? axes : sorted(axes, array: arrays.last ?? 0)
    return StridedLoops(
      sizes: axes.map(\.size), strides: arrays.map { array in axes.map { $0.steps[array] } })
  }

  private func sorted(_ axes: [Axis], array: Int) -> [Axis] {
    axes.enumerated().sorted { first, second in
      let (x, y) = (first.element.steps[array].magnitude, second.element.steps[array].magnitude)
      return x == y ? first.offset < second.offset : x > y
    }.map(\.element)
  }
}
