import TensorKernels

extension FlatProgram {
  /// Loops become loops of their independent parts; parts that need no state run in lanes, and those whose columns
  /// never meet become one step.
  ///
  /// What is computed stays the same: a scan passes on states only, so that what reads none is the same function of
  /// every position, and two parts of which none reads the other's state are two scans.
  ///
  /// - Complexity: linear in the steps, up to a logarithm.
  mutating func splitLoops(elementLimit: Int) {
    guard frames.count > 2 else { return }
    let uses = BufferUses(self)
    var levels = frames.map { _ in 0 }
    var times = frames.map { _ in 1 }
    // A loop's body comes after the frame that it is in.
    for frame in frames.indices {
      for case .loop(let count, let body) in frames[frame] {
        levels[body] = levels[frame] + 1
        times[body] = times[frame].multipliedSaturating(by: count)
      }
    }
    for frame in frames.indices.reversed() {
      var nodes: [FlatNode] = []
      for node in frames[frame] {
        guard case .loop(let count, let body) = node else {
          nodes.append(node)
          continue
        }
        let known = choices.count
        stackInPlace(body, level: levels[frame])
        let parts = self.parts(
          of: body, count, levels[frame], times: times[frame], elementLimit)
        let own = parts.map { recurrence($0, nodes, levels[frame], uses) ?? $0 }
        if choices.count > known {
          choices[known].after = work(of: own).repeated(times[frame])
        }
        nodes += own
      }
      frames[frame] = nodes
    }
    numberSteps()
  }

  /// Numbers steps in the order in which they run; those that don't run are dropped.
  private mutating func numberSteps() {
    var order: [FlatStep] = []
    func number(_ frame: Int) {
      for place in frames[frame].indices {
        switch frames[frame][place] {
        case .loop(_, let body): number(body)
        case .step(let step):
          order.append(steps[step])
          frames[frame][place] = .step(order.count - 1)
        }
      }
    }
    number(0)
    steps = order
  }

  /// What a loop's body computes only to copy it to where the loop's steps are stacked is written there.
  private mutating func stackInPlace(_ body: Int, level: Int) {
    var (writers, readCounts): ([Int: [Int?]], [Int: Int]) = ([:], [:])
    for node in frames[body] {
      let touched = touched(node)
      var own: Int?
      if case .step(let number) = node { own = number }
      for buffer in touched.read { readCounts[buffer, default: 0] += 1 }
      for buffer in touched.written { writers[buffer, default: []].append(own) }
    }
    frames[body].removeAll { node in
      guard case .step(let copy) = node, case .copy = steps[copy].operation,
        steps[copy].outputs[0].step(of: level) != 0, let input = steps[copy].inputs.first,
        buffers[input.buffer].level == level + 1, readCounts[input.buffer] == 1,
        let own = writers[input.buffer], own.count == 1, let writer = own[0],
        let output = steps[writer].output(copiedBy: steps[copy])
      else { return false }
      steps[writer].outputs = [output]
      return true
    }
  }

  /// A loop as a step, where its columns never meet.
  private mutating func recurrence(
    _ node: FlatNode, _ before: [FlatNode], _ level: Int, _ uses: BufferUses
  ) -> FlatNode? {
    guard case .loop(let count, let body) = node,
      let columns = LoopColumns(self, body: frames[body], count: count, level: level)
    else { return nil }
    var emission = RecurrenceEmission(columns, self, before: before)
    let inside = Set(columns.numbers)
    let step = emission.step(self) { buffer in
      uses.isResult[buffer] || uses.readers(of: buffer).contains { !inside.contains($0) }
    }
    guard let step else { return nil }
    frames[body] = []
    steps.append(step)
    return .step(steps.count - 1)
  }

  /// The nodes that a loop, which is run so many times, becomes; where it is split, the last choice says so.
  private mutating func parts(
    of body: Int, _ count: Int, _ level: Int, times: Int, _ elementLimit: Int
  ) -> [FlatNode] {
    guard
      let parts = LoopParts(
        self, body: frames[body], count: count, level: level, elementLimit: elementLimit)
    else { return [.loop(count: count, frame: body)] }
    let before = work(of: [.loop(count: count, frame: body)])
    var split = SplitLoop(parts: parts, count: count, level: level)
    split.spread(&self)
    var (nodes, frame): ([FlatNode], Int?) = ([], body)
    frames[body] = []
    for (number, part) in parts.parts.enumerated() {
      for step in part.numbers { split.move(step, of: number, &self) }
      if part.isFree {
        nodes += part.numbers.map { .step($0) }
        continue
      }
      if frame == nil { frames.append([]) }
      let own = frame ?? frames.count - 1
      frames[own] = (part.numbers + split.copies[number]).map { .step($0) }
      nodes.append(.loop(count: count, frame: own))
      frame = nil
    }
    choices.append(
      FlatChoice(
        laws: [.fission], boxes: parts.parts.flatMap(\.numbers).flatMap { steps[$0].boxes },
        before: before.repeated(times), after: before))
    return nodes
  }

