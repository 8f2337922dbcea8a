import TensorKernels

/// Makes the instructions of a recurrence fewer: products that are added become one instruction, states are written
/// where they are, and what is only copied is written where the copy goes.
///
/// Each local value that is no state is written before it is read, and states are written by copies at the end.
///
/// - Complexity: linear in the instructions.
struct RecurrenceFusion {
  private(set) var steps: [RecurrenceProgram.Instruction]
  /// The local values that pass from step to step.
  private let states: Set<Int>
  /// The instructions that read each local value, each once, and those that write it.
  private var readers: [Int: [Int]] = [:]
  private var writers: [Int: [Int]] = [:]
  private var isDropped: [Bool] = []

  init(_ steps: [RecurrenceProgram.Instruction], states: Set<Int>) {
    (self.steps, self.states) = (steps, states)
  }

  mutating func fuse() {
    pass { $0.fuseProduct($1) }
    pass { $0.writeStateInPlace($1) }
    pass { $0.forwardCopy($1) }
  }

  /// Goes through the instructions, the last first, and leaves out those that were dropped.
  private mutating func pass(_ body: (inout RecurrenceFusion, Int) -> Void) {
    (readers, writers) = ([:], [:])
    isDropped = steps.map { _ in false }
    for (place, step) in steps.enumerated() {
      for case .local(let local) in Set(step.inputs.map(\.place)) {
        readers[local, default: []].append(place)
      }
      if case .local(let local) = step.output.place { writers[local, default: []].append(place) }
    }
    for place in steps.indices.reversed() { body(&self, place) }
    steps = steps.indices.filter { !isDropped[$0] }.map { steps[$0] }
  }

  /// The instruction before another one that alone writes a local value, all of its lines in order, where that passes
  /// to no other step and has so many rows.
  private func writer(of local: Int, before place: Int, rows: Int) -> Int? {
    guard !states.contains(local), let own = writers[local], own.count == 1, own[0] < place,
      steps[own[0]].rows == rows, isInOrder(steps[own[0]].output, rows: rows)
    else { return nil }
    return own[0]
  }

  /// Whether an operand goes through so many lines of a local value in order.
  private func isInOrder(_ operand: RecurrenceProgram.Operand, rows: Int) -> Bool {
    operand.start == 0 && (operand.row == 1 || rows == 1)
  }

  /// `a · b` that only one sum reads, and that has as many rows.
  private mutating func fuseProduct(_ place: Int) {
    guard steps[place].function == .apply(.binary(.add)),
      steps[place].inputs[0].place != steps[place].inputs[1].place
    else { return }
    for (side, operand) in steps[place].inputs.enumerated() {
      guard case .local(let local) = operand.place, isInOrder(operand, rows: steps[place].rows),
        readers[local] == [place],
        let product = writer(of: local, before: place, rows: steps[place].rows),
        steps[product].function == .apply(.binary(.mul))
      else { continue }
      isDropped[product] = true
      steps[place].function = .multiplyAdd
      steps[place].inputs = steps[product].inputs + [steps[place].inputs[1 - side]]
      return
    }
  }

  /// A value that becomes a state, and is computed when nothing needs the state's last value any more, is computed
  /// there.
  private mutating func writeStateInPlace(_ place: Int) {
    let rows = steps[place].rows
    guard steps[place].function == .copy, case .local(let state) = steps[place].output.place,
      states.contains(state), case .local(let value) = steps[place].inputs[0].place,
      isInOrder(steps[place].output, rows: rows), isInOrder(steps[place].inputs[0], rows: rows),
      writers[state] == [place], let writer = writer(of: value, before: place, rows: rows),
      readers[state, default: []].allSatisfy({
        $0 < writer || $0 == writer && isRowByRow(writer, state)
      })
    else { return }
    isDropped[place] = true
    for step in readers[value, default: []] + [writer] { rename(value, to: state, in: step) }
  }

  /// Whether an instruction reads a local value where it writes its result only.
  private func isRowByRow(_ place: Int, _ local: Int) -> Bool {
    switch steps[place].function {
    case .apply, .multiplyAdd: break
    case .sumOfProducts, .sum, .largest, .copy: return false
    }
    return steps[place].inputs.allSatisfy {
      $0.place != .local(local) || isInOrder($0, rows: steps[place].rows)
    }
  }

  private mutating func rename(_ local: Int, to other: Int, in step: Int) {
    for input in steps[step].inputs.indices where steps[step].inputs[input].place == .local(local) {
      steps[step].inputs[input].place = .local(other)
    }
    if steps[step].output.place == .local(local) { steps[step].output.place = .local(other) }
  }

  private mutating func forwardCopy(_ place: Int) {
    let rows = steps[place].rows
    guard steps[place].function == .copy, case .array = steps[place].output.place,
      case .local(let local) = steps[place].inputs[0].place,
      isInOrder(steps[place].inputs[0], rows: rows), readers[local] == [place],
      let writer = writer(of: local, before: place, rows: rows)
    else { return }
    steps[writer].output = steps[place].output
    isDropped[place] = true
  }
}
