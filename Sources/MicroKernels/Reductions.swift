extension InstructionSet {
  /// The sum of consecutive numbers, in 32 partial sums.
  @inlinable @inline(__always)
  static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var (even, odd) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var place = 0
    while place + 16 < count {
      even += Lanes.from(x, place, count)
      odd += Lanes.from(x, place + 16, count)
      place += 32
    }
    if place < count { even += Lanes.from(x, place, count) }
    return (even + odd).total
  }

  /// The largest of consecutive numbers; −∞ for none, NaN where one is NaN.
  @inlinable @inline(__always)
  static func maximum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    var lanes = Lanes(repeating: -.infinity)
    var place = 0
    while place + 16 <= count {
      lanes = Lanes.larger(lanes, Memory.load(x + place))
      place += 16
    }
    var largest = lanes.largest
    while place < count {
      let number = x[place]
      if number > largest || number != number { largest = number }
      place += 1
    }
    return largest
  }

  /// Multiplies consecutive numbers by one.
  @inlinable @inline(__always)
  static func scale(
    _ x: UnsafePointer<Float>, by factor: Float, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let factors = Lanes(repeating: factor)
    map(x, y, count) { $0 * factors }
  }

  /// Adds a multiple of consecutive numbers.
  @inlinable @inline(__always)
  static func addMultiple(
    _ x: UnsafePointer<Float>, _ factor: Float, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let factors = Lanes(repeating: factor)
    map(x, y, y, count) { multiplyAdd($0, factors, $1) }
  }

  /// Copies numbers that are some steps apart to consecutive places.
  @inlinable @inline(__always)
  static func gather(
    _ x: UnsafePointer<Float>, step: Int, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var place = 0
    if step == 0 {
      let numbers = Lanes(repeating: x.pointee)
      while place < count {
        numbers.store(y, place, count)
        place += 16
      }
    } else if step == 1 {
      while place < count {
        Lanes.from(x, place, count).store(y, place, count)
        place += 16
      }
    } else {
      while place < count {
        y[place] = x[place * step]
        place += 1
      }
    }
  }
}
