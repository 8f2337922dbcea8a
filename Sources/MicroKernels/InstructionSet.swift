/// Instructions for which kernels are compiled, as a type, so that kernels compiled for different ones never
/// share a symbol.
///
/// Everything in this module is inlined into the modules that name an instruction set, and compiled there with
/// that module's flags. Nothing here may call a generic function of the standard library that isn't inlined: the
/// linker could keep a copy that needs instructions which the processor lacks.
public protocol InstructionSet: Sendable {
  /// What a register holds.
  associatedtype Vector: RegisterVector
  /// The rows of the tile of a matrix product that stays in registers.
  associatedtype Tile: TileRows where Tile.Vector == Vector
  /// As many rows, of half the columns.
  associatedtype HalfTile: TileRows where HalfTile.Vector == Vector
  /// The rows of the tile that is used where few rows are left.
  associatedtype EdgeTile: TileRows where EdgeTile.Vector == Vector
  /// Whether a product and a sum are one instruction, rounded once.
  static var isFused: Bool { get }
}

/// Single-precision numbers that fill a register of the processor.
public protocol RegisterVector: BitwiseCopyable {
  /// How many numbers it holds.
  static var width: Int { get }
  /// One number everywhere.
  init(repeating number: Float)
  /// `x · y + sum`, rounded once.
  static func fused(_ x: Self, _ y: Self, _ sum: Self) -> Self
  /// `x · y + sum`, the product rounded too.
  static func separate(_ x: Self, _ y: Self, _ sum: Self) -> Self
  /// The sum, number by number.
  static func sum(_ x: Self, _ y: Self) -> Self
  /// The first number.
  var first: Float { get }
}

extension SIMD4<Float>: RegisterVector {
  /// How many numbers it holds.
  @inlinable @inline(__always)
  public static var width: Int { 4 }
  /// `x · y + sum`, rounded once.
  @inlinable @inline(__always)
  public static func fused(_ x: Self, _ y: Self, _ sum: Self) -> Self { sum.addingProduct(x, y) }
  /// `x · y + sum`, the product rounded too.
  @inlinable @inline(__always)
  public static func separate(_ x: Self, _ y: Self, _ sum: Self) -> Self { x * y + sum }
  /// The sum, number by number.
  @inlinable @inline(__always)
  public static func sum(_ x: Self, _ y: Self) -> Self { x + y }
  /// The first number.
  @inlinable @inline(__always)
  public var first: Float { self[0] }
}

extension SIMD8<Float>: RegisterVector {
  /// How many numbers it holds.
  @inlinable @inline(__always)
  public static var width: Int { 8 }
  /// `x · y + sum`, rounded once.
  @inlinable @inline(__always)
  public static func fused(_ x: Self, _ y: Self, _ sum: Self) -> Self { sum.addingProduct(x, y) }
  /// `x · y + sum`, the product rounded too.
  @inlinable @inline(__always)
  public static func separate(_ x: Self, _ y: Self, _ sum: Self) -> Self { x * y + sum }
  /// The sum, number by number.
  @inlinable @inline(__always)
  public static func sum(_ x: Self, _ y: Self) -> Self { x + y }
  /// The first number.
  @inlinable @inline(__always)
  public var first: Float { self[0] }
}

extension SIMD16<Float>: RegisterVector {
  /// How many numbers it holds.
  @inlinable @inline(__always)
  public static var width: Int { 16 }
  /// `x · y + sum`, rounded once.
  @inlinable @inline(__always)
  public static func fused(_ x: Self, _ y: Self, _ sum: Self) -> Self { sum.addingProduct(x, y) }
  /// `x · y + sum`, the product rounded too.
  @inlinable @inline(__always)
  public static func separate(_ x: Self, _ y: Self, _ sum: Self) -> Self { x * y + sum }
  /// The sum, number by number.
  @inlinable @inline(__always)
  public static func sum(_ x: Self, _ y: Self) -> Self { x + y }
  /// The first number.
  @inlinable @inline(__always)
  public var first: Float { self[0] }
}

extension InstructionSet {
  /// How many columns the tile of a matrix product has: two registers.
  @inlinable @inline(__always)
  public static var tileColumns: Int { 2 * Vector.width }

  /// `x · y + sum`, as the instruction set does it best.
  @inlinable @inline(__always)
  static func multiplyAdd<Numbers: RegisterVector>(
    _ x: Numbers, _ y: Numbers, _ sum: Numbers
  ) -> Numbers {
    isFused ? Numbers.fused(x, y, sum) : Numbers.separate(x, y, sum)
  }
}
