import MicroKernels

/// A tile of columns that one worker takes through all steps of a recurrence.
struct RecurrenceTile {
  let kernel: RecurrenceKernel
  let kernels: KernelTable
  /// Where each operand is at the step.
  let places: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let scratch: UnsafeMutablePointer<Float>
  /// How many columns there are.
  let width: Int
  /// How far apart lines of scratch memory are.
  let lineStep: Int

  func run() {
    kernel.commands.withUnsafeBufferPointer { commands in
      kernel.slots.withUnsafeBufferPointer { slots in
        for place in kernel.phases.first { run(commands[place], slots) }
        for _ in 0..<kernel.steps {
          for place in kernel.phases.steps {
            run(commands[place], slots)
            for slot in commands[place].slots { places[slot] += slots[slot].step }
          }
        }
        for place in kernel.phases.last { run(commands[place], slots) }
      }
    }
  }

  /// The lines of an operand, gathered where their numbers aren't consecutive.
  private func lines(
    _ number: Int, _ command: RecurrenceKernel.Command, _ slot: RecurrenceKernel.Slot
  ) -> (lines: PassLines, depth: Int) {
    let start = places[number]
    guard slot.gathered >= 0 else {
      return (PassLines(start: start, step: slot.row, isRepeated: slot.column == 0), slot.depth)
    }
    let copy = scratch + slot.gathered
    for row in 0..<command.rows {
      for term in 0..<command.depth {
        let from = start + row * slot.row + term * slot.depth
        let to = copy + (row * command.depth + term) * lineStep
        kernels.gather(from, slot.column, to, width)
      }
    }
    let step = command.depth * lineStep
    return (PassLines(start: copy, step: step, isRepeated: false), lineStep)
  }

  private func run(
    _ command: RecurrenceKernel.Command, _ slots: UnsafeBufferPointer<RecurrenceKernel.Slot>
  ) {
    let (first, last) = (command.slots.lowerBound, command.slots.upperBound - 1)
    let output = slots[last]
    let (a, aDepth) = lines(first, command, slots[first])
    let second = min(first + 1, last - 1)
    let (b, bDepth) = second == first ? (a, aDepth) : lines(second, command, slots[second])
    let third = min(first + 2, last - 1)
    let (c, _) = third == second ? (b, bDepth) : lines(third, command, slots[third])
    let isScattered = output.gathered >= 0
    var pass = LinePass(
      a: a, b: b, c: c, target: isScattered ? scratch + output.gathered : places[last],
      targetStep: isScattered ? command.depth * lineStep : output.row, count: command.rows,
      length: width)
    switch command.function {
    case .apply(let operation): apply(operation, pass)
    case .multiplyAdd: kernels.multiplyAddLines(pass)
    case .copy: kernels.copyLines(pass)
    case .sumOfProducts:
      forRows(&pass, command, aDepth, bDepth) { kernels.sumLineProducts($0) }
    case .sum: forRows(&pass, command, aDepth, bDepth) { fold(.add, $0) }
    case .largest: forRows(&pass, command, aDepth, bDepth) { fold(.maximum, $0) }
    }
    if isScattered { scatter(command, output, to: places[last]) }
  }

  /// A pass over the terms of each row.
  private func forRows(
    _ pass: inout LinePass, _ command: RecurrenceKernel.Command, _ aDepth: Int, _ bDepth: Int,
    _ body: (LinePass) -> Void
  ) {
    let (aRow, bRow) = (pass.a.step, pass.b.step)
    (pass.a.step, pass.b.step, pass.count) = (aDepth, bDepth, command.depth)
    for _ in 0..<command.rows {
      pass.c = pass.b
      body(pass)
      pass.a.start += aRow
      pass.b.start += bRow
      pass.target += pass.targetStep
    }
  }

  /// The first line, and the others one after the other.
  private func fold(_ function: PairFunction, _ pass: LinePass) {
    var pass = pass
    let terms = pass.count
    pass.count = 1
    kernels.copyLines(pass)
    pass.b = pass.a
    pass.b.start += pass.a.step
    pass.c = pass.b
    pass.a = PassLines(start: pass.target, step: 0, isRepeated: false)
    (pass.targetStep, pass.count) = (0, terms - 1)
    kernels.applyToLines(function, pass)
  }

  private func apply(_ operation: ScalarOperation, _ pass: LinePass) {
    if case .binary(let function) = operation, let pair = function.pair {
      return kernels.applyToLines(pair, pass)
    }
    let line = scratch + kernel.lines
    for row in 0..<pass.count {
      copy(pass.a, row, to: line)
      copy(pass.b, row, to: line + lineStep)
      copy(pass.c, row, to: line + 2 * lineStep)
      operation.apply(
        line, line + lineStep, line + 2 * lineStep, pass.target + row * pass.targetStep, width,
        kernels)
    }
  }

  private func copy(_ lines: PassLines, _ row: Int, to line: UnsafeMutablePointer<Float>) {
    kernels.gather(lines.start + row * lines.step, lines.isRepeated ? 0 : 1, line, width)
  }

  private func scatter(
    _ command: RecurrenceKernel.Command, _ slot: RecurrenceKernel.Slot,
    to target: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<command.rows {
      let from = scratch + slot.gathered + row * command.depth * lineStep
      for column in 0..<width { target[row * slot.row + column * slot.column] = from[column] }
    }
  }
}

extension BinaryFunction {
  /// The same function as kernels know it; `nil` for powers.
  fileprivate var pair: PairFunction? {
    switch self {
    case .add: .add
    case .sub: .sub
    case .mul: .mul
    case .div: .div
    case .maximum: .maximum
    case .minimum: .minimum
    case .less: .less
    case .power: nil
    }
  }
}
