import TensorKernels

/// An array of features, taken apart: which of them are one after the other, and of what each is a product.
///
/// ```
/// concat(concat(repeat<1>(1), x), scale(c, merge(outer(x, x))))
///   feature 0           1
///   features 1 to k     xᵢ
///   the k · k others    c · xᵢ · xⱼ, for i, then j
/// ```
struct FeatureParts {
  /// Features that follow one another.
  struct Part {
    /// The first of them, and how many there are.
    var first: Int
    var count: Int
    /// The sizes of the axes that they are merged from.
    var axes: [Int]
    /// What is multiplied, over the axes around and these.
    var factors: [FlatOperand]
  }

  let program: FlatProgram
  let uses: BufferUses
  /// The sizes of the axes around.
  let around: [Int]
  /// The steps that write each buffer.
  let writers: [[Int]]

  /// The most parts, and the most factors of one.
  private static let (mostParts, mostFactors) = (8, 8)
  /// The most steps from an array back to what its features are made of.
  private static let depth = 16

  /// The parts of an operand over the axes around and one of features, in order; `nil` where there are too many, or
  /// something else writes to the array.
  func parts(of operand: FlatOperand, count: Int) -> [Part]? {
    parts(of: operand, count: count, remaining: Self.depth)
  }

  private func parts(of operand: FlatOperand, count: Int, remaining: Int) -> [Part]? {
    guard remaining > 0 else { return nil }
    let steps = writers[operand.buffer]
    if steps.count > 1 { return concatenated(operand, count, steps, remaining) }
    if let writer = steps.first, let inputs = inputs(of: writer, operand, around + [count]) {
      if case .copy = program.steps[writer].operation {
        return parts(of: inputs[0], count: count, remaining: remaining - 1)
      }
      let still = inputs.filter { $0.strides.last == 0 }
      if inputs.count == 2, still.count == 1, let moving = inputs.first(where: { $0 != still[0] }) {
        guard let parts = parts(of: moving, count: count, remaining: remaining - 1) else {
          return nil
        }
        return parts.map { part in
          var part = part
          var factor = still[0]
          factor.strides = Array(factor.strides.dropLast()) + part.axes.map { _ in 0 }
          part.factors.append(factor)
          return part
        }
      }
    }
    guard isFixed(operand) else { return nil }
    var part = Part(first: 0, count: count, axes: [count], factors: [operand])
    if count == 1 {
      part.axes = []
      part.factors[0].strides.removeLast()
    }
    return [expanded(part)]
  }

  /// Whether an array is the same wherever it is read.
  func isFixed(_ operand: FlatOperand) -> Bool {
    let buffer = program.buffers[operand.buffer]
    return operand.isFixed && !buffer.isIndex
      && (buffer.source != .steps
        || uses.writer[operand.buffer].map { uses.frames[$0] == 0 } == true)
  }

  /// What a product or a copy reads, over the axes of its reader.
  private func inputs(
    of writer: Int, _ operand: FlatOperand, _ sizes: [Int]
  ) -> [FlatOperand]? {
    let step = program.steps[writer]
    guard uses.frames[writer] == 0, step.operands.allSatisfy(\.isFixed) else { return nil }
    var isWhole = false
    switch step.operation {
    case .copy: return step.inlined(in: operand, sizes: sizes, isWhole: &isWhole)
    case .elementwise(let instructions, _):
      guard instructions.count == 1, instructions[0].operation == .binary(.mul),
        let inputs = step.inlined(in: operand, sizes: sizes, isWhole: &isWhole)
      else { return nil }
      return instructions[0].operands.map { inputs[$0] }
    default: return nil
    }
  }

  // MARK: - One after the other

  private func concatenated(
    _ operand: FlatOperand, _ count: Int, _ steps: [Int], _ remaining: Int
  ) -> [Part]? {
    guard let step = operand.strides.last, step > 0, steps.count <= Self.mostParts else {
      return nil
    }
    var all: [Part] = []
    for writer in steps {
      let copy = program.steps[writer]
      guard case .copy = copy.operation, let output = copy.outputs.first,
        output.offset >= operand.offset, (output.offset - operand.offset) % step == 0
      else { return nil }
      let first = (output.offset - operand.offset) / step
      let axis = copy.sizes.indices.first { copy.sizes[$0] > 1 && output.strides[$0] == step }
      let length = axis.map { copy.sizes[$0] } ?? 1
      var part = operand
      part.offset = output.offset
      guard first + length <= count, let input = inputs(of: writer, part, around + [length])?.first,
        let parts = parts(of: input, count: length, remaining: remaining - 1)
      else { return nil }
      for var part in parts {
        part.first += first
        all.append(part)
      }
    }
    all.sort { $0.first < $1.first }
    var end = 0
    for part in all {
      guard part.first == end else { return nil }
      end += part.count
    }
    return end == count && all.count <= Self.mostParts ? all : nil
  }

  // MARK: - Products

  /// The part with its factors written out, as long as each of them moves along fewer axes than their product.
  private func expanded(_ part: Part) -> Part {
    var part = part
    var place = 0
    while place < part.factors.count, part.factors.count <= Self.mostFactors {
      if let next = expanded(part, place) { part = next } else { place += 1 }
    }
    return part
  }

  private func expanded(_ part: Part, _ place: Int) -> Part? {
    let factor = part.factors[place]
    let steps = writers[factor.buffer]
    guard steps.count == 1, let output = program.steps[steps[0]].outputs.first else { return nil }
    let part = split(part, place, output, program.steps[steps[0]].sizes)
    let operand = part.factors[place]
    guard let inputs = inputs(of: steps[0], operand, around + part.axes),
      inputs.allSatisfy(isFixed)
    else { return nil }
    let count = axisCount(operand)
    guard inputs.count == 1 || inputs.allSatisfy({ axisCount($0) < count }) else { return nil }
    var next = part
    next.factors.replaceSubrange(place...place, with: inputs)
    return next
  }

  /// Along how many of a part's axes an operand moves.
  private func axisCount(_ operand: FlatOperand) -> Int {
    operand.strides.dropFirst(around.count).count { $0 != 0 }
  }

  /// The part with axes of its own for those of an array that it reads as one.
  private func split(
    _ part: Part, _ place: Int, _ output: FlatOperand, _ sizes: [Int]
  ) -> Part {
    var part = part
    var axis = 0
    while axis < part.axes.count {
      let (position, size) = (around.count + axis, part.axes[axis])
      let stride = part.factors[place].strides[position]
      let own = sizes.indices.first { sizes[$0] > 1 && output.strides[$0] == stride }
      guard stride > 0, let own, sizes[own] < size, size % sizes[own] == 0 else {
        axis += 1
        continue
      }
      part.axes.replaceSubrange(axis...axis, with: [size / sizes[own], sizes[own]])
      for factor in part.factors.indices {
        let step = part.factors[factor].strides[position]
        part.factors[factor].strides.replaceSubrange(
          position...position, with: [step * sizes[own], step])
      }
    }
    return part
  }
}
