public import MicroKernels

/// AVX-512 (F, VL, BW, DQ) and fused multiply-add, 512 bits wide.
public enum AVX512: InstructionSet {
  /// Sixteen numbers.
  public typealias Vector = SIMD16<Float>
  /// Fourteen rows of 32 columns, in 28 of 32 registers.
  public typealias Tile = TileRows14<TileRow<Vector>>
  /// The left half.
  public typealias HalfTile = TileRows14<HalfRow<Vector>>
  /// Two rows of 32 columns.
  public typealias EdgeTile = TileRows2<TileRow<Vector>>
  /// Where this module is compiled for such processors.
  @inlinable @inline(__always)
  public static var isFused: Bool { true }

  /// Its kernels; to be asked for on processors that have the instructions.
  public static let kernels = KernelTable(AVX512.self)
}
