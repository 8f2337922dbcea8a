/// Runs a ranking program: each vector is sorted once, and a sum over the entries smaller than a number is one of the
/// sums of the sorted entries up to each.
///
/// Sums are in double precision. Values that aren't finite are summed entry by entry as the comparison says, since
/// zero times infinity is no zero.
public struct RankingKernel: Hashable, Sendable {
  let program: RankingProgram
  let batches: StridedLoops
  /// How many numbers are compared with a vector, and how many entries that has.
  let (numbers, entries): (Int, Int)
  /// What the array of numbers, and each that is written, moves by from number to number; of all arrays.
  let numberSteps: [Int]
  /// What entries and values move by from entry to entry; of all arrays.
  let entrySteps: [Int]

  /// The fewest entries that are worth sorting.
  static let leastSorted = 24
  /// The most entries.
  public static let mostEntries = 1 << 30

  /// Prepares a program.
  ///
  /// - Parameters:
  ///   - numbers: how many numbers each vector's entries are compared with.
  ///   - entries: how many entries a vector has, at most `mostEntries`.
  ///   - moves: what each array moves by from number to number and from entry to entry: entries, numbers, values, then
  ///     what is written.
  ///   - batches: loops over vectors.
  public init(
    _ program: RankingProgram, numbers: Int, entries: Int, moves: [(number: Int, entry: Int)],
    batches: StridedLoops
  ) {
    (self.program, self.numbers, self.entries) = (program, numbers, entries)
    self.batches = batches
    numberSteps = moves.map(\.number)
    entrySteps = moves.map(\.entry)
  }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int { RankingMemory(self).count }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arrays: where entries, numbers, values and what is written start.
  ///   - scratch: `scratchCount` floats for each worker, at a multiple of 64 bytes.
  /// - Complexity: for each vector of m entries compared with n numbers, (n + m) log m.
  public func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let memory = RankingMemory(self)
    let each = program.flops(numbers: numbers, entries: entries)
    let (work, overflow) = batches.count.multipliedReportingOverflow(by: each)
    workers.run(items: batches.count, work: overflow ? .max : work) { worker, items in
      let start = UnsafeMutableRawPointer(scratch + worker * memory.count)
      for item in items {
        RankedVector(kernel: self, arrays: arrays, batch: item, memory: memory, start: start).run()
      }
    }
  }
}

/// How a worker's scratch memory is cut, in floats.
struct RankingMemory {
  /// Where each part starts: sorted keys, room to sort, counts of digits, ranks of numbers, sums from each end.
  let (keys, spare, digits, ranks, sums, rest): (Int, Int, Int, Int, Int, Int)
  let count: Int

  /// The values of a digit that keys are sorted by, and how many digits a key has.
  static let digitValues = 256
  static let digitCount = 4

  init(_ kernel: RankingKernel) {
    func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
    let line = rounded(2 * (kernel.entries + 1))
    (keys, spare, digits) = (0, line, 2 * line)
    ranks = digits + Self.digitValues * Self.digitCount
    sums = ranks + rounded(kernel.numbers)
    rest = sums + line
    count = rest + line
  }
}
