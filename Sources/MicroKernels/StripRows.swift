/// Rows of a strip of a matrix product: two registers each, from rows of a left factor that may lie anywhere.
public protocol StripRows {
  associatedtype Vector: RegisterVector
  /// How many rows.
  static var count: Int { get }
  /// Zeros.
  init()
  /// Adds the products of a number of each row, `step` apart, and the numbers of two registers.
  mutating func add(
    _ left: UnsafePointer<Float>, _ step: Int, _ low: Vector, _ high: Vector, isFused: Bool)
  /// Writes the rows, `step` apart, or adds them to what is there.
  func write(_ target: UnsafeMutablePointer<Float>, _ step: Int, adding: Bool)
}

/// One row.
@frozen
public struct StripRow<Vector: RegisterVector>: StripRows {
  @usableFromInline var low: Vector
  @usableFromInline var high: Vector

  /// How many rows.
  @inlinable @inline(__always)
  public static var count: Int { 1 }

  /// Zeros.
  @inlinable @inline(__always)
  public init() {
    low = Vector(repeating: 0)
    high = Vector(repeating: 0)
  }

  /// Adds the products of a number and the numbers of two registers.
  @inlinable @inline(__always)
  public mutating func add(
    _ left: UnsafePointer<Float>, _ step: Int, _ low: Vector, _ high: Vector, isFused: Bool
  ) {
    let factor = Vector(repeating: left.pointee)
    if isFused {
      self.low = Vector.fused(factor, low, self.low)
      self.high = Vector.fused(factor, high, self.high)
    } else {
      self.low = Vector.separate(factor, low, self.low)
      self.high = Vector.separate(factor, high, self.high)
    }
  }

  /// Writes the row, or adds it to what is there.
  @inlinable @inline(__always)
  public func write(_ target: UnsafeMutablePointer<Float>, _ step: Int, adding: Bool) {
    let start = UnsafeMutableRawPointer(target)
    let middle = start + MemoryLayout<Vector>.size
    if adding {
      Memory.store(Vector.sum(Memory.load(start), low), start)
      Memory.store(Vector.sum(Memory.load(middle), high), middle)
    } else {
      Memory.store(low, start)
      Memory.store(high, middle)
    }
  }
}

/// Rows above others.
@frozen
public struct StackedStripRows<Upper: StripRows, Lower: StripRows>: StripRows
where Upper.Vector == Lower.Vector {
  /// What a register holds.
  public typealias Vector = Upper.Vector

  @usableFromInline var upper: Upper
  @usableFromInline var lower: Lower

  /// How many rows.
  @inlinable @inline(__always)
  public static var count: Int { Upper.count + Lower.count }

  /// Zeros.
  @inlinable @inline(__always)
  public init() {
    upper = Upper()
    lower = Lower()
  }

  /// Adds the products of a number of each row and the numbers of two registers.
  @inlinable @inline(__always)
  public mutating func add(
    _ left: UnsafePointer<Float>, _ step: Int, _ low: Vector, _ high: Vector, isFused: Bool
  ) {
    upper.add(left, step, low, high, isFused: isFused)
    lower.add(left + Upper.count * step, step, low, high, isFused: isFused)
  }

  /// Writes the rows, or adds them to what is there.
  @inlinable @inline(__always)
  public func write(_ target: UnsafeMutablePointer<Float>, _ step: Int, adding: Bool) {
    upper.write(target, step, adding: adding)
    lower.write(target + Upper.count * step, step, adding: adding)
  }
}

/// Two rows.
public typealias StripRows2<Vector: RegisterVector> = StackedStripRows<
  StripRow<Vector>, StripRow<Vector>
>
/// Four rows.
public typealias StripRows4<Vector: RegisterVector> = StackedStripRows<
  StripRows2<Vector>, StripRows2<Vector>
>
/// Six rows.
public typealias StripRows6<Vector: RegisterVector> = StackedStripRows<
  StripRows4<Vector>, StripRows2<Vector>
>
/// Eight rows.
public typealias StripRows8<Vector: RegisterVector> = StackedStripRows<
  StripRows4<Vector>, StripRows4<Vector>
>
