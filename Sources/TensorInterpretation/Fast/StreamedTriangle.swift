import TensorKernels

/// Products of rows and columns of which only those of the columns up to each row's position are kept, and the sums
/// over columns that are made of them: `yᵢ = Σ_{j ≤ i} (qᵢ · kⱼ) vⱼ`.
struct StreamedTriangle {
  /// A sum over columns.
  struct Sum {
    let step: Int
    /// What each column is multiplied by, over batches, columns and entries; nothing where columns are just added.
    let values: FlatOperand?
    /// Over batches, rows and entries.
    let output: FlatOperand
    /// The sizes of a row of the result.
    let entries: [Int]
  }

  /// A matrix of ones and zeros that positions decide, by axes of a domain.
  private struct Mask {
    /// The one of two positions that is smaller where a number of the matrix is 1; or else where it is 0.
    var smaller: Int
    var larger: Int
    var isOpposite: Bool

    var row: Int { isOpposite ? smaller : larger }
    var column: Int { isOpposite ? larger : smaller }
  }

  /// The step that makes all products, and the one that keeps some.
  let (scores, masking): (Int, Int)
  /// The sizes of the axes along which such matrices are batches.
  let batches: [Int]
  /// How many rows and columns there are.
  let count: Int
  /// How many numbers a row and a column have.
  let depth: Int
  /// Over batches, rows and depth.
  let rows: FlatOperand
  /// Over batches, columns and depth.
  let columns: FlatOperand
  /// Whether a position doesn't see itself.
  let isStrict: Bool
  let sums: [Sum]

  /// The triangle that a step keeps of the products that another one makes; `nil` where it isn't one, or is needed
  /// for anything but sums along its rows.
  init?(_ number: Int, _ program: FlatProgram, _ uses: BufferUses) {
    let step = program.steps[number]
    guard step.isProductOfPairs, uses.frames[number] == 0, !step.sizes.contains(0) else {
      return nil
    }
    let found = [0, 1].lazy.compactMap { place in
      Self.mask(step.inputs[place], step.sizes, program, uses, remaining: 4).map { ($0, place) }
    }.first
    guard let (mask, place) = found,
      let (scores, factors, depth) = Self.factors(of: number, 1 - place, program, uses)
    else { return nil }
    let (row, column) = (mask.row, mask.column)
    let left = factors.firstIndex { $0.strides[row] != 0 && $0.strides[column] == 0 }
    let right = factors.firstIndex { $0.strides[row] == 0 && $0.strides[column] != 0 }
    let others = step.sizes.indices.filter { $0 != row && $0 != column }
    guard let left, let right,
      let sums = Self.sums(of: number, others, row, column, program, uses), !sums.isEmpty
    else { return nil }
    (self.scores, masking, self.depth, self.sums) = (scores, number, depth, sums)
    (batches, count) = (others.map { step.sizes[$0] }, step.sizes[row])
    rows = factors[left].along(others + [row, step.sizes.count])
    columns = factors[right].along(others + [column, step.sizes.count])
    isStrict = !mask.isOpposite
  }

  // MARK: - Masks

  private static func mask(
    _ operand: FlatOperand, _ sizes: [Int], _ program: FlatProgram, _ uses: BufferUses,
    remaining: Int
  ) -> Mask? {
    var isWhole = false
    guard remaining > 0, let writer = uses.writer[operand.buffer], uses.frames[writer] == 0,
      case .elementwise(let instructions, _) = program.steps[writer].operation,
      instructions.count == 1,
      let inputs = program.steps[writer].inlined(in: operand, sizes: sizes, isWhole: &isWhole)
    else { return nil }
    let parts = instructions[0].operands.map { inputs[$0] }
    func opposite(_ part: FlatOperand, _ isOpposite: Bool = true) -> Mask? {
      var mask = mask(part, sizes, program, uses, remaining: remaining - 1)
      if isOpposite { mask?.isOpposite.toggle() }
      return mask
    }
    func number(_ part: FlatOperand) -> Float? {
      if case .number(let value) = program.buffers[part.buffer].source { value } else { nil }
    }
    switch instructions[0].operation {
    case .binary(.less):
      guard let a = position(parts[0], program), let b = position(parts[1], program), a != b,
        sizes[a] == sizes[b]
      else { return nil }
      return Mask(smaller: a, larger: b, isOpposite: false)
    case .binary(.sub): return number(parts[0]) == 1 ? opposite(parts[1]) : nil
    case .select:
      guard let a = number(parts[1]), let b = number(parts[2]) else { return nil }
      return [a, b] == [0, 1] || [a, b] == [1, 0] ? opposite(parts[0], a == 0) : nil
    default: return nil
    }
  }

