/// A product of two small matrices where they lie: `c[i, j] = Σ a[i, p] · b[p, j]`, or that added to c.
///
/// The columns of b and c follow one another and are a multiple of 32; a may have any strides.
@frozen
public struct StripProduct {
  /// The left factor.
  public var a: UnsafePointer<Float>
  /// What it moves by from row to row.
  public var rowStep: Int
  /// What it moves by from place to place of the depth.
  public var depthStep: Int
  /// The right factor.
  public var b: UnsafePointer<Float>
  /// What it moves by from place to place of the depth.
  public var rightStep: Int
  /// The result.
  public var c: UnsafeMutablePointer<Float>
  /// What it moves by from row to row.
  public var resultStep: Int
  /// How many rows, columns, and products in each sum.
  public var size: (rows: Int, columns: Int, depth: Int)
  /// Whether the product is added to what is there.
  public var isAdding: Bool

  /// A product.
  @inlinable
  public init(
    a: UnsafePointer<Float>, rowStep: Int, depthStep: Int, b: UnsafePointer<Float>,
    rightStep: Int, c: UnsafeMutablePointer<Float>, resultStep: Int,
    size: (rows: Int, columns: Int, depth: Int), isAdding: Bool
  ) {
    (self.a, self.rowStep, self.depthStep) = (a, rowStep, depthStep)
    (self.b, self.rightStep) = (b, rightStep)
    (self.c, self.resultStep) = (c, resultStep)
    (self.size, self.isAdding) = (size, isAdding)
  }
}

/// Lines of numbers, some steps apart, that are read.
@frozen
public struct NumberLines {
  /// The first line.
  public var start: UnsafePointer<Float>
  /// How far apart lines are.
  public var step: Int
  /// How many lines there are.
  public var count: Int
  /// How many numbers each has: a multiple of sixteen.
  public var length: Int

  /// Lines.
  @inlinable
  public init(start: UnsafePointer<Float>, step: Int, count: Int, length: Int) {
    (self.start, self.step, self.count, self.length) = (start, step, count, length)
  }
}

extension InstructionSet {
  /// Computes a product strip by strip, a strip as wide as two registers.
  @inlinable @inline(__always)
  public static func multiply(_ product: StripProduct) {
    var column = 0
    while column < product.size.columns {
      var row = 0
      if Vector.width == 16 {
        while row + 8 <= product.size.rows {
          multiply(StripRows8<Vector>(), product, row, column)
          row += 8
        }
      } else if Vector.width == 8 {
        while row + 6 <= product.size.rows {
          multiply(StripRows6<Vector>(), product, row, column)
          row += 6
        }
      }
      while row + 4 <= product.size.rows {
        multiply(StripRows4<Vector>(), product, row, column)
        row += 4
      }
      while row < product.size.rows {
        multiply(StripRow<Vector>(), product, row, column)
        row += 1
      }
      column += 2 * Vector.width
    }
  }

  @inlinable @inline(__always)
  static func multiply<Rows: StripRows>(
    _ zeros: Rows, _ product: StripProduct, _ row: Int, _ column: Int
  ) where Rows.Vector == Vector {
    var rows = zeros
    var (a, b) = (product.a + row * product.rowStep, product.b + column)
    var left = product.size.depth
    while left > 0 {
      let low: Vector = Memory.load(b)
      let high: Vector = Memory.load(b + Vector.width)
      rows.add(a, product.rowStep, low, high, isFused: isFused)
      a += product.depthStep
      b += product.rightStep
      left -= 1
    }
    let target = product.c + row * product.resultStep + column
    rows.write(target, product.resultStep, adding: product.isAdding)
  }

  /// The sums of lines, number by number.
  @inlinable @inline(__always)
  public static func sumLines(_ lines: NumberLines, _ result: UnsafeMutablePointer<Float>) {
    var place = 0
    while place < lines.length {
      var total = Lanes(repeating: 0)
      var line = 0
      while line < lines.count {
        let numbers: Lanes = Memory.load(lines.start + line * lines.step + place)
        total += numbers
        line += 1
      }
      Memory.store(total, result + place)
      place += 16
    }
  }

  /// The largest of lines and of what the result holds, number by number; NaN where one is.
  @inlinable @inline(__always)
  public static func largestLine(_ lines: NumberLines, _ result: UnsafeMutablePointer<Float>) {
    var place = 0
    while place < lines.length {
      var top: Lanes = Memory.load(result + place)
      var line = 0
      while line < lines.count {
        top = Lanes.larger(top, Memory.load(lines.start + line * lines.step + place))
        line += 1
      }
      Memory.store(top, result + place)
      place += 16
    }
  }

  /// Writes `exp(x - shift)` of lines, the shifts a line of their own; the result may be where they are.
  @inlinable @inline(__always)
  public static func exponentialLines(
    _ lines: NumberLines, _ shift: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
    _ resultStep: Int
  ) {
    var place = 0
    while place < lines.length {
      let least: Lanes = Memory.load(shift + place)
      var line = 0
      while line < lines.count {
        let numbers: Lanes = Memory.load(lines.start + line * lines.step + place)
        Memory.store(exponential(numbers - least), result + line * resultStep + place)
        line += 1
      }
      place += 16
    }
  }
}
