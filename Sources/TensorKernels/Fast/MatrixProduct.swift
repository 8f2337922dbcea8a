/// A product of two matrices of any strides: `c[i, j] = Σ a[i, p] · b[p, j]`, or that added to c.
///
/// Large products run over packed panels with a tile of the result in registers; small and skinny ones read
/// their matrices where they are. Which way is taken depends on the sizes and strides only. Each entry is summed
/// in one order, whatever rows of the result are computed together.
struct MatrixProduct: Hashable, Sendable {
  /// What a matrix moves by from row to row and from column to column.
  struct Steps: Hashable, Sendable {
    var row: Int
    var column: Int

    var transposed: Steps { Steps(row: column, column: row) }
  }

  /// How the product is computed.
  enum Path: Hashable, Sendable {
    /// Row by row of the result, sixteen columns at a time in registers; b's rows are consecutive.
    case rowwise
    /// Entry by entry, each a sum along consecutive numbers of both matrices.
    case dots
    /// Entry by entry.
    case entries
    /// Packed panels.
    case packed
  }

  let rows: Int
  let columns: Int
  let depth: Int
  let a: Steps
  let b: Steps
  let c: Steps
  let path: Path

  /// Chooses the way.
  init(rows: Int, columns: Int, depth: Int, a: Steps, b: Steps, c: Steps) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    (self.a, self.b, self.c) = (a, b, c)
    let isSmall = rows < Self.tileRows || depth < 4 || rows * columns * depth < 4096
    if !isSmall && columns >= Self.tileColumns / 2 {
      path = .packed
    } else if b.column == 1 && columns >= 8 {
      path = .rowwise
    } else if a.column == 1 && b.row == 1 && depth >= 8 {
      path = .dots
    } else {
      path = isSmall || columns < 4 ? .entries : .packed
    }
  }

  static let tileRows = 4
  static let tileColumns = 8
  static let blockRows = 128
  static let blockColumns = 256
  static let blockDepth = 256

  /// How many floats of scratch memory each worker needs.
  var scratchCount: Int {
    path == .packed ? Self.blockDepth * (Self.blockRows + Self.blockColumns) : 0
  }

  /// How many parts, of consecutive rows, the result is computed in.
  var blockCount: Int { (rows + Self.blockRows - 1) / Self.blockRows }

  /// Computes one part of the result.
  func run(
    block: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    let part = block * Self.blockRows..<min(rows, (block + 1) * Self.blockRows)
    guard path != .packed else { return runPacked(part, a, b, c, scratch, adding) }
    for row in part {
      let (left, result) = (a + row * self.a.row, c + row * self.c.row)
      switch path {
      case .rowwise: runRow(left, b, result, adding)
      case .dots:
        for column in 0..<columns {
          set(result + column * self.c.column, dot(left, b + column * self.b.column), adding)
        }
      case .entries, .packed:
        for column in 0..<columns {
          set(result + column * self.c.column, entry(left, b + column * self.b.column), adding)
        }
      }
    }
  }

  @inline(__always)
  private func set(_ place: UnsafeMutablePointer<Float>, _ value: Float, _ adding: Bool) {
    place.pointee = adding ? place.pointee + value : value
  }

  private func entry(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>) -> Float {
    var total: Float = 0
    for place in 0..<depth { total += left[place * a.column] * right[place * b.row] }
    return total
  }

  private func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>) -> Float {
    var totals = VectorLoops.Vector(repeating: 0)
    var place = 0
    while place < depth {
      totals += VectorLoops.load(left, place, depth) * VectorLoops.load(right, place, depth)
      place += VectorLoops.width
    }
    return totals.sum()
  }

  private func runRow(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    var column = 0
    while column < columns {
      var totals = VectorLoops.Vector(repeating: 0)
      for place in 0..<depth {
        totals += left[place * a.column] * VectorLoops.load(right + place * b.row, column, columns)
      }
      if adding || c.column != 1 {
        for lane in 0..<min(VectorLoops.width, columns - column) {
          set(result + (column + lane) * c.column, totals[lane], adding)
        }
      } else {
        VectorLoops.store(totals, result, column, columns)
      }
      column += VectorLoops.width
    }
  }
}
