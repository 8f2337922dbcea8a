import MicroKernels

/// A recurrence over so many steps and columns, in tiles of columns, for some batches.
public struct RecurrenceKernel: Sendable {
  /// The most columns of a tile.
  static let tileColumns = 32

  /// An operand as a tile runs it.
  struct Slot: Sendable {
    /// The array; -1 for a local value, whose first number is at `offset` in scratch memory.
    let array: Int
    let offset: Int
    /// What the operand moves by, in elements.
    let row: Int
    let depth: Int
    let step: Int
    let column: Int
    /// Where in scratch memory the lines of an array go whose columns aren't consecutive; -1 for others.
    let gathered: Int
  }

  /// An instruction, with its operands one after the other, the one that it writes last.
  struct Command: Sendable {
    let function: RecurrenceProgram.Function
    let slots: Range<Int>
    let rows: Int
    let depth: Int
  }

  let steps: Int
  let columns: Int
  let batches: StridedLoops
  let commands: [Command]
  /// Which commands run before the steps, in each step, and after the steps.
  let phases: (first: Range<Int>, steps: Range<Int>, last: Range<Int>)
  let slots: [Slot]
  /// How many floats of scratch memory each worker needs.
  public let scratchCount: Int
  /// Four lines for functions of several numbers.
  let lines: Int

  /// Prepares a program.
  ///
  /// - Parameters:
  ///   - steps: how many steps it makes.
  ///   - columns: how many columns, at least one.
  ///   - moves: for each array, what it moves by from step to step and from column to column.
  ///   - batches: over all arrays of the program.
  public init(
    _ program: RecurrenceProgram, steps: Int, columns: Int,
    moves: [(step: Int, column: Int)], batches: StridedLoops
  ) {
    (self.steps, self.columns, self.batches) = (steps, columns, batches)
    let width = Self.width(columns)
    var (starts, end) = ([Int](), 0)
    for lines in program.locals {
      starts.append(end)
      end += lines * width
    }
    lines = end
    end += 4 * width
    var (commands, slots): ([Command], [Slot]) = ([], [])
    for instruction in program.first + program.steps + program.last {
      let place = slots.count
      for operand in instruction.inputs + [instruction.output] {
        let slot = Slot(operand, starts, moves, width: width, gathered: end)
        if slot.gathered >= 0 { end += instruction.rows * instruction.depth * width }
        slots.append(slot)
      }
      commands.append(
        Command(
          function: instruction.function, slots: place..<slots.count, rows: instruction.rows,
          depth: instruction.depth))
    }
    (self.commands, self.slots, scratchCount) = (commands, slots, end)
    let (first, last) = (program.first.count, program.first.count + program.steps.count)
    phases = (0..<first, first..<last, last..<commands.count)
  }

  /// How many columns a tile of so many has room for.
  public static func width(_ columns: Int) -> Int { columns > 16 ? tileColumns : 16 }

  var tileCount: Int { (columns + Self.tileColumns - 1) / Self.tileColumns }

  /// Additions and multiplications, about.
  private var work: Int {
    commands[phases.steps].reduce(1) { $0 + $1.rows * $1.depth + 8 } * steps * batches.count
      * Self.width(columns) * tileCount
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arrays: where each array starts.
  ///   - scratch: `scratchCount` floats for each worker.
  public func run(
    _ arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    scratch: UnsafeMutablePointer<Float>, workers: Workers
  ) {
    let kernels = workers.level.kernels
    workers.run(items: batches.count * tileCount, work: work) { worker, items in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<Float>.self, capacity: max(1, slots.count)
      ) { places in
        let memory = scratch + worker * scratchCount
        for item in items {
          let (batch, tile) = item.quotientAndRemainder(dividingBy: tileCount)
          let first = tile * Self.tileColumns
          for (number, slot) in slots.enumerated() {
            let place =
              slot.array < 0
              ? memory + slot.offset
              : arrays[slot.array] + batches.offset(slot.array, at: batch) + first * slot.column
            places.initializeElement(at: number, to: place)
          }
          RecurrenceTile(
            kernel: self, kernels: kernels, places: places, scratch: memory,
            width: min(Self.tileColumns, columns - first), lineStep: Self.width(columns)
          ).run()
        }
      }
    }
  }
}

extension RecurrenceKernel.Slot {
  fileprivate init(
    _ operand: RecurrenceProgram.Operand, _ starts: [Int], _ moves: [(step: Int, column: Int)],
    width: Int, gathered: Int
  ) {
    switch operand.place {
    case .local(let local):
      (array, offset) = (-1, starts[local] + operand.start * width)
      (row, depth) = (operand.row * width, operand.depth * width)
      (step, column, self.gathered) = (0, 1, -1)
    case .array(let number):
      (array, offset, row, depth) = (number, 0, operand.row, operand.depth)
      (step, column) = moves[number]
      self.gathered = column == 0 || column == 1 ? -1 : gathered
    }
  }
}
