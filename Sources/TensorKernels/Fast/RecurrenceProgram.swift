/// A loop whose numbers lie in columns that never meet: what a step computes in one column depends on that column of
/// the states only.
///
/// A column is a matrix's, such as one of the summary of linear attention; lines are its rows. Since columns don't
/// meet, a loop over steps of operations over columns is an operation over columns of loops: a tile of columns goes
/// through all steps while its states stay in the nearest cache.
public struct RecurrenceProgram: Hashable, Sendable {
  /// Lines that an instruction reads or writes.
  public struct Operand: Hashable, Sendable {
    /// Where lines are.
    public enum Place: Hashable, Sendable {
      /// An array, by number, that also moves from step to step and from column to column.
      case array(Int)
      /// A value that is there for one column tile only, by number.
      case local(Int)
    }

    /// Where the lines are.
    public var place: Place
    /// The first line of a local value; 0 for an array.
    public var start: Int
    /// What it moves by from row to row: lines of a local value, elements of an array.
    public var row: Int
    /// What it moves by from one term of a sum to the next.
    public var depth: Int

    /// An operand.
    public init(_ place: Place, start: Int = 0, row: Int, depth: Int = 0) {
      (self.place, self.start, self.row, self.depth) = (place, start, row, depth)
    }
  }

  /// What an instruction computes of the numbers of a column.
  public enum Function: Hashable, Sendable {
    /// A function of the operands, row by row.
    case apply(ScalarOperation)
    /// `a · b + c`, row by row.
    case multiplyAdd
    /// The sum over depth of `a · b`, for each row.
    case sumOfProducts
    /// The sum over depth, for each row.
    case sum
    /// The largest over depth, for each row; NaN where one is NaN.
    case largest
    /// The operand itself.
    case copy
  }

  /// One operation on lines.
  public struct Instruction: Hashable, Sendable {
    /// What it computes.
    public var function: Function
    /// What it reads.
    public var inputs: [Operand]
    /// What it writes.
    public var output: Operand
    /// How many rows it writes.
    public var rows: Int
    /// How many terms its sums have, at least one; 1 for what isn't a sum.
    public var depth: Int

    /// An instruction.
    public init(
      _ function: Function, _ inputs: [Operand], _ output: Operand, rows: Int, depth: Int = 1
    ) {
      (self.function, self.inputs, self.output) = (function, inputs, output)
      (self.rows, self.depth) = (rows, depth)
    }
  }

  /// How many lines each local value has.
  public var locals: [Int]
  /// What is done before the first step: states get their first values.
  public var first: [Instruction]
  /// What each step does.
  public var steps: [Instruction]
  /// What is done after the last step: states are written.
  public var last: [Instruction]

  /// A program.
  public init(
    locals: [Int], first: [Instruction], steps: [Instruction], last: [Instruction]
  ) {
    (self.locals, self.first, self.steps, self.last) = (locals, first, steps, last)
  }
}
