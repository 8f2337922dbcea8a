import TensorKernels

/// The parts of a loop's body, in an order in which they may run one after the other: each as a loop of its own or,
/// where it needs no state, in lanes along the loop.
///
/// This is loop distribution (Allen and Kennedy, *Optimizing Compilers for Modern Architectures*, 2001, section 2.4).
/// Steps stay together that use the same state, and those between which an array passes that is too large to be kept
/// for all of the loop.
struct LoopParts {
  /// Steps that run together, in order.
  struct Part {
    let numbers: [Int]
    /// Whether no step of the loop needs what another one computed.
    let isFree: Bool
  }

  /// An array that each step of the loop makes anew, and other parts may read.
  struct Temporary {
    let buffer: Int
    /// The part that writes it, and those that read it.
    let writer: Int
    let readers: [Int]
  }

  private(set) var parts: [Part] = []
  private(set) var temporaries: [Temporary] = []

  private let numbers: [Int]
  private let count: Int
  private let level: Int
  /// Where in the body each buffer is written and read.
  private var writers: [Int: [Int]] = [:]
  private var readers: [Int: [Int]] = [:]
  /// The most elements of a temporary for all steps of the loop.
  private var limit: Int

  /// - Parameters:
  ///   - level: how many loops are around the loop.
  ///   - elementLimit: the most elements of an array.
  /// - Returns: `nil` where the body is one part that needs a state.
  /// - Complexity: linear in the steps, up to a logarithm.
  init?(
    _ program: FlatProgram, body: [FlatNode], count: Int, level: Int, elementLimit: Int
  ) {
    numbers = body.compactMap { if case .step(let number) = $0 { number } else { nil } }
    (self.count, self.level, limit) = (count, level, 0)
    let steps = numbers.map { program.steps[$0] }
    guard numbers.count == body.count, count > 1,
      steps.allSatisfy({ !$0.sizes.contains(0) })
    else { return nil }
    for (place, step) in steps.enumerated() {
      for operand in step.outputs { writers[operand.buffer, default: []].append(place) }
      for operand in step.inputs { readers[operand.buffer, default: []].append(place) }
      for operand in step.operands where operand.step(of: level) != 0 {
        limit = max(limit, program.buffers[operand.buffer].count)
      }
    }
    limit = min(limit, elementLimit)
    let sets = joined(program)
    let groups = ordered(sets, program)
    parts = groups.map { places in
      Part(numbers: places.map { numbers[$0] }, isFree: isFree(places, program))
    }
    guard parts.count > 1 || parts.first?.isFree == true else { return nil }
    findTemporaries(groups, program)
  }

  /// Whether a buffer is made anew in each step of the loop, and is small enough to be kept for all of them.
  private func isSpreadable(_ buffer: Int, _ program: FlatProgram) -> Bool {
    let (size, overflow) = program.buffers[buffer].count.multipliedReportingOverflow(by: count)
    guard program.buffers[buffer].level == level + 1, !program.buffers[buffer].isIndex,
      !overflow, size <= limit
    else { return false }
    return (writers[buffer, default: []] + readers[buffer, default: []]).allSatisfy { place in
      program.steps[numbers[place]].operands.allSatisfy {
        $0.buffer != buffer || $0.loops.allSatisfy { $0 == 0 }
      }
    }
  }

  /// Whether each step of the loop writes a place of its own, which none reads.
  private func isStacked(_ buffer: Int, _ program: FlatProgram) -> Bool {
    readers[buffer] == nil
      && writers[buffer, default: []].allSatisfy { place in
        program.steps[numbers[place]].outputs.allSatisfy {
          $0.buffer != buffer || $0.step(of: level) != 0
        }
      }
  }

  /// The steps that stay together.
  private func joined(_ program: FlatProgram) -> DisjointSets {
    var sets = DisjointSets(numbers.count)
    for (buffer, places) in writers where !isStacked(buffer, program) {
      sets.join(places)
      if !isSpreadable(buffer, program) { sets.join(places + readers[buffer, default: []]) }
    }
    return sets
  }

  private func isFree(_ places: [Int], _ program: FlatProgram) -> Bool {
    places.allSatisfy { place in
      let step = program.steps[numbers[place]]
      switch step.operation {
      case .elementwise, .fold, .contraction, .copy, .position, .recurrence: break
      // Faults name the step of the loop; the rest is too rare to be worth a law.
      case .gather, .order, .copyIndices, .streamed, .rows, .ranking, .part: return false
      }
      return step.outputs.allSatisfy {
        isSpreadable($0.buffer, program) || isStacked($0.buffer, program)
      }
    }
  }

  private mutating func findTemporaries(_ groups: [[Int]], _ program: FlatProgram) {
    var parts = numbers.map { _ in 0 }
    for (number, places) in groups.enumerated() {
      for place in places { parts[place] = number }
    }
    for (buffer, places) in writers.sorted(by: { $0.key < $1.key })
    where isSpreadable(buffer, program) {
      let readers = readers[buffer, default: []].map { parts[$0] }
      temporaries.append(
        Temporary(buffer: buffer, writer: parts[places[0]], readers: readers))
    }
  }
}

// MARK: - Order

extension LoopParts {
  /// The places of each part, parts in an order in which each comes after those that it reads from.
  ///
  /// Parts that need each other's results in turn are one; so is all that lies between such.
  private func ordered(_ sets: DisjointSets, _ program: FlatProgram) -> [[Int]] {
    var (groups, groupOf): ([[Int]], [Int: Int]) = ([], [:])
    var group = numbers.map { _ in 0 }
    for place in numbers.indices {
      let root = sets.representative(of: place)
      if groupOf[root] == nil {
        groupOf[root] = groups.count
        groups.append([])
      }
      group[place] = groupOf[root] ?? 0
      groups[group[place]].append(place)
    }
    var after: [[Int]] = groups.map { _ in [] }
    var before: [[Int]] = groups.map { _ in [] }
    for (buffer, places) in writers.sorted(by: { $0.key < $1.key }) {
      let from = group[places[0]]
      for to in readers[buffer, default: []].map({ group[$0] }) where to != from {
        after[from].append(to)
        before[to].append(from)
      }
    }
    let first = Self.peeled(after: after, before: before, without: [])
    let last = Self.peeled(after: before, before: after, without: Set(first))
    let outside = Set(first + last)
    let middle = groups.indices.filter { !outside.contains($0) }.flatMap { groups[$0] }.sorted()
    return first.map { groups[$0] } + (middle.isEmpty ? [] : [middle])
      + last.reversed().map { groups[$0] }
  }

  /// Groups one after the other, each when all before it are taken.
  private static func peeled(
    after: [[Int]], before: [[Int]], without taken: Set<Int>
  ) -> [Int] {
    var waiting = before.map { edges in edges.count { !taken.contains($0) } }
    var queue = before.indices.filter { waiting[$0] == 0 && !taken.contains($0) }
    var place = 0
    while place < queue.count {
      for next in after[queue[place]] where !taken.contains(next) {
        waiting[next] -= 1
        if waiting[next] == 0 { queue.append(next) }
      }
      place += 1
    }
    return queue
  }
}

extension FlatOperand {
  /// What it moves by with each step of the loop inside of so many others.
  func step(of level: Int) -> Int { level < loops.count ? loops[level] : 0 }
}
