import TensorKernels

extension FlatProgram {
  /// The program with fewer passes over memory, and without what no result needs; parts are in their places.
  ///
  /// - Parameter isPart: whether it is a part of a diagram, which may be put in several places.
  /// - Complexity: linear in the steps, up to the lengths of fused groups.
  func optimized(_ options: PlanOptions, isPart: Bool = false) -> FlatProgram {
    var program = self
    if options.isChosenByCost { program.shareEqualSteps() }
    program.contractSums()
    program.removeUnused()
    if options.isChosenByCost {
      program.splitLoops(elementLimit: options.elementLimit)
      program.removeUnused()
      // Once as it is drawn, and once where a division left the sums.
      program.chunkTriangles(elementLimit: options.elementLimit)
      program.associateProducts(elementLimit: options.elementLimit)
      program.expandFeatures(elementLimit: options.elementLimit)
      program.mergeSums()
      program.chunkTriangles(elementLimit: options.elementLimit)
      program.orderComparisons()
    }
    program.removeUnused()
    program.streamFolds(least: options.leastStreamed)
    program.turnStreamedColumns()
    if options.isChosenByCost { program.movePrologue(isPart: isPart) }
    program.writeCopiesInPlace()
    program.fuseElementwise()
    program.fuseRows()
    program.mergeElementwise()
    program.removeUnused()
    return program.withPartsInPlace(isChosenByCost: options.isChosenByCost)
  }

  /// Sums of products become contractions, so that the products are never stored.
  private mutating func contractSums() {
    guard steps.contains(where: \.isSum) else { return }
    let uses = BufferUses(self)
    for number in steps.indices where uses.frames[number] >= 0 {
      guard case .fold(.sum) = steps[number].operation, let input = steps[number].inputs.first,
        let writer = uses.writer[input.buffer], uses.frames[writer] == uses.frames[number],
        case .elementwise(let instructions, _) = steps[writer].operation,
        instructions.count == 1, instructions[0].operation == .binary(.mul)
      else { continue }
      var isWhole = false
      guard
        let factors = steps[writer].inlined(
          in: input, sizes: steps[number].sizes, isWhole: &isWhole), factors.count == 2
      else { continue }
      steps[number].operation = .contraction(summed: 1)
      steps[number].inputs = factors
      steps[number].boxes = steps[writer].boxes + steps[number].boxes
    }
  }

  /// Leaves out the steps that write only what nothing reads.
  mutating func removeUnused() {
    var isNeeded = Array(repeating: false, count: buffers.count)
    for view in results { isNeeded[view.buffer] = true }
    var isChanged = true
    var kept = Array(repeating: false, count: steps.count)
    let order = frames.joined().compactMap { node in
      if case .step(let number) = node { number } else { nil }
    }.sorted(by: >)
    // More than once for loops only, whose states are read before they are written.
    while isChanged {
      isChanged = false
      for number in order where !kept[number] {
        guard steps[number].outputs.contains(where: { isNeeded[$0.buffer] }) else { continue }
        kept[number] = true
        for input in steps[number].inputs where !isNeeded[input.buffer] {
          isNeeded[input.buffer] = true
          isChanged = true
        }
      }
    }
    // A loop's body comes after the frame that it is in.
    var isEmpty = frames.map { _ in false }
    for frame in frames.indices.reversed() {
      frames[frame].removeAll { node in
        switch node {
        case .step(let number): !kept[number]
        case .loop(_, let body): isEmpty[body]
        }
      }
      isEmpty[frame] = frames[frame].isEmpty
    }
  }
}
