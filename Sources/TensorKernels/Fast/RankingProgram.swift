/// Sums over the entries of a vector that are smaller than a number, and over those that aren't, for each of many
/// numbers.
///
/// Entries a and numbers b are compared, `a < b` or `b < a`. A sum takes one value of each entry where that is true,
/// and another where it is false, as it is for NaN.
public struct RankingProgram: Hashable, Sendable {
  /// What a sum takes of an entry: a factor times the entry's number in an array, or the factor alone.
  public struct Side: Hashable, Sendable {
    /// Finite.
    public var factor: Float
    /// Which of the arrays of values.
    public var values: Int?

    /// A side.
    public init(factor: Float, values: Int?) { (self.factor, self.values) = (factor, values) }
  }

  /// A sum over all entries.
  public struct Sum: Hashable, Sendable {
    /// What it takes where the comparison is true.
    public var whenTrue: Side
    /// What it takes where it is false.
    public var whenFalse: Side

    /// A sum.
    public init(whenTrue: Side, whenFalse: Side) {
      (self.whenTrue, self.whenFalse) = (whenTrue, whenFalse)
    }
  }

  /// Whether entries are compared with numbers, `a < b`, and not numbers with entries, `b < a`.
  public var isEntrySmaller: Bool
  /// Whether the numbers are the entries themselves, in their order.
  public var comparesEntries: Bool
  /// How many arrays of values there are.
  public var valueCount: Int
  /// The sums, in the order of the arrays that are written.
  public var sums: [Sum]

  /// A program.
  public init(isEntrySmaller: Bool, comparesEntries: Bool, valueCount: Int, sums: [Sum]) {
    self.isEntrySmaller = isEntrySmaller
    self.comparesEntries = comparesEntries
    self.valueCount = valueCount
    self.sums = sums
  }

  /// About how many flops the sums over so many entries take for so many numbers: eight for each comparison of a
  /// sort and of a search, and two for each entry and each number of a sum.
  public func flops(numbers: Int, entries: Int) -> Int {
    let (all, overflow) = numbers.addingReportingOverflow(entries)
    let levels = Int.bitWidth - max(1, entries - 1).leadingZeroBitCount
    let (flops, isTooLarge) = all.multipliedReportingOverflow(by: 8 * levels + 2 * sums.count)
    return overflow || isTooLarge ? .max : flops
  }
}
