import MicroKernels

/// Between which numbers a tile's values lie.
struct StreamingRange {
  var least: Float
  var largest: Float

  /// The value, where all are the same.
  var constant: Float? { least.bitPattern == largest.bitPattern ? least : nil }

  /// Whether infinities can't be among them.
  var isBounded: Bool { least.isFinite && largest.isFinite }

  /// Whether all are zero, of either sign.
  var isZero: Bool { least == 0 && largest == 0 }

  init(_ least: Float, _ largest: Float) { (self.least, self.largest) = (least, largest) }
}

extension StreamingBlock {
  /// Between which numbers a value in the tile lies; `nil` where that isn't known, or one may be NaN.
  ///
  /// Rounding keeps the order of numbers, so the bounds hold for what is computed. A mask by positions is the same
  /// number in most tiles, and is computed once there; so is what it hides.
  func range(_ value: StreamingProgram.TileValue, _ number: Int) -> StreamingRange? {
    switch value {
    case .apply(let operation, let sources): range(operation, sources)
    case .product: productRange(number)
    case .load(let source): range(source)
    // Shifts are finite.
    case .exponential(let source, _): constant(source) == -.infinity ? StreamingRange(0, 0) : nil
    case .depthSum: nil
    }
  }

  private func range(
    _ operation: ScalarOperation, _ sources: [StreamingProgram.Source]
  ) -> StreamingRange? {
    guard let first = range(sources[0]) else { return nil }
    switch operation {
    case .unary(let function): return range(function, first)
    case .binary(let function):
      return range(sources[1]).flatMap { range(function, first, $0) }
    case .select:
      guard let condition = first.constant else { return nil }
      return range(sources[condition != 0 ? 1 : 2])
    }
  }

  private func range(_ function: UnaryFunction, _ x: StreamingRange) -> StreamingRange? {
    switch function {
    case .neg: return valid(-x.largest, -x.least)
    case .abs:
      let sizes = (Swift.abs(x.least), Swift.abs(x.largest))
      let crosses = x.least < 0 && x.largest > 0
      return valid(crosses ? 0 : min(sizes.0, sizes.1), max(sizes.0, sizes.1))
    case .relu: return x.largest > 0 ? valid(max(x.least, 0), x.largest) : valid(0, 0)
    // A margin for what isn't rounded well.
    case .exp where x.constant == nil: return valid(0, x.largest < 80 ? 6e34 : .infinity)
    case .sigmoid where x.constant == nil: return valid(0, 1.5)
    case .tanh where x.constant == nil: return valid(-1.5, 1.5)
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
    case .maximum: return bounds(max(x.least, y.least), max(x.largest, y.largest))
    case .minimum: return bounds(min(x.least, y.least), min(x.largest, y.largest))
    case .less:
      if x.largest < y.least { return valid(1, 1) }
      return x.least >= y.largest ? valid(0, 0) : valid(0, 1)
    case .mul where !isConstant && x.isBounded && y.isBounded:
      let (a, b) = (x.least * y.least, x.least * y.largest)
      let (c, d) = (x.largest * y.least, x.largest * y.largest)
      return bounds(min(min(a, b), min(c, d)), max(max(a, b), max(c, d)))
    case .div where !isConstant && x.isBounded:
      guard let divisor = y.constant, divisor != 0, divisor.isFinite else { return nil }
      let (a, b) = (x.least / divisor, x.largest / divisor)
      return bounds(min(a, b), max(a, b))
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

  /// The same, where it isn't known of which sign zeros are.
  private func bounds(_ least: Float, _ largest: Float) -> StreamingRange? {
    least == 0 && largest == 0 ? StreamingRange(-0.0, 0) : valid(least, largest)
  }

  func range(_ source: StreamingProgram.Source) -> StreamingRange? {
    switch source {
    case .tile(let number): knownRange(number)
    case .number(let value): valid(value, value)
    case .inner, .row: nil
    case .array(let array): lineRange(array)
    }
  }

  // MARK: - Known ranges

  /// What is known of a value of places in this tile.
  private func knownRange(_ number: Int) -> StreamingRange? {
    let entry = scratch + memory.ranges + 2 * number
    return entry[0].isNaN ? nil : StreamingRange(entry[0], entry[1])
  }

  /// Keeps what is known of a value: its bounds, the first NaN where there is none.
  func keep(_ range: StreamingRange?, of number: Int) {
    let entry = scratch + memory.ranges + 2 * number
    entry[0] = range?.least ?? .nan
    entry[1] = range?.largest ?? .nan
  }

  /// The one number that a value is in the whole tile; `nil` where it lies there place by place.
  func constant(_ number: Int) -> Float? { knownRange(number)?.constant }

  /// The same of what a source holds.
  func constant(_ source: StreamingProgram.Source) -> Float? { range(source)?.constant }
}
