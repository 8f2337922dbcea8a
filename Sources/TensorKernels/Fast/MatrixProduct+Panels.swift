extension MatrixProduct {
  /// The rows of a part of the result, block by block of depth and columns.
  func runPacked(
    _ part: Range<Int>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    let (left, right) = (scratch, scratch + Self.blockDepth * Self.blockRows)
    var place = 0
    while place < depth {
      let deep = min(Self.blockDepth, depth - place)
      pack(
        a + part.lowerBound * self.a.row + place * self.a.column, self.a.transposed, deep,
        part.count, Self.tileRows, left)
      var column = 0
      while column < columns {
        let wide = min(Self.blockColumns, columns - column)
        pack(
          b + place * self.b.row + column * self.b.column, self.b, deep, wide,
          Self.tileColumns, right)
        multiply(
          left, right, deep, part.count, wide,
          c + part.lowerBound * self.c.row + column * self.c.column, adding || place > 0)
        column += wide
      }
      place += deep
    }
  }

  /// Puts a block into panels of `width` columns, each of which is read from its start to its end; columns
  /// that are missing are zero.
  private func pack(
    _ source: UnsafePointer<Float>, _ steps: Steps, _ deep: Int, _ wide: Int, _ width: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var (panel, column) = (target, 0)
    while column < wide {
      let count = min(width, wide - column)
      let start = source + column * steps.column
      for place in 0..<deep {
        let (from, to) = (start + place * steps.row, panel + place * width)
        for lane in 0..<count { to[lane] = from[lane * steps.column] }
        for lane in count..<width { to[lane] = 0 }
      }
      panel += deep * width
      column += width
    }
  }

  private func multiply(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ deep: Int, _ high: Int,
    _ wide: Int, _ c: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    var column = 0
    while column < wide {
      var row = 0
      while row < high {
        let tile = ProductTile<SIMD8<Float>>(left + row * deep, right + column * deep, deep)
        let result = c + row * self.c.row + column * self.c.column
        let (rows, columns) = (min(Self.tileRows, high - row), min(Self.tileColumns, wide - column))
        if columns == Self.tileColumns && self.c.column == 1 {
          tile.write(rows, result, step: self.c.row, adding)
        } else {
          tile.write(rows, columns, result, self.c, adding)
        }
        row += Self.tileRows
      }
      column += Self.tileColumns
    }
  }
}

/// Four rows of a product of two panels, in registers.
@usableFromInline
struct ProductTile<Vector: SIMD> where Vector.Scalar == Float {
  @usableFromInline var row0 = Vector(repeating: 0)
  @usableFromInline var row1 = Vector(repeating: 0)
  @usableFromInline var row2 = Vector(repeating: 0)
  @usableFromInline var row3 = Vector(repeating: 0)

  /// Multiplies a panel of four columns, transposed, by one as wide as the vector.
  @inlinable @inline(__always)
  init(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ depth: Int) {
    var (a, b) = (left, UnsafeRawPointer(right))
    for _ in 0..<depth {
      let vector = b.loadUnaligned(as: Vector.self)
      row0 += vector * a[0]
      row1 += vector * a[1]
      row2 += vector * a[2]
      row3 += vector * a[3]
      a += 4
      b += MemoryLayout<Vector>.size
    }
  }

  @inline(__always)
  private func row(_ number: Int) -> Vector {
    switch number {
    case 0: row0
    case 1: row1
    case 2: row2
    default: row3
    }
  }

  /// Writes or adds so many full rows to consecutive numbers.
  @inline(__always)
  func write(_ rows: Int, _ target: UnsafeMutablePointer<Float>, step: Int, _ adding: Bool) {
    for number in 0..<rows {
      let place = UnsafeMutableRawPointer(target + number * step)
      let old = adding ? place.loadUnaligned(as: Vector.self) : Vector(repeating: 0)
      place.storeBytes(of: adding ? old + row(number) : row(number), as: Vector.self)
    }
  }

  /// Writes or adds a corner of the tile anywhere.
  @inline(__always)
  func write(
    _ rows: Int, _ columns: Int, _ target: UnsafeMutablePointer<Float>,
    _ steps: MatrixProduct.Steps, _ adding: Bool
  ) {
    for number in 0..<rows {
      let vector = row(number)
      for column in 0..<columns {
        let place = target + number * steps.row + column * steps.column
        place.pointee = adding ? place.pointee + vector[column] : vector[column]
      }
    }
  }
}
