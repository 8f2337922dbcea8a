import TensorKernels

/// Makes the instructions of a recurrence fewer: products that are added become one instruction, states are written
/// where they are, and what is only copied is written where the copy goes.
struct RecurrenceFusion {
  private(set) var steps: [RecurrenceProgram.Instruction]
  /// The local values that pass from step to step.
  private let states: Set<Int>

  init(_ steps: [RecurrenceProgram.Instruction], states: Set<Int>) {
    (self.steps, self.states) = (steps, states)
  }

  mutating func fuse() {
    fuseProducts()
    writeStatesInPlace()
    forwardCopies()
  }

  /// The instructions that read a local value, and those that write it.
  private func readers(_ local: Int) -> [Int] {
    steps.indices.filter { place in steps[place].inputs.contains { $0.place == .local(local) } }
  }

  private func writers(_ local: Int) -> [Int] {
    steps.indices.filter { steps[$0].output.place == .local(local) }
  }

  /// The local value that an instruction writes, all of its lines in order, and that passes to no other step.
  private func whole(_ place: Int) -> Int? {
    guard case .local(let local) = steps[place].output.place, !states.contains(local),
      steps[place].output.start == 0, steps[place].output.row == 1 || steps[place].rows == 1,
      writers(local) == [place]
    else { return nil }
    return local
  }

  /// Whether an operand goes through so many lines of a local value in order.
  private func isInOrder(_ operand: RecurrenceProgram.Operand, rows: Int) -> Bool {
    operand.start == 0 && (operand.row == 1 || rows == 1)
  }

  /// `a · b` that only one sum reads, and that has as many rows.
  private mutating func fuseProducts() {
    var isDropped = steps.map { _ in false }
    for place in steps.indices where steps[place].function == .apply(.binary(.add)) {
      for (side, operand) in steps[place].inputs.enumerated() {
        guard case .local(let local) = operand.place, isInOrder(operand, rows: steps[place].rows),
          readers(local) == [place], steps[place].inputs[1 - side].place != operand.place,
          let product = writers(local).first, product < place, whole(product) == local,
          steps[product].function == .apply(.binary(.mul)),
          steps[product].rows == steps[place].rows
        else { continue }
        isDropped[product] = true
        steps[place].function = .multiplyAdd
        steps[place].inputs = steps[product].inputs + [steps[place].inputs[1 - side]]
        break
      }
    }
    steps = steps.indices.filter { !isDropped[$0] }.map { steps[$0] }
  }

  /// A value that becomes a state, and is computed when nothing needs the state's last value any more, is computed
  /// there.
  private mutating func writeStatesInPlace() {
    for place in steps.indices.reversed() where steps[place].function == .copy {
      guard case .local(let state) = steps[place].output.place, states.contains(state),
        case .local(let value) = steps[place].inputs[0].place, !states.contains(value),
        isInOrder(steps[place].output, rows: steps[place].rows),
        isInOrder(steps[place].inputs[0], rows: steps[place].rows),
        writers(state) == [place], let writer = writers(value).first, writer < place,
        whole(writer) == value, steps[writer].rows == steps[place].rows,
        readers(state).allSatisfy({ $0 < writer || $0 == writer && isRowByRow(writer, state) })
      else { continue }
      steps.remove(at: place)
      for step in steps.indices { rename(value, to: state, in: step) }
    }
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

  private mutating func forwardCopies() {
    for place in steps.indices.reversed() where steps[place].function == .copy {
      guard case .array = steps[place].output.place,
        case .local(let local) = steps[place].inputs[0].place,
        isInOrder(steps[place].inputs[0], rows: steps[place].rows), readers(local) == [place],
        let writer = writers(local).first, writer < place, whole(writer) == local,
        steps[writer].rows == steps[place].rows
      else { continue }
      steps[writer].output = steps[place].output
      steps.remove(at: place)
    }
  }
}
