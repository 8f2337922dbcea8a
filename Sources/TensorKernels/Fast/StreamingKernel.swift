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
      (blockRows, blockColumns) = (kept, columns)
    } else {
      passes = program.passes
      registers = StreamingRegisters(program, passes: passes, separate: true)
      (blockRows, blockColumns) = (rounded, min(columns, Self.usualColumns))
    }
    memory = StreamingMemory(
      program, rows: blockRows, columns: blockColumns, tileCount: registers.count)
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
    let blocks = (rows + blockRows - 1) / blockRows
    let kernels = workers.level.kernels
    workers.run(items: batches.count * blocks, work: batches.count * rows * columns * 16) {
      worker, items in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: max(1, arrays.count)
      ) { starts in
        let run = StreamingBlock(
          self, kernels, memory: memory, starts: starts,
          scratch: scratch + worker * memory.count)
        for item in items {
          let (batch, block) = item.quotientAndRemainder(dividingBy: blocks)
          let first = block * blockRows
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

/// Where a worker's values lie in its scratch memory.
struct StreamingMemory: Hashable, Sendable {
  /// Of each value of rows, its line; a peak has two more, its shift and what older sums are scaled by.
  private(set) var rows: [Int] = []
  /// Four lines for what is read.
  let lines: Int
  /// The tiles.
  let tiles: Int
  /// Of each value that is a product, the packed rows.
  private(set) var packed: [Int] = []
  /// Of each sum of products, what was added up.
  private(set) var sums: [Int] = []
  /// A tile's part of an array of values.
  let values: Int
  /// The least and the largest number that each value of places may be.
  let ranges: Int
  let count: Int

  /// - Parameters:
  ///   - line: how many rows a block has.
  ///   - columns: how many columns a tile has.
  ///   - tileCount: how many tiles are held at once.
  init(_ program: StreamingProgram, rows line: Int, columns: Int, tileCount: Int) {
    var end = 0
    for value in program.rows {
      rows.append(end)
      if case .peak = value { end += 3 * line } else { end += line }
    }
    lines = end
    end += 4 * line
    tiles = end
    end += tileCount * line * columns
    for value in program.tiles {
      packed.append(end)
      if case .product(_, _, let depth) = value { end += depth * line }
    }
    var widest = 0
    for product in program.products {
      sums.append(end)
      end += line * product.width
      widest = max(widest, product.width)
    }
    values = end
    end += widest * columns
    ranges = end
    count = end + (2 * program.tiles.count + 15) / 16 * 16
  }
}

extension StreamingProgram.Product {
  /// The entries of a row, rounded up to whole vectors.
  var width: Int { StreamingLoops.rounded(entries.count) }
}
