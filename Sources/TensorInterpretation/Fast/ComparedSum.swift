import TensorKernels

/// A sum along an axis of what a comparison chooses: of the entries of a vector that are smaller than a number, or of
/// the others.
///
/// ```
/// Σⱼ less(aⱼ, bᵢ) · vⱼ        Σⱼ (1 - less(bᵢ, aⱼ))        Σⱼ where(less(aⱼ, bᵢ), uⱼ, vⱼ)
/// ```
struct ComparedSum {
  /// What a sum takes of an entry: a factor times an array's number, or the factor alone.
  struct Side: Hashable {
    var factor: Float
    /// Over the axes of the sum's step.
    var values: FlatOperand?
  }

  /// The comparison `smaller < larger`, over the axes of the sum's step, and what it chooses from.
  struct Choice: Hashable {
    var smaller: FlatOperand
    var larger: FlatOperand
    var whenTrue: Side
    var whenFalse: Side
  }

  let step: Int
  let choice: Choice
  /// Whether entries are compared with numbers, `a < b`, and not numbers with entries, `b < a`.
  let isEntrySmaller: Bool
  /// The axes of the sum: batches, that of the numbers, that of the entries.
  let axes: [Int]
  /// The steps that make the choice, the comparison first.
  let members: [Int]

  /// The sum that a step is; `nil` where it is none.
  init?(_ number: Int, _ program: FlatProgram, _ uses: BufferUses) {
    let step = program.steps[number]
    guard uses.frames[number] == 0, !step.sizes.contains(0), step.outputs.count == 1,
      uses.writer[step.outputs[0].buffer] == number, step.operands.allSatisfy(\.isFixed)
    else { return nil }
    var reader = ChoiceReader(program: program, uses: uses, sizes: step.sizes)
    let found: Choice?
    switch step.operation {
    case .fold(.sum): found = reader.choice(step.inputs[0], remaining: ChoiceReader.depth)
    case .contraction(summed: 1) where step.inputs.count == 2:
      found = reader.product(step.inputs, remaining: ChoiceReader.depth)
    default: found = nil
    }
    guard let found else { return nil }
    self.step = number
    (choice, members) = (found, reader.members)
    let entry = step.sizes.count - 1
    isEntrySmaller = found.smaller.strides[entry] != 0
    let (entries, numbers) =
      isEntrySmaller ? (found.smaller, found.larger) : (found.larger, found.smaller)
    guard entries.strides[entry] != 0, numbers.strides[entry] == 0 else { return nil }
    let columns = [entries] + [found.whenTrue, found.whenFalse].compactMap(\.values)
    let free = step.sizes.indices.dropLast().filter { axis in
      numbers.strides[axis] != 0 && columns.allSatisfy { $0.strides[axis] == 0 }
    }
    guard let axis = free.max(by: { step.sizes[$0] < step.sizes[$1] }), step.sizes[axis] > 1,
      step.sizes[entry] <= RankingKernel.mostEntries
    else { return nil }
    axes = step.sizes.indices.dropLast().filter { $0 != axis } + [axis, entry]
  }

  var entries: FlatOperand { isEntrySmaller ? choice.smaller : choice.larger }
  var numbers: FlatOperand { isEntrySmaller ? choice.larger : choice.smaller }
}

/// Follows what a sum reads back to a comparison.
private struct ChoiceReader {
  let program: FlatProgram
  let uses: BufferUses
  /// The axes of the sum's step.
  let sizes: [Int]
  private(set) var members: [Int] = []

  /// The most functions between a comparison and a sum.
  static let depth = 6

  init(program: FlatProgram, uses: BufferUses, sizes: [Int]) {
    (self.program, self.uses, self.sizes) = (program, uses, sizes)
  }

  /// What an operand chooses by a comparison; `nil` where it isn't made so.
  mutating func choice(_ operand: FlatOperand, remaining: Int) -> ComparedSum.Choice? {
    var isWhole = false
    guard remaining > 0, let writer = uses.writer[operand.buffer], uses.frames[writer] == 0,
      !uses.isResult[operand.buffer],
      case .elementwise(let instructions, _) = program.steps[writer].operation,
      instructions.count == 1, program.steps[writer].operands.allSatisfy(\.isFixed),
      let inputs = program.steps[writer].inlined(in: operand, sizes: sizes, isWhole: &isWhole)
    else { return nil }
    let parts = instructions[0].operands.map { inputs[$0] }
    let before = members
    let found = choice(instructions[0].operation, parts, remaining)
    members = found == nil ? before : members + [writer]
    return found
  }

