import TensorKernels

/// The steps that compute a triangle's sums in chunks of positions:
/// `Σ_{j ≤ i} (qᵢ · kⱼ) vⱼ = qᵢ · Σ_{j in chunks before} kⱼ vⱼ + Σ_{j ≤ i in the chunk} (qᵢ · kⱼ) vⱼ`.
///
/// The sum over j is split in two, and in the first part products are taken in the other order. The form in chunks
/// is that of Hua, Dai, Liu and Le, *Transformer Quality in Linear Time*, 2022, arXiv 2202.10447, section 3.2.
struct StreamedChunks {
  private let triangle: StreamedTriangle
  private let length: Int
  private let program: FlatProgram
  /// What comes in the place of each step.
  private(set) var replacements: [Int: [FlatStep]] = [:]
  /// Those that are new, numbered after those of the program.
  private(set) var buffers: [FlatBuffer] = []
  private(set) var work = KernelWork()

  /// The fewest and the most positions of a chunk.
  static let lengths = 32...256

  /// The form that takes the fewest flops; `nil` where no length of a chunk divides the count, or it isn't worth it.
  init?(cheapest triangle: StreamedTriangle, _ program: FlatProgram, elementLimit: Int) {
    let members = [triangle.scores, triangle.masking] + triangle.sums.map(\.step)
    let before = members.reduce(0) {
      $0.addedSaturating(program.steps[$1].work(in: program).flops)
    }
    let forms = Self.lengths.lazy.filter {
      triangle.count % $0 == 0 && triangle.count > $0
    }.map { StreamedChunks(triangle, program, length: $0) }
    let best = forms.filter { form in form.buffers.allSatisfy { $0.count <= elementLimit } }
      .min { $0.work.flops < $1.work.flops }
    // Half of what is drawn is hidden, which streaming doesn't compute either.
    guard let best, best.work.flops < before / 2 else { return nil }
    self = best
  }

  private init(_ triangle: StreamedTriangle, _ program: FlatProgram, length: Int) {
    (self.triangle, self.program, self.length) = (triangle, program, length)
    let positions = buffer(max(length, chunks), .counting)
    var steps: [FlatStep] = []
    let earlier = less(chunks, positions, isSwapped: true, &steps)
    let weights = weights(positions, &steps)
    for step in steps { work = work + step.work { _ in MemoryLayout<Float>.stride } }
    replacements[triangle.masking] = steps
    for sum in triangle.sums { add(sum, earlier, weights) }
  }

  private var chunks: Int { triangle.count / length }

  // MARK: - Buffers and operands

  private mutating func buffer(_ count: Int, _ source: FlatSource = .steps) -> Int {
    buffers.append(FlatBuffer(count: count, isIndex: false, source: source))
    return program.buffers.count + buffers.count - 1
  }

  /// A new array, along its axes.
  private mutating func array(_ sizes: [Int]) -> FlatOperand {
    FlatOperand(
      buffer: buffer(Int.productSaturating(sizes)), offset: 0, loops: [],
      strides: FlatView.denseStrides(sizes))
  }

  private func step(
    _ operation: FlatOperation, _ sizes: [Int], _ inputs: [FlatOperand], _ output: FlatOperand,
    of number: Int
  ) -> FlatStep {
    FlatStep(
      operation: operation, sizes: sizes, inputs: inputs, outputs: [output],
      boxes: program.steps[number].boxes)
  }

  private func elementwise(
    _ function: BinaryFunction, _ sizes: [Int], _ inputs: [FlatOperand], _ output: FlatOperand,
    of number: Int
  ) -> FlatStep {
    let instruction = ElementwiseProgram.Instruction(.binary(function), [0, 1])
    return step(.elementwise([instruction], results: [2]), sizes, inputs, output, of: number)
  }

  // MARK: - Inside of chunks

  /// The matrix that is 1 where the first of two positions is before the second; or the second before the first.
  private mutating func less(
    _ count: Int, _ positions: Int, isSwapped: Bool, _ steps: inout [FlatStep]
  ) -> FlatOperand {
    let rows = FlatOperand(buffer: positions, offset: 0, loops: [], strides: [1, 0])
    let columns = FlatOperand(buffer: positions, offset: 0, loops: [], strides: [0, 1])
    let matrix = array([count, count])
    steps.append(
      elementwise(
        .less, [count, count], isSwapped ? [columns, rows] : [rows, columns], matrix,
        of: triangle.masking))
    return matrix
  }

