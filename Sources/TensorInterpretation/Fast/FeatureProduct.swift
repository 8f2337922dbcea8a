import TensorKernels

/// A sum over features of products of two arrays of them, as a polynomial of products of what they are made of:
/// `Σᵢⱼ (aᵢ aⱼ) (bᵢ bⱼ) = (Σᵢ aᵢ bᵢ)²`.
///
/// Either the sum itself, or the sum of summaries: `Σᵣ φ(q)ᵣ Σₘ φ(kₘ)ᵣ vₘ = Σₘ (Σᵣ φ(q)ᵣ φ(kₘ)ᵣ) vₘ`.
struct FeatureProduct {
  /// A sum of products of two arrays along an axis, over the polynomial's axes and that one.
  struct Dot: Hashable {
    let a: FlatOperand
    let b: FlatOperand
    let count: Int
  }

  /// A product of sums and of numbers.
  struct Term: Hashable {
    var dots: [Dot]
    /// Over the polynomial's axes.
    var factors: [FlatOperand]
  }

  /// The axes that the polynomial has, and its terms.
  struct Polynomial: Hashable {
    let sizes: [Int]
    let terms: [Term]
  }

  /// What the polynomial is multiplied by and summed over.
  struct Summary {
    /// The step that makes the summary.
    let step: Int
    /// Over the step's axes and the one that is summed last.
    let values: FlatOperand?
    let count: Int
  }

  /// The step that sums over features.
  let step: Int
  let summary: Summary?
  let polynomial: Polynomial
  /// For each of the step's axes, and that of the summary, which one it is of the polynomial's.
  let axes: [Int?]

  /// The product that a step is; `nil` where it is none, or its features are no products.
  init?(_ number: Int, _ program: FlatProgram, _ uses: BufferUses, writers: [[Int]]) {
    let step = program.steps[number]
    guard case .contraction(summed: 1) = step.operation, uses.frames[number] == 0,
      step.inputs.count == 2, step.outputs.count == 1, !step.sizes.contains(0),
      uses.writer[step.outputs[0].buffer] == number, step.operands.allSatisfy(\.isFixed)
    else { return nil }
    self.step = number
    let features = step.sizes.count - 1
    var found: (Polynomial, [Int?], Summary?)?
    for (place, other) in [(0, 1), (1, 0)] where found == nil {
      let summary = Self.summary(step.inputs[other], step, program, uses)
      var sides = [step.inputs[place], summary?.features ?? step.inputs[other]]
      var kept = Array(step.sizes.dropLast())
      if let summary {
        // Axes: those of the step's result, what the summary is summed over, features.
        sides[0].strides.insert(0, at: features)
        kept.append(summary.summary.count)
      }
      let reader = FeatureParts(program: program, uses: uses, around: kept, writers: writers)
      guard let size = step.sizes.last, let a = reader.parts(of: sides[0], count: size),
        let b = reader.parts(of: sides[1], count: size), a.contains(where: { $0.axes.count > 1 }),
        let product = Self.polynomial(a, b, kept, keepsAll: summary == nil)
      else { continue }
      found = (product.polynomial, product.axes, summary?.summary)
    }
    guard let found else { return nil }
    (polynomial, axes, summary) = found
  }

  /// A sum over something of features, times values, that a step reads; with the features over that step's kept axes,
  /// the axis of the sum, and that of features.
  private static func summary(
    _ operand: FlatOperand, _ reader: FlatStep, _ program: FlatProgram, _ uses: BufferUses
  ) -> (summary: Summary, features: FlatOperand)? {
    guard let writer = uses.writer[operand.buffer], uses.frames[writer] == 0,
      !uses.isResult[operand.buffer]
    else { return nil }
    let step = program.steps[writer]
    guard let count = step.sizes.last, !step.sizes.contains(0),
      step.operands.allSatisfy(\.isFixed)
    else { return nil }
    switch step.operation {
    case .contraction(summed: 1) where step.inputs.count == 2: break
    case .fold(.sum): break
    default: return nil
    }
    var isWhole = false
    let kept = step.droppingAxes(1)
    guard let inputs = kept.inlined(in: operand, sizes: reader.sizes, isWhole: &isWhole) else {
      return nil
    }
    let features = reader.sizes.count - 1
    let operands = inputs.indices.map { place in
      var input = inputs[place]
      input.strides.insert(step.inputs[place].strides.last ?? 0, at: features)
      return input
    }
    // Of two arrays, the one that moves along the axis of features; both don't.
    let moving = operands.indices.filter { operands[$0].strides.last != 0 }
    guard moving.count == 1, reader.sizes[features] > 1 else { return nil }
    var values = operands.indices.first { $0 != moving[0] }.map { operands[$0] }
    values?.strides.removeLast()
    return (Summary(step: writer, values: values, count: count), operands[moving[0]])
  }

  // MARK: - Polynomials

  private static func polynomial(
    _ a: [FeatureParts.Part], _ b: [FeatureParts.Part], _ around: [Int], keepsAll: Bool
  ) -> (polynomial: Polynomial, axes: [Int?])? {
    guard a.count == b.count else { return nil }
    let moving = around.indices.filter { axis in
      keepsAll || (a + b).contains { $0.factors.contains { $0.strides[axis] != 0 } }
    }
    var terms: [Term] = []
    for (left, right) in zip(a, b) {
      guard left.first == right.first, left.count == right.count, left.axes == right.axes else {
        return nil
      }
      let places = left.axes.indices.map { around.count + $0 }
      var term = Term(dots: [], factors: [])
      for (axis, size) in zip(places, left.axes) {
        let factors = [left, right].map { part in part.factors.filter { $0.strides[axis] != 0 } }
        guard factors.allSatisfy({ $0.count == 1 && isAlong(axis, $0[0], places) }) else {
          return nil
        }
        let (own, other) = (factors[0][0], factors[1][0])
        term.dots.append(
          Dot(a: own.along(moving + [axis]), b: other.along(moving + [axis]), count: size))
      }
      for factor in left.factors + right.factors
      where places.allSatisfy({ factor.strides[$0] == 0 }) {
        term.factors.append(factor.along(moving))
      }
      terms.append(term)
    }
    let polynomial = Polynomial(sizes: moving.map { around[$0] }, terms: terms)
    return (polynomial, around.indices.map { moving.firstIndex(of: $0) })
  }

  /// Whether an operand moves along this one of some axes and no other.
  private static func isAlong(_ axis: Int, _ operand: FlatOperand, _ axes: [Int]) -> Bool {
    axes.allSatisfy { $0 == axis || operand.strides[$0] == 0 }
  }
}
