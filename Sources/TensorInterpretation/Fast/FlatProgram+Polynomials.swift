import TensorKernels

extension FlatProgram {
  /// Sums over features that are products become polynomials of sums over what the features are made of, where that
  /// is cheaper.
  ///
  /// - Complexity: linear in the steps, for a bounded number of parts of features.
  mutating func expandFeatures(elementLimit: Int) {
    guard steps.contains(where: \.isSum) else { return }
    let uses = BufferUses(self)
    var writers: [[Int]] = Array(repeating: [], count: buffers.count)
    for case .step(let number) in frames.joined() {
      for output in steps[number].outputs { writers[output.buffer].append(number) }
    }
    var groups: [[FeatureProduct]] = []
    for number in steps.indices {
      guard let product = FeatureProduct(number, self, uses, writers: writers) else { continue }
      // A polynomial that is a result is that of no other sum.
      let place = groups.firstIndex { group in
        group[0].polynomial == product.polynomial && group[0].summary != nil
          && product.summary != nil
      }
      if let place { groups[place].append(product) } else { groups.append([product]) }
    }
    var replacements: [Int: [FlatStep]] = [:]
    for group in groups {
      let emission = FeatureEmission(group, self, firstBuffer: buffers.count)
      let members = members(of: group, uses)
      let before = members.reduce(KernelWork()) { $0 + steps[$1].work(in: self) }
      let after = emission.work
      guard after.cost < before.cost, emission.buffers.allSatisfy({ $0.count <= elementLimit })
      else { continue }
      choices.append(
        FlatChoice(
          laws: [.polynomial], boxes: members.flatMap { steps[$0].boxes }, before: before,
          after: after))
      replacements.merge(emission.replacements) { first, _ in first }
      buffers += emission.buffers
    }
    guard !replacements.isEmpty else { return }
    replace(replacements)
    removeUnused()
  }

  /// The steps that a group's polynomial replaces: sums over features, and summaries that nothing else reads.
  private func members(of group: [FeatureProduct], _ uses: BufferUses) -> [Int] {
    let own = Set(group.map(\.step))
    let summaries = Set(group.compactMap(\.summary?.step)).filter { summary in
      steps[summary].outputs.allSatisfy { output in
        uses.readers(of: output.buffer).allSatisfy(own.contains)
      }
    }
    return own.union(summaries).sorted()
  }
}
