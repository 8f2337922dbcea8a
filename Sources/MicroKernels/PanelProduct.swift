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

extension InstructionSet {
  /// Computes a product of panels, tile by tile: a right panel stays in the first cache while all left ones go by.
  @inlinable @inline(__always)
  public static func multiply(_ product: PanelProduct) {
    var column = 0
    var right = product.right
    while column < product.columns {
      let columns = Swift.min(tileColumns, product.columns - column)
      let offsets = product.columnOffsets + column
      let isConsecutive = columns == tileColumns && areConsecutive(offsets, columns)
      var row = 0
      while row < product.rows {
        let rows = Swift.min(Tile.count, product.rows - row)
        let tile = tile(product.left + row * product.depth, right, product)
        if isConsecutive {
          tile.write(
            rows, to: product.target + offsets.pointee, product.rowOffsets + row,
            adding: product.isAdding)
        } else {
          tile.write(to: product.tile)
          scatter(product, row: row, rows: rows, offsets, columns: columns)
        }
        row += Tile.count
      }
      right += product.rightPanelStep
      column += tileColumns
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
  static func tile(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ product: PanelProduct
  ) -> Tile {
    var tile = Tile()
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
