import TensorKernels

extension FlatProgram {
  /// Scores that are only folded along an axis are computed tile by tile together with the folds, and their
  /// arrays are never stored.
  ///
  /// - Parameter least: the fewest elements of an array for which this is done.
  mutating func streamFolds(least: Int) {
    guard buffers.contains(where: { $0.source == .steps && $0.count >= least }) else { return }
    let uses = BufferUses(self)
    var streaming = Streaming(self, uses, least: least)
    for seed in streaming.seeds() { streaming.stream(seed) }
    guard streaming.isChanged else { return }
    self = streaming.program
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { streaming.isRemoved[number] } else { false }
      }
    }
    removeUnused()
    removeUnreadResults()
  }

  /// Results of streamed steps that nothing reads are not written.
  private mutating func removeUnreadResults() {
    let uses = BufferUses(self)
    for number in steps.indices where uses.frames[number] >= 0 {
      guard case .streamed(var program) = steps[number].operation else { continue }
      let inputs = steps[number].inputs.count
      for place in steps[number].outputs.indices.reversed() {
        let buffer = steps[number].outputs[place].buffer
        guard uses.readers(of: buffer).isEmpty, !uses.isResult[buffer] else { continue }
        steps[number].outputs.remove(at: place)
        program.outputs.remove(at: place)
        program.arrays.remove(at: inputs + place)
      }
      steps[number].operation = .streamed(program)
    }
  }
}

/// Looks for groups of steps, and puts one step in the place of each.
private struct Streaming {
  private(set) var program: FlatProgram
  private(set) var isRemoved: [Bool]
  /// Whether a step was changed since the beginning.
  private var isTouched: [Bool]
  private(set) var isChanged = false
  private var uses: BufferUses
  private let least: Int
  /// Where each step is in its frame.
  private var positions: [Int]

  init(_ program: FlatProgram, _ uses: BufferUses, least: Int) {
    (self.program, self.uses, self.least) = (program, uses, least)
    isRemoved = program.steps.map { _ in false }
    isTouched = isRemoved
    positions = program.steps.map { _ in 0 }
    for nodes in program.frames {
      for (place, node) in nodes.enumerated() {
        if case .step(let number) = node { positions[number] = place }
      }
    }
  }

  /// The fewest columns that are streamed.
  private static let leastColumns = 32

  /// A group, and what it saves.
  struct Candidate {
    /// The steps in whose place it comes.
    let members: Set<Int>
    let step: FlatStep
    /// The elements of arrays that are never stored.
    let avoided: Int
    /// The steps on which it depends.
    var visited: [Int]
  }

  /// A step with which others may be streamed.
  struct Seed {
    let step: Int
    let frame: Int
    /// What that would be; `nil` where the candidate of another seed has the step.
    let candidate: Candidate?
    /// The elements of arrays that are never stored.
    let avoided: Int
  }

  /// The steps with which others may be streamed: what avoids most first, since it may take in what leads to less.
  func seeds() -> [Seed] {
    var seeds: [Seed] = []
    var owners: [Int?] = Array(repeating: nil, count: program.steps.count)
    for frame in program.frames.indices {
      for case .step(let number) in program.frames[frame] {
        if let owner = owners[number] {
          seeds.append(
            Seed(step: number, frame: frame, candidate: nil, avoided: seeds[owner].avoided))
        } else if let candidate = candidate(number, frame) {
          for member in candidate.members { owners[member] = seeds.count }
          seeds.append(
            Seed(step: number, frame: frame, candidate: candidate, avoided: candidate.avoided))
        }
      }
    }
    return seeds.sorted { ($1.avoided, $0.step) < ($0.avoided, $1.step) }
  }

  /// Streams what leads to a step, found anew where others were streamed since.
  mutating func stream(_ seed: Seed) {
    guard !isRemoved[seed.step] else { return }
    var found = seed.candidate
    if found?.visited.contains(where: { isTouched[$0] }) ?? true {
      found = candidate(seed.step, seed.frame)
    }
    guard let found else { return }
    replace(found.members, found.step, seed.frame)
  }

  /// What would be streamed with a step, where that is a sum over an axis along which another step's result is folded.
  func candidate(_ number: Int, _ frame: Int) -> Candidate? {
    guard !isRemoved[number] else { return nil }
    let step = program.steps[number]
    guard step.outputs.count == 1, !step.sizes.contains(0) else { return nil }
    switch step.operation {
    case .contraction(summed: 1), .fold: break
    default: return nil
    }
    for place in step.inputs.indices {
      if let found = candidate(number, step, place, frame) { return found }
    }
    return nil
  }

