/// The kernels compiled for one instruction set.
///
/// Pointers needn't be aligned. Results may be written over what is read, at the same places.
public struct KernelTable: Sendable {
  /// Numbers that are read.
  public typealias Source = UnsafePointer<Float>
  /// Numbers that are written.
  public typealias Target = UnsafeMutablePointer<Float>

  /// The rows of a left panel of a matrix product.
  public let tileRows: Int
  /// The columns of a right panel.
  public let tileColumns: Int
  /// Packs the rows of a left factor.
  public let packRows: @Sendable (PanelPacking) -> Void
  /// Packs the columns of a right factor.
  public let packColumns: @Sendable (PanelPacking) -> Void
  /// Multiplies packed panels.
  public let multiply: @Sendable (PanelProduct) -> Void

  /// The values of a function at `count` numbers; sine and cosine of angles up to 8192.
  public let apply: @Sendable (ElementFunction, Source, Target, _ count: Int) -> Void
  /// The values of a function at pairs.
  public let applyToPairs: @Sendable (PairFunction, Source, Source, Target, _ count: Int) -> Void
  /// The second where the first isn't zero, else the third.
  public let select: @Sendable (Source, Source, Source, Target, _ count: Int) -> Void
  /// The sum.
  public let sum: @Sendable (Source, _ count: Int) -> Float
  /// The largest; −∞ for none, NaN where one is NaN.
  public let maximum: @Sendable (Source, _ count: Int) -> Float
  /// Multiplies by a factor.
  public let scale: @Sendable (Source, _ factor: Float, Target, _ count: Int) -> Void
  /// Copies numbers that are `step` apart, or one number where that is zero, to consecutive places.
  public let gather: @Sendable (Source, _ step: Int, Target, _ count: Int) -> Void
  /// Adds multiples, by `depth` factors, of rows that start at offsets from a place.
  public let addRows:
    @Sendable (
      _ factors: Source, _ rows: Source, _ offsets: UnsafePointer<Int>, _ depth: Int, Target,
      _ count: Int
    ) -> Void
  /// Sums of `depth` products of a vector and of each of `count` columns that start at offsets from a place;
  /// written, or added to what is there.
  public let dots:
    @Sendable (
      _ vector: Source, _ columns: Source, _ offsets: UnsafePointer<Int>, _ depth: Int, Target,
      _ count: Int, _ isAdding: Bool
    ) -> Void
  /// Runs a loop that only multiplies and adds in registers; what it returns is of no use.
  public let peak: @Sendable (_ steps: Int) -> Float
  /// The multiplications and additions of one of its steps.
  public let peakOperations: Int

  /// Multiplies small matrices where they lie.
  public let multiplyStrips: @Sendable (StripProduct) -> Void
  /// The sums of lines, number by number.
  public let sumLines: @Sendable (NumberLines, Target) -> Void
  /// The largest of lines and of what is there, number by number.
  public let largestLine: @Sendable (NumberLines, Target) -> Void
  /// Writes e to the power of lines less a line, to lines some steps apart.
  public let exponentialLines: @Sendable (NumberLines, _ shift: Source, Target, _ step: Int) -> Void
  /// Writes a function of two lines, line by line.
  public let applyToLines: @Sendable (PairFunction, LinePass) -> Void
  /// Writes `a · b + c`, line by line.
  public let multiplyAddLines: @Sendable (LinePass) -> Void
  /// Writes one line: the sum over lines of `a · b`.
  public let sumLineProducts: @Sendable (LinePass) -> Void
  /// Copies lines, or repeats their numbers.
  public let copyLines: @Sendable (LinePass) -> Void

  /// The kernels for an instruction set.
  ///
  /// To be called in the module that is compiled for it.
  @inlinable @inline(__always)
  public init<Set: InstructionSet>(_ set: Set.Type) {
    tileRows = Set.Tile.count
    tileColumns = Set.tileColumns
    packRows = { Set.packRows($0) }
    packColumns = { Set.packColumns($0) }
    multiply = { Set.multiply($0) }
    apply = { Set.apply($0, $1, $2, $3) }
    applyToPairs = { Set.apply($0, $1, $2, $3, $4) }
    select = { Set.select($0, $1, $2, $3, $4) }
    sum = { Set.sum($0, $1) }
    maximum = { Set.maximum($0, $1) }
    scale = { Set.scale($0, by: $1, $2, $3) }
    multiplyStrips = { Set.multiply($0) }
    sumLines = { Set.sumLines($0, $1) }
    largestLine = { Set.largestLine($0, $1) }
    exponentialLines = { Set.exponentialLines($0, $1, $2, $3) }
    applyToLines = { Set.applyToLines($0, $1) }
    multiplyAddLines = { Set.multiplyAddLines($0) }
    sumLineProducts = { Set.sumLineProducts($0) }
    copyLines = { Set.copyLines($0) }
    gather = { Set.gather($0, step: $1, $2, $3) }
    addRows = { Set.addRows($0, $1, $2, $3, $4, $5) }
    dots = { Set.dots($0, $1, $2, $3, $4, $5, isAdding: $6) }
    peak = { Set.peak($0) }
    peakOperations = 24 * Set.Vector.width
  }
}
