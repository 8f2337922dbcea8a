public import MicroKernels

/// The instructions that every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
public enum Baseline: InstructionSet {
  /// Four numbers.
  public typealias Vector = SIMD4<Float>
  #if arch(arm64)
    /// Eight rows of eight columns, in sixteen of 32 registers.
    public typealias Tile = TileRows8<TileRow<Vector>>
    /// The left half.
    public typealias HalfTile = TileRows8<HalfRow<Vector>>
    /// NEON has it.
    @inlinable @inline(__always)
    public static var isFused: Bool { true }
  #else
    /// Four rows of eight columns, in eight of sixteen registers.
    public typealias Tile = TileRows4<TileRow<Vector>>
    /// The left half.
    public typealias HalfTile = TileRows4<HalfRow<Vector>>
    /// SSE2 doesn't have it.
    @inlinable @inline(__always)
    public static var isFused: Bool { false }
  #endif
  /// Two rows of eight columns.
  public typealias EdgeTile = TileRows2<TileRow<Vector>>

  /// Its kernels.
  public static let kernels = KernelTable(Baseline.self)
}
