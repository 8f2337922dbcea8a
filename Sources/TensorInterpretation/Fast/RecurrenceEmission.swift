import DiagramIR
import TensorKernels

/// Makes one step of a loop whose columns never meet.
struct RecurrenceEmission {
  /// The most floats that a tile of columns holds: about what the second cache does.
  static let mostNumbers = 1 << 18
  /// The most terms of an instruction where a tile would be all but empty.
  static let mostTermsOfFewColumns = 256

  typealias Instruction = RecurrenceProgram.Instruction

  private let loop: LoopColumns
  /// The nodes before the loop, in the frame that it is in.
  private let before: [FlatNode]
  private var locals: [Int: Int] = [:]
  private var inputs: [FlatOperand] = []
  private var outputs: [FlatOperand] = []

  init(_ loop: LoopColumns, _ program: FlatProgram, before: [FlatNode]) {
    (self.loop, self.before) = (loop, before)
    for (place, buffer) in loop.buffers.enumerated() { locals[buffer] = place }
  }

  /// - Parameter isRead: whether a state is read after the loop.
  /// - Returns: `nil` where the body has rows of more than one axis, or a tile would be too large.
  mutating func step(_ program: FlatProgram, isRead: (Int) -> Bool) -> FlatStep? {
    var (first, steps, last): ([Instruction], [Instruction], [Instruction]) = ([], [], [])
    for place in loop.numbers.indices {
      guard let instruction = instruction(program, place) else { return nil }
      steps.append(instruction)
    }
    for buffer in loop.buffers where program.buffers[buffer].level <= loop.level {
      guard let start = self.first(buffer, program) else { return nil }
      first.append(start)
      guard isRead(buffer) else { continue }
      guard let end = self.last(buffer) else { return nil }
      last.append(end)
    }
    let lines = loop.buffers.map { rows($0).reduce(1) { $0 * $1.size } }
    let states = Set(
      loop.buffers.filter { program.buffers[$0].level <= loop.level }.compactMap { locals[$0] })
    var fusion = RecurrenceFusion(steps, states: states)
    fusion.fuse()
    let result = RecurrenceProgram(
      locals: lines, first: first, steps: fusion.steps, last: last
    ).numbered(inputs: inputs.count)
    guard isSmall(result) else { return nil }
    return FlatStep(
      operation: .recurrence(result),
      sizes: loop.sizes.dropLast() + [loop.count, loop.sizes.last ?? 1], inputs: inputs,
      outputs: outputs, boxes: loop.numbers.flatMap { program.steps[$0].boxes })
  }

  private func isSmall(_ result: RecurrenceProgram) -> Bool {
    let columns = loop.sizes.last ?? 1
    let width = RecurrenceKernel.width(columns)
    let terms = result.steps.map { $0.rows.multipliedSaturating(by: $0.depth) }
    let numbers = (result.locals + terms).reduce(0) { $0.addedSaturating($1) }
    return numbers <= Self.mostNumbers / width
      && (columns >= 4 || terms.allSatisfy { $0 <= Self.mostTermsOfFewColumns })
  }

  // MARK: - Operands

  /// The axes of a local value that are rows: what they move by in lines, with their place among its axes.
  private func rows(_ buffer: Int) -> [(axis: Int, step: Int, size: Int)] {
    guard let local = loop.locals[buffer] else { return [] }
    var (rows, step) = ([(axis: Int, step: Int, size: Int)](), 1)
    for axis in local.strides.indices.reversed() where local.columns[axis] == nil {
      rows.insert((axis, step, local.sizes[axis]), at: 0)
      step *= local.sizes[axis]
    }
    return rows
  }

  /// What an operand moves by along an axis of its step: lines of a local value, elements of an array.
  private func move(_ operand: FlatOperand, _ stride: Int) -> Int {
    guard let local = loop.locals[operand.buffer] else { return stride }
    guard let axis = local.strides.firstIndex(of: stride) else { return 0 }
    return rows(operand.buffer).first { $0.axis == axis }?.step ?? 0
  }

