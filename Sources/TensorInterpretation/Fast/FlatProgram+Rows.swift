import TensorKernels

extension FlatProgram {
  /// Folds along rows become one step with the functions that lead to them and that read them, so that arrays such
  /// as those of a normalization pass through memory once.
  ///
  /// - Complexity: linear in the steps, up to the lengths of groups and of what stands between their steps.
  mutating func fuseRows() {
    var fusion = RowFusion(self)
    for frame in frames.indices { fusion.fuse(frame) }
    guard fusion.isChanged else { return }
    self = fusion.program
    for frame in frames.indices {
      frames[frame].removeAll { node in
        if case .step(let number) = node { fusion.isRemoved[number] } else { false }
      }
    }
  }
}

/// Looks for groups of steps along rows, and puts one step in the place of each.
private struct RowFusion {
  private(set) var program: FlatProgram
  private(set) var isRemoved: [Bool]
  private(set) var isChanged = false
  private var uses: BufferUses
  /// Where each step is in its frame.
  private var positions: [Int]

  /// The most steps in a row that a search goes past, looking for more of a group.
  private static let patience = 24
  /// The most steps that lead to a fold and are computed with it.
  private static let mostBefore = 8

  init(_ program: FlatProgram) {
    self.program = program
    uses = BufferUses(program)
    isRemoved = program.steps.map { _ in false }
    positions = program.steps.map { _ in 0 }
    for nodes in program.frames {
      for (place, node) in nodes.enumerated() {
        if case .step(let number) = node { positions[number] = place }
      }
    }
  }

  mutating func fuse(_ frame: Int) {
    var place = 0
    while place < program.frames[frame].count {
      if case .step(let number) = program.frames[frame][place], !isRemoved[number],
        isSeed(program.steps[number])
      {
        if let start = fuse(number, frame) { place = start - 1 }
      }
      place += 1
    }
  }

  /// Whether a step folds rows, each number of which it reads once: not a product of matrices.
  private func isSeed(_ step: FlatStep) -> Bool {
    guard !step.sizes.contains(0) else { return false }
    switch step.operation {
    case .fold: return true
    case .contraction(summed: 1):
      return step.inputs.allSatisfy { input in
        step.sizes.indices.allSatisfy { step.sizes[$0] == 1 || input.strides[$0] != 0 }
      }
    default: return false
    }
  }

  /// The functions over a fold's domain that lead to it, and the fold.
  private func beginning(_ fold: Int, _ frame: Int) -> Set<Int> {
    let sizes = program.steps[fold].sizes
    var (found, open): (Set<Int>, [Int]) = ([fold], [fold])
    while let number = open.popLast(), found.count <= Self.mostBefore {
      for input in program.steps[number].inputs {
        guard let writer = uses.writer[input.buffer], uses.frames[writer] == frame,
          !isRemoved[writer], program.steps[writer].sizes == sizes, !found.contains(writer),
          case .elementwise = program.steps[writer].operation
        else { continue }
        found.insert(writer)
        open.append(writer)
      }
    }
    return found
  }

  /// What a group is, and what stands between its steps.
  private struct Found {
    var group: RowGroup
    /// What comes before the group, and what after it.
    var before: [FlatNode] = []
    var after: [FlatNode] = []
    /// The buffers that come after use or make.
    var late: Set<Int> = []
    /// Up to which node the group goes.
    var end = 0
  }

  /// Where the nodes begin that were changed; `nil` where none was.
  private mutating func fuse(_ fold: Int, _ frame: Int) -> Int? {
    let beginning = beginning(fold, frame)
    guard let start = beginning.map({ positions[$0] }).min() else { return nil }
    let found = group(from: start, beginning, fold, frame)
    let group = found.group
    guard group.members.contains(fold), group.members.count > 1,
      group.foldCount + group.wideCount > 1
    else { return nil }
    let members = Set(group.members)
    let step = group.step { buffer in
      uses.isResult[buffer] || uses.readers(of: buffer).contains { !members.contains($0) }
    }
    guard case .rows(let rows) = step.operation, RowKernel.fits(rows, width: group.width) else {
      return nil
    }
    replace(found, step, frame, start)
    return start
  }

  /// The steps that can be computed together, from a node on.
  private func group(
    from start: Int, _ beginning: Set<Int>, _ fold: Int, _ frame: Int
  ) -> Found {
    let nodes = program.frames[frame]
    var found = Found(group: RowGroup(sizes: program.steps[fold].sizes))
    var (trial, place) = (found, start)
    while place < nodes.count, place - max(trial.end, positions[fold]) <= Self.patience {
      if case .step(let number) = nodes[place], canJoin(number, beginning, trial),
        trial.group.join(number, program.steps[number])
      {
        trial.end = place
        found = trial
      } else {
        pass(nodes[place], &trial)
      }
      place += 1
    }
    return found
  }

  private func canJoin(_ number: Int, _ beginning: Set<Int>, _ found: Found) -> Bool {
    let step = program.steps[number]
    guard !isRemoved[number], let output = step.outputs.first,
      uses.writer[output.buffer] == number, !found.late.contains(output.buffer),
      step.inputs.allSatisfy({ !found.late.contains($0.buffer) })
    else { return false }
    return beginning.contains(number) || step.inputs.contains { found.group.makes($0.buffer) }
  }

  /// A node that isn't of the group goes before it, or after it where it uses what the group or something after the
  /// group makes, or writes what they read.
  private func pass(_ node: FlatNode, _ found: inout Found) {
    if case .step(let number) = node, isRemoved[number] { return found.before.append(node) }
    let touched = program.touched(node)
    let isLate =
      (touched.read + touched.written).contains { found.late.contains($0) || found.group.makes($0) }
      || touched.written.contains { found.group.loadedBuffers.contains($0) }
    guard isLate else { return found.before.append(node) }
    found.after.append(node)
    found.late.formUnion(touched.read.filter { !isFixed($0) })
    found.late.formUnion(touched.written)
  }

  /// Whether a buffer is written by at most one step, so that it doesn't matter when it is read after that.
  private func isFixed(_ buffer: Int) -> Bool {
    program.buffers[buffer].source != .steps || uses.writer[buffer] != nil
  }

  private mutating func replace(_ found: Found, _ step: FlatStep, _ frame: Int, _ start: Int) {
    let number = found.group.members[0]
    var place = start
    let removed = found.group.members.dropFirst()
    for node in found.before + [.step(number)] + found.after + removed.map(FlatNode.step) {
      program.frames[frame][place] = node
      if case .step(let moved) = node { positions[moved] = place }
      place += 1
    }
    for member in removed {
      isRemoved[member] = true
      program.steps[member].inputs = []
      program.steps[member].outputs = []
    }
    program.steps[number] = step
    uses.forgetWriters(of: step.outputs.map(\.buffer))
    isChanged = true
  }
}
