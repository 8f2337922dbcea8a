import DiagramIR
import TensorKernels

extension FlatProgram {
  /// Elementwise steps whose result only one other elementwise step reads, each element once, become part of
  /// that step.
  mutating func fuseElementwise() {
    guard steps.contains(where: \.isElementwise) else { return }
    let uses = BufferUses(self)
    var isAbsorbed = Array(repeating: false, count: steps.count)
    for number in steps.indices.reversed() {
      guard uses.frames[number] >= 0, !isAbsorbed[number],
        case .elementwise = steps[number].operation
      else { continue }
      var group = FusedGroup(number, steps[number], uses)
      group.absorb(from: steps, uses)
      guard group.members.count > 1 else { continue }
      steps[number] = group.step
      for member in group.members.dropFirst() { isAbsorbed[member] = true }
    }
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { isAbsorbed[number] } else { false }
      }
    }
  }
}

/// Elementwise steps that run as one, over the domain of the last.
private struct FusedGroup {
  /// A step of the group.
  private struct Member {
    let step: Int
    let operation: ScalarOperation
    let boxes: [BoxID]
    /// What it reads, over the domain of the last step.
    let operands: [FlatOperand]
  }

  /// The most instructions of a group.
  static let largest = 32

  private let root: FlatStep
  private let frame: Int
  /// The last step first; each comes after all that read its result.
  private var parts: [Member] = []
  /// The operands that are results of members, with the place of the member.
  private var inner: [(operand: FlatOperand, part: Int)] = []
  /// The operands that are read from memory, each once.
  private var loads: [FlatOperand] = []
  /// Steps that can't be members.
  private var rejected: [Int] = []

  /// The steps, the last first.
  var members: [Int] { parts.map(\.step) }

  init(_ number: Int, _ step: FlatStep, _ uses: BufferUses) {
    (root, frame) = (step, uses.frames[number])
    guard case .elementwise(let instructions, _) = step.operation, instructions.count == 1 else {
      return
    }
    add(number, instructions[0], step.inputs, step.boxes)
  }

  private mutating func add(
    _ number: Int, _ instruction: ElementwiseProgram.Instruction, _ operands: [FlatOperand],
    _ boxes: [BoxID]
  ) {
    parts.append(
      Member(
        step: number, operation: instruction.operation, boxes: boxes, operands: operands))
    for operand in operands where part(of: operand) == nil && !loads.contains(operand) {
      loads.append(operand)
    }
  }

  private func part(of operand: FlatOperand) -> Int? {
    inner.first { $0.operand == operand }?.part
  }

  /// Takes in the writers of what members read, as long as nothing else reads that.
  mutating func absorb(from steps: [FlatStep], _ uses: BufferUses) {
    // The latest writer first: then all that read it are members already, if they will ever be.
    while !parts.isEmpty, parts.count < Self.largest, let writer = latestWriter(uses) {
      if !absorb(writer, steps, uses) { rejected.append(writer) }
    }
  }

  private func latestWriter(_ uses: BufferUses) -> Int? {
    var latest: Int?
    for load in loads {
      guard let writer = uses.writer[load.buffer], uses.frames[writer] == frame,
        writer > latest ?? -1, !rejected.contains(writer)
      else { continue }
      latest = writer
    }
    return latest
  }

  private mutating func absorb(_ writer: Int, _ steps: [FlatStep], _ uses: BufferUses) -> Bool {
    guard case .elementwise(let instructions, _) = steps[writer].operation,
      instructions.count == 1, let buffer = steps[writer].outputs.first?.buffer,
      !uses.isResult[buffer],
      uses.readers(of: buffer).allSatisfy({ reader in parts.contains { $0.step == reader } })
    else { return false }
    let places = loads.indices.filter { loads[$0].buffer == buffer }
    var isWhole = false
    guard places.count == 1,
      let inputs = steps[writer].inlined(
        in: loads[places[0]], sizes: root.sizes, isWhole: &isWhole), isWhole
    else { return false }
    inner.append((loads.remove(at: places[0]), parts.count))
    add(writer, instructions[0], inputs, steps[writer].boxes)
    return true
  }

  /// The members as one step.
  var step: FlatStep {
    var step = root
    step.boxes = parts.reversed().flatMap(\.boxes)
    step.inputs = []
    for part in parts.reversed() {
      for operand in part.operands
      where self.part(of: operand) == nil && !step.inputs.contains(operand) {
        step.inputs.append(operand)
      }
    }
    let last = parts.count - 1
    let instructions = parts.indices.reversed().map { place in
      let sources = parts[place].operands.map { operand in
        part(of: operand).map { step.inputs.count + last - $0 }
          ?? step.inputs.firstIndex(of: operand) ?? 0
      }
      return ElementwiseProgram.Instruction(parts[place].operation, sources)
    }
    step.operation = .elementwise(
      instructions, results: [step.inputs.count + instructions.count - 1])
    return step
  }
}