  private mutating func operand(
    _ operand: FlatOperand, row: Int, depth: Int, _ columns: [Int], isOutput: Bool
  ) -> RecurrenceProgram.Operand {
    if let number = locals[operand.buffer], let local = loop.locals[operand.buffer] {
      let position = local.position(of: operand.offset) ?? []
      let start = rows(operand.buffer).reduce(0) { $0 + $1.step * position[$1.axis] }
      return RecurrenceProgram.Operand(.local(number), start: start, row: row, depth: depth)
    }
    return array(operand, row: row, depth: depth, columns, isOutput: isOutput)
  }

  /// An array; outputs are numbered from -1 down until inputs are known.
  private mutating func array(
    _ operand: FlatOperand, row: Int, depth: Int, _ columns: [Int], isOutput: Bool
  ) -> RecurrenceProgram.Operand {
    var moved = operand
    moved.loops = Array(operand.loops.prefix(loop.level))
    moved.strides = columns.dropLast() + [operand.step(of: loop.level), columns.last ?? 0]
    if isOutput {
      outputs.append(moved)
      return RecurrenceProgram.Operand(.array(-outputs.count), row: row, depth: depth)
    }
    inputs.append(moved)
    return RecurrenceProgram.Operand(.array(inputs.count - 1), row: row, depth: depth)
  }

  // MARK: - Instructions

  private mutating func instruction(
    _ program: FlatProgram, _ place: Int
  ) -> Instruction? {
    let step = program.steps[loop.numbers[place]]
    let summed = LoopColumns.summedAxes(step)
    let kept = step.sizes.indices.dropLast(summed).filter {
      step.sizes[$0] > 1 && !loop.axes[place].contains($0)
    }
    let depths = step.sizes.indices.suffix(summed).filter { step.sizes[$0] > 1 }
    guard let rows = merged(kept, of: step), let terms = merged(depths, of: step) else {
      return nil
    }
    let operands = step.operands.enumerated().map { number, operand in
      self.operand(
        operand, row: rows.steps[number], depth: terms.steps[number],
        loop.axes[place].map { operand.strides[$0] }, isOutput: number >= step.inputs.count)
    }
    guard let function = function(step), let output = operands.last else { return nil }
    var inputs = inputs(of: step, operands)
    let isProduct = function == .sumOfProducts || function == .apply(.binary(.mul))
    // Kernels are fastest where the first factor is one number in all columns.
    if isProduct && isRepeated(inputs[1]) { inputs.swapAt(0, 1) }
    return Instruction(
      function, inputs, output, rows: rows.size, depth: terms.size)
  }

  /// Whether an operand is the same in all columns.
  private func isRepeated(_ operand: RecurrenceProgram.Operand) -> Bool {
    guard case .array(let number) = operand.place, inputs.indices.contains(number) else {
      return false
    }
    return inputs[number].strides.last == 0
  }

  private func function(_ step: FlatStep) -> RecurrenceProgram.Function? {
    switch step.operation {
    case .elementwise(let instructions, _): .apply(instructions[0].operation)
    case .contraction(let summed): summed == 0 ? .apply(.binary(.mul)) : .sumOfProducts
    case .fold(.sum): .sum
    case .fold(.max): .largest
    case .copy: .copy
    default: nil
    }
  }

  private func inputs(
    of step: FlatStep, _ operands: [RecurrenceProgram.Operand]
  ) -> [RecurrenceProgram.Operand] {
    guard case .elementwise(let instructions, _) = step.operation else {
      return operands.dropLast()
    }
    return instructions[0].operands.map { operands[$0] }
  }

