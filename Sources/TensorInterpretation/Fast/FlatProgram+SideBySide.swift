import DiagramIR
import TensorKernels

extension FlatProgram {
  /// Elementwise steps over the same places that read the same array, or of which one reads what the other writes,
  /// become one step with several results, so that what they share goes through memory once.
  ///
  /// - Complexity: linear in the steps, for a bounded number of readers of each array.
  mutating func mergeElementwise() {
    guard steps.contains(where: \.isElementwise) else { return }
    var merging = ElementwiseMerging(self)
    for number in steps.indices.reversed() { merging.merge(into: number) }
    steps = merging.program.steps
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { merging.isMerged(number) } else { false }
      }
    }
  }
}

/// Earlier elementwise steps that are put off until a later one, and run with it.
private struct ElementwiseMerging {
  private(set) var program: FlatProgram
  private let uses: BufferUses
  private let order: StepOrder
  /// The step that each step is part of, itself if it is merged into none.
  private var owner: [Int]

  /// The most instructions of a step, and the most readers of an array among which a partner is looked for.
  private static let (mostInstructions, mostReaders) = (32, 16)

  init(_ program: FlatProgram) {
    self.program = program
    uses = BufferUses(program)
    order = StepOrder(program, uses)
    owner = Array(program.steps.indices)
  }

  func isMerged(_ number: Int) -> Bool { owner[number] != number }

  /// Takes in earlier steps as long as there is one.
  mutating func merge(into number: Int) {
    guard isElementwise(number) else { return }
    while let earlier = partner(of: number) {
      owner[earlier] = number
      program.steps[number] = merged(
        program.steps[earlier], program.steps[number], into: number)
    }
  }

  private func isElementwise(_ number: Int) -> Bool {
    uses.frames[number] >= 0 && !isMerged(number) && program.steps[number].isElementwise
  }

  /// The latest step that can join one.
  private func partner(of number: Int) -> Int? {
    var latest: Int?
    for input in program.steps[number].inputs {
      var candidates = Array(uses.readers(of: input.buffer).suffix(Self.mostReaders))
      if let writer = uses.writer[input.buffer] { candidates.append(writer) }
      for earlier in candidates
      where latest.map({ order.times[earlier] > order.times[$0] }) ?? true
        && canJoin(earlier, number)
      {
        latest = earlier
      }
    }
    return latest
  }

  /// Whether an earlier step can run with a later one, and shares a whole array with it.
  private func canJoin(_ earlier: Int, _ number: Int) -> Bool {
    let (first, last) = (program.steps[earlier], program.steps[number])
    guard isElementwise(earlier), order.times[earlier] < order.times[number],
      uses.frames[earlier] == uses.frames[number], first.sizes == last.sizes,
      first.elementwise.instructions.count + last.elementwise.instructions.count
        <= Self.mostInstructions
    else { return false }
    let isSharing = last.inputs.contains { input in
      isWhole(input, last.sizes)
        && (first.inputs.contains(input) || first.outputs.contains(input))
    }
    return isSharing && first.inputs.allSatisfy { isConstant($0, for: earlier) }
      && first.outputs.allSatisfy { isFree($0, of: earlier, until: number) }
  }

  /// Whether an operand moves along all axes.
  private func isWhole(_ operand: FlatOperand, _ sizes: [Int]) -> Bool {
    sizes.indices.allSatisfy { sizes[$0] == 1 || operand.strides[$0] != 0 }
  }

  /// Whether nothing writes to an operand's buffer after a step reads it.
  private func isConstant(_ operand: FlatOperand, for reader: Int) -> Bool {
    guard program.buffers[operand.buffer].source == .steps else { return true }
    guard let writer = uses.writer[operand.buffer] else { return false }
    return order.times[writer] < order.times[reader]
  }

  /// Whether what a step writes may be written only when a later step runs: nothing else touches it until then, and
  /// that step reads it, if it does, where it is written.
  private func isFree(_ output: FlatOperand, of earlier: Int, until number: Int) -> Bool {
    let step = program.steps[number]
    let reads = step.inputs.filter { $0.buffer == output.buffer }
    let writes = step.outputs.contains { $0.buffer == output.buffer }
    guard reads.allSatisfy({ $0 == output }), reads.isEmpty || !writes else { return false }
    return uses.readers(of: output.buffer).allSatisfy { reader in
      owner[reader] == number || order.times[owner[reader]] > order.times[number]
    } && !isWritten(output.buffer, after: earlier, before: number)
  }

  /// Whether a step between two writes to a buffer that several steps write.
  private func isWritten(_ buffer: Int, after earlier: Int, before number: Int) -> Bool {
    order.severalWriters(of: buffer).contains {
      order.times[$0] > order.times[earlier] && order.times[owner[$0]] < order.times[number]
    }
  }

  /// Two steps as one, which keeps what others read of the first one's results.
  private func merged(_ first: FlatStep, _ last: FlatStep, into number: Int) -> FlatStep {
    var step = last
    step.boxes = first.boxes + last.boxes
    step.inputs = first.inputs
    for input in last.inputs where !first.outputs.contains(input) && !step.inputs.contains(input) {
      step.inputs.append(input)
    }
    let (own, others) = (first.elementwise, last.elementwise)
    let start = step.inputs.count
    let early = own.moved(Array(first.inputs.indices), from: start)
    let late = others.moved(
      last.inputs.map { input in
        first.outputs.firstIndex(of: input).map { early.results[$0] }
          ?? step.inputs.firstIndex(of: input) ?? 0
      }, from: start + early.instructions.count)
    let kept = first.outputs.indices.filter { isRead(first.outputs[$0].buffer, outside: number) }
    step.outputs = kept.map { first.outputs[$0] } + last.outputs
    step.operation = .elementwise(
      early.instructions + late.instructions, results: kept.map { early.results[$0] } + late.results
    )
    return step
  }

  /// Whether anything besides a step reads a buffer.
  private func isRead(_ buffer: Int, outside number: Int) -> Bool {
    uses.isResult[buffer] || uses.writer[buffer] == nil
      || uses.readers(of: buffer).contains { owner[$0] != number }
  }
}

extension FlatStep {
  /// What an elementwise step computes; nothing for others.
  fileprivate var elementwise: Functions {
    guard case .elementwise(let instructions, let results) = operation else {
      return Functions(loads: inputs.count, instructions: [], results: [])
    }
    return Functions(loads: inputs.count, instructions: instructions, results: results)
  }

  /// Instructions after so many loaded registers, and the registers that are results.
  fileprivate struct Functions {
    let loads: Int
    let instructions: [ElementwiseProgram.Instruction]
    let results: [Int]

    /// The same with loads in other registers, and instructions' results from another one on.
    func moved(_ registers: [Int], from start: Int) -> Functions {
      func moved(_ register: Int) -> Int {
        register < loads ? registers[register] : register - loads + start
      }
      return Functions(
        loads: start,
        instructions: instructions.map { .init($0.operation, $0.operands.map(moved)) },
        results: results.map(moved))
    }
  }
}
