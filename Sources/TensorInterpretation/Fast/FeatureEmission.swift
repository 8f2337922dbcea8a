import TensorKernels

/// The steps that compute a polynomial of products of features, and the sums that read it.
struct FeatureEmission {
  private let program: FlatProgram
  /// Sums of one polynomial.
  private let products: [FeatureProduct]
  /// What comes in the place of each step.
  private(set) var replacements: [Int: [FlatStep]] = [:]
  /// Those that are new, numbered from `firstBuffer` on.
  private(set) var buffers: [FlatBuffer] = []
  private let firstBuffer: Int
  private var steps: [FlatStep] = []
  private var dots: [FeatureProduct.Dot: FlatOperand] = [:]

  init(_ products: [FeatureProduct], _ program: FlatProgram, firstBuffer: Int) {
    (self.products, self.program, self.firstBuffer) = (products, program, firstBuffer)
    let polynomial = products[0].polynomial
    let whole = products.first { $0.summary == nil }
    let target =
      whole.map { program.steps[$0.step].outputs[0].along(polynomial.sizes.indices.map { $0 }) }
      ?? array(polynomial.sizes)
    emit(polynomial, to: target)
    for product in products where product.summary != nil { sum(product, target) }
    let first = products.map(\.step).min() ?? 0
    replacements[first] = steps + replacements[first, default: []]
    for product in products where replacements[product.step] == nil {
      replacements[product.step] = []
    }
  }

  var work: KernelWork {
    replacements.keys.sorted().flatMap { replacements[$0, default: []] }.reduce(KernelWork()) {
      $0 + $1.work { _ in MemoryLayout<Float>.stride }
    }
  }

  private mutating func array(_ sizes: [Int]) -> FlatOperand {
    buffers.append(
      FlatBuffer(count: Int.productSaturating(sizes), isIndex: false, source: .steps))
    return FlatOperand(
      buffer: firstBuffer + buffers.count - 1, offset: 0, loops: [],
      strides: FlatView.denseStrides(sizes))
  }

  private mutating func emit(_ polynomial: FeatureProduct.Polynomial, to target: FlatOperand) {
    let sizes = polynomial.sizes
    var total: FlatOperand?
    for (place, term) in polynomial.terms.enumerated() {
      let isLast = place == polynomial.terms.count - 1
      let parts = term.dots.map { dot($0, sizes) }
      if let sum = total {
        let value = product(term.factors, parts, sizes, to: nil)
        total = apply(.add, sum, value, sizes, to: isLast ? target : nil)
      } else {
        total = product(term.factors, parts, sizes, to: isLast ? target : nil)
      }
    }
  }

  private mutating func dot(_ dot: FeatureProduct.Dot, _ sizes: [Int]) -> FlatOperand {
    if let known = dots[dot] { return known }
    let result = array(sizes)
    var output = result
    output.strides.append(0)
    append(.contraction(summed: 1), sizes + [dot.count], [dot.a, dot.b], output)
    dots[dot] = result
    return result
  }

  /// The product of numbers, and then of sums.
  private mutating func product(
    _ factors: [FlatOperand], _ parts: [FlatOperand], _ sizes: [Int], to target: FlatOperand?
  ) -> FlatOperand {
    let factors = factors.filter { !isOne($0) }
    let still = factors.filter { $0.strides.allSatisfy { $0 == 0 } }
    var all = parts + factors.filter { $0.strides.contains { $0 != 0 } }
    if let first = still.first {
      var number = first
      for other in still.dropFirst() { number = apply(.mul, number, other, [], to: nil) }
      number.strides = sizes.map { _ in 0 }
      all.append(number)
    }
    guard var result = all.first else { return copy(one(sizes), sizes, to: target) }
    for (place, factor) in all.enumerated().dropFirst() {
      result = apply(.mul, result, factor, sizes, to: place == all.count - 1 ? target : nil)
    }
    return all.count > 1 ? result : copy(result, sizes, to: target)
  }

  private mutating func one(_ sizes: [Int]) -> FlatOperand {
    buffers.append(FlatBuffer(count: 1, isIndex: false, source: .number(1)))
    return FlatOperand(
      buffer: firstBuffer + buffers.count - 1, offset: 0, loops: [], strides: sizes.map { _ in 0 })
  }

  private func isOne(_ operand: FlatOperand) -> Bool {
    guard operand.buffer < program.buffers.count else { return false }
    return program.buffers[operand.buffer].source == .number(1)
  }

  /// The operand, or where a copy of it goes.
  private mutating func copy(
    _ operand: FlatOperand, _ sizes: [Int], to target: FlatOperand?
  ) -> FlatOperand {
    guard let target else { return operand }
    append(.copy, sizes, [operand], target)
    return target
  }

  private mutating func apply(
    _ function: BinaryFunction, _ a: FlatOperand, _ b: FlatOperand, _ sizes: [Int],
    to target: FlatOperand?
  ) -> FlatOperand {
    let result = target ?? array(sizes)
    func over(_ operand: FlatOperand) -> FlatOperand {
      var operand = operand
      operand.strides = Array(operand.strides.prefix(sizes.count))
      return operand
    }
    let isSquare = a == b
    append(
      .elementwise(
        [.init(.binary(function), isSquare ? [0, 0] : [0, 1])], results: [isSquare ? 1 : 2]),
      sizes, isSquare ? [over(a)] : [over(a), over(b)], result)
    return result
  }

  private mutating func append(
    _ operation: FlatOperation, _ sizes: [Int], _ inputs: [FlatOperand], _ output: FlatOperand
  ) {
    let boxes = program.steps[products[0].step].boxes
    steps.append(
      FlatStep(
        operation: operation, sizes: sizes, inputs: inputs, outputs: [output], boxes: boxes))
  }

  /// The polynomial, times values if there are any, summed.
  private mutating func sum(_ product: FeatureProduct, _ polynomial: FlatOperand) {
    guard let summary = product.summary else { return }
    var step = program.steps[product.step]
    step.sizes[step.sizes.count - 1] = summary.count
    var weights = polynomial
    weights.strides = product.axes.map { $0.map { polynomial.strides[$0] } ?? 0 }
    step.inputs = [weights]
    if let values = summary.values {
      step.inputs.append(values)
    } else {
      step.operation = .fold(.sum)
    }
    step.boxes = program.steps[summary.step].boxes + step.boxes
    replacements[product.step] = [step]
  }
}
