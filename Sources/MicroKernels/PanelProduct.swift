/// The product of packed panels, written or added to a part of a matrix.
///
/// The left panels hold `tileRows` rows each, place by place of the depth; the right ones `tileColumns` columns.
/// Missing rows and columns of the last panels are zero.
@frozen
public struct PanelProduct {
  /// The left panels, one after the other.
  public var left: UnsafePointer<Float>
  /// The right panels.
  public var right: UnsafePointer<Float>
  /// How far apart the right panels are.
  public var rightPanelStep: Int
  /// How far apart the numbers of a right panel at neighbouring places of the depth are.
  public var rightStep: Int
  /// How many products are summed.
  public var depth: Int
  /// How many rows the result has.
  public var rows: Int
  /// How many columns the result has.
  public var columns: Int
  /// The result.
  public var target: UnsafeMutablePointer<Float>
  /// Where each row of the result starts.
  public var rowOffsets: UnsafePointer<Int>
  /// Where each column is, counted from the row's start.
  public var columnOffsets: UnsafePointer<Int>
  /// Whether the product is added to what is there.
  public var isAdding: Bool
  /// Memory for one tile.
  public var tile: UnsafeMutablePointer<Float>

  /// A product of panels that are packed.
  @inlinable
  public init(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, rightPanelStep: Int, rightStep: Int,
    depth: Int, rows: Int, columns: Int, target: UnsafeMutablePointer<Float>,
    rowOffsets: UnsafePointer<Int>, columnOffsets: UnsafePointer<Int>, isAdding: Bool,
    tile: UnsafeMutablePointer<Float>
  ) {
    self.left = left
    self.right = right
    self.rightPanelStep = rightPanelStep
    self.rightStep = rightStep
    self.depth = depth
    self.rows = rows
    self.columns = columns
    self.target = target
    self.rowOffsets = rowOffsets
    self.columnOffsets = columnOffsets
    self.isAdding = isAdding
    self.tile = tile
  }
}

/// A right panel and the columns of the result that it makes.
@frozen
@usableFromInline
struct PanelPart {
  @usableFromInline let right: UnsafePointer<Float>
  @usableFromInline let column: Int
  @usableFromInline let columns: Int
  @usableFromInline let isConsecutive: Bool

  @inlinable @inline(__always)
  init(right: UnsafePointer<Float>, column: Int, columns: Int, isConsecutive: Bool) {
    self.right = right
    self.column = column
    self.columns = columns
    self.isConsecutive = isConsecutive
  }
}

extension InstructionSet {
  /// Computes a product of panels, tile by tile: a right panel stays in the first cache while all left ones go by.
  @inlinable @inline(__always)
  public static func multiply(_ product: PanelProduct) {
    var column = 0
    var right = product.right
    while column < product.columns {
      let columns = Swift.min(tileColumns, product.columns - column)
      let isHalf = columns <= Vector.width
      let isWhole = columns == tileColumns || columns == Vector.width
      let part = PanelPart(
        right: right, column: column, columns: columns,
        isConsecutive: isWhole && areConsecutive(product.columnOffsets + column, columns))
      if isHalf {
        multiply(product, part, HalfTile.self)
      } else {
        multiply(product, part, Tile.self)
      }
      right += product.rightPanelStep
      column += tileColumns
    }
  }

  /// The products of all left panels and one right panel.
  @inlinable @inline(__always)
  static func multiply<Rows: TileRows>(
    _ product: PanelProduct, _ part: PanelPart, _ type: Rows.Type
  ) where Rows.Vector == Vector {
    var row = 0
    while row < product.rows {
      let rows = Swift.min(Tile.count, product.rows - row)
      if rows <= EdgeTile.count && part.columns > Vector.width {
        run(product, part, row, rows, EdgeTile.self)
      } else {
        run(product, part, row, rows, type)
      }
      row += Tile.count
    }
  }

  /// One tile of the result.
  @inlinable @inline(__always)
  static func run<Rows: TileRows>(
    _ product: PanelProduct, _ part: PanelPart, _ row: Int, _ rows: Int, _ type: Rows.Type
  ) where Rows.Vector == Vector {
    let tile: Rows = tile(product.left + row * product.depth, part.right, product)
    let offsets = product.columnOffsets + part.column
    if part.isConsecutive {
      tile.write(
        rows, to: product.target + offsets.pointee, product.rowOffsets + row,
        adding: product.isAdding)
    } else {
      tile.write(to: product.tile)
      scatter(product, row: row, rows: rows, offsets, columns: part.columns)
    }
  }

  @inlinable @inline(__always)
  static func areConsecutive(_ offsets: UnsafePointer<Int>, _ count: Int) -> Bool {
    var place = 1
    while place < count {
      if offsets[place] != offsets[0] + place { return false }
      place += 1
    }
    return true
  }

  /// The sums of products of a left and a right panel.
  @inlinable @inline(__always)
  static func tile<Rows: TileRows>(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ product: PanelProduct
  ) -> Rows where Rows.Vector == Vector {
    var tile = Rows()
    var (a, b) = (left, right)
    var left = product.depth
    while left > 0 {
      let low: Vector = Memory.load(b)
      let high: Vector = Memory.load(b + Vector.width)
      tile.add(a, low, high, isFused: isFused)
      a += Tile.count
      b += product.rightStep
      left -= 1
    }
    return tile
  }

  /// Writes a tile whose columns don't follow one another, or of which some are missing, from memory.
  @inlinable @inline(__always)
  static func scatter(
    _ product: PanelProduct, row: Int, rows: Int, _ columnOffsets: UnsafePointer<Int>,
    columns: Int
  ) {
    var line = 0
    while line < rows {
      let numbers = product.tile + line * tileColumns
      let target = product.target + product.rowOffsets[row + line]
      var column = 0
      while column < columns {
        let place = target + columnOffsets[column]
        place.pointee = product.isAdding ? place.pointee + numbers[column] : numbers[column]
        column += 1
      }
      line += 1
    }
  }
}
