import MicroKernels

/// A product of two matrices: `c[i, j] = Σₚ a[i, p] · b[p, j]`, or that added to c.
///
/// Rows, columns and depth are nested loops each, so that axes of arrays needn't be merged to be rows of one
/// matrix. Each entry is summed in one order, whatever part of the result is computed with it.
///
/// Large products run over panels packed for the first two caches, with a tile of the result in registers
/// (Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008). Products with one row read
/// the matrix where it is.
struct MatrixProduct: Hashable, Sendable {
  /// Over a and c.
  let rows: StridedLoops
  /// Over b and c.
  let columns: StridedLoops
  /// Over a and b.
  let depth: StridedLoops

  /// How the product is computed.
  enum Path: Hashable, Sendable {
    /// Packed panels.
    case packed
    /// One row, as multiples of rows of b that are added to consecutive columns.
    case rows
    /// One row, entry by entry, each a sum along consecutive numbers of b.
    case dots
  }

  /// The way, which depends on sizes and strides only.
  var path: Path {
    guard rows.count == 1 else { return .packed }
    if columns.innermostStride(0) == 1 && columns.innermostStride(1) == 1 { return .rows }
    return depth.innermostStride(1) == 1 ? .dots : .packed
  }

  /// The rows that are packed at a time: whole tiles of every level.
  static let blockRows = 168
  /// The columns that are packed at a time.
  static let blockColumns = 1024
  /// The places of the depth that are packed at a time.
  static let blockDepth = 256
  /// The most numbers in a tile of any level, its most rows and its most columns.
  static let (tileSize, tileRows, tileColumns) = (14 * 32, 14, 32)

  private var packedRows: Int { min(Self.blockRows, rows.count + Self.tileRows) }
  private var packedColumns: Int { min(Self.blockColumns, columns.count + Self.tileColumns) }
  private var packedDepth: Int { min(Self.blockDepth, depth.count) }

  /// How many floats of scratch memory each worker needs.
  var scratchCount: Int {
    guard path == .packed else { return VectorRun.scratchCount(self) }
    return Memory.count(rows: packedRows, columns: packedColumns, depth: packedDepth)
  }

  /// Whether the result is cut along its columns, not its rows.
  var isCutByColumns: Bool { columns.count > rows.count }

  /// How many parts the result can be cut into.
  var partCount: Int {
    isCutByColumns
      ? (columns.count + Self.tileColumns - 1) / Self.tileColumns
      : (rows.count + Self.partRows - 1) / Self.partRows
  }

  /// How many parts are worth packing the other factor's share for.
  var leastParts: Int { isCutByColumns ? 4 : 3 }

  /// The rows of a part: a whole number of tiles of most levels.
  static let partRows = 24

  /// Computes consecutive parts of the result.
  func run(
    parts: Range<Int>, _ factors: Factors, _ kernels: KernelTable,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let size = isCutByColumns ? Self.tileColumns : Self.partRows
    let (first, last) = (parts.lowerBound * size, parts.upperBound * size)
    let (rowPart, columnPart) =
      isCutByColumns
      ? (0..<rows.count, first..<min(last, columns.count))
      : (first..<min(last, rows.count), 0..<columns.count)
    guard path == .packed else {
      let run = VectorRun(product: self, factors: factors, kernels: kernels, scratch: scratch)
      return run.run(columnPart)
    }
    packedRun(factors, kernels, scratch).run(rowPart, columnPart)
  }

  func packedRun(
    _ factors: Factors, _ kernels: KernelTable, _ scratch: UnsafeMutablePointer<Float>
  ) -> PackedRun {
    let memory = Memory(
      scratch, rows: packedRows, columns: packedColumns, depth: packedDepth)
    return PackedRun(product: self, factors: factors, kernels: kernels, memory: memory)
  }

  /// Calls a body for each block of columns and depth.
  func forBlocks(_ columns: Range<Int>, _ body: (Range<Int>, Range<Int>) -> Void) {
    Self.forBlocks(of: columns, size: Self.blockColumns) { columns in
      Self.forBlocks(of: 0..<depth.count, size: Self.blockDepth) { body(columns, $0) }
    }
  }

  /// Calls a body for each block; for an empty one where the range is empty, since sums of nothing are zero.
  static func forBlocks(of range: Range<Int>, size: Int, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    repeat {
      let end = min(start + size, range.upperBound)
      body(start..<end)
      start = end
    } while start < range.upperBound
  }

