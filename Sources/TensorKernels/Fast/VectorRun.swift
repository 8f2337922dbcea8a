import MicroKernels

/// A part of a product with one row: of a vector and a matrix.
struct VectorRun {
  /// The places of the depth that are taken at a time.
  private static let blockDepth = 1024
  /// The columns that are taken at a time.
  private static let blockColumns = 2048

  let product: MatrixProduct
  let factors: MatrixProduct.Factors
  let kernels: KernelTable
  /// Numbers of the vector, one after the other.
  private let vector: UnsafeMutablePointer<Float>
  /// Sums that are to be written.
  private let sums: UnsafeMutablePointer<Float>
  private let offsets: UnsafeMutablePointer<Int>
  private let targets: UnsafeMutablePointer<Int>

  /// How many floats of scratch memory each worker needs.
  static func scratchCount(_ product: MatrixProduct) -> Int {
    let (deep, wide) = sizes(product)
    return (deep + wide + 2 * (max(deep, wide) + wide) + 48) & ~15
  }

  private static func sizes(_ product: MatrixProduct) -> (deep: Int, wide: Int) {
    (min(blockDepth, product.depth.count), min(blockColumns, product.columns.count))
  }

  init(
    product: MatrixProduct, factors: MatrixProduct.Factors, kernels: KernelTable,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.product = product
    self.factors = factors
    self.kernels = kernels
    let (deep, wide) = Self.sizes(product)
    let start = UnsafeMutableRawPointer(scratch).alignedUp(toMultipleOf: 16)
    offsets = start.assumingMemoryBound(to: Int.self)
    targets = offsets + max(deep, wide)
    vector = UnsafeMutableRawPointer(targets + wide).assumingMemoryBound(to: Float.self)
    sums = vector + deep
  }

  func run(_ columns: Range<Int>) {
    MatrixProduct.forBlocks(of: columns, size: Self.blockColumns) { columns in
      MatrixProduct.forBlocks(of: 0..<product.depth.count, size: Self.blockDepth) { depth in
        gather(depth)
        if product.path == .rows { addRows(columns, depth) } else { dots(columns, depth) }
      }
      if product.path == .dots { write(columns) }
    }
  }

  private func gather(_ depth: Range<Int>) {
    product.depth.forRuns(in: depth) { place, count in
      kernels.gather(
        factors.a + product.depth.offset(0, at: place), product.depth.innermostStride(0),
        vector + (place - depth.lowerBound), count)
    }
  }

  private func addRows(_ columns: Range<Int>, _ depth: Range<Int>) {
    product.depth.copyOffsets(1, depth, to: offsets)
    product.columns.forRuns(in: columns) { column, count in
      let target = factors.c + product.columns.offset(1, at: column)
      if depth.lowerBound == 0 && !factors.isAdding { target.update(repeating: 0, count: count) }
      kernels.addRows(
        vector, factors.b + product.columns.offset(0, at: column), offsets, depth.count, target,
        count)
    }
  }

  private func dots(_ columns: Range<Int>, _ depth: Range<Int>) {
    product.columns.copyOffsets(0, columns, to: offsets)
    if depth.isEmpty { sums.update(repeating: 0, count: columns.count) }
    product.depth.forRuns(in: depth) { place, count in
      kernels.dots(
        vector + (place - depth.lowerBound), factors.b + product.depth.offset(1, at: place),
        offsets, count, sums, columns.count, place > 0)
    }
  }

  private func write(_ columns: Range<Int>) {
    product.columns.copyOffsets(1, columns, to: targets)
    for place in 0..<columns.count {
      let target = factors.c + targets[place]
      target.pointee = factors.isAdding ? target.pointee + sums[place] : sums[place]
    }
  }
}
