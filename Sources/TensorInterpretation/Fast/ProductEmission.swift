import DiagramIR
import TensorKernels

/// Turns an order of products into steps.
struct ProductEmission {
  let sum: SumOfProducts
  let factors: [SumOfProducts.Factor]
  /// Factors that are numbers.
  let scalars: [SumOfProducts.Factor]
  let order: ContractionOrder
  /// The step that is replaced.
  let root: FlatStep
  /// The boxes of the steps that are written out.
  let innerBoxes: [BoxID]
  private(set) var steps: [FlatStep] = []
  /// The arrays that are there, each a product of factors only.
  private(set) var made: [Made]
  /// The buffers that are new, numbered from `firstBuffer` on.
  private(set) var buffers: [FlatBuffer] = []
  private let firstBuffer: Int
  private let level: Int
  private let scaled: Int?
  private var isScaled = false

  /// An array that was made, over the axes of its sum.
  struct Made {
    let pattern: ProductPattern
    let operand: FlatOperand
  }

  init(
    _ sum: SumOfProducts, _ factors: [SumOfProducts.Factor], _ scalars: [SumOfProducts.Factor],
    _ order: ContractionOrder, root: FlatStep, innerBoxes: [BoxID], present: [Made],
    firstBuffer: Int, level: Int
  ) {
    (self.sum, self.factors, self.scalars) = (sum, factors, scalars)
    (self.order, self.root, self.innerBoxes) = (order, root, innerBoxes)
    (self.firstBuffer, self.level, made) = (firstBuffer, level, present)
    scaled = scalars.isEmpty ? nil : Self.smallest(sum, order)
  }

  private var last: Int { order.nodes.count - 1 }

  /// Emits all steps; the last writes the result of the step that is replaced.
  mutating func run() {
    var target = root.outputs[0]
    target.strides = target.strides.prefix(sum.kept) + Array(repeating: 0, count: summedCount)
    emit(last, to: target)
    for place in steps.indices {
      steps[place].boxes = place == steps.count - 1 ? root.boxes : innerBoxes
    }
  }

  private var summedCount: Int { sum.sizes.count - sum.kept }

  /// Where numbers are multiplied in: at the smallest array, the result if it is one of those.
  private static func smallest(_ sum: SumOfProducts, _ order: ContractionOrder) -> Int {
    var (best, least) = (order.nodes.count - 1, sum.count(sum.keptAxes))
    for (place, node) in order.nodes.enumerated().dropLast() where sum.count(node.axes) < least {
      if node.factors & order.inverse == 0 { (best, least) = (place, sum.count(node.axes)) }
    }
    return best
  }

  /// Emits what makes a node.
  ///
  /// - Parameter target: where it goes; the axes of the target may be more than the node has.
  private mutating func emit(_ node: Int, to target: FlatOperand) {
    guard node == scaled else { return emitUnscaled(node, to: target) }
    let axes = sum.axes(of: target)
    var current = array(axes, as: target)
    if let plain = plain(node) {
      current = plain
    } else {
      emitUnscaled(node, to: current)
    }
    isScaled = true
    for (place, scalar) in scalars.enumerated() {
      let next = place == scalars.count - 1 ? target : array(axes, as: target)
      let operation: ScalarOperation = .binary(scalar.isInverse ? .div : .mul)
      add(
        .elementwise([.init(operation, [0, 1])], results: [2]), axes, [current, scalar.operand],
        next)
      current = next
    }
  }

  /// The operand of a node that is there without a step.
  private func plain(_ place: Int) -> FlatOperand? {
    let node = order.nodes[place]
    if case .factor(let factor) = node.kind { return factors[factor].operand }
    // Nothing that is there has numbers in it.
    if let scaled, place > scaled, order.nodes[scaled].factors & ~node.factors == 0 { return nil }
    for known in made {
      guard let occurrence = known.pattern.occurrence(in: sum, factors),
        occurrence.set == node.factors, occurrence.image(known.pattern.axes) == node.axes
      else { continue }
      var operand = known.operand
      operand.strides = sum.sizes.map { _ in 0 }
      for (own, image) in occurrence.images {
        operand.strides[image] = known.operand.strides[own]
      }
      return operand
    }
    return nil
  }

  private mutating func emitUnscaled(_ node: Int, to target: FlatOperand) {
    let axes = order.nodes[node].axes
    let all = axes | sum.axes(of: target)
    switch order.nodes[node].kind {
    case .factor(let factor): add(.copy, all, [factors[factor].operand], target)
    case .fold(let part): emitFold(part, to: target, axes)
    case .product(let a, let b): emitProduct(a, b, to: target, axes)
    case .quotient(let a, let b):
      let inputs = [
        operand(a, inside: target, with: b),
        operand(b, inside: target, with: a),
      ]
      add(.elementwise([.init(.binary(.div), [0, 1])], results: [2]), all, inputs, target)
    }
    if !isScaled { remember(node, target) }
  }

