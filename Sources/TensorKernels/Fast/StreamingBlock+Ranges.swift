import MicroKernels

/// Between which numbers a tile's values lie.
struct StreamingRange {
  var least: Float
  var largest: Float

  /// The value, where all are the same.
  var constant: Float? { least.bitPattern == largest.bitPattern ? least : nil }

  /// Whether infinities may be among them.
  var isBounded: Bool { least.isFinite && largest.isFinite }

  init(_ least: Float, _ largest: Float) { (self.least, self.largest) = (least, largest) }
}

extension StreamingBlock {
  /// Between which numbers the values of a function in the tile lie, for functions of what moves along rows or
  /// columns only; `nil` where that isn't known, or one may be NaN.
  ///
  /// Rounding keeps the order of numbers, so the bounds hold for what is computed. A mask by positions is the same
  /// number in most tiles, and is computed once there.
  func range(_ value: StreamingProgram.TileValue) -> StreamingRange? {
    guard case .apply(let operation, let sources) = value else { return nil }
    guard let first = range(sources[0]) else { return nil }
    if case .unary(let function) = operation { return range(function, first) }
    guard let second = range(sources[1]) else { return nil }
    switch operation {
    case .unary: return nil
    case .binary(let function): return range(function, first, second)
    case .select:
      guard let third = range(sources[2]), first.constant != nil else { return nil }
      return first.least != 0 ? second : third
    }
  }

  private func range(_ function: UnaryFunction, _ x: StreamingRange) -> StreamingRange? {
    switch function {
    case .neg: return valid(-x.largest, -x.least)
    case .abs:
      let sizes = (Swift.abs(x.least), Swift.abs(x.largest))
      let crosses = x.least < 0 && x.largest > 0
      return valid(crosses ? 0 : min(sizes.0, sizes.1), max(sizes.0, sizes.1))
    default:
      guard let constant = x.constant else { return nil }
      var (input, result) = (constant, Float.nan)
      function.apply(&input, &result, 1, kernels)
      return valid(result, result)
    }
  }

  private func range(
    _ function: BinaryFunction, _ x: StreamingRange, _ y: StreamingRange
  ) -> StreamingRange? {
    let isConstant = x.constant != nil && y.constant != nil
    switch function {
    // Infinities of both signs give NaN.
    case .add, .sub:
      guard isConstant || x.isBounded || y.isBounded else { return nil }
    default: break
    }
    switch function {
    case .add: return valid(x.least + y.least, x.largest + y.largest)
    case .sub: return valid(x.least - y.largest, x.largest - y.least)
    case .maximum: return valid(max(x.least, y.least), max(x.largest, y.largest))
    case .minimum: return valid(min(x.least, y.least), min(x.largest, y.largest))
    case .less:
      if x.largest < y.least { return valid(1, 1) }
      return x.least >= y.largest ? valid(0, 0) : valid(0, 1)
    case .mul, .div, .power:
      guard let a = x.constant, let b = y.constant else { return nil }
      var (first, second, result) = (a, b, Float.nan)
      function.apply(&first, &second, &result, 1, kernels)
      return valid(result, result)
    }
  }

  private func valid(_ least: Float, _ largest: Float) -> StreamingRange? {
    least.isNaN || largest.isNaN ? nil : StreamingRange(least, largest)
  }

  private func range(_ source: StreamingProgram.Source) -> StreamingRange? {
    switch source {
    case .tile(let number): return knownRange(number)
    case .number(let value): return valid(value, value)
    case .inner, .row: return nil
    case .array(let array):
      let steps = program.arrays[array]
      guard steps.row == 0 || steps.column == 0 else { return nil }
      let start = starts[array] + first * steps.column
      let (step, count) =
        steps.row != 0 ? (steps.row, height) : (steps.column, steps.column == 0 ? 1 : width)
      var (least, largest) = (start.pointee, start.pointee)
      for place in 0..<count {
        let number = start[place * step]
        guard !number.isNaN else { return nil }
        (least, largest) = (min(least, number), max(largest, number))
      }
      return StreamingRange(least, largest)
    }
  }

  // MARK: - Known ranges

  /// What is known of a value of places in this tile.
  private func knownRange(_ number: Int) -> StreamingRange? {
    let entry = ranges(number)
    return entry[0].isNaN ? nil : StreamingRange(entry[0], entry[1])
  }

  /// Where a range is kept: its bounds, the first NaN where there is none.
  private func ranges(_ number: Int) -> UnsafeMutablePointer<Float> {
    scratch + memory.ranges + 2 * number
  }

  /// Keeps what is known of a value; whether it is one number, which needn't be computed for each place.
  func keep(_ range: StreamingRange?, of number: Int) -> Bool {
    ranges(number)[0] = range?.least ?? .nan
    ranges(number)[1] = range?.largest ?? .nan
    return range?.constant != nil
  }

  /// The one number that a value is in the whole tile; `nil` where it lies there place by place.
  func constant(_ number: Int) -> Float? { knownRange(number)?.constant }
}
