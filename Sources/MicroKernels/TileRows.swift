/// Rows of a tile of a matrix product: two registers each, summed along the depth.
public protocol TileRows {
  associatedtype Vector: RegisterVector
  /// How many rows.
  static var count: Int { get }
  /// Zeros.
  init()
  /// Adds the products of one number for each row and the numbers of two registers.
  mutating func add(
    _ left: UnsafePointer<Float>, _ low: Vector, _ high: Vector, isFused: Bool)
  /// Writes the first rows, each to where its offset says, or adds them to what is there.
  func write(
    _ rows: Int, to target: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>,
    adding: Bool)
  /// Writes all rows one after the other.
  func write(to target: UnsafeMutablePointer<Float>)
}

/// One row.
@frozen
public struct TileRow<Vector: RegisterVector>: TileRows {
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

  /// Adds the products of one number for each row and the numbers of two registers.
  @inlinable @inline(__always)
  public mutating func add(
    _ left: UnsafePointer<Float>, _ low: Vector, _ high: Vector, isFused: Bool
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

  /// Writes the first rows, each to where its offset says, or adds them to what is there.
  @inlinable @inline(__always)
  public func write(
    _ rows: Int, to target: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>,
    adding: Bool
  ) {
    guard rows > 0 else { return }
    let start = UnsafeMutableRawPointer(target + offsets.pointee)
    let middle = start + MemoryLayout<Vector>.size
    if adding {
      Memory.store(Vector.sum(Memory.load(start), low), start)
      Memory.store(Vector.sum(Memory.load(middle), high), middle)
    } else {
      Memory.store(low, start)
      Memory.store(high, middle)
    }
  }

  /// Writes all rows one after the other.
  @inlinable @inline(__always)
  public func write(to target: UnsafeMutablePointer<Float>) {
    Memory.store(low, target)
    Memory.store(high, target + Vector.width)
  }
}

/// One row of which only the first register is wanted.
@frozen
public struct HalfRow<Vector: RegisterVector>: TileRows {
  @usableFromInline var low: Vector

  /// How many rows.
  @inlinable @inline(__always)
  public static var count: Int { 1 }

  /// Zeros.
  @inlinable @inline(__always)
  public init() { low = Vector(repeating: 0) }

  /// Adds the products of one number and the numbers of the first register.
  @inlinable @inline(__always)
  public mutating func add(
    _ left: UnsafePointer<Float>, _ low: Vector, _ high: Vector, isFused: Bool
  ) {
    let factor = Vector(repeating: left.pointee)
    self.low =
      isFused ? Vector.fused(factor, low, self.low) : Vector.separate(factor, low, self.low)
  }

  /// Writes the first rows, each to where its offset says, or adds them to what is there.
  @inlinable @inline(__always)
  public func write(
    _ rows: Int, to target: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>,
    adding: Bool
  ) {
    guard rows > 0 else { return }
    let start = UnsafeMutableRawPointer(target + offsets.pointee)
    Memory.store(adding ? Vector.sum(Memory.load(start), low) : low, start)
  }

  /// Writes all rows, as far apart as whole ones.
  @inlinable @inline(__always)
  public func write(to target: UnsafeMutablePointer<Float>) { Memory.store(low, target) }
}

/// Rows above others.
@frozen
public struct StackedRows<Upper: TileRows, Lower: TileRows>: TileRows
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

  /// Adds the products of one number for each row and the numbers of two registers.
  @inlinable @inline(__always)
  public mutating func add(
    _ left: UnsafePointer<Float>, _ low: Vector, _ high: Vector, isFused: Bool
  ) {
    upper.add(left, low, high, isFused: isFused)
    lower.add(left + Upper.count, low, high, isFused: isFused)
  }

  /// Writes the first rows, each to where its offset says, or adds them to what is there.
  @inlinable @inline(__always)
  public func write(
    _ rows: Int, to target: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>,
    adding: Bool
  ) {
    upper.write(rows, to: target, offsets, adding: adding)
    lower.write(rows - Upper.count, to: target, offsets + Upper.count, adding: adding)
  }

  /// Writes all rows one after the other.
  @inlinable @inline(__always)
  public func write(to target: UnsafeMutablePointer<Float>) {
    upper.write(to: target)
    lower.write(to: target + Upper.count * 2 * Vector.width)
  }
}

/// Two rows.
public typealias TileRows2<Row: TileRows> = StackedRows<Row, Row>
/// Four rows.
public typealias TileRows4<Row: TileRows> = StackedRows<TileRows2<Row>, TileRows2<Row>>
/// Six rows.
public typealias TileRows6<Row: TileRows> = StackedRows<TileRows4<Row>, TileRows2<Row>>
/// Eight rows.
public typealias TileRows8<Row: TileRows> = StackedRows<TileRows4<Row>, TileRows4<Row>>
/// Fourteen rows.
public typealias TileRows14<Row: TileRows> = StackedRows<TileRows8<Row>, TileRows6<Row>>
