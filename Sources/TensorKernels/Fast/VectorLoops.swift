/// Loops over consecutive numbers, sixteen at a time.
enum VectorLoops {
  typealias Vector = SIMD16<Float>
  static let width = 16

  /// The numbers from a place on; zeros behind the last of `count`.
  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>, _ place: Int, _ count: Int) -> Vector {
    if place + width <= count {
      return UnsafeRawPointer(pointer + place).loadUnaligned(as: Vector.self)
    }
    var vector = Vector(repeating: 0)
    for lane in 0..<(count - place) { vector[lane] = pointer[place + lane] }
    return vector
  }

  /// Writes the numbers that lie before the last of `count`.
  @inline(__always)
  static func store(
    _ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ place: Int, _ count: Int
  ) {
    if place + width <= count {
      UnsafeMutableRawPointer(pointer + place).storeBytes(of: vector, as: Vector.self)
    } else {
      for lane in 0..<(count - place) { pointer[place + lane] = vector[lane] }
    }
  }

  @inline(__always)
  static func map(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int,
    _ function: (Vector) -> Vector
  ) {
    var place = 0
    while place < count {
      store(function(load(x, place, count)), y, place, count)
      place += width
    }
  }

  @inline(__always)
  static func map(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int, _ function: (Vector, Vector) -> Vector
  ) {
    var place = 0
    while place < count {
      store(function(load(a, place, count), load(b, place, count)), y, place, count)
      place += width
    }
  }

  /// Applies a function number by number.
  @inline(__always)
  static func each(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int,
    _ function: (Float) -> Float
  ) {
    for place in 0..<count { y[place] = function(x[place]) }
  }

  /// The larger of two; NaN where either is.
  @inline(__always)
  static func maximum(_ x: Vector, _ y: Vector) -> Vector {
    y.replacing(with: x, where: (x .> y) .| (x .!= x))
  }

  /// The smaller of two; NaN where either is.
  @inline(__always)
  static func minimum(_ x: Vector, _ y: Vector) -> Vector {
    y.replacing(with: x, where: (x .< y) .| (x .!= x))
  }
}

extension UnaryFunction {
  /// The values at consecutive numbers.
  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    switch self {
    case .neg: VectorLoops.map(x, y, count) { -$0 }
    case .exp: VectorLoops.map(x, y, count, VectorFunctions.exp)
    case .sqrt: VectorLoops.map(x, y, count) { $0.squareRoot() }
    case .reciprocal: VectorLoops.map(x, y, count) { 1 / $0 }
    case .tanh: VectorLoops.map(x, y, count, VectorFunctions.tanh)
    case .sigmoid: VectorLoops.map(x, y, count, VectorFunctions.sigmoid)
    case .relu: VectorLoops.map(x, y, count) { $0.replacing(with: 0, where: $0 .<= 0) }
    case .gelu: VectorLoops.map(x, y, count, VectorFunctions.gelu)
    case .silu: VectorLoops.map(x, y, count) { $0 * VectorFunctions.sigmoid($0) }
    case .abs: VectorLoops.map(x, y, count, VectorFunctions.magnitude)
    case .log: VectorLoops.each(x, y, count, Float.logarithm)
    case .elu:
      VectorLoops.each(x, y, count) { $0 > 0 ? $0 : Float.exponentialMinusOne($0) }
    case .sin: VectorLoops.each(x, y, count, Float.sine)
    case .cos: VectorLoops.each(x, y, count, Float.cosine)
    }
  }
}

extension BinaryFunction {
  /// The values at consecutive pairs of numbers.
  func apply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch self {
    case .add: VectorLoops.map(a, b, y, count) { $0 + $1 }
    case .sub: VectorLoops.map(a, b, y, count) { $0 - $1 }
    case .mul: VectorLoops.map(a, b, y, count) { $0 * $1 }
    case .div: VectorLoops.map(a, b, y, count) { $0 / $1 }
    case .maximum: VectorLoops.map(a, b, y, count, VectorLoops.maximum)
    case .minimum: VectorLoops.map(a, b, y, count, VectorLoops.minimum)
    case .power: for place in 0..<count { y[place] = Float.power(a[place], b[place]) }
    case .less:
      VectorLoops.map(a, b, y, count) {
        SIMD16<Float>(repeating: 0).replacing(with: 1, where: $0 .< $1)
      }
    }
  }
}