  /// The products that each row keeps of those in its chunk, over batches, chunks, rows and columns.
  private mutating func weights(_ positions: Int, _ steps: inout [FlatStep]) -> FlatOperand {
    let number = triangle.masking
    var mask = less(length, positions, isSwapped: triangle.isStrict, &steps)
    if !triangle.isStrict {
      let one = FlatOperand(
        buffer: buffer(1, .number(1)), offset: 0, loops: [], strides: [0, 0])
      let (others, own) = (mask, array([length, length]))
      steps.append(elementwise(.sub, [length, length], [one, others], own, of: number))
      mask = own
    }
    let sizes = triangle.batches + [chunks, length, length]
    let (scores, weights) = (array(sizes), array(sizes))
    let (rows, columns) = (Parts(triangle.rows, 2), Parts(triangle.columns, 2))
    let left = rows.operand(rows.batches + [length * rows[0], rows[0], 0, rows[1]])
    let right = columns.operand(columns.batches + [length * columns[0], 0, columns[0], columns[1]])
    steps.append(
      step(
        .contraction(summed: 1), sizes + [triangle.depth], [left, right], scores.appending(0),
        of: triangle.scores))
    mask.strides = triangle.batches.map { _ in 0 } + [0] + mask.strides
    steps.append(elementwise(.mul, sizes, [scores, mask], weights, of: number))
    return weights
  }

  // MARK: - Sums

  private mutating func add(
    _ sum: StreamedTriangle.Sum, _ earlier: FlatOperand, _ weights: FlatOperand
  ) {
    let (batches, none) = (triangle.batches, sum.entries.map { _ in 0 })
    var steps: [FlatStep] = []
    let summary = summary(sum, earlier, &steps)
    let rows = Parts(triangle.rows, 2)
    let result = array(batches + [triangle.count] + sum.entries)
    let inside = array(batches + [triangle.count] + sum.entries)
    let sizes = batches + [chunks, length] + sum.entries
    let summaries = Parts(summary, 2 + none.count)
    steps.append(
      step(
        .contraction(summed: 1), sizes + [triangle.depth],
        [
          rows.operand(rows.batches + [length * rows[0], rows[0]] + none + [rows[1]]),
          summaries.operand(
            summaries.batches + [summaries[0], 0] + summaries.rest(2) + [summaries[1]]),
        ], chunked(result, none.count).appending(0), of: sum.step))
    let own = Parts(weights, 3)
    let weight = own.operand(own.batches + [own[0], own[1]] + none + [own[2]])
    steps.append(total(of: weight, sum, sizes, chunked(inside, none.count)))
    steps.append(
      elementwise(
        .add, sizes, [chunked(result, none.count), chunked(inside, none.count)],
        chunked(sum.output, none.count), of: sum.step))
    for step in steps { work = work + step.work { _ in MemoryLayout<Float>.stride } }
    replacements[sum.step] = steps
  }

  /// The sums over all columns of the chunks before each, over batches, chunks, depth and entries.
  private mutating func summary(
    _ sum: StreamedTriangle.Sum, _ earlier: FlatOperand, _ steps: inout [FlatStep]
  ) -> FlatOperand {
    let none = sum.entries.map { _ in 0 }
    let sizes = triangle.batches + [chunks, triangle.depth] + sum.entries
    let (own, before) = (array(sizes), array(sizes))
    let columns = Parts(triangle.columns, 2)
    let column = columns.operand(
      columns.batches + [length * columns[0], columns[1]] + none + [columns[0]])
    steps.append(total(of: column, sum, sizes, own))
    let (order, all) = (Parts(earlier, 2), Parts(own, 2 + none.count))
    steps.append(
      step(
        .contraction(summed: 1), sizes + [chunks],
        [
          order.operand(triangle.batches.map { _ in 0 } + [order[0], 0] + none + [order[1]]),
          all.operand(all.batches + [0] + all.rest(1) + [all[0]]),
        ], before.appending(0), of: sum.step))
    return before
  }

  /// The sum over the places of each chunk of a factor times the sum's values, where it has some.
  private func total(
    of factor: FlatOperand, _ sum: StreamedTriangle.Sum, _ sizes: [Int], _ output: FlatOperand
  ) -> FlatStep {
    guard let values = sum.values.map({ Parts($0, 1 + sum.entries.count) }) else {
      return step(.fold(.sum), sizes + [length], [factor], output.appending(0), of: sum.step)
    }
    let other = values.operand(
      values.batches + [length * values[0], 0] + values.rest(1) + [values[0]])
    return step(
      .contraction(summed: 1), sizes + [length], [factor, other], output.appending(0),
      of: sum.step)
  }

  /// An operand over batches, positions and entries, with chunks and places in them as axes.
  private func chunked(_ operand: FlatOperand, _ entries: Int) -> FlatOperand {
    let parts = Parts(operand, 1 + entries)
    return parts.operand(parts.batches + [length * parts[0], parts[0]] + parts.rest(1))
  }
}

/// The strides of an operand: those along batches, and the others.
private struct Parts {
  private let source: FlatOperand
  let batches: [Int]
  private let others: [Int]

  /// - Parameter count: how many axes aren't batches.
  init(_ operand: FlatOperand, _ count: Int) {
    source = operand
    batches = Array(operand.strides.dropLast(count))
    others = Array(operand.strides.suffix(count))
  }

  subscript(axis: Int) -> Int { others[axis] }

  func rest(_ first: Int) -> [Int] { Array(others[first...]) }

  func operand(_ strides: [Int]) -> FlatOperand {
    var operand = source
    operand.strides = strides
    return operand
  }
}

extension FlatOperand {
  fileprivate func appending(_ stride: Int) -> FlatOperand {
    var operand = self
    operand.strides.append(stride)
    return operand
  }
}
