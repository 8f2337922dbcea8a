/// A computation over the places of a matrix, of which only what is folded along its rows is kept.
///
/// Softmax attention is one: scores at each place, their largest and the sum of their exponentials in each row,
/// and the sum of the values of all columns, weighted. Passes go over the columns tile by tile. A sum of
/// exponentials of differences from a row's largest entry needs no pass of its own: it is taken relative to the
/// largest so far and scaled whenever that grows (Milakov and Gimelshein, *Online normalizer calculation for
/// softmax*, 2018, arXiv 1805.02867; Rabe and Staats, *Self-attention Does Not Need O(n²) Memory*, 2021,
/// arXiv 2112.05682).
public struct StreamingProgram: Hashable, Sendable {
  /// Where a number at a place comes from.
  public enum Source: Hashable, Sendable {
    /// A value of each place, by number.
    case tile(Int)
    /// A value of each place inside a sum over depth, by number.
    case inner(Int)
    /// A value of each row, by number.
    case row(Int)
    /// An array, by number.
    case array(Int)
    /// The same number everywhere.
    case number(Float)
  }

  /// What is computed at each place.
  public enum TileValue: Hashable, Sendable {
    /// The product of two arrays summed over depth: one moves along rows, the other along columns.
    case product(rows: Int, columns: Int, depth: Int)
    /// A function of other values.
    case apply(ScalarOperation, [Source])
    /// What a source holds.
    case load(Source)
    /// `exp(x - shift)`, with the shift of a row's peak.
    case exponential(Source, peak: Int)
    /// The sum over depth of the last of these values, which may refer to each other.
    indirect case depthSum(depth: Int, body: [TileValue])
  }

  /// What is computed for each row.
  public enum RowValue: Hashable, Sendable {
    /// The largest entry; NaN where one is NaN.
    case peak(Source)
    /// The sum of the entries; where they are relative to a peak, at the peak's last value.
    case sum(Source, peak: Int?)
    /// A function of other values of rows.
    case apply(ScalarOperation, [Source])
  }

  /// A sum over columns of a value at each place times a row of an array.
  public struct Product: Hashable, Sendable {
    /// The value at each place.
    public var weights: Source
    /// The array with a row for each column.
    public var values: Int
    /// The peak to which the weights are relative.
    public var peak: Int?
    /// Over the entries of a row of the values, and of the result.
    public var entries: StridedLoops

    /// A product.
    public init(weights: Source, values: Int, peak: Int?, entries: StridedLoops) {
      (self.weights, self.values, self.peak, self.entries) = (weights, values, peak, entries)
    }
  }

  /// What is done with each tile, in this order.
  public enum Action: Hashable, Sendable {
    /// Computes a value of each place.
    case tile(Int)
    /// Takes the tile into a peak or a sum.
    case row(Int)
    /// Takes the tile into a product.
    case product(Int)
  }

  /// One way through all columns.
  public struct Pass: Hashable, Sendable {
    /// The functions of rows that are computed first.
    public var rows: [Int]
    /// What is done with each tile.
    public var actions: [Action]

    /// A pass.
    public init(rows: [Int] = [], actions: [Action] = []) {
      (self.rows, self.actions) = (rows, actions)
    }
  }

  /// A product times a value of its row, divided by another.
  public struct Term: Hashable, Sendable {
    /// Which product.
    public var product: Int
    /// The factor.
    public var numerator: Source?
    /// The divisor.
    public var denominator: Source?
    /// Whether the term is subtracted.
    public var isNegative: Bool

    /// A term.
    public init(product: Int, numerator: Source?, denominator: Source?, isNegative: Bool) {
      (self.product, self.numerator) = (product, numerator)
      (self.denominator, self.isNegative) = (denominator, isNegative)
    }
  }

  /// What is written for each row.
  public enum Output: Hashable, Sendable {
    /// A number.
    case row(Source)
    /// A sum of terms.
    case matrix([Term])
  }

  /// By what the rows of a product are multiplied or divided before they are taken.
  public struct RowScale: Hashable, Sendable {
    /// The value of places that is the product.
    public var tile: Int
    /// The array with a number for each row, or one for all.
    public var array: Int
    /// Whether rows are divided.
    public var isDivisor: Bool

    /// A factor or divisor.
    public init(tile: Int, array: Int, isDivisor: Bool) {
      (self.tile, self.array, self.isDivisor) = (tile, array, isDivisor)
    }
  }

  /// What an array moves by along each axis.
  public struct Steps: Hashable, Sendable {
    /// From row to row.
    public var row: Int
    /// From column to column.
    public var column: Int
    /// From one step of a sum over depth to the next.
    public var depth: Int

    /// Steps.
    public init(row: Int, column: Int, depth: Int = 0) {
      (self.row, self.column, self.depth) = (row, column, depth)
    }
  }

  /// Of the arrays that are read, then those that are written.
  public var arrays: [Steps] = []
  /// The values at places.
  public var tiles: [TileValue] = []
  /// By what rows of products are scaled, in this order.
  public var rowScales: [RowScale] = []
  /// The values of rows.
  public var rows: [RowValue] = []
  /// The products.
  public var products: [Product] = []
  /// The passes.
  public var passes: [Pass] = []
  /// The functions of rows that are computed after the last pass.
  public var lastRows: [Int] = []
  /// What is written, in the order of the arrays that are written.
  public var outputs: [Output] = []

  /// A program that does nothing.
  public init() {}
}
