/// Functions and folds of the entries of rows: what is computed of one row before the next.
///
/// A register is wide, with a number for each entry of a row, or narrow, with one for each row. Registers are the
/// loaded arrays in order, then the instructions' results in order.
public struct RowProgram: Hashable, Sendable {
  /// What an instruction computes.
  public enum Instruction: Hashable, Sendable {
    /// A function of numbers at the same place; narrow where all that it reads is.
    case apply(ScalarOperation, [Int])
    /// A fold of a wide register.
    case fold(FoldFunction, Int)
  }

  /// Of each loaded array, whether it is wide.
  public var loads: [Bool]
  /// In an order in which each comes after those that it reads.
  public var instructions: [Instruction]
  /// The register that each stored array gets.
  public var stores: [Int]

  /// A program.
  public init(loads: [Bool], instructions: [Instruction], stores: [Int]) {
    (self.loads, self.instructions, self.stores) = (loads, instructions, stores)
  }

  /// How many registers there are.
  public var registerCount: Int { loads.count + instructions.count }

  /// Of each register, whether it is wide.
  public var isWide: [Bool] {
    var isWide = loads
    for instruction in instructions {
      switch instruction {
      case .apply(_, let operands): isWide.append(operands.contains { isWide[$0] })
      case .fold: isWide.append(false)
      }
    }
    return isWide
  }

  /// How many functions and folds it applies at each entry of a row.
  public var functionsPerEntry: Int {
    let isWide = isWide
    return instructions.indices.count { place in
      if case .fold = instructions[place] { true } else { isWide[loads.count + place] }
    }
  }
}

/// What a worker does with a tile of rows, with the place of each register in its memory.
struct RowSteps: Hashable, Sendable {
  enum Operation: Hashable, Sendable {
    case apply(ScalarOperation, [Int], isWide: Bool)
    case fold(FoldFunction, Int)
    /// A narrow register repeated along rows.
    case spread(Int)
  }

  struct Step: Hashable, Sendable {
    let operation: Operation
    let result: Int
  }

  private(set) var steps: [Step] = []
  /// The registers, those of repeated numbers included.
  private(set) var isWide: [Bool]
  /// Of each register, which place it has among the wide or the narrow ones.
  private(set) var places: [Int] = []
  private(set) var widePlaceCount = 0
  private(set) var narrowPlaceCount = 0

  init(_ program: RowProgram) {
    isWide = program.isWide
    var spread: [Int: Int] = [:]
    for (place, instruction) in program.instructions.enumerated() {
      let result = program.loads.count + place
      switch instruction {
      case .fold(let function, let operand):
        steps.append(Step(operation: .fold(function, operand), result: result))
      case .apply(let operation, let operands):
        let operands = isWide[result] ? operands.map { wide($0, &spread) } : operands
        steps.append(
          Step(operation: .apply(operation, operands, isWide: isWide[result]), result: result))
      }
    }
    assignPlaces(loadCount: program.loads.count, kept: program.stores)
  }

  private mutating func wide(_ register: Int, _ spread: inout [Int: Int]) -> Int {
    guard !isWide[register] else { return register }
    if let known = spread[register] { return known }
    let result = isWide.count
    isWide.append(true)
    spread[register] = result
    steps.append(Step(operation: .spread(register), result: result))
    return result
  }

  /// Registers that are read for the last time leave their places to others; what is stored keeps its own.
  private mutating func assignPlaces(loadCount: Int, kept: [Int]) {
    var last = isWide.map { _ in -1 }
    for (time, step) in steps.enumerated() {
      for operand in step.operation.operands { last[operand] = time }
    }
    for register in kept { last[register] = .max }
    places = isWide.map { _ in 0 }
    var free: (wide: [Int], narrow: [Int]) = ([], [])
    for register in 0..<loadCount { take(register, &free) }
    for (time, step) in steps.enumerated() {
      take(step.result, &free)
      for operand in Set(step.operation.operands).sorted() where last[operand] == time {
        if isWide[operand] {
          free.wide.append(places[operand])
        } else {
          free.narrow.append(places[operand])
        }
      }
    }
  }

  private mutating func take(_ register: Int, _ free: inout (wide: [Int], narrow: [Int])) {
    if isWide[register] {
      places[register] = free.wide.popLast() ?? widePlaceCount
      widePlaceCount = max(widePlaceCount, places[register] + 1)
    } else {
      places[register] = free.narrow.popLast() ?? narrowPlaceCount
      narrowPlaceCount = max(narrowPlaceCount, places[register] + 1)
    }
  }
}

extension RowSteps.Operation {
  fileprivate var operands: [Int] {
    switch self {
    case .apply(_, let operands, _): operands
    case .fold(_, let operand), .spread(let operand): [operand]
    }
  }
}
