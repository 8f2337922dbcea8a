import TensorKernels

extension FlatProgram {
  /// Moves what depends on parameters and constants alone out of the run, into a frame that runs once.
  ///
  /// A step or a whole loop of the first frame is moved where all that it reads is a parameter, a number, a count or
  /// made by what is moved as well. Three things stay: what writes a result where it is returned; elementwise
  /// functions that are cheaper to compute again, in the step that reads them, than to read from memory; and what
  /// makes the largest arrays, where those that are held between runs would together be more than
  /// `prologueLimit(_:)` says.
  ///
  /// - Parameter isPart: whether results are passed on to other steps; what writes them stays, too.
  /// - Complexity: linear in the operands, for each time that something moved is put back.
  mutating func movePrologue(isPart: Bool) {
    var search = PrologueSearch(self, isPart: isPart)
    guard search.isMoved.contains(true) else { return }
    search.keepWhatIsCheap(self)
    search.keepWhatIsLarge(self)
    guard search.isMoved.contains(true) else { return }
    let nodes = frames[0]
    frames[Self.prologue] = zip(nodes, search.isMoved).filter(\.1).map(\.0)
    frames[0] = zip(nodes, search.isMoved).filter { !$0.1 }.map(\.0)
  }

  /// The elements that are worth holding between runs: a fixed number, or as many as inputs, results and parameters
  /// have, or as the arrays that a run makes when nothing is held.
  ///
  /// - Parameter held: how many are to be held.
  func prologueLimit(_ held: Int) -> Int {
    var outside = results.reduce(0) {
      $0.addedSaturating(Int.productSaturating($1.sizes))
    }
    for buffer in buffers {
      switch buffer.source {
      case .input, .parameter: outside = outside.addedSaturating(buffer.count)
      case .number, .counting, .steps: continue
      }
    }
    let limit = max(Self.leastPrologueLimit, outside)
    guard held > limit else { return limit }
    var plain = self
    plain.fuseElementwise()
    plain.fuseRows()
    plain.removeUnused()
    let layout = ArenaLayout(plain, inPlace: Set(plain.resultsInPlace.compactMap { $0 }))
    return max(limit, layout.madeCount)
  }

  /// How many elements may be held between runs by any plan.
  private static let leastPrologueLimit = 1 << 20
}

/// Finds which nodes of a program's first frame can run once for all runs.
private struct PrologueSearch {
  /// Of each node, whether it runs once.
  private(set) var isMoved: [Bool]
  /// Of each node, the buffers that it reads and writes.
  private let touched: [(read: [Int], written: [Int])]
  /// Of each buffer, whether it may differ from run to run.
  private var isVariable: [Bool]
  /// Of each buffer, the last node that writes it.
  private var lastWriter: [Int]
  private let isResult: [Bool]

  init(_ program: FlatProgram, isPart: Bool) {
    let nodes = program.frames[0]
    touched = nodes.map(program.touched)
    isMoved = nodes.map { _ in true }
    isVariable = program.buffers.map { buffer in
      if case .input = buffer.source { true } else { false }
    }
    let kept = isPart ? program.results.map(\.buffer) : program.resultsInPlace.compactMap { $0 }
    for buffer in kept { isVariable[buffer] = true }
    lastWriter = program.buffers.map { _ in -1 }
    for (position, node) in touched.enumerated() {
      for buffer in node.written { lastWriter[buffer] = position }
    }
    var isResult = program.buffers.map { _ in false }
    for view in program.results { isResult[view.buffer] = true }
    self.isResult = isResult
    settle()
  }

  /// Keeps in the run what reads or writes something that differs from run to run, until nothing changes: more than
  /// twice only for states of loops, which are written before the loop.
  private mutating func settle() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for (position, node) in touched.enumerated() {
        if isMoved[position] {
          guard
            node.read.contains(where: { isVariable[$0] })
              || node.written.contains(where: { isVariable[$0] })
          else { continue }
          isMoved[position] = false
        }
        // What is written again after a step in the run reads it is written in the run.
        let later = node.read.filter { lastWriter[$0] > position }
        for buffer in node.written + later where !isVariable[buffer] {
          isVariable[buffer] = true
          isChanged = true
        }
      }
    }
  }

  /// The buffers that what runs once makes for others.
  private var held: [Int] {
    var isMade = isVariable.map { _ in false }
    var isHeld = isMade
    for (position, node) in touched.enumerated() where isMoved[position] {
      for buffer in node.written {
        isMade[buffer] = true
        isHeld[buffer] = isResult[buffer]
      }
    }
    for (position, node) in touched.enumerated() where !isMoved[position] {
      for buffer in node.read where isMade[buffer] { isHeld[buffer] = true }
    }
    return isHeld.indices.filter { isHeld[$0] }
  }

  /// Puts back what writes some buffers, and what depends on it.
  private mutating func keep(_ buffers: some Sequence<Int>) {
    for buffer in buffers { isVariable[buffer] = true }
    settle()
  }

  /// Puts back what makes the largest arrays that are held, until the rest is within the limit.
  mutating func keepWhatIsLarge(_ program: FlatProgram) {
    var limit: Int?
    while true {
      let held = held.map { (buffer: $0, count: program.buffers[$0].count) }
      let total = held.reduce(0) { $0.addedSaturating($1.count) }
      let most = limit ?? program.prologueLimit(total)
      guard total > most else { return }
      limit = most
      var sum = 0
      let large = held.sorted { ($0.count, $0.buffer) < ($1.count, $1.buffer) }.drop { entry in
        sum = sum.addedSaturating(entry.count)
        return sum <= most
      }
      keep(large.map(\.buffer))
    }
  }
}