  private mutating func choice(
    _ operation: ScalarOperation, _ parts: [FlatOperand], _ remaining: Int
  ) -> ComparedSum.Choice? {
    switch operation {
    case .binary(.less):
      guard isFixed(parts[0]), isFixed(parts[1]) else { return nil }
      return ComparedSum.Choice(
        smaller: parts[0], larger: parts[1], whenTrue: .init(factor: 1), whenFalse: .init(factor: 0)
      )
    case .select:
      if let chosen = chosen(parts, remaining) { return chosen }
      return applied(operation, parts, remaining)
    case .binary(.mul): return product(parts, remaining: remaining)
    default: return applied(operation, parts, remaining)
    }
  }

  /// A comparison's outcome times an array's number.
  mutating func product(_ parts: [FlatOperand], remaining: Int) -> ComparedSum.Choice? {
    for (part, other) in [(parts[0], parts[1]), (parts[1], parts[0])] {
      guard var found = choice(part, remaining: remaining - 1) else { continue }
      guard found.whenTrue.values == nil, found.whenFalse.values == nil else { return nil }
      if let number = number(other) {
        found.whenTrue.factor *= number
        found.whenFalse.factor *= number
        return isFinite(found) ? found : nil
      }
      guard isFixed(other) else { return nil }
      (found.whenTrue.values, found.whenFalse.values) = (other, other)
      return found
    }
    return nil
  }

  /// One of two arrays or numbers, by a comparison.
  private mutating func chosen(
    _ parts: [FlatOperand], _ remaining: Int
  ) -> ComparedSum.Choice? {
    guard var found = choice(parts[0], remaining: remaining - 1), found.whenTrue.values == nil,
      found.whenFalse.values == nil
    else { return nil }
    let sides = [parts[1], parts[2]].map { part -> ComparedSum.Side? in
      if let number = number(part) { return .init(factor: number) }
      return isFixed(part) ? .init(factor: 1, values: part) : nil
    }
    guard let first = sides[0], let second = sides[1] else { return nil }
    (found.whenTrue, found.whenFalse) = (
      found.whenTrue.factor != 0 ? first : second, found.whenFalse.factor != 0 ? first : second
    )
    return isFinite(found) ? found : nil
  }

  /// A function of a comparison's outcome and of numbers.
  private mutating func applied(
    _ operation: ScalarOperation, _ parts: [FlatOperand], _ remaining: Int
  ) -> ComparedSum.Choice? {
    var (outcomes, found): ([(Float, Float)], ComparedSum.Choice?) = ([], nil)
    for part in parts {
      if let number = number(part) {
        outcomes.append((number, number))
        continue
      }
      guard let choice = choice(part, remaining: remaining - 1), choice.whenTrue.values == nil,
        choice.whenFalse.values == nil,
        found.map({ $0.smaller == choice.smaller && $0.larger == choice.larger }) ?? true
      else { return nil }
      outcomes.append((choice.whenTrue.factor, choice.whenFalse.factor))
      found = choice
    }
    found?.whenTrue.factor = operation(outcomes.map(\.0))
    found?.whenFalse.factor = operation(outcomes.map(\.1))
    return found.flatMap { isFinite($0) ? $0 : nil }
  }

  private func isFinite(_ choice: ComparedSum.Choice) -> Bool {
    choice.whenTrue.factor.isFinite && choice.whenFalse.factor.isFinite
  }

  private func number(_ operand: FlatOperand) -> Float? {
    if case .number(let value) = program.buffers[operand.buffer].source { value } else { nil }
  }

  /// Whether an array is the same wherever it is read.
  private func isFixed(_ operand: FlatOperand) -> Bool {
    let buffer = program.buffers[operand.buffer]
    return operand.isFixed && !buffer.isIndex
      && (buffer.source != .steps
        || uses.writer[operand.buffer].map { uses.frames[$0] == 0 } == true)
  }
}

extension ScalarOperation {
  /// The value at some numbers, as many as it takes.
  fileprivate func callAsFunction(_ numbers: [Float]) -> Float {
    switch self {
    case .unary(let function): function(numbers[0])
    case .binary(let function): function(numbers[0], numbers[1])
    case .select: numbers[0] != 0 ? numbers[1] : numbers[2]
    }
  }
}