  /// What steps, and loops of steps, take.
  private func work(of nodes: [FlatNode]) -> KernelWork {
    nodes.reduce(KernelWork()) { sum, node in
      switch node {
      case .step(let number): sum + steps[number].work(in: self)
      case .loop(let count, let body): sum + work(of: frames[body]).repeated(count)
      }
    }
  }
}

/// A loop that becomes its parts.
private struct SplitLoop {
  /// A temporary for all steps of the loop, one after the other.
  private struct Spread {
    let buffer: Int
    /// How far apart steps are.
    let step: Int
    let writer: Int
  }

  let parts: LoopParts
  let count: Int
  let level: Int
  /// The steps at the end of each part that keep what other parts read.
  private(set) var copies: [[Int]]
  private var spread: [Int: Spread] = [:]

  init(parts: LoopParts, count: Int, level: Int) {
    (self.parts, self.count, self.level) = (parts, count, level)
    copies = parts.parts.map { _ in [] }
  }

  /// Makes room for what passes between parts.
  mutating func spread(_ program: inout FlatProgram) {
    for temporary in parts.temporaries {
      let size = program.buffers[temporary.buffer].count
      var buffer = temporary.buffer
      if !parts.parts[temporary.writer].isFree {
        guard temporary.readers.contains(where: { $0 != temporary.writer }) else { continue }
        program.buffers.append(program.buffers[buffer])
        buffer = program.buffers.count - 1
        copies[temporary.writer].append(copy(temporary, to: buffer, size, &program))
      }
      program.buffers[buffer].count = size * count
      program.buffers[buffer].level = level
      spread[temporary.buffer] = Spread(buffer: buffer, step: size, writer: temporary.writer)
    }
  }

  private func copy(
    _ temporary: LoopParts.Temporary, to buffer: Int, _ size: Int, _ program: inout FlatProgram
  ) -> Int {
    let writers = parts.parts[temporary.writer].numbers.filter { number in
      program.steps[number].outputs.contains { $0.buffer == temporary.buffer }
    }
    var source = FlatOperand(buffer: temporary.buffer, offset: 0, loops: [], strides: [1])
    var sizes = [size]
    if writers.count == 1, let output = program.steps[writers[0]].wholeOutput(count: size) {
      (source.strides, sizes) = (output.strides, output.sizes)
    }
    var target = source
    target.buffer = buffer
    target.loops = Array(repeating: 0, count: level) + [size]
    program.steps.append(
      FlatStep(
        operation: .copy, sizes: sizes, inputs: [source], outputs: [target],
        boxes: program.steps[writers[0]].boxes))
    return program.steps.count - 1
  }

  /// Moves a step to where its part is.
  func move(_ number: Int, of part: Int, _ program: inout FlatProgram) {
    let isFree = parts.parts[part].isFree
    program.steps[number].inputs = program.steps[number].inputs.map { moved($0, part, isFree) }
    program.steps[number].outputs = program.steps[number].outputs.map { moved($0, part, isFree) }
    if isFree { program.steps[number].sizes.insert(count, at: 0) }
  }

  private func moved(_ operand: FlatOperand, _ part: Int, _ isFree: Bool) -> FlatOperand {
    var operand = operand
    var step = operand.step(of: level)
    if let spread = spread[operand.buffer], isFree || spread.writer != part {
      (operand.buffer, step) = (spread.buffer, spread.step)
    }
    if isFree {
      operand.strides.insert(step, at: 0)
      operand.loops = Array(operand.loops.prefix(level))
    } else if step != 0 {
      operand.loops += Array(repeating: 0, count: max(0, level + 1 - operand.loops.count))
      operand.loops[level] = step
    }
    return operand
  }
}

extension FlatStep {
  /// Where the step writes that another one copies all of its result to; `nil` where axes differ.
  fileprivate func output(copiedBy copy: FlatStep) -> FlatOperand? {
    let kept = sizes.count - LoopColumns.summedAxes(self)
    let (input, own) = (copy.inputs[0], outputs[0])
    switch operation {
    case .elementwise, .contraction, .fold: break
    default: return nil
    }
    guard outputs.count == 1, copy.sizes.elementsEqual(sizes.prefix(kept)),
      input.offset == own.offset, input.loops.allSatisfy({ $0 == 0 }),
      own.loops.allSatisfy({ $0 == 0 }), input.strides.elementsEqual(own.strides.prefix(kept))
    else { return nil }
    var output = copy.outputs[0]
    output.strides += Array(repeating: 0, count: sizes.count - kept)
    return output
  }

  /// The axes of the result, where the step writes all of an array of so many elements.
  fileprivate func wholeOutput(count: Int) -> (sizes: [Int], strides: [Int])? {
    guard outputs.count == 1, outputs[0].offset == 0 else { return nil }
    if case .recurrence = operation { return nil }
    let axes = sizes.indices.filter { outputs[0].strides[$0] > 0 }
    guard axes.reduce(1, { $0 * sizes[$1] }) == count else { return nil }
    return (axes.map { sizes[$0] }, axes.map { outputs[0].strides[$0] })
  }
}
