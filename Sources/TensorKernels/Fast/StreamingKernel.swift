/// A streaming program over matrices of one size, in blocks of rows and tiles of columns.
///
/// A tile's rows lie side by side in memory, so that whatever is done to each row is done to sixteen at a time.
/// Scratch memory doesn't depend on the number of rows, and on that of columns only where several passes find
/// their tile still there.
public struct StreamingKernel: Hashable, Sendable {
  /// The most rows of a block.
  static let mostRows = 64
  /// The columns of a tile.
  static let usualColumns = 64
  /// The most floats of tiles that are kept from pass to pass.
  static let mostResident = 1 << 16

  let program: StreamingProgram
  let rows: Int
  let columns: Int
  let batches: StridedLoops
  /// How many rows a block has: whole strips.
  let blockRows: Int
  let blockColumns: Int
  let passes: [StreamingProgram.Pass]
  let registers: StreamingRegisters
  let memory: StreamingMemory
  /// Whether passes find nothing of those before.
  let isSeparate: Bool
  /// Whether what is known of a tile before it is computed may spare computing it.
  let isExamined: Bool

  /// Prepares a program.
  ///
  /// - Parameters:
  ///   - rows: how many rows the matrix has, at least one.
  ///   - columns: how many columns, at least one.
  ///   - batches: over all arrays of the program, a matrix for each step.
  public init(_ program: StreamingProgram, rows: Int, columns: Int, batches: StridedLoops) {
    (self.program, self.rows, self.columns, self.batches) = (program, rows, columns, batches)
    let rounded = min(Self.mostRows, StreamingLoops.rounded(rows))
    let resident = StreamingRegisters(program, passes: StreamingRegisters.once(program.passes))
    let kept = [64, 32].first {
      $0 <= rounded && resident.count * $0 * columns <= Self.mostResident
    }
    if program.passes.count > 1, let kept {
      passes = StreamingRegisters.once(program.passes)
      registers = resident
      isSeparate = false
      (blockRows, blockColumns) = (kept, columns)
    } else {
      passes = program.passes
      registers = StreamingRegisters(program, passes: passes, separate: true)
      isSeparate = true
      (blockRows, blockColumns) = (rounded, min(columns, Self.usualColumns))
    }
    isExamined = program.isPositional
    memory = StreamingMemory(
      program, rows: blockRows, columns: blockColumns, tileCount: registers.count,
      columnTiles: (columns + blockColumns - 1) / blockColumns)
  }

  /// How often each tile is gone through.
  public var passCount: Int { program.passes.count }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int { memory.count }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arrays: where each array that is read starts, then each that is written.
  ///   - scratch: `scratchCount` floats for each worker.
  public func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    run(arrays, scratch: scratch, workers: workers, computed: nil)
  }

  /// Runs the program and counts.
  ///
  /// - Parameter computed: for each worker, to which is added how many values of whole tiles it computes place by
  ///   place.
  func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers, computed: UnsafeMutablePointer<Int>?
  ) {
    let blocks = (rows + blockRows - 1) / blockRows
    let kernels = workers.level.kernels
    workers.run(items: batches.count * blocks, work: batches.count * rows * columns * 16) {
      worker, items in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: max(1, arrays.count)
      ) { starts in
        let run = StreamingBlock(
          self, kernels, memory: memory, starts: starts,
          scratch: scratch + worker * memory.count, computed: computed.map { $0 + worker })
        for item in items {
          let (batch, block) = item.quotientAndRemainder(dividingBy: blocks)
          // Where what follows is hidden, the last rows take longest; short parts come last.
          let first = (blocks - 1 - block) * blockRows
          if item == items.lowerBound || block == 0 { run.forgetColumns() }
          for array in arrays.indices {
            let start = batches.offset(array, at: batch) + first * program.arrays[array].row
            starts.initializeElement(at: array, to: arrays[array] + start)
          }
          run.run(height: min(blockRows, rows - first))
        }
      }
    }
  }
}

extension StreamingProgram.Product {
  /// The entries of a row, rounded up to whole vectors.
  var width: Int { StreamingLoops.rounded(entries.count) }
}
