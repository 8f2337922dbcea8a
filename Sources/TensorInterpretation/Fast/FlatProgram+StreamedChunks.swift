import TensorKernels

extension FlatProgram {
  /// Sums of products over the positions up to each are taken in chunks, where that takes fewer flops: a summary of
  /// the chunks before, and what is in the chunk itself.
  ///
  /// - Complexity: linear in the steps, up to the length of masks.
  mutating func chunkTriangles(elementLimit: Int) {
    let uses = BufferUses(self)
    var touched: Set<Int> = []
    var replacements: [Int: [FlatStep]] = [:]
    for number in steps.indices {
      guard let triangle = StreamedTriangle(number, self, uses) else { continue }
      let members = [triangle.scores, number] + triangle.sums.map(\.step)
      guard touched.isDisjoint(with: members),
        let chunks = StreamedChunks(cheapest: triangle, self, elementLimit: elementLimit)
      else { continue }
      touched.formUnion(members)
      let before = members.reduce(KernelWork()) { $0 + steps[$1].work(in: self) }
      choices.append(
        FlatChoice(
          laws: [.chunking], boxes: members.flatMap { steps[$0].boxes }, before: before,
          after: chunks.work))
      replacements.merge(chunks.replacements) { _, new in new }
      buffers += chunks.buffers
    }
    guard !replacements.isEmpty else { return }
    replace(replacements)
    removeUnused()
  }
}