  /// The arrays of a product.
  struct Factors {
    let a: UnsafePointer<Float>
    let b: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
    let isAdding: Bool
    /// The panels of b, where they were packed before; see `pack`.
    let panels: UnsafePointer<Float>?
  }

  /// Scratch memory, cut up.
  struct Memory {
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let tile: UnsafeMutablePointer<Float>
    let rows: (a: UnsafeMutablePointer<Int>, c: UnsafeMutablePointer<Int>)
    let columns: (b: UnsafeMutablePointer<Int>, c: UnsafeMutablePointer<Int>)

    init(_ scratch: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int) {
      tile = UnsafeMutableRawPointer(scratch).alignedUp(toMultipleOf: KernelMemory.alignment)
        .assumingMemoryBound(to: Float.self)
      left = tile + MatrixProduct.tileSize
      right = left + Self.lines(rows * depth)
      let offsets = UnsafeMutableRawPointer(right + Self.lines(columns * depth))
        .assumingMemoryBound(to: Int.self)
      self.rows = (offsets, offsets + rows)
      self.columns = (offsets + 2 * rows, offsets + 2 * rows + columns)
    }

    /// How many floats it takes, with what is lost where the scratch memory doesn't start a line of the cache.
    static func count(rows: Int, columns: Int, depth: Int) -> Int {
      let panels = lines(rows * depth) + lines(columns * depth)
      return MatrixProduct.tileSize + panels + lines(4 * (rows + columns)) + 16
    }

    /// A number of floats, rounded up to whole lines of the cache.
    private static func lines(_ count: Int) -> Int { (count + 15) & ~15 }
  }
}

/// A part of a product, block by block of columns, depth and rows.
struct PackedRun {
  let product: MatrixProduct
  let factors: MatrixProduct.Factors
  let kernels: KernelTable
  let memory: MatrixProduct.Memory

  func run(_ rows: Range<Int>, _ columns: Range<Int>) {
    product.forBlocks(columns) { columns, depth in
      run(rows, columns, depth, panels(columns, depth))
    }
  }

  /// The rows of one block of columns and depth, whose right panels are packed.
  func run(
    _ rows: Range<Int>, _ columns: Range<Int>, _ depth: Range<Int>,
    _ right: UnsafePointer<Float>
  ) {
    product.columns.copyOffsets(1, columns, to: memory.columns.c)
    let isReadInPlace = product.isReadInPlace
    MatrixProduct.forBlocks(of: rows, size: MatrixProduct.blockRows) { rows in
      if isReadInPlace { return multiplyInPlace(rows, columns, depth, right) }
      product.rows.copyOffsets(0, rows, to: memory.rows.a)
      product.rows.copyOffsets(1, rows, to: memory.rows.c)
      packRows(depth, rows.count)
      multiply(rows.count, columns.count, depth, right)
    }
  }

  /// The right panels of a block, packed now or before.
  private func panels(_ columns: Range<Int>, _ depth: Range<Int>) -> UnsafePointer<Float> {
    guard let panels = factors.panels else {
      product.packColumns(
        columns, depth, of: factors.b, offsets: memory.columns.b, to: memory.right, kernels)
      return UnsafePointer(memory.right)
    }
    return panels + product.panelStart(columns.lowerBound, depth, kernels)
  }

  private func packRows(_ depth: Range<Int>, _ rows: Int) {
    product.depth.forRuns(in: depth) { place, count in
      let start = place - depth.lowerBound
      kernels.packRows(
        PanelPacking(
          source: factors.a + product.depth.offset(0, at: place), offsets: memory.rows.a,
          lanes: rows, depth: count, step: product.depth.innermostStride(0),
          target: memory.left + start * kernels.tileRows,
          panelStep: depth.count * kernels.tileRows))
    }
  }

  private func multiply(
    _ rows: Int, _ columns: Int, _ depth: Range<Int>, _ right: UnsafePointer<Float>
  ) {
    kernels.multiply(
      PanelProduct(
        left: memory.left, right: right,
        rightPanelStep: depth.count * kernels.tileColumns, rightStep: kernels.tileColumns,
        depth: depth.count, rows: rows, columns: columns, target: factors.c,
        rowOffsets: memory.rows.c, columnOffsets: memory.columns.c,
        isAdding: factors.isAdding || depth.lowerBound > 0, tile: memory.tile))
  }
}
