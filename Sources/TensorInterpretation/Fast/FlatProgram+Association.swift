import DiagramIR
import TensorKernels

extension FlatProgram {
  /// Products are taken in the cheapest order: steps that are sums of products, with those that make their factors,
  /// become one sum over all axes, which is computed two factors at a time.
  ///
  /// Sums that have a part in common are looked at together: either all of them are computed as the diagram
  /// draws them, or all anew, whichever takes less by `KernelWork.cost`.
  ///
  /// - Complexity: linear in the steps, for sums of a bounded number of factors.
  mutating func associateProducts(elementLimit: Int) {
    // Long sums last: what is found for their parts is what they must be cheaper than.
    if associateProducts(elementLimit: elementLimit, mostFactors: SumOfProducts.usual) {
      _ = associateProducts(elementLimit: elementLimit, mostFactors: SumOfProducts.largest)
    }
  }

  /// Takes products of at most so many factors in the cheapest order; returns whether any has more.
  private mutating func associateProducts(elementLimit: Int, mostFactors: Int) -> Bool {
    var groups = ProductGroups(self, mostFactors: mostFactors)
    var replacements: [Int: [FlatStep]] = [:]
    for group in groups.find(self) {
      let group = ProductGroup(group, elementLimit: elementLimit)
      guard let chosen = group?.chosen(self, writer: { groups.writer(of: $0) }) else { continue }
      for (root, steps) in chosen.replacements { replacements[root] = steps }
      buffers += chosen.buffers
      choices.append(chosen.choice)
    }
    if !replacements.isEmpty {
      replace(replacements)
      removeUnused()
    }
    return groups.isCut
  }

  /// Puts several steps in the place of one.
  mutating func replace(_ replacements: [Int: [FlatStep]]) {
    var (all, places): ([FlatStep], [Range<Int>]) = ([], [])
    all.reserveCapacity(steps.count)
    for number in steps.indices {
      let first = all.count
      if let new = replacements[number] { all += new } else { all.append(steps[number]) }
      places.append(first..<all.count)
    }
    steps = all
    for frame in frames.indices {
      frames[frame] = frames[frame].flatMap { node -> [FlatNode] in
        guard case .step(let number) = node else { return [node] }
        return places[number].map { .step($0) }
      }
    }
  }
}

/// The sums of products of a program that have a part in common.
private struct ProductGroups {
  private let uses: BufferUses
  private var isSum: [Bool]
  private var isNeeded: [Bool]
  /// For each step, another one of its group, nearer to the group's representative.
  private var parents: [Int]
  /// For each representative, how many steps its group has.
  private var sizes: [Int]
  /// The most factors of one sum.
  private let mostFactors: Int
  /// Whether a sum has more, and the rest was left in steps of its own.
  private(set) var isCut = false

  /// The most steps of a group.
  static let largest = 48

  init(_ program: FlatProgram, mostFactors: Int) {
    self.mostFactors = mostFactors
    uses = BufferUses(program)
    isSum = program.steps.map { $0.summedAxes != nil }
    isNeeded = program.steps.map { _ in false }
    parents = Array(program.steps.indices)
    sizes = program.steps.map { _ in 1 }
    for number in program.steps.indices where isSum[number] {
      isSum[number] =
        uses.frames[number] >= 0
        && program.steps[number].outputs.allSatisfy { uses.writer[$0.buffer] == number }
    }
  }

  /// The groups of sums that can be computed in another way, each from its first step on.
  mutating func find(_ program: FlatProgram) -> [[SumOfProducts]] {
    var sums: [SumOfProducts] = []
    for number in program.steps.indices.reversed() where isSum[number] {
      guard isNeeded[number] || !isPart(number, program),
        var sum = SumOfProducts(number, program.steps[number])
      else { continue }
      expand(&sum, program)
      sums.append(sum)
    }
    joinSimilar(sums)
    var places: [Int: Int] = [:]
    var groups: [[SumOfProducts]] = []
    for sum in sums.reversed() {
      let representative = representative(sum.root)
      if let place = places[representative] {
        groups[place].append(sum)
      } else {
        places[representative] = groups.count
        groups.append([sum])
      }
    }
    return groups.filter { $0.contains { !$0.absorbed.isEmpty || $0.hasLooseAxis } }
  }

  /// Whether all that reads a step's result are sums of products in the same frame.
  private func isPart(_ number: Int, _ program: FlatProgram) -> Bool {
    guard let buffer = program.steps[number].outputs.first?.buffer, !uses.isResult[buffer]
    else { return false }
    let readers = uses.readers(of: buffer)
    return !readers.isEmpty
      && readers.allSatisfy { isSum[$0] && uses.frames[$0] == uses.frames[number] }
  }

  /// The only step that writes a buffer.
  func writer(of buffer: Int) -> Int? { buffer < uses.writer.count ? uses.writer[buffer] : nil }

  private mutating func expand(_ sum: inout SumOfProducts, _ program: FlatProgram) {
    var place = 0
    while place < sum.factors.count {
      let factor = sum.factors[place]
      guard let writer = uses.writer[factor.operand.buffer], isSum[writer] else {
        place += 1
        continue
      }
      let isPossible =
        !factor.isInverse && uses.frames[writer] == uses.frames[sum.root]
        && isPart(writer, program)
      let count = sum.factors.count - 1 + program.steps[writer].inputs.count
      if isPossible && count > mostFactors { isCut = true }
      if isPossible, count <= mostFactors, sum.expand(place, as: program.steps[writer], writer) {
        join(sum.root, writer)
      } else {
        isNeeded[writer] = true
        place += 1
      }
    }
  }

  /// Sums in one frame that have two factors in common may have their product in common.
  private mutating func joinSimilar(_ sums: [SumOfProducts]) {
    struct Pair: Hashable {
      let frame: Int
      let first: Int
      let second: Int
    }
    var owners: [Pair: Int] = [:]
    for sum in sums where sum.factors.count > 1 {
      let buffers = Set(
        sum.factors.filter { sum.axes(of: $0.operand) != 0 }.map(\.operand.buffer)
      ).sorted()
      for (place, second) in buffers.enumerated() {
        for first in buffers.prefix(place) {
          let pair = Pair(frame: uses.frames[sum.root], first: first, second: second)
          if let owner = owners[pair] { join(owner, sum.root) } else { owners[pair] = sum.root }
        }
      }
    }
  }

  private mutating func representative(_ number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (representative(a), representative(b))
    guard a != b, sizes[a] + sizes[b] <= Self.largest else { return }
    parents[max(a, b)] = min(a, b)
    sizes[min(a, b)] += sizes[max(a, b)]
  }
}
