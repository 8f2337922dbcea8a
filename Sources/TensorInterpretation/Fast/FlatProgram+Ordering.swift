import TensorKernels

extension FlatProgram {
  /// Sums over the entries of a vector that are smaller than each of many numbers are found by sorting the entries,
  /// where that takes fewer flops than comparing all pairs.
  ///
  /// - Complexity: linear in the steps, up to the functions between comparisons and sums.
  mutating func orderComparisons() {
    guard steps.contains(where: \.isSum) else { return }
    let uses = BufferUses(self)
    var sums = steps.indices.compactMap { ComparedSum($0, self, uses) }
    // What something else needs is computed pair by pair anyway.
    var isClosed = false
    while !isClosed {
      let members = Set(sums.flatMap(\.members)).union(sums.map(\.step))
      let open = sums.filter { sum in
        sum.members.contains { member in
          steps[member].outputs.contains { output in
            !uses.readers(of: output.buffer).allSatisfy(members.contains)
          }
        }
      }
      isClosed = open.isEmpty
      let left = Set(open.map(\.step))
      sums.removeAll { left.contains($0.step) }
    }
    guard !sums.isEmpty else { return }
    var groups: [ComparedSums] = []
    for sum in sums {
      let last = groups.count - 1
      if last >= 0, groups[last].join(sum, self, uses) { continue }
      groups.append(ComparedSums(sum, self))
    }
    var replacements: [Int: [FlatStep]] = [:]
    for group in groups {
      let (step, before) = (group.step(self), group.work(self))
      let after = step.work(in: self)
      guard after.flops < before.flops else { continue }
      choices.append(
        FlatChoice(laws: [.ordering], boxes: step.boxes, before: before, after: after))
      for sum in group.sums { replacements[sum.step] = [] }
      replacements[group.sums[0].step] = [step]
    }
    guard !replacements.isEmpty else { return }
    replace(replacements)
    removeUnused()
  }
}

/// Sums that one sorted vector gives.
private struct ComparedSums {
  private(set) var sums: [ComparedSum]
  private let sizes: [Int]

  init(_ sum: ComparedSum, _ program: FlatProgram) {
    sums = [sum]
    sizes = sum.axes.map { program.steps[sum.step].sizes[$0] }
  }

  /// Takes in a later sum of the same comparison, whose values are there when the first one runs.
  mutating func join(_ sum: ComparedSum, _ program: FlatProgram, _ uses: BufferUses) -> Bool {
    let first = sums[0]
    guard sum.isEntrySmaller == first.isEntrySmaller,
      sum.axes.map({ program.steps[sum.step].sizes[$0] }) == sizes,
      sum.entries.along(sum.axes) == first.entries.along(first.axes),
      sum.numbers.along(sum.axes) == first.numbers.along(first.axes),
      [sum.choice.whenTrue, sum.choice.whenFalse].compactMap(\.values).allSatisfy({ values in
        uses.writer[values.buffer].map { $0 < first.step } ?? true
      })
    else { return false }
    sums.append(sum)
    return true
  }

  /// What the diagram draws takes.
  func work(_ program: FlatProgram) -> KernelWork {
    let steps = Set(sums.flatMap { $0.members + [$0.step] }).sorted()
    return steps.reduce(KernelWork()) { $0 + program.steps[$1].work(in: program) }
  }

  func step(_ program: FlatProgram) -> FlatStep {
    let first = sums[0]
    let (entries, numbers) = (first.entries.along(first.axes), first.numbers.along(first.axes))
    var values: [FlatOperand] = []
    func side(_ side: ComparedSum.Side, _ axes: [Int]) -> RankingProgram.Side {
      guard let array = side.values?.along(axes) else {
        return .init(factor: side.factor, values: nil)
      }
      let place = values.firstIndex(of: array) ?? values.count
      if place == values.count { values.append(array) }
      return .init(factor: side.factor, values: place)
    }
    let ranked = sums.map { sum in
      RankingProgram.Sum(
        whenTrue: side(sum.choice.whenTrue, sum.axes),
        whenFalse: side(sum.choice.whenFalse, sum.axes))
    }
    let members = Set(sums.flatMap { $0.members + [$0.step] }).sorted()
    return FlatStep(
      operation: .ranking(
        RankingProgram(
          isEntrySmaller: first.isEntrySmaller, comparesEntries: isSame(entries, numbers),
          valueCount: values.count, sums: ranked)),
      sizes: sizes, inputs: [entries, numbers] + values,
      outputs: sums.map { program.steps[$0.step].outputs[0].along($0.axes) },
      boxes: members.flatMap { program.steps[$0].boxes })
  }

  /// Whether the numbers are the entries.
  private func isSame(_ entries: FlatOperand, _ numbers: FlatOperand) -> Bool {
    let axes = sizes.count - 2
    return entries.buffer == numbers.buffer && entries.offset == numbers.offset
      && sizes[axes] == sizes[axes + 1]
      && entries.strides.prefix(axes) == numbers.strides.prefix(axes)
      && entries.strides[axes + 1] == numbers.strides[axes]
  }
}
