/// Rows of numbers, some steps apart, that are folded column by column.
@frozen
public struct NumberRows {
  /// The first row.
  public var start: UnsafePointer<Float>
  /// How far apart rows are; any number.
  public var step: Int
  /// How many rows there are.
  public var count: Int
  /// How many columns each has.
  public var width: Int

  /// Rows.
  @inlinable
  public init(start: UnsafePointer<Float>, step: Int, count: Int, width: Int) {
    (self.start, self.step, self.count, self.width) = (start, step, count, width)
  }

  /// The same rows from the last to the first, where steps are negative.
  @inlinable @inline(__always)
  var ascending: NumberRows {
    guard step < 0, count > 0 else { return self }
    return NumberRows(
      start: start + (count - 1) * step, step: -step, count: count, width: width)
  }

  /// How many rows, from the first on, have sixteen numbers from their start that lie before the end of the last.
  ///
  /// Steps aren't negative.
  @inlinable @inline(__always)
  var countBeforeEnd: Int {
    if width >= 16 { return count }
    guard step > 0 else { return 0 }
    let last = (count - 1) * step + width - 16
    return last < 0 ? 0 : last / step + 1
  }

  /// Up to `count` columns, from one on.
  @inlinable @inline(__always)
  func columns(from first: Int, count columns: Int) -> NumberRows {
    NumberRows(
      start: start + first, step: step, count: count, width: min(columns, width - first))
  }
}

extension InstructionSet {
  /// The sums of columns; 0 for no rows.
  @inlinable @inline(__always)
  static func sumRows(_ rows: NumberRows, _ y: UnsafeMutablePointer<Float>) {
    foldRows(rows.ascending, y, 0) { $0 + $1 }
  }

  /// The largest entries of columns; −∞ for no rows, NaN where one is NaN.
  @inlinable @inline(__always)
  static func maximumRows(_ rows: NumberRows, _ y: UnsafeMutablePointer<Float>) {
    foldRows(rows.ascending, y, -.infinity) { Lanes.larger($0, $1) }
  }

  @inlinable @inline(__always)
  static func foldRows(
    _ rows: NumberRows, _ y: UnsafeMutablePointer<Float>, _ neutral: Float,
    _ combine: (Lanes, Lanes) -> Lanes
  ) {
    var column = 0
    while column + 64 <= rows.width {
      foldWide(rows.columns(from: column, count: 64), y + column, neutral, combine)
      column += 64
    }
    while column < rows.width {
      let strip = rows.columns(from: column, count: 16)
      foldStrip(strip, neutral, combine).store(y + column, 0, strip.width)
      column += 16
    }
  }

  /// Folds sixty-four columns.
  @inlinable @inline(__always)
  static func foldWide(
    _ rows: NumberRows, _ y: UnsafeMutablePointer<Float>, _ neutral: Float,
    _ combine: (Lanes, Lanes) -> Lanes
  ) {
    let none = Lanes(repeating: neutral)
    var (a, b, c, d) = (none, none, none, none)
    var (x, left) = (rows.start, rows.count)
    while left > 0 {
      a = combine(a, Memory.load(x))
      b = combine(b, Memory.load(x + 16))
      c = combine(c, Memory.load(x + 32))
      d = combine(d, Memory.load(x + 48))
      x += rows.step
      left -= 1
    }
    Memory.store(a, y)
    Memory.store(b, y + 16)
    Memory.store(c, y + 32)
    Memory.store(d, y + 48)
  }

  /// Folds up to sixteen columns, four rows at a time; what the lanes behind the last column hold is of no use.
  @inlinable @inline(__always)
  static func foldStrip(
    _ rows: NumberRows, _ neutral: Float, _ combine: (Lanes, Lanes) -> Lanes
  ) -> Lanes {
    let none = Lanes(repeating: neutral)
    var (a, b, c, d) = (none, none, none, none)
    let (whole, step) = (rows.countBeforeEnd, rows.step)
    var (x, row) = (rows.start, 0)
    while row + 4 <= whole {
      a = combine(a, Memory.load(x))
      b = combine(b, Memory.load(x + step))
      c = combine(c, Memory.load(x + 2 * step))
      d = combine(d, Memory.load(x + 3 * step))
      x += 4 * step
      row += 4
    }
    while row < whole {
      a = combine(a, Memory.load(x))
      x += step
      row += 1
    }
    while row < rows.count {
      a = combine(a, Lanes.from(x, 0, rows.width))
      x += step
      row += 1
    }
    return combine(combine(a, b), combine(c, d))
  }
}

extension InstructionSet {
  /// Copies rows, whose numbers are `step` apart, or one number where that is zero, to consecutive places.
  @inlinable @inline(__always)
  static func gatherRows(
    _ rows: NumberRows, step: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    guard rows.width < 16, step == 0 || step == 1 else {
      var row = 0
      while row < rows.count {
        gather(rows.start + row * rows.step, step: step, y + row * rows.width, rows.width)
        row += 1
      }
      return
    }
    if step == 0 { spreadRows(rows, y) } else { copyRows(rows, y) }
  }

  /// How many narrow rows, from the first on, can be written sixteen numbers wide without going past the end.
  @inlinable @inline(__always)
  static func writableCount(_ rows: NumberRows) -> Int {
    let last = rows.count * rows.width - 16
    return last < 0 || rows.width == 0 ? 0 : last / rows.width + 1
  }

  /// Fills narrow rows with the number at the start of each. Each row is written over what went past the one before.
  @inlinable @inline(__always)
  static func spreadRows(_ rows: NumberRows, _ y: UnsafeMutablePointer<Float>) {
    let whole = writableCount(rows)
    var (x, target, row) = (rows.start, y, 0)
    while row < rows.count {
      let numbers = Lanes(repeating: x.pointee)
      if row < whole { Memory.store(numbers, target) } else { numbers.store(target, 0, rows.width) }
      x += rows.step
      target += rows.width
      row += 1
    }
  }

  /// Copies narrow rows. Each is written over what went past the one before.
  @inlinable @inline(__always)
  static func copyRows(_ rows: NumberRows, _ y: UnsafeMutablePointer<Float>) {
    let whole = rows.step > 0 ? min(rows.countBeforeEnd, writableCount(rows)) : 0
    var (x, target, row) = (rows.start, y, 0)
    while row < whole {
      let numbers: Lanes = Memory.load(x)
      Memory.store(numbers, target)
      x += rows.step
      target += rows.width
      row += 1
    }
    while row < rows.count {
      var column = 0
      while column < rows.width {
        target[column] = x[column]
        column += 1
      }
      x += rows.step
      target += rows.width
      row += 1
    }
  }
}