  private mutating func remember(_ node: Int, _ operand: FlatOperand) {
    let set = order.nodes[node].factors
    let own = factors.indices.filter { set & 1 << UInt32($0) != 0 }
    let pattern = ProductPattern(
      sum: sum, factors: own.map { factors[$0] }, axes: order.nodes[node].axes)
    made.append(Made(pattern: pattern, operand: operand))
  }

  private mutating func emitProduct(
    _ a: Int, _ b: Int, to target: FlatOperand, _ axes: UInt64
  ) {
    let inputs = [
      operand(a, inside: target, with: b),
      operand(b, inside: target, with: a),
    ]
    let domain = order.nodes[a].axes | order.nodes[b].axes | sum.axes(of: target)
    let summed = domain & ~axes & ~sum.axes(of: target)
    if summed == 0 {
      add(.elementwise([.init(.binary(.mul), [0, 1])], results: [2]), domain, inputs, target)
    } else {
      let inner = ordered(summed, by: inputs.map(\.strides))
      add(
        .contraction(summed: inner.count), domain & ~summed, inputs, target,
        summed: inner)
    }
  }

  /// Sums along one axis after the other, the longest first.
  private mutating func emitFold(
    _ part: Int, to target: FlatOperand, _ axes: UInt64
  ) {
    var current = operand(part, inside: target, with: nil)
    var rest = order.nodes[part].axes & ~axes
    var open = order.nodes[part].axes
    while rest != 0 {
      let axis = bits(rest).max { sum.sizes[$0] < sum.sizes[$1] } ?? 0
      rest &= ~(1 << UInt64(axis))
      open &= ~(1 << UInt64(axis))
      let next = rest == 0 ? target : array(open, as: target)
      add(
        .fold(.sum), rest == 0 ? open | sum.axes(of: target) : open, [current], next,
        summed: [axis])
      current = next
    }
  }

  /// The array of a part: made now, unless it is there.
  private mutating func operand(
    _ node: Int, inside target: FlatOperand, with other: Int?
  ) -> FlatOperand {
    if node != scaled, let plain = plain(node) { return plain }
    let array = array(layout(node, inside: target, with: other))
    emit(node, to: array)
    return array
  }

  private mutating func add(
    _ operation: FlatOperation, _ axes: UInt64, _ inputs: [FlatOperand], _ target: FlatOperand,
    summed: [Int] = []
  ) {
    let domain = ordered(axes, by: [target.strides]) + summed
    func placed(_ operand: FlatOperand) -> FlatOperand {
      FlatOperand(
        buffer: operand.buffer, offset: operand.offset, loops: operand.loops,
        strides: domain.map { operand.strides[$0] })
    }
    steps.append(
      FlatStep(
        operation: operation, sizes: domain.map { sum.sizes[$0] }, inputs: inputs.map(placed),
        outputs: [placed(target)]))
  }
}

// MARK: - Layout

extension ProductEmission {
  private func bits(_ axes: UInt64) -> [Int] {
    sum.sizes.indices.filter { axes & 1 << UInt64($0) != 0 }
  }

  /// The axes, those of larger strides first.
  private func ordered(_ axes: UInt64, by strides: [[Int]]) -> [Int] {
    bits(axes).sorted { a, b in
      for list in strides where list[a] != list[b] { return list[a] > list[b] }
      return a < b
    }
  }

  /// A new array over axes in the order of those of another.
  private mutating func array(_ axes: UInt64, as other: FlatOperand) -> FlatOperand {
    array(ordered(axes, by: [other.strides]))
  }

  private mutating func array(_ layout: [Int]) -> FlatOperand {
    let sizes = layout.map { sum.sizes[$0] }
    buffers.append(
      FlatBuffer(
        count: Int.productSaturating(sizes), isIndex: false, source: .steps, level: level))
    var strides = sum.sizes.map { _ in 0 }
    for (axis, stride) in zip(layout, FlatView.denseStrides(sizes)) { strides[axis] = stride }
    return FlatOperand(
      buffer: firstBuffer + buffers.count - 1, offset: 0, loops: [], strides: strides)
  }

  /// In which order the axes of a part lie best: those of a batch outermost; the innermost is that of the result,
  /// or else the one that is summed.
  private func layout(_ node: Int, inside target: FlatOperand, with other: Int?) -> [Int] {
    let own = order.nodes[node].axes
    let others = other.map { order.nodes[$0].axes } ?? 0
    let results = ordered(own & sum.axes(of: target), by: [target.strides])
    let batch = results.filter { others & 1 << UInt64($0) != 0 }
    let rest = results.filter { others & 1 << UInt64($0) == 0 }
    let summed = bits(own & ~sum.axes(of: target))
    let innermost = ordered(sum.axes(of: target), by: [target.strides]).last
    return rest.last == innermost ? batch + summed + rest : batch + rest + summed
  }
}