  /// Axes as one, with what each operand moves by along it; `nil` where they aren't one.
  private func merged(_ axes: [Int], of step: FlatStep) -> (size: Int, steps: [Int])? {
    let operands = step.operands
    guard let last = axes.last else { return (1, operands.map { _ in 0 }) }
    let steps = operands.map { move($0, $0.strides[last]) }
    var size = step.sizes[last]
    for axis in axes.dropLast().reversed() {
      for (operand, inner) in zip(operands, steps)
      where move(operand, operand.strides[axis]) != inner * size { return nil }
      size *= step.sizes[axis]
    }
    return (size, steps)
  }

  // MARK: - States

  /// A state's first value.
  private mutating func first(
    _ buffer: Int, _ program: FlatProgram
  ) -> Instruction? {
    guard let local = loop.locals[buffer], let number = locals[buffer] else { return nil }
    let source = origin(buffer, local, program) ?? whole(buffer, local)
    return copy(of: buffer, local) { emission, row, columns in
      let from = emission.array(
        source, row: row(source), depth: 0, columns(source), isOutput: false)
      return (from, RecurrenceProgram.Operand(.local(number), row: 1))
    }
  }

  /// A state's last value, written where it is.
  private mutating func last(_ buffer: Int) -> Instruction? {
    guard let local = loop.locals[buffer], let number = locals[buffer] else { return nil }
    let target = whole(buffer, local)
    return copy(of: buffer, local) { emission, row, columns in
      let to = emission.array(target, row: row(target), depth: 0, columns(target), isOutput: true)
      return (RecurrenceProgram.Operand(.local(number), row: 1), to)
    }
  }

  private func whole(_ buffer: Int, _ local: LoopColumns.Local) -> FlatOperand {
    FlatOperand(buffer: buffer, offset: 0, loops: [], strides: local.strides)
  }

  /// What the state is copied from before the loop, along the state's axes.
  private func origin(
    _ buffer: Int, _ local: LoopColumns.Local, _ program: FlatProgram
  ) -> FlatOperand? {
    for case .step(let number) in before.reversed() {
      let step = program.steps[number]
      guard let output = step.outputs.first(where: { $0.buffer == buffer }) else { continue }
      guard case .copy = step.operation, output.offset == 0,
        program.buffers[step.inputs[0].buffer].source != .steps
      else { return nil }
      var source = step.inputs[0]
      source.strides = []
      for (stride, size) in zip(local.strides, local.sizes) {
        guard let axis = output.strides.firstIndex(of: stride), step.sizes[axis] == size else {
          return nil
        }
        source.strides.append(step.inputs[0].strides[axis])
      }
      return source
    }
    return nil
  }

  /// A copy of all of a state; `nil` where an array's rows aren't one axis.
  private mutating func copy(
    of buffer: Int, _ local: LoopColumns.Local,
    _ operands: (
      inout RecurrenceEmission, (FlatOperand) -> Int, (FlatOperand) -> [Int]
    ) -> (from: RecurrenceProgram.Operand, to: RecurrenceProgram.Operand)
  ) -> Instruction? {
    let rows = rows(buffer)
    guard rows.count <= 1 else { return nil }
    let sizes = loop.sizes
    let pair = operands(&self, { operand in rows.first.map { operand.strides[$0.axis] } ?? 0 }) {
      operand in
      sizes.indices.map { column in
        local.columns.firstIndex(of: column).map { operand.strides[$0] } ?? 0
      }
    }
    return Instruction(.copy, [pair.from], pair.to, rows: rows.first?.size ?? 1)
  }
}

extension RecurrenceProgram {
  /// The program with outputs numbered after inputs.
  fileprivate func numbered(inputs: Int) -> RecurrenceProgram {
    func numbered(_ instructions: [Instruction]) -> [Instruction] {
      instructions.map { instruction in
        var instruction = instruction
        if case .array(let number) = instruction.output.place, number < 0 {
          instruction.output.place = .array(inputs - 1 - number)
        }
        return instruction
      }
    }
    return RecurrenceProgram(
      locals: locals, first: numbered(first), steps: numbered(steps), last: numbered(last))
  }
}