  /// The axis whose positions an operand is.
  private static func position(_ operand: FlatOperand, _ program: FlatProgram) -> Int? {
    let buffer = program.buffers[operand.buffer]
    let moving = operand.strides.indices.filter { operand.strides[$0] != 0 }
    guard buffer.source == .counting, !buffer.isIndex, operand.offset == 0, operand.isFixed,
      moving.count == 1, operand.strides[moving[0]] == 1
    else { return nil }
    return moving[0]
  }

  // MARK: - Products and sums

  /// The two arrays whose products a step reads and nothing else does, over its axes and one of depth.
  private static func factors(
    of number: Int, _ place: Int, _ program: FlatProgram, _ uses: BufferUses
  ) -> (step: Int, factors: [FlatOperand], depth: Int)? {
    let (step, input) = (program.steps[number], program.steps[number].inputs[place])
    guard let writer = uses.writer[input.buffer], uses.frames[writer] == 0,
      !uses.isResult[input.buffer], uses.readers(of: input.buffer).elementsEqual([number]),
      case .contraction(summed: 1) = program.steps[writer].operation,
      program.steps[writer].inputs.count == 2, let depth = program.steps[writer].sizes.last
    else { return nil }
    var isWhole = false
    let kept = program.steps[writer].droppingAxes(1)
    guard var factors = kept.inlined(in: input, sizes: step.sizes, isWhole: &isWhole),
      factors.allSatisfy(\.isFixed)
    else { return nil }
    for place in factors.indices {
      factors[place].strides.append(program.steps[writer].inputs[place].strides.last ?? 0)
    }
    return (writer, factors, depth)
  }

  /// All that reads what a step makes, where these are sums along an axis.
  private static func sums(
    of number: Int, _ batches: [Int], _ row: Int, _ column: Int, _ program: FlatProgram,
    _ uses: BufferUses
  ) -> [Sum]? {
    let (step, output) = (program.steps[number], program.steps[number].outputs[0])
    guard uses.writer[output.buffer] == number, !uses.isResult[output.buffer], output.isFixed else {
      return nil
    }
    var sums: [Sum] = []
    for reader in uses.readers(of: output.buffer) {
      let other = program.steps[reader]
      let own = other.inputs.filter { $0.buffer == output.buffer }
      guard uses.frames[reader] == 0, own.count == 1, other.outputs.count == 1,
        other.operands.allSatisfy(\.isFixed), uses.writer[other.outputs[0].buffer] == reader,
        let axes = axes(of: other, own[0], step), axes.own[column] == other.sizes.count - 1
      else { return nil }
      let values = other.inputs.first { $0.buffer != output.buffer }
      switch other.operation {
      case .fold(.sum) where axes.rest.isEmpty: break
      case .contraction(summed: 1) where other.inputs.count == 2:
        guard values?.along([axes.own[row]]).strides == [0] else { return nil }
      default: return nil
      }
      let kept = batches.map { axes.own[$0] }
      sums.append(
        Sum(
          step: reader,
          values: values?.along(kept + [axes.own[column]] + axes.rest),
          output: other.outputs[0].along(kept + [axes.own[row]] + axes.rest),
          entries: axes.rest.map { other.sizes[$0] }))
    }
    return sums
  }

  /// For each axis of a step the one of its reader that goes along it, and the reader's other axes.
  private static func axes(
    of reader: FlatStep, _ own: FlatOperand, _ step: FlatStep
  ) -> (own: [Int?], rest: [Int])? {
    let output = step.outputs[0]
    guard own.offset == output.offset else { return nil }
    var rest = reader.sizes.indices.filter { reader.sizes[$0] != 1 }
    var axes: [Int?] = []
    for (axis, size) in step.sizes.enumerated() {
      guard size != 1 else {
        axes.append(nil)
        continue
      }
      let place = rest.firstIndex {
        own.strides[$0] == output.strides[axis] && reader.sizes[$0] == size
      }
      guard let place, output.strides[axis] != 0 else { return nil }
      axes.append(rest.remove(at: place))
    }
    return rest.allSatisfy { own.strides[$0] == 0 } ? (axes, rest) : nil
  }
}

extension FlatOperand {
  /// Whether loops around it don't move it.
  var isFixed: Bool { loops.allSatisfy { $0 == 0 } }

  /// The operand along some axes, in this order; it doesn't move along missing ones.
  func along(_ axes: [Int?]) -> FlatOperand {
    var operand = self
    operand.strides = axes.map { $0.map { strides[$0] } ?? 0 }
    return operand
  }
}

extension FlatStep {
  /// Whether it multiplies two arrays place by place.
  fileprivate var isProductOfPairs: Bool {
    guard inputs.count == 2, outputs.count == 1 else { return false }
    switch operation {
    case .contraction(summed: 0): return true
    case .elementwise(let instructions, _):
      return instructions.count == 1 && instructions[0].operation == .binary(.mul)
    default: return false
    }
  }
}
