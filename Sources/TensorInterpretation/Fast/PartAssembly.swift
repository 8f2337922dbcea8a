import DiagramIR

extension FlatProgram {
  /// The program with the steps of each part in the place of those that stand for it.
  ///
  /// Equal steps of different parts are shared again where laws may be used. What the parts would hold between runs
  /// runs each time where it would be more than `prologueLimit(_:)` together.
  ///
  /// - Complexity: linear in the steps, expected.
  func withPartsInPlace(isChosenByCost: Bool) -> FlatProgram {
    let hasParts = steps.contains { if case .part = $0.operation { true } else { false } }
    guard hasParts else { return self }
    let program = assembled(holdsPrologues: true, isChosenByCost: isChosenByCost)
    let held = program.heldCount
    guard held > prologueLimit(held) else { return program }
    return assembled(holdsPrologues: false, isChosenByCost: isChosenByCost)
  }

  private func assembled(holdsPrologues: Bool, isChosenByCost: Bool) -> FlatProgram {
    var assembly = PartAssembly(self, holdsPrologues: holdsPrologues)
    assembly.run()
    if isChosenByCost && mayRepeatSteps { assembly.program.shareEqualSteps() }
    return assembly.program
  }

  /// Whether steps of two parts may be equal: where a part computes with constants, or two parts read one buffer.
  private var mayRepeatSteps: Bool {
    if parts.contains(where: \.computesWithConstants) { return true }
    var isRead = Array(repeating: false, count: buffers.count)
    for number in steps.indices {
      guard case .part = steps[number].operation else { continue }
      for input in steps[number].inputs {
        if isRead[input.buffer] { return true }
        isRead[input.buffer] = true
      }
    }
    return false
  }

  /// The elements that what runs once makes for runs.
  private var heldCount: Int {
    var isMade: Set<Int> = []
    for node in frames[Self.prologue] { isMade.formUnion(touched(node).written) }
    guard !isMade.isEmpty else { return 0 }
    var held = Set(results.map(\.buffer))
    for node in frames[0] { held.formUnion(touched(node).read) }
    return held.intersection(isMade).reduce(0) { $0.addedSaturating(buffers[$1].count) }
  }
}

/// Puts the steps of parts in the place of the steps that stand for them, all in the order in which they run.
private struct PartAssembly {
  private let source: FlatProgram
  /// Whether what parts can run once runs once.
  private let holdsPrologues: Bool
  var program: FlatProgram
  private var constants: [Constant: Int] = [:]

  /// A number by its bits, since 0 and -0 are equal and not the same; positions, for which there are none.
  private struct Constant: Hashable {
    let bits: UInt32?
    let count: Int
    let isIndex: Bool

    init(_ buffer: FlatBuffer) {
      if case .number(let value) = buffer.source { bits = value.bitPattern } else { bits = nil }
      (count, isIndex) = (buffer.count, buffer.isIndex)
    }
  }

  init(_ source: FlatProgram, holdsPrologues: Bool) {
    self.source = source
    self.holdsPrologues = holdsPrologues
    program = source
    program.steps = []
    program.frames = [[], []]
    program.parts = []
    for (place, buffer) in source.buffers.enumerated() {
      switch buffer.source {
      case .number, .counting: constants[Constant(buffer)] = place
      case .input, .parameter, .steps: continue
      }
    }
  }

  mutating func run() {
    for frame in [FlatProgram.prologue, 0] { copy(frame, to: frame) }
  }

  private mutating func copy(_ frame: Int, to own: Int) {
    for node in source.frames[frame] {
      switch node {
      case .loop(let count, let body):
        program.frames.append([])
        let inner = program.frames.count - 1
        program.frames[own].append(.loop(count: count, frame: inner))
        copy(body, to: inner)
      case .step(let number):
        if case .part(let part) = source.steps[number].operation {
          put(source.parts[part], for: source.steps[number], in: own)
        } else {
          program.steps.append(source.steps[number])
          program.frames[own].append(.step(program.steps.count - 1))
        }
      }
    }
  }

