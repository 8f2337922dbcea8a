import DiagramIR
import TensorKernels

extension Lowering {
  /// A learned box: contractions with its weights.
  mutating func lower(
    _ learned: LearnedBox, _ box: BoxID, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    let axes = axesAround(around, box)
    var depths: [Int] = []
    for axis in learned.per {
      guard let depth = axes.lastIndex(of: axis) else {
        throw .noLane(label: learned.label, axis: axis)
      }
      depths.append(depth)
    }
    var weights: [FlatView] = []
    for declaration in try function.parameters(of: box, hiddenUnits: hiddenUnits) {
      weights.append(try parameter(declaration, of: learned, box, depths: depths, around))
    }
    if learned.kind == .state { return weights }
    var arguments: [FlatView] = []
    for view in inputs {
      let isIndex = program.buffers[view.buffer].isIndex
      arguments.append(isIndex ? try position(view, around) : view)
    }
    let shapes = resultShapes(of: box)
    if learned.kind == .learn { return try perceptron(arguments, weights, shapes, around) }
    var results: [FlatView] = []
    for (place, shape) in shapes.enumerated() {
      let column = arguments.indices.map { weights[$0 * shapes.count + place] }
      results.append(
        try affine(zip(arguments, column).map { ($0, $1) }, nil, sizes: shape, around))
    }
    return results
  }

  /// A sum, over pairs of an input and a weight, of the products summed over all axes of the input; a bias is
  /// added.
  ///
  /// Each product is computed in the lanes in which its factors differ, and no others: pairs of n queries and m
  /// keys take n + m products, whose n · m sums are elementwise.
  private mutating func affine(
    _ terms: [(input: FlatView, weight: FlatView)], _ bias: FlatView?, sizes: [Int],
    _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    var sum = bias
    for (place, (input, weight)) in terms.enumerated() {
      let product = try product(input, weight, sizes: sizes, around)
      // The bias comes to the first product, in whose lanes alone it is added.
      let summands = place == 0 ? [product] + (bias.map { [$0] } ?? []) : [sum ?? product, product]
      sum =
        summands.count == 1
        ? product : try elementwise(.binary(.add), summands, sizes: sizes, around)
    }
    return sum ?? zeros(sizes, around)
  }

  /// The products of an input and a weight, summed over all axes of the input.
  private mutating func product(
    _ input: FlatView, _ weight: FlatView, sizes: [Int], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let (lanes, level) = (lanes(of: [input, weight], around), max(input.level, weight.level))
    let result = try makeArray(lanes: lanes, sizes: sizes, level: level, around)
    let summed = input.sizes.count
    let (kept, inner) = (weight.strides[summed...], weight.strides[..<summed])
    emit(
      .contraction(summed: summed), lanes: lanes, sizes: sizes + input.sizes,
      [
        operand(input, lanes, sizes.map { _ in 0 } + input.strides),
        operand(weight, lanes, Array(kept) + Array(inner)),
      ], [operand(result, lanes, result.strides + input.sizes.map { _ in 0 })], level: level,
      around)
    return result
  }

  private mutating func zeros(_ sizes: [Int], _ around: Surroundings) -> FlatView {
    sizes.reversed().reduce(constant(0, around)) { $0.repeated($1) }
  }

  /// An operation on the numbers at the same places of views of the same sizes.
  private mutating func elementwise(
    _ operation: ScalarOperation, _ views: [FlatView], sizes: [Int], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let (lanes, level) = (lanes(of: views, around), views.map(\.level).max() ?? 0)
    let result = try makeArray(lanes: lanes, sizes: sizes, level: level, around)
    emit(
      .elementwise([.init(operation, Array(views.indices))], results: [views.count]),
      lanes: lanes, sizes: sizes, views.map { operand($0, lanes, $0.strides) },
      [operand(result, lanes, result.strides)], level: level, around)
    return result
  }

  /// gelu(x · weight0 + bias0) · weight1 + bias1, where x is all inputs, flattened, one after the other.
  private mutating func perceptron(
    _ inputs: [FlatView], _ weights: [FlatView], _ shapes: [[Int]], _ around: Surroundings
  ) throws(InterpretationError) -> [FlatView] {
    let hidden = weights[1].sizes[0]
    var (terms, row): ([(FlatView, FlatView)], Int) = ([], 0)
    for input in inputs {
      let count = input.sizes.reduce(1, *)
      let rows = weights[0].slice(from: row, count: count)
      terms.append((input, rows.unflattened(input.sizes)))
      row += count
    }
    let layer = try affine(terms, weights[1], sizes: [hidden], around)
    let units = try elementwise(.unary(.gelu), [layer], sizes: [hidden], around)
    var (results, column): ([FlatView], Int) = ([], 0)
    for shape in shapes {
      let count = shape.reduce(1, *)
      let columns = weights[2].transposed().slice(from: column, count: count)
      let weight = columns.unflattened(shape).movingLastAxisToFront()
      let bias = weights[3].slice(from: column, count: count).unflattened(shape)
      results.append(try affine([(units, weight)], bias, sizes: shape, around))
      column += count
    }
    return results
  }

  /// The axes around a box as the diagram writes them, outermost first.
  private func axesAround(_ around: Surroundings, _ box: BoxID) -> [Size] {
    var axes: [Size] = []
    var region = regionsOfBoxes[box.index]
    while let owner = diagram.owner(of: region) {
      axes.append(diagram.operation(of: owner).axis ?? .zero)
      region = regionsOfBoxes[owner.index]
    }
    return axes.reversed()
  }
}

extension FlatView {
  /// Several axes in the place of the leading one, in row-major order; none when it has one position.
  fileprivate func unflattened(_ shape: [Int]) -> FlatView {
    var view = self
    view.sizes.removeFirst()
    let step = view.strides.removeFirst()
    view.sizes = shape + view.sizes
    view.strides = FlatView.denseStrides(shape).map { $0 * step } + view.strides
    return view
  }

  fileprivate func movingLastAxisToFront() -> FlatView {
    var view = self
    view.sizes.insert(view.sizes.removeLast(), at: 0)
    view.strides.insert(view.strides.removeLast(), at: 0)
    return view
  }
}
