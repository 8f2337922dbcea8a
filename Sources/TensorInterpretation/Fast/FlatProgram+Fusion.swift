import DiagramIR
import TensorKernels

extension FlatProgram {
  /// Elementwise steps whose result only one other elementwise step reads, each element once, become part of
  /// that step.
  mutating func fuseElementwise() {
    let uses = BufferUses(self)
    var isAbsorbed = Array(repeating: false, count: steps.count)
    for number in steps.indices.reversed() {
      guard uses.frames[number] >= 0, !isAbsorbed[number],
        case .elementwise = steps[number].operation
      else { continue }
      var group = FusedGroup(number, steps[number])
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
  /// The most instructions of a group.
  static let largest = 32

  /// The steps, the last first; each comes after all that read its result.
  private(set) var members: [Int]
  private let root: FlatStep
  /// For each member, what it reads, over the domain of the last step.
  private var operands: [Int: [FlatOperand]]
  /// For an operand that is another member's result, which.
  private var producer: [FlatOperand: Int] = [:]

  init(_ number: Int, _ step: FlatStep) {
    members = [number]
    root = step
    operands = [number: step.inputs]
    boxesOf = [number: step.boxes]
  }

  /// Takes in the writers of what members read, as long as nothing else reads that.
  mutating func absorb(from steps: [FlatStep], _ uses: BufferUses) {
    guard let frame = members.first.map({ uses.frames[$0] }) else { return }
    var rejected: Set<Int> = []
    // The latest writer first: then all that read it are members already, if they will ever be.
    while members.count < Self.largest {
      let loads = members.flatMap { operands[$0] ?? [] }.filter { producer[$0] == nil }
      let writers = Set(loads.compactMap { uses.writer[$0.buffer] }).subtracting(rejected)
      guard let writer = writers.max() else { return }
      let step = steps[writer]
      guard case .elementwise(let instructions, _) = step.operation, instructions.count == 1,
        uses.frames[writer] == frame, let buffer = step.outputs.first?.buffer,
        !uses.isResult[buffer], uses.readers[buffer].allSatisfy({ operands[$0] != nil })
      else {
        rejected.insert(writer)
        continue
      }
      let places = Set(loads.filter { $0.buffer == buffer })
      var isWhole = false
      guard places.count == 1, let place = places.first,
        let inputs = step.inlined(in: place, sizes: root.sizes, isWhole: &isWhole), isWhole
      else {
        rejected.insert(writer)
        continue
      }
      members.append(writer)
      operands[writer] = inputs
      producer[place] = writer
      instructionsOf[writer] = instructions[0].operation
      boxesOf[writer] = step.boxes
    }
  }

  private var instructionsOf: [Int: ScalarOperation] = [:]
  private var boxesOf: [Int: [BoxID]]

  /// The members as one step.
  var step: FlatStep {
    var step = root
    step.boxes = members.reversed().flatMap { boxesOf[$0] ?? [] }
    guard case .elementwise(let last, _) = root.operation, last.count == 1 else { return root }
    var (loads, places): ([FlatOperand], [FlatOperand: Int]) = ([], [:])
    for member in members.reversed() {
      for operand in operands[member] ?? [] where producer[operand] == nil {
        guard places[operand] == nil else { continue }
        places[operand] = loads.count
        loads.append(operand)
      }
    }
    var (instructions, registers): ([ElementwiseProgram.Instruction], [Int: Int]) = ([], [:])
    for member in members.reversed() {
      let sources = (operands[member] ?? []).map { operand in
        producer[operand].flatMap { registers[$0] } ?? places[operand] ?? 0
      }
      registers[member] = loads.count + instructions.count
      instructions.append(.init(instructionsOf[member] ?? last[0].operation, sources))
    }
    step.inputs = loads
    step.operation = .elementwise(instructions, results: [loads.count + instructions.count - 1])
    return step
  }
}