  private mutating func put(_ part: PlannedPart, for step: FlatStep, in frame: Int) {
    let (buffers, moves) = buffers(of: part, for: step)
    let (firstStep, firstFrame) = (program.steps.count, program.frames.count - 2)
    for inner in part.program.steps {
      program.steps.append(inner.moved(to: buffers, by: moves, boxes: step.boxes))
    }
    func moved(_ nodes: [FlatNode]) -> [FlatNode] {
      nodes.map { node in
        switch node {
        case .step(let number): .step(firstStep + number)
        case .loop(let count, let body): .loop(count: count, frame: firstFrame + body)
        }
      }
    }
    for body in part.program.frames.dropFirst(2) { program.frames.append(moved(body)) }
    let once = holdsPrologues ? FlatProgram.prologue : frame
    program.frames[once] += moved(part.program.frames[FlatProgram.prologue])
    program.frames[frame] += moved(part.program.frames[0])
    if !part.program.choices.isEmpty {
      program.partChoices.append(
        PartChoices(choices: part.program.choices, buffers: buffers, boxes: step.boxes))
    }
  }

  /// Of each buffer of a part, which one it is here, and what places in it move by.
  private mutating func buffers(
    of part: PlannedPart, for step: FlatStep
  ) -> (buffers: [Int], moves: [Int]) {
    var (buffers, moves): ([Int], [Int]) = ([], [])
    buffers.reserveCapacity(part.roles.count)
    moves.reserveCapacity(part.roles.count)
    for (place, role) in part.roles.enumerated() {
      var move = 0
      switch role {
      case .given(let input, let before):
        buffers.append(step.inputs[input].buffer)
        move = step.inputs[input].offset - before
      case .result(let output): buffers.append(step.outputs[output].buffer)
      case .constant: buffers.append(constant(part.program.buffers[place]))
      case .own:
        program.buffers.append(part.program.buffers[place])
        buffers.append(program.buffers.count - 1)
      }
      moves.append(move)
    }
    return (buffers, moves)
  }

  private mutating func constant(_ buffer: FlatBuffer) -> Int {
    let key = Constant(buffer)
    if let known = constants[key] { return known }
    program.buffers.append(buffer)
    constants[key] = program.buffers.count - 1
    return program.buffers.count - 1
  }
}

extension FlatStep {
  /// The step over other buffers, in which places move by so much, and for other boxes.
  fileprivate func moved(to buffers: [Int], by moves: [Int], boxes: [BoxID]) -> FlatStep {
    var step = self
    step.inputs = inputs.map { $0.moved(to: buffers, by: moves) }
    step.outputs = outputs.map { $0.moved(to: buffers, by: moves) }
    step.boxes = self.boxes.map { boxes[$0.index] }
    if case .gather(let count, let stride, let box) = operation {
      step.operation = .gather(rowCount: count, rowStride: stride, box: boxes[box.index])
    }
    return step
  }
}

extension FlatOperand {
  fileprivate func moved(to buffers: [Int], by moves: [Int]) -> FlatOperand {
    FlatOperand(
      buffer: buffers[buffer], offset: offset + moves[buffer], loops: loops, strides: strides)
  }
}

// MARK: - Choices

/// The choices of a part, and what its buffers and boxes are where it stands.
struct PartChoices: Sendable {
  let choices: [FlatChoice]
  let buffers: [Int]
  let boxes: [BoxID]
}

extension FlatProgram {
  /// Where exact laws made the program cheaper, those of each part for each time that it stands there.
  var allChoices: [FlatChoice] {
    choices
      + partChoices.flatMap { part in
        part.choices.map { choice in
          choice.moved(buffer: { part.buffers[$0] }, box: { part.boxes[$0.index] })
        }
      }
  }
}

extension FlatChoice {
  /// The choice about other buffers and boxes.
  func moved(buffer: (Int) -> Int, box: (BoxID) -> BoxID) -> FlatChoice {
    var choice = self
    choice.boxes = boxes.map(box)
    choice.orders = orders.map { ($0.boxes.map(box), $0.order.moved(buffer: buffer, box: box)) }
    return choice
  }
}

extension ProductOrder {
  /// The order of products of other buffers, which other boxes make.
  fileprivate func moved(buffer: (Int) -> Int, box: (BoxID) -> BoxID) -> ProductOrder {
    switch self {
    case .factor(let factor, let boxes): .factor(buffer: buffer(factor), boxes: boxes.map(box))
    case .product(let a, let b):
      .product(a.moved(buffer: buffer, box: box), b.moved(buffer: buffer, box: box))
    case .quotient(let a, let b):
      .quotient(a.moved(buffer: buffer, box: box), b.moved(buffer: buffer, box: box))
    case .sum(let term): .sum(term.moved(buffer: buffer, box: box))
    }
  }
}
