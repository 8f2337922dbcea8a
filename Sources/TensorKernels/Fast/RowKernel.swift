import MicroKernels

/// Runs a row program on all rows of some arrays: each array passes through memory once, whatever the folds.
///
/// Short rows are taken several at a time, so that about a thousand entries are; all registers of a tile stay in a
/// close cache.
public struct RowKernel: Hashable, Sendable {
  /// The entries of a tile, where one row isn't more.
  private static let tileLength = 1024
  /// The most entries of wide registers together: what fits a cache beside the arrays.
  private static let mostEntries = 1 << 16

  let program: RowProgram
  let steps: RowSteps
  /// How many entries a row has.
  let width: Int
  /// What each array moves by along a row.
  let entrySteps: [Int]
  /// How many rows are taken at a time, at most.
  let tileRows: Int
  /// The innermost loop over rows.
  let rowCount: Int
  let rowSteps: [Int]
  let outer: StridedLoops

  /// Whether registers of rows of this width fit a cache.
  public static func fits(_ program: RowProgram, width: Int) -> Bool {
    let (entries, overflow) = RowSteps(program).widePlaceCount.multipliedReportingOverflow(
      by: width)
    return !overflow && entries <= mostEntries
  }

  /// Prepares a program.
  ///
  /// - Parameters:
  ///   - rows: loops over rows, of the loaded arrays, then the stored ones.
  ///   - width: the entries of a row.
  ///   - entrySteps: what each array moves by along a row; of no meaning for narrow ones.
  public init(_ program: RowProgram, rows: StridedLoops, width: Int, entrySteps: [Int]) {
    self.program = program
    self.width = width
    self.entrySteps = entrySteps
    steps = RowSteps(program)
    (rowCount, rowSteps) = rows.innermost
    outer = rows.outer
    tileRows = min(max(1, rowCount), max(1, Self.tileLength / max(1, width)))
  }

  private var tilesInRun: Int { (rowCount + tileRows - 1) / tileRows }
  private var wideLength: Int { (tileRows * width + 15) / 16 * 16 }
  private var narrowLength: Int { (tileRows + 15) / 16 * 16 }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int {
    steps.widePlaceCount * wideLength + steps.narrowPlaceCount * narrowLength
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arrays: where each loaded array starts, then each stored one; none is loaded and stored.
  ///   - scratch: `scratchCount` floats for each worker.
  public func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let items = outer.count * tilesInRun
    let work = outer.count * rowCount * width * (1 + 4 * program.instructions.count)
    let kernels = workers.level.kernels
    workers.run(items: items, work: work) { worker, tiles in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: steps.isWide.count
      ) { registers in
        var run = RowRun(
          kernel: self, kernels: kernels, arrays: arrays, registers: registers,
          scratch: scratch + worker * scratchCount)
        for tile in tiles {
          let (step, part) = tile.quotientAndRemainder(dividingBy: tilesInRun)
          run.run(step, part * tileRows)
        }
      }
    }
  }

  /// Where a register lies in a worker's memory.
  fileprivate func place(
    _ register: Int, _ scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let place = steps.places[register]
    return steps.isWide[register]
      ? scratch + place * wideLength
      : scratch + steps.widePlaceCount * wideLength + place * narrowLength
  }
}

/// The tiles that one worker runs.
private struct RowRun {
  let kernel: RowKernel
  let kernels: KernelTable
  let arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  /// Where each register is.
  let registers: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let scratch: UnsafeMutablePointer<Float>
  /// The rows of the tile.
  var height = 0

  /// Runs a tile from a row on.
  mutating func run(_ step: Int, _ row: Int) {
    let program = kernel.program
    height = min(kernel.tileRows, kernel.rowCount - row)
    func start(_ array: Int) -> UnsafeMutablePointer<Float> {
      arrays[array] + kernel.outer.offset(array, at: step) + row * kernel.rowSteps[array]
    }
    for array in program.loads.indices { load(array, start(array)) }
    for register in program.loads.count..<registers.count {
      registers[register] = kernel.place(register, scratch)
    }
    for (position, register) in program.stores.enumerated() {
      let array = program.loads.count + position
      if register >= program.loads.count, isContiguous(array, register) {
        registers[register] = start(array)
      }
    }
    for step in kernel.steps.steps { run(step) }
    for (position, register) in program.stores.enumerated() {
      let array = program.loads.count + position
      store(array, register, start(array))
    }
  }

  private func width(_ register: Int) -> Int { kernel.steps.isWide[register] ? kernel.width : 1 }

  /// Whether an array's numbers for the tile follow one another as those of a register do.
  private func isContiguous(_ array: Int, _ register: Int) -> Bool {
    let width = width(register)
    let isRow = width == 1 || kernel.entrySteps[array] == 1
    return isRow && (height == 1 || kernel.rowSteps[array] == width)
  }

  private func load(_ array: Int, _ start: UnsafeMutablePointer<Float>) {
    guard !isContiguous(array, array) else { return registers[array] = start }
    let register = kernel.place(array, scratch)
    registers[array] = register
    if kernel.steps.isWide[array] {
      let rows = NumberRows(
        start: start, step: kernel.rowSteps[array], count: height, width: kernel.width)
      kernels.gatherRows(rows, kernel.entrySteps[array], register)
    } else {
      kernels.gather(start, kernel.rowSteps[array], register, height)
    }
  }

  private func store(_ array: Int, _ register: Int, _ start: UnsafeMutablePointer<Float>) {
    let (from, width) = (registers[register], width(register))
    guard from != start else { return }
    let (rowStep, step) = (kernel.rowSteps[array], kernel.entrySteps[array])
    for row in 0..<height {
      let (to, from) = (start + row * rowStep, from + row * width)
      if step == 1 || width == 1 {
        to.update(from: from, count: width)
      } else {
        for column in 0..<width { to[column * step] = from[column] }
      }
    }
  }

  private func run(_ step: RowSteps.Step) {
    let result = registers[step.result]
    switch step.operation {
    case .apply(let operation, let operands, let isWide):
      let count = isWide ? height * kernel.width : height
      let last = operands.count - 1
      operation.apply(
        registers[operands[0]], registers[operands[min(1, last)]], registers[operands[last]],
        result, count, kernels)
    case .fold(let function, let operand):
      for row in 0..<height {
        result[row] = FoldKernel.fold(
          function, registers[operand] + row * kernel.width, kernel.width, kernels)
      }
    case .spread(let operand):
      let rows = NumberRows(
        start: registers[operand], step: 1, count: height, width: kernel.width)
      kernels.gatherRows(rows, 0, result)
    }
  }
}
