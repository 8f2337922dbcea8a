public import MicroKernels

/// AVX2 and fused multiply-add, 256 bits wide.
public enum AVX2: InstructionSet {
  /// Eight numbers.
  public typealias Vector = SIMD8<Float>
  /// Six rows of sixteen columns, in twelve of sixteen registers.
  public typealias Tile = TileRows6<TileRow<Vector>>
  /// The left half.
  public typealias HalfTile = TileRows6<HalfRow<Vector>>
  /// Two rows of sixteen columns.
  public typealias EdgeTile = TileRows2<TileRow<Vector>>
  /// Where this module is compiled for such processors.
  @inlinable @inline(__always)
  public static var isFused: Bool { true }

  /// Its kernels; to be asked for on processors that have the instructions.
  public static let kernels = KernelTable(AVX2.self)
}
