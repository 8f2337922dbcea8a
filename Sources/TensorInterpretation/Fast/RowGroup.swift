import DiagramIR
import TensorKernels

/// Steps that compute numbers of one row out of numbers of that row: functions and folds, in one row program.
struct RowGroup {
  /// The sizes of the axes of rows.
  let rows: [Int]
  /// How many entries a row has.
  let width: Int
  /// The steps, in order.
  private(set) var members: [Int] = []
  private(set) var boxes: [BoxID] = []
  private(set) var foldCount = 0
  private(set) var wideCount = 0
  private var sparedLanes = 1
  /// What is read from memory, over rows and entries.
  private var loads: [FlatOperand] = []
  /// What members compute: where they would write it, and the instruction that makes it.
  private var made: [(operand: FlatOperand, instruction: Int)] = []
  /// Registers are numbered as if there were no loads: those are -1, -2, …
  private var instructions: [RowProgram.Instruction] = []
  /// Of each instruction, whether it is wide.
  private var isWide: [Bool] = []

  /// The most instructions of a group.
  static let largest = 64

  /// A group without steps over such a domain, the last axis of which is the rows' own.
  init(sizes: [Int]) {
    rows = Array(sizes.dropLast())
    width = sizes.last ?? 0
  }

  var sizes: [Int] { rows + [width] }

  /// The buffers that members make.
  var buffers: [Int] { made.map(\.operand.buffer) }

  /// The buffers that are read from memory.
  var loadedBuffers: [Int] { loads.map(\.buffer) }

  func makes(_ buffer: Int) -> Bool { made.contains { $0.operand.buffer == buffer } }

  /// Takes in a step; whether it could.
  mutating func join(_ number: Int, _ step: FlatStep) -> Bool {
    guard step.outputs.count == 1, instructions.count < Self.largest else { return false }
    var group = self
    guard group.add(step) else { return false }
    group.members.append(number)
    group.boxes += step.boxes
    group.sparedLanes = max(sparedLanes, step.sparedLanes)
    self = group
    return true
  }

  private mutating func add(_ step: FlatStep) -> Bool {
    switch step.operation {
    case .elementwise(let functions, let results) where results.count == 1:
      let isNarrow = step.sizes == rows
      guard isNarrow || step.sizes == sizes else { return false }
      return add(functions, results[0], step, isNarrow: isNarrow)
    case .fold(let function):
      guard step.sizes == sizes, let input = register(step.inputs[0]), isWide(input) else {
        return false
      }
      return append(.fold(function, input), isWide: false) && finish(step.outputs[0])
    case .contraction(summed: 1):
      return step.sizes == sizes && addSumOfProducts(step)
    default: return false
    }
  }

  private mutating func addSumOfProducts(_ step: FlatStep) -> Bool {
    guard let a = register(step.inputs[0]), let b = register(step.inputs[1]),
      isWide(a) || isWide(b), append(.apply(.binary(.mul), [a, b]), isWide: true)
    else { return false }
    return append(.fold(.sum, instructions.count - 1), isWide: false) && finish(step.outputs[0])
  }

  private mutating func add(
    _ functions: [ElementwiseProgram.Instruction], _ result: Int, _ step: FlatStep,
    isNarrow: Bool
  ) -> Bool {
    var registers: [Int] = []
    for input in step.inputs {
      let operand = isNarrow ? input.repeated() : input
      guard let register = register(operand) else { return false }
      registers.append(register)
    }
    for function in functions {
      let operands = function.operands.map { registers[$0] }
      _ = append(.apply(function.operation, operands), isWide: operands.contains(where: isWide))
      registers.append(instructions.count - 1)
    }
    guard result == registers.count - 1, isWide(registers[result]) != isNarrow else {
      return false
    }
    return finish(isNarrow ? step.outputs[0].repeated() : step.outputs[0])
  }

  private mutating func append(_ instruction: RowProgram.Instruction, isWide: Bool) -> Bool {
    instructions.append(instruction)
    self.isWide.append(isWide)
    if case .fold = instruction { foldCount += 1 } else if isWide { wideCount += 1 }
    return true
  }

  /// The last instruction makes this.
  private mutating func finish(_ output: FlatOperand) -> Bool {
    let step = output.strides.last ?? 0
    guard step == (isWide(instructions.count - 1) && width > 1 ? 1 : 0) else { return false }
    made.append((output, instructions.count - 1))
    return true
  }

  private func isWide(_ register: Int) -> Bool {
    register < 0 ? loads[-register - 1].strides.last != 0 : isWide[register]
  }

  /// The register of an operand: what a member makes, or what is read; `nil` where it is made but not read so, or is
  /// spread over memory.
  private mutating func register(_ operand: FlatOperand) -> Int? {
    if let place = made.firstIndex(where: { $0.operand.buffer == operand.buffer }) {
      return isSame(made[place].operand, operand) ? made[place].instruction : nil
    }
    guard [0, 1].contains(operand.strides.last) else { return nil }
    if let place = loads.firstIndex(of: operand) { return -place - 1 }
    loads.append(operand)
    return -loads.count
  }

  private func isSame(_ a: FlatOperand, _ b: FlatOperand) -> Bool {
    let loops = max(a.loops.count, b.loops.count)
    return a.offset == b.offset
      && (0..<loops).allSatisfy { a.step(of: $0) == b.step(of: $0) }
      && sizes.indices.allSatisfy { sizes[$0] == 1 || a.strides[$0] == b.strides[$0] }
  }

  /// The step that computes the group.
  ///
  /// - Parameter isStored: whether something else needs a buffer.
  func step(isStored: (Int) -> Bool) -> FlatStep {
    let stored = made.filter { isStored($0.operand.buffer) }
    func register(_ number: Int) -> Int { number < 0 ? -number - 1 : loads.count + number }
    let program = RowProgram(
      loads: loads.map { $0.strides.last != 0 },
      instructions: instructions.map { instruction in
        switch instruction {
        case .apply(let function, let operands): .apply(function, operands.map(register))
        case .fold(let function, let operand): .fold(function, register(operand))
        }
      }, stores: stored.map { register($0.instruction) })
    return FlatStep(
      operation: .rows(program), sizes: sizes, inputs: loads, outputs: stored.map(\.operand),
      boxes: boxes, sparedLanes: sparedLanes)
  }
}

extension FlatOperand {
  /// The same along one more axis, along which it doesn't move.
  fileprivate func repeated() -> FlatOperand {
    var operand = self
    operand.strides.append(0)
    return operand
  }
}
