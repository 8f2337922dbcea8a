import MicroKernels

/// Functions of numbers at the same place of several arrays, computed in one pass.
///
/// The arrays are read and written through strides. A tile of up to 1024 places is loaded, goes through all
/// instructions in registers of that length, and is written; nothing else passes through memory.
public struct ElementwiseProgram: Hashable, Sendable {
  /// One function; registers are the loaded arrays in order, then the instructions' results in order.
  public struct Instruction: Hashable, Sendable {
    /// What it computes.
    public var operation: ScalarOperation
    /// The registers that it reads, as many as the operation takes.
    public var operands: [Int]

    /// An instruction that reads these registers.
    public init(_ operation: ScalarOperation, _ operands: [Int]) {
      self.operation = operation
      self.operands = operands
    }
  }

  /// The places of a tile.
  static let tileLength = 1024

  let loops: StridedLoops
  let loadCount: Int
  let instructions: [Instruction]
  let stores: [Int]
  let rows: Axis
  let columns: Axis
  let outer: StridedLoops

  /// A loop that is cut into tiles.
  struct Axis: Hashable, Sendable {
    let size: Int
    let tile: Int
    let strides: [Int]

    var tileCount: Int { (size + tile - 1) / tile }
  }

  /// Prepares a program.
  ///
  /// - Parameters:
  ///   - loops: over the loaded arrays, then the stored ones.
  ///   - loadCount: how many arrays are loaded.
  ///   - instructions: in an order in which each comes after those that it reads.
  ///   - stores: the register that each stored array gets.
  public init(
    loops: StridedLoops, loadCount: Int, instructions: [Instruction], stores: [Int]
  ) {
    self.loops = loops
    self.loadCount = loadCount
    self.instructions = instructions
    self.stores = stores
    let (width, steps) = loops.innermost
    var rest = loops.outer
    let columnTile = min(max(width, 1), Self.tileLength)
    columns = Axis(size: width, tile: columnTile, strides: steps)
    let (height, rowSteps) = rest.innermost
    let rowTile = min(max(height, 1), max(1, Self.tileLength / columnTile))
    rows = Axis(size: height, tile: rowTile, strides: rowSteps)
    rest = rest.outer
    outer = rest
  }

  /// How many registers there are.
  var registerCount: Int { loadCount + instructions.count }

  /// How many floats of scratch memory each worker needs.
  public var scratchCount: Int { registerCount * Self.tileLength }

  /// How many tiles there are.
  var tileCount: Int { loops.count == 0 ? 0 : outer.count * rows.tileCount * columns.tileCount }
}

extension ElementwiseProgram {
  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arrays: where each loaded array starts, then each stored one; no part of a stored array is loaded,
  ///     unless at the same place.
  ///   - scratch: `scratchCount` floats for each worker.
  public func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let work = loops.count * (1 + instructions.count * 4)
    let kernels = workers.level.kernels
    workers.run(items: tileCount, work: work) { worker, tiles in
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>.self, capacity: registerCount) {
        registers in
        var run = TileRun(
          program: self, kernels: kernels, arrays: arrays, registers: registers,
          scratch: scratch + worker * scratchCount)
        for tile in tiles { run.run(tile) }
      }
    }
  }
}

/// The tiles that one worker runs.
private struct TileRun {
  let program: ElementwiseProgram
  let kernels: KernelTable
  let arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let registers: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let scratch: UnsafeMutablePointer<Float>
  var (height, width) = (0, 0)

  init(
    program: ElementwiseProgram, kernels: KernelTable,
    arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    registers: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.program = program
    self.kernels = kernels
    self.arrays = arrays
    self.registers = registers
    self.scratch = scratch
  }

  mutating func run(_ tile: Int) {
    let (rows, columns) = (program.rows, program.columns)
    let (rest, column) = tile.quotientAndRemainder(dividingBy: columns.tileCount)
    let (step, row) = rest.quotientAndRemainder(dividingBy: rows.tileCount)
    height = min(rows.tile, rows.size - row * rows.tile)
    width = min(columns.tile, columns.size - column * columns.tile)
    func start(_ array: Int) -> UnsafeMutablePointer<Float> {
      arrays[array] + program.outer.offset(array, at: step)
        + row * rows.tile * rows.strides[array] + column * columns.tile * columns.strides[array]
    }
    for array in 0..<program.loadCount { load(array, start(array)) }
    let last = program.registerCount - 1
    let isLastInPlace =
      !program.instructions.isEmpty && program.stores.count == 1 && program.stores[0] == last
      && isContiguous(program.loadCount)
    for (position, instruction) in program.instructions.enumerated() {
      let number = program.loadCount + position
      // Nothing is read after the last instruction, which may write over what was loaded.
      registers[number] =
        number == last && isLastInPlace ? start(program.loadCount) : register(number)
      apply(instruction, to: registers[number])
    }
    guard !isLastInPlace else { return }
    for (position, register) in program.stores.enumerated() {
      let array = program.loadCount + position
      store(array, registers[register], start(array))
    }
  }

  private func register(_ number: Int) -> UnsafeMutablePointer<Float> {
    scratch + number * ElementwiseProgram.tileLength
  }

  /// Whether the tile's places follow one another in memory.
  private func isContiguous(_ array: Int) -> Bool {
    (program.columns.strides[array] == 1 || width == 1)
      && (height == 1 || program.rows.strides[array] == width)
  }

  private func load(_ array: Int, _ start: UnsafeMutablePointer<Float>) {
    if isContiguous(array) {
      registers[array] = start
      return
    }
    let register = register(array)
    registers[array] = register
    let (rowStep, step) = (program.rows.strides[array], program.columns.strides[array])
    let rows = NumberRows(start: start, step: rowStep, count: height, width: width)
    kernels.gatherRows(rows, step, register)
  }

  private func store(
    _ array: Int, _ register: UnsafeMutablePointer<Float>, _ start: UnsafeMutablePointer<Float>
  ) {
    if isContiguous(array) { return start.update(from: register, count: width * height) }
    let (rowStep, step) = (program.rows.strides[array], program.columns.strides[array])
    for row in 0..<height {
      let (to, from) = (start + row * rowStep, register + row * width)
      if step == 1 {
        kernels.gather(from, 1, to, width)
        continue
      }
      for column in 0..<width { to[column * step] = from[column] }
    }
  }

  private func apply(
    _ instruction: ElementwiseProgram.Instruction, to result: UnsafeMutablePointer<Float>
  ) {
    let (operands, last) = (instruction.operands, instruction.operands.count - 1)
    instruction.operation.apply(
      registers[operands[0]], registers[operands[min(1, last)]], registers[operands[last]], result,
      width * height, kernels)
  }
}