  /// The group of a step that folds one of its inputs.
  private func candidate(
    _ number: Int, _ step: FlatStep, _ place: Int, _ frame: Int
  ) -> Candidate? {
    let input = step.inputs[place]
    guard let writer = uses.writer[input.buffer], uses.frames[writer] == frame,
      !isRemoved[writer], let axes = axes(step, place)
    else { return nil }
    var operand = input
    operand.strides = axes.map { input.strides[$0] }
    let sizes = axes.map { step.sizes[$0] }
    guard Int.productSaturating(sizes) >= least else { return nil }
    var (barriers, visited): (Set<Int>, [Int]) = ([], [number, writer])
    // No array of the group that isn't stored is larger than all places.
    let mostOutside = least == 0 ? Int.max : Int.productSaturating(sizes) / 2
    for _ in 0..<8 {
      var group = StreamedGroup(
        program, uses, frame: frame, sizes: sizes, barriers: barriers, mostOutside: mostOutside)
      _ = group.expand(operand)
      guard group.absorb(number, input.buffer, operand) else { return nil }
      let outside = group.grow()
      visited += group.visited
      // What is folded must be computed in the group.
      guard !group.isTooLarge, !outside.contains(input.buffer) else { return nil }
      guard !outside.isEmpty else { return candidate(group, visited) }
      barriers.formUnion(outside)
    }
    return nil
  }

  /// The axes along which an input is computed: batches, the rows, the columns.
  private func axes(_ step: FlatStep, _ place: Int) -> [Int]? {
    let (input, column) = (step.inputs[place], step.sizes.count - 1)
    let others = step.inputs.indices.filter { $0 != place }
    let moving = step.sizes.indices.dropLast().filter { input.strides[$0] != 0 }
    let rows = moving.filter { axis in others.allSatisfy { step.inputs[$0].strides[axis] == 0 } }
    // A sum of few terms is no pass worth a tile, unless all that can be is streamed.
    guard input.strides[column] != 0, step.sizes[column] >= min(Self.leastColumns, least),
      let row = rows.max(by: { step.sizes[$0] < step.sizes[$1] })
    else { return nil }
    return moving.filter { $0 != row } + [row, column]
  }

  /// A group whose arrays that are never stored are large, and larger than what is read and written instead.
  private func candidate(_ group: StreamedGroup, _ visited: [Int]) -> Candidate? {
    let avoided = group.wide.filter { wide in
      !uses.isResult[wide.buffer]
        && uses.readers(of: wide.buffer).allSatisfy { group.members.contains($0) }
    }
    let counts = avoided.map { program.buffers[$0.buffer].count }
    guard let largest = counts.max(), largest >= least else { return nil }
    let step = group.step()
    let others = Set(step.operands.map(\.buffer)).reduce(0) {
      $0.addedSaturating(program.buffers[$1].count)
    }
    guard least == 0 || largest / 2 >= others else { return nil }
    return Candidate(
      members: Set(group.sinks.flatMap { [$0.step, $0.last ?? $0.step] }), step: step,
      avoided: counts.reduce(0) { $0.addedSaturating($1) }, visited: visited)
  }
}

// MARK: - Replacing

extension Streaming {
  /// The group's step takes the place of its last member; what reads its results comes after.
  private mutating func replace(_ sinks: Set<Int>, _ step: FlatStep, _ frame: Int) {
    let places = sinks.map { positions[$0] }
    guard let first = places.min(), let last = places.max() else { return }
    var written = Set(step.outputs.map(\.buffer))
    var read: Set<Int> = []
    var (before, after): ([FlatNode], [FlatNode]) = ([], [])
    for node in program.frames[frame][first...last] {
      if case .step(let number) = node, sinks.contains(number) { continue }
      let touched = buffers(of: node)
      if !touched.written.isDisjoint(with: written) || !touched.read.isDisjoint(with: written)
        || !touched.written.isDisjoint(with: read)
      {
        written.formUnion(touched.written)
        read.formUnion(touched.read)
        after.append(node)
      } else {
        before.append(node)
      }
    }
    let results = Set(step.outputs.map(\.buffer))
    guard step.inputs.allSatisfy({ !written.subtracting(results).contains($0.buffer) }),
      step.inputs.allSatisfy({ !results.contains($0.buffer) })
    else { return }
    place(before, step, after, sinks, frame, first)
  }

  private mutating func place(
    _ before: [FlatNode], _ step: FlatStep, _ after: [FlatNode], _ sinks: Set<Int>, _ frame: Int,
    _ first: Int
  ) {
    let number = sinks.min() ?? 0
    var place = first
    for node in before + [.step(number)] + after {
      program.frames[frame][place] = node
      if case .step(let moved) = node { positions[moved] = place }
      place += 1
    }
    for sink in sinks { isTouched[sink] = true }
    for sink in sinks.sorted() where sink != number {
      program.frames[frame][place] = .step(sink)
      positions[sink] = place
      place += 1
      isRemoved[sink] = true
      program.steps[sink].inputs = []
      program.steps[sink].outputs = []
    }
    program.steps[number] = step
    uses.forgetWriters(of: step.outputs.map(\.buffer))
    isChanged = true
  }

  /// The buffers that a node reads and writes.
  private func buffers(of node: FlatNode) -> (read: Set<Int>, written: Set<Int>) {
    switch node {
    case .step(let number):
      let step = program.steps[number]
      return (Set(step.inputs.map(\.buffer)), Set(step.outputs.map(\.buffer)))
    case .loop(_, let body):
      var (read, written) = (Set<Int>(), Set<Int>())
      for inner in program.frames[body] {
        let touched = buffers(of: inner)
        read.formUnion(touched.read)
        written.formUnion(touched.written)
      }
      return (read, written)
    }
  }
}
