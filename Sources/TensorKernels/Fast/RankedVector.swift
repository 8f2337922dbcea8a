/// The sums of one vector, for all numbers.
///
/// A rank splits the sorted entries: the comparison has one outcome before it, and the other from it on. NaN is put
/// where comparisons with it are false.
struct RankedVector {
  let kernel: RankingKernel
  private let program: RankingProgram
  private let starts: (entries: UnsafePointer<Float>, numbers: UnsafePointer<Float>)
  private let arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  private let batch: Int
  /// Keys of entries in their upper halves and positions in their lower ones, sorted.
  private let keys: UnsafeMutablePointer<UInt64>
  private let spare: UnsafeMutablePointer<UInt64>
  private let digits: UnsafeMutablePointer<UInt32>
  /// For each number, how many sorted entries come before it.
  private let ranks: UnsafeMutablePointer<UInt32>
  /// Sums of the sorted values before each rank, and of those from it on.
  private let before: UnsafeMutablePointer<Double>
  private let after: UnsafeMutablePointer<Double>

  init(
    kernel: RankingKernel, arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    batch: Int, memory: RankingMemory, start: UnsafeMutableRawPointer
  ) {
    (self.kernel, self.arrays, self.batch) = (kernel, arrays, batch)
    program = kernel.program
    func array<Element>(_ offset: Int, _ count: Int) -> UnsafeMutablePointer<Element> {
      (start + offset * MemoryLayout<Float>.stride).bindMemory(to: Element.self, capacity: count)
    }
    let count = kernel.entries + 1
    (keys, spare) = (array(memory.keys, count), array(memory.spare, count))
    digits = array(memory.digits, RankingMemory.digitValues * RankingMemory.digitCount)
    ranks = array(memory.ranks, kernel.numbers)
    (before, after) = (array(memory.sums, count), array(memory.rest, count))
    starts = (
      UnsafePointer(arrays[0] + kernel.batches.offset(0, at: batch)),
      UnsafePointer(arrays[1] + kernel.batches.offset(1, at: batch))
    )
  }

  func run() {
    let isSorted = kernel.entries >= RankingKernel.leastSorted
    if isSorted {
      fillKeys()
      rank(sorted())
    }
    for sum in program.sums.indices {
      if isSorted && areFinite(program.sums[sum]) { write(sum) } else { writeEach(sum) }
    }
  }

  /// What a sum takes of entries, with where it lies.
  private struct Column {
    let factor: Float
    let start: UnsafePointer<Float>?
    let step: Int

    /// Of an entry; also where the factor is zero.
    @inline(__always)
    func product(_ entry: Int) -> Float {
      guard let start else { return factor }
      return factor * start[entry &* step]
    }
  }

  private func column(_ side: RankingProgram.Side) -> Column {
    guard let array = side.values else { return Column(factor: side.factor, start: nil, step: 0) }
    return Column(
      factor: side.factor,
      start: UnsafePointer(arrays[2 + array] + kernel.batches.offset(2 + array, at: batch)),
      step: kernel.entrySteps[2 + array])
  }

  private func areFinite(_ sum: RankingProgram.Sum) -> Bool {
    for column in [column(sum.whenTrue), column(sum.whenFalse)] {
      guard let start = column.start else { continue }
      let step = column.step
      var largest: UInt32 = 0
      for entry in 0..<kernel.entries {
        largest = max(largest, start[entry &* step].bitPattern & 0x7FFF_FFFF)
      }
      if largest >= Float.infinity.bitPattern { return false }
    }
    return true
  }

  // MARK: - Ranks