// MARK: - Elementwise functions

extension PrologueSearch {
  /// The most functions that are computed again in each run.
  private static let mostRepeated = 4
  /// How many times smaller than the result an array is that is read without counting.
  private static let smallRatio = 8

  /// Puts back chains of few cheap functions that one elementwise step in the run reads, which they can join.
  mutating func keepWhatIsCheap(_ program: FlatProgram) {
    let uses = BufferUses(program)
    var lengths: [Int?] = program.steps.map { _ in nil }
    var kept: [Int] = []
    for (position, node) in program.frames[0].enumerated() {
      guard case .step(let number) = node else { continue }
      guard !isMoved[position] else {
        lengths[number] = length(program, uses, lengths, number)
        continue
      }
      guard case .elementwise = program.steps[number].operation else { continue }
      for input in program.steps[number].inputs {
        guard let writer = uses.writer[input.buffer], lengths[writer] != nil,
          isJoined(program, uses, writer, number)
        else { continue }
        keepChain(program, uses, lengths, writer, &kept)
      }
    }
    if !kept.isEmpty { keep(kept) }
  }

  /// How many functions lead to a step's result from small arrays; `nil` where they are many, or not cheap.
  private func length(
    _ program: FlatProgram, _ uses: BufferUses, _ lengths: [Int?], _ number: Int
  ) -> Int? {
    let step = program.steps[number]
    guard case .elementwise(let instructions, _) = step.operation,
      instructions.allSatisfy(\.operation.isCheap)
    else { return nil }
    let places = Int.productSaturating(step.sizes)
    var length = instructions.count
    for input in step.inputs
    where program.buffers[input.buffer].count > places / Self.smallRatio {
      guard let writer = uses.writer[input.buffer], let part = lengths[writer],
        isJoined(program, uses, writer, number)
      else { return nil }
      length += part
    }
    return length <= Self.mostRepeated ? length : nil
  }

  /// Whether an elementwise step can join the only one that reads its result.
  private func isJoined(
    _ program: FlatProgram, _ uses: BufferUses, _ writer: Int, _ reader: Int
  ) -> Bool {
    guard let output = program.steps[writer].outputs.first, !isResult[output.buffer],
      uses.readers(of: output.buffer).elementsEqual(CollectionOfOne(reader))
    else { return false }
    let operands = program.steps[reader].inputs.filter { $0.buffer == output.buffer }
    var isWhole = false
    return operands.count == 1
      && program.steps[writer].inlined(
        in: operands[0], sizes: program.steps[reader].sizes, isWhole: &isWhole) != nil
      && isWhole
  }

  private func keepChain(
    _ program: FlatProgram, _ uses: BufferUses, _ lengths: [Int?], _ number: Int,
    _ kept: inout [Int]
  ) {
    let step = program.steps[number]
    let places = Int.productSaturating(step.sizes)
    kept += step.outputs.map(\.buffer)
    for input in step.inputs
    where program.buffers[input.buffer].count > places / Self.smallRatio {
      if let writer = uses.writer[input.buffer], lengths[writer] != nil {
        keepChain(program, uses, lengths, writer, &kept)
      }
    }
  }
}

extension ScalarOperation {
  /// Whether it takes about as long as reading a number from memory, or less.
  fileprivate var isCheap: Bool {
    switch self {
    case .unary(let function): [.neg, .abs, .relu].contains(function)
    case .binary(let function): ![.div, .power].contains(function)
    case .select: true
    }
  }
}

extension FlatProgram {
  /// The buffers that a node reads and writes, those of its frames included.
  func touched(_ node: FlatNode) -> (read: [Int], written: [Int]) {
    switch node {
    case .step(let number):
      return (steps[number].inputs.map(\.buffer), steps[number].outputs.map(\.buffer))
    case .loop(_, let body):
      var all: (read: [Int], written: [Int]) = ([], [])
      for inner in frames[body] {
        let touched = touched(inner)
        all.read += touched.read
        all.written += touched.written
      }
      return all
    }
  }
}

// MARK: - What runs once

extension FlatProgram {
  /// The steps that run once for all runs, those in loops included.
  var stepsOnce: Set<Int> {
    var found: Set<Int> = []
    var open = [Self.prologue]
    while let frame = open.popLast() {
      for node in frames[frame] {
        switch node {
        case .step(let number): found.insert(number)
        case .loop(_, let body): open.append(body)
        }
      }
    }
    return found
  }

  /// The buffers that are made once for all runs.
  var buffersOnce: Set<Int> {
    Set(stepsOnce.flatMap { steps[$0].outputs.map(\.buffer) })
  }
}

extension FlatSource {
  /// Whether it is the array of a learned box.
  var isParameter: Bool {
    if case .parameter = self { true } else { false }
  }
}
