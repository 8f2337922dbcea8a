/// Sixteen numbers, over which elementwise kernels loop whatever the width of registers.
public typealias Lanes = SIMD16<Float>

extension SIMD16<Float> {
  /// The numbers from a place on; zeros behind the last of `count`.
  @inlinable @inline(__always)
  static func from(_ pointer: UnsafePointer<Float>, _ place: Int, _ count: Int) -> Self {
    if place + 16 <= count { return Memory.load(pointer + place) }
    var lanes = Self(repeating: 0)
    var lane = 0
    while lane < count - place {
      lanes[lane] = pointer[place + lane]
      lane += 1
    }
    return lanes
  }

  /// Writes the numbers that lie before the last of `count`.
  @inlinable @inline(__always)
  func store(_ pointer: UnsafeMutablePointer<Float>, _ place: Int, _ count: Int) {
    if place + 16 <= count { return Memory.store(self, pointer + place) }
    var lane = 0
    while lane < count - place {
      pointer[place + lane] = self[lane]
      lane += 1
    }
  }

  /// The bits as integers.
  @inlinable @inline(__always)
  var bits: SIMD16<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self) }

  /// The numbers that have these bits.
  @inlinable @inline(__always)
  init(bits: SIMD16<Int32>) { self = unsafeBitCast(bits, to: Self.self) }

  /// The absolute values.
  @inlinable @inline(__always)
  var absolute: Self { Self(bits: bits & 0x7FFF_FFFF) }

  /// The larger of two, number by number; NaN where either is.
  @inlinable @inline(__always)
  static func larger(_ x: Self, _ y: Self) -> Self {
    y.replacing(with: x, where: (x .> y) .| (x .!= x))
  }

  /// The smaller of two, number by number; NaN where either is.
  @inlinable @inline(__always)
  static func smaller(_ x: Self, _ y: Self) -> Self {
    y.replacing(with: x, where: (x .< y) .| (x .!= x))
  }

  /// The sum of all, by halves.
  @inlinable @inline(__always)
  var total: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The largest of all; NaN where one is.
  @inlinable @inline(__always)
  var largest: Float {
    var largest = self[0]
    var lane = 1
    while lane < 16 {
      let number = self[lane]
      if number > largest || number != number { largest = number }
      lane += 1
    }
    return largest
  }
}

extension InstructionSet {
  /// The values of a function at consecutive numbers.
  @inlinable @inline(__always)
  static func map(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int,
    _ function: (Lanes) -> Lanes
  ) {
    var place = 0
    while place < count {
      function(Lanes.from(x, place, count)).store(y, place, count)
      place += 16
    }
  }

  /// The values of a function at consecutive pairs.
  @inlinable @inline(__always)
  static func map(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int, _ function: (Lanes, Lanes) -> Lanes
  ) {
    var place = 0
    while place < count {
      function(Lanes.from(a, place, count), Lanes.from(b, place, count)).store(y, place, count)
      place += 16
    }
  }

  /// The value of a polynomial, the last coefficient first in Horner's rule.
  @inlinable @inline(__always)
  static func horner(_ x: Lanes, _ value: Lanes, _ coefficient: Float) -> Lanes {
    multiplyAdd(value, x, Lanes(repeating: coefficient))
  }
}