  /// Unsigned integers in the order of numbers, both zeros equal; NaN isn't asked for.
  @inline(__always)
  private func key(_ number: Float) -> UInt32 {
    let bits = number == 0 ? 0 : number.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  /// The key of NaN as an entry: one that no comparison moves before a rank that it isn't before anyway.
  private var missing: UInt32 { program.isEntrySmaller ? .max : 0 }

  private func fillKeys() {
    let step = kernel.entrySteps[0]
    digits.update(
      repeating: 0, count: RankingMemory.digitValues * RankingMemory.digitCount)
    for entry in 0..<kernel.entries {
      let number = starts.entries[entry &* step]
      let key = number.isNaN ? missing : key(number)
      keys[entry] = UInt64(key) &<< 32 | UInt64(truncatingIfNeeded: entry)
      for digit in 0..<RankingMemory.digitCount {
        let place = digit &<< 8 | Int(key &>> UInt32(8 &* digit) & 255)
        digits[place] &+= 1
      }
    }
  }

  /// Sorts keys digit by digit, the last one first (radix sort: equal keys stay in their order); returns where they are.
  private func sorted() -> UnsafeMutablePointer<UInt64> {
    var (from, to) = (keys, spare)
    for digit in 0..<RankingMemory.digitCount {
      let (counts, shift) = (digits + digit &<< 8, UInt64(32 &+ 8 &* digit))
      // Nothing moves where all have the same digit.
      if Int(counts[Int(from[0] &>> shift & 255)]) == kernel.entries { continue }
      var next: UInt32 = 0
      for value in 0..<RankingMemory.digitValues {
        let count = counts[value]
        counts[value] = next
        next &+= count
      }
      for place in 0..<kernel.entries {
        let key = from[place]
        let value = Int(key &>> shift & 255)
        to[Int(counts[value])] = key
        counts[value] &+= 1
      }
      swap(&from, &to)
    }
    return from
  }

  private func rank(_ sorted: UnsafeMutablePointer<UInt64>) {
    if sorted != keys { keys.update(from: sorted, count: kernel.entries) }
    if program.comparesEntries { rankEntries() } else { rankNumbers() }
  }

  /// The rank of NaN as a number, for which each comparison is false.
  private var rankOfNone: UInt32 {
    program.isEntrySmaller ? 0 : UInt32(truncatingIfNeeded: kernel.entries)
  }

  /// Entries have the ranks of their places; equal ones that of the first, or of what follows the last.
  private func rankEntries() {
    var place = 0
    while place < kernel.entries {
      let key = keys[place] &>> 32
      var end = place
      while end < kernel.entries, keys[end] &>> 32 == key { end += 1 }
      let own = UInt32(truncatingIfNeeded: program.isEntrySmaller ? place : end)
      let rank = key == UInt64(missing) ? rankOfNone : own
      for equal in place..<end { ranks[Int(keys[equal] & 0xFFFF_FFFF)] = rank }
      place = end
    }
  }

  private func rankNumbers() {
    let step = kernel.numberSteps[1]
    for place in 0..<kernel.numbers {
      let number = starts.numbers[place &* step]
      guard !number.isNaN else {
        ranks[place] = rankOfNone
        continue
      }
      // The first key that isn't below this one is where the comparison's outcome changes.
      let bound = (UInt64(key(number)) &+ (program.isEntrySmaller ? 0 : 1)) &<< 32
      var (low, count) = (0, kernel.entries)
      while count > 0 {
        let half = count &>> 1
        let isBelow = keys[low &+ half] < bound
        low = isBelow ? low &+ half &+ 1 : low
        count = isBelow ? count &- half &- 1 : half
      }
      ranks[place] = UInt32(truncatingIfNeeded: low)
    }
  }

  // MARK: - Sums

  private func write(_ number: Int) {
    let sum = program.sums[number]
    let (first, last) =
      program.isEntrySmaller ? (sum.whenTrue, sum.whenFalse) : (sum.whenFalse, sum.whenTrue)
    // One side from the start and the other from the end: large values of the one don't touch the other.
    accumulateBefore(column(first))
    accumulateAfter(column(last))
    let (result, step) = target(number)
    for place in 0..<kernel.numbers {
      let rank = Int(ranks[place])
      result[place &* step] = Float(before[rank] + after[rank])
    }
  }

  /// What a column has at a place of the sorted entries.
  @inline(__always)
  private func value(_ column: Column, _ place: Int) -> Double {
    guard column.factor != 0, let start = column.start else { return Double(column.factor) }
    return Double(column.factor) * Double(start[Int(keys[place] & 0xFFFF_FFFF) &* column.step])
  }

  private func accumulateBefore(_ column: Column) {
    var total = 0.0
    for place in 0..<kernel.entries {
      before[place] = total
      total += value(column, place)
    }
    before[kernel.entries] = total
  }

  private func accumulateAfter(_ column: Column) {
    var total = 0.0
    after[kernel.entries] = 0
    for place in (0..<kernel.entries).reversed() {
      total += value(column, place)
      after[place] = total
    }
  }

  private func target(_ sum: Int) -> (start: UnsafeMutablePointer<Float>, step: Int) {
    let array = 2 + program.valueCount + sum
    return (arrays[array] + kernel.batches.offset(array, at: batch), kernel.numberSteps[array])
  }

  /// A sum as the comparisons say, one by one.
  private func writeEach(_ number: Int) {
    let sum = program.sums[number]
    let (whenTrue, whenFalse) = (column(sum.whenTrue), column(sum.whenFalse))
    let (result, step) = target(number)
    let (numberStep, entryStep) = (kernel.numberSteps[1], kernel.entrySteps[0])
    for place in 0..<kernel.numbers {
      let own = starts.numbers[place &* numberStep]
      var total = 0.0
      for entry in 0..<kernel.entries {
        let other = starts.entries[entry &* entryStep]
        let isTrue = program.isEntrySmaller ? other < own : own < other
        total += Double(isTrue ? whenTrue.product(entry) : whenFalse.product(entry))
      }
      result[place &* step] = Float(total)
    }
  }
}
