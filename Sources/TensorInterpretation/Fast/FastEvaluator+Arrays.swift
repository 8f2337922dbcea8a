import DiagramIR
import TensorKernels

// MARK: - Inputs

extension FastEvaluator {
  /// Refuses inputs that don't fit the plan; makes lists only for those.
  func check(_ inputs: [Value<Float>]) throws(InterpretationError) {
    guard !plan.accepts(inputs) else { return }
    _ = try plan.function.sizes(
      given: plan.sizes, inputs: inputs.map { Optional($0.shape) },
      hiddenUnits: plan.hiddenUnits)
    try plan.function.check(inputs, sizes: plan.sizes)
  }

  /// Runs the plan where inputs from a position on are still to be given a place: the arrays that hold them.
  func read(
    _ inputs: [Value<Float>], from position: Int, _ results: inout [Value<Float>]
  ) throws(InterpretationError) {
    guard position < inputs.count else { return try write(from: 0, &results) }
    switch inputs[position] {
    case .real(let tensor):
      try tensor.elements.withUnsafeBufferPointer { elements throws(InterpretationError) in
        setPlace(of: position, to: elements.baseAddress)
        try read(inputs, from: position + 1, &results)
      }
    case .index(let tensor):
      try tensor.elements.withUnsafeBufferPointer { elements throws(InterpretationError) in
        setPlace(of: position, to: elements.baseAddress)
        try read(inputs, from: position + 1, &results)
      }
    }
  }

  /// An input's buffer is the one of its position, and no kernel writes to it.
  private func setPlace<Element>(of buffer: Int, to start: UnsafePointer<Element>?) {
    guard let start else { return }
    places[buffer] = UnsafeMutableRawPointer(mutating: start)
  }
}

extension FastPlan {
  /// Whether inputs have the shapes of the plan and hold what their types say.
  fileprivate func accepts(_ inputs: [Value<Float>]) -> Bool {
    guard inputs.count == self.inputs.count else { return false }
    for (input, expected) in zip(inputs, self.inputs) where !expected.accepts(input) {
      return false
    }
    return true
  }
}

extension FastPlan.Input {
  fileprivate func accepts(_ value: Value<Float>) -> Bool {
    switch (value, indexedSize) {
    case (.real(let tensor), nil): return tensor.shape == shape
    case (.index(let tensor), let size?):
      return tensor.shape == shape && tensor.elements.allSatisfy { 0 <= $0 && $0 < size }
    default: return false
    }
  }
}

// MARK: - Results

extension FastEvaluator {
  /// Gives each result an array of its shape; what is in it doesn't matter.
  func prepare(_ results: inout [Value<Float>]) throws(InterpretationError) {
    if results.count != plan.results.count {
      results = Array(repeating: absent, count: plan.results.count)
    }
    for (position, result) in plan.results.enumerated() {
      switch results[position] {
      case .real(let tensor) where !result.isIndex && tensor.shape == result.shape: continue
      case .index(let tensor) where result.isIndex && tensor.shape == result.shape: continue
      default: results[position] = try Self.array(result)
      }
    }
  }

  private static func array(
    _ result: FastPlan.Result
  ) throws(InterpretationError) -> Value<Float> {
    do throws(TensorError) {
      return result.isIndex
        ? .index(try Tensor(shape: result.shape, elements: elements(result.shape.elementCount)))
        : .real(try Tensor(shape: result.shape, elements: elements(result.shape.elementCount)))
    } catch {
      throw .kernel(box: "a result", error)
    }
  }

  /// Elements that hold anything; a run writes every one.
  private static func elements<Element: BitwiseCopyable>(_ count: Int) -> [Element] {
    Array(unsafeUninitializedCapacity: count) { _, initializedCount in initializedCount = count }
  }

  /// Runs the plan where results from a position on are still to be given a place.
  private func write(
    from position: Int, _ results: inout [Value<Float>]
  ) throws(InterpretationError) {
    guard position < results.count else { return try run(frame: 0) }
    let result = plan.results[position]
    guard result.isWrittenInPlace else {
      try write(from: position + 1, &results)
      return copy(result, to: &results[position])
    }
    guard case .real(var tensor) = results[position] else { return }
    results[position] = absent
    try tensor.withUnsafeMutableElements { elements throws(InterpretationError) in
      setPlace(of: result.access.buffer, to: UnsafePointer(elements.baseAddress))
      try write(from: position + 1, &results)
    }
    results[position] = .real(tensor)
  }

  /// Copies a result from where kernels wrote it, or from what it is a view of.
  private func copy(_ result: FastPlan.Result, to value: inout Value<Float>) {
    switch value {
    case .real(var tensor):
      value = absent
      copy(result, from: real(result.access), to: &tensor)
      value = .real(tensor)
    case .index(var tensor):
      value = absent
      copy(result, from: index(result.access), to: &tensor)
      value = .index(tensor)
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ result: FastPlan.Result, from source: UnsafePointer<Element>, to tensor: inout Tensor<Element>
  ) {
    tensor.withUnsafeMutableElements { elements in
      guard let target = elements.baseAddress else { return }
      result.copy.run(source, target, workers: workers)
    }
  }
}
