extension FlatStep {
  /// The operands that this step, whose result another step reads, would have inside of that step: at the place
  /// that the reader reads, moving along the reader's axes.
  ///
  /// - Parameters:
  ///   - reader: how the other step reads the result.
  ///   - sizes: the reader's domain.
  ///   - isWhole: becomes whether the reader reads every element, and each once.
  /// - Returns: `nil` where the reader's axes are no axes of this step's domain, such as two merged into one.
  func inlined(
    in reader: FlatOperand, sizes readerSizes: [Int], isWhole: inout Bool
  ) -> [FlatOperand]? {
    guard outputs.count == 1, let output = outputs.first, reader.loops.allSatisfy({ $0 == 0 }),
      !sizes.contains(0), !readerSizes.contains(0)
    else { return nil }
    // For each axis of this step, the place that the reader starts from and the reader's axis along it.
    var rest = reader.offset - output.offset
    guard rest >= 0 else { return nil }
    var starts = sizes.map { _ in 0 }
    var sources: [Int?] = sizes.map { _ in nil }
    let axes = sizes.indices.filter { sizes[$0] > 1 }
    for axis in axes.sorted(by: { output.strides[$0] > output.strides[$1] }) {
      guard output.strides[axis] > 0 else { return nil }
      starts[axis] = rest / output.strides[axis]
      rest %= output.strides[axis]
    }
    guard rest == 0 else { return nil }
    for (axis, step) in reader.strides.enumerated() where step != 0 && readerSizes[axis] > 1 {
      guard let own = axes.first(where: { output.strides[$0] == step && sources[$0] == nil }),
        starts[own] + readerSizes[axis] <= sizes[own]
      else { return nil }
      sources[own] = axis
    }
    guard axes.allSatisfy({ starts[$0] < sizes[$0] }) else { return nil }
    isWhole =
      axes.allSatisfy { own in sources[own].map { readerSizes[$0] == sizes[own] } ?? false }
      && readerSizes.indices.allSatisfy { readerSizes[$0] == 1 || reader.strides[$0] != 0 }
    return inputs.map { input in
      var operand = FlatOperand(
        buffer: input.buffer, offset: input.offset, loops: input.loops,
        strides: readerSizes.map { _ in 0 })
      for own in axes {
        operand.offset += starts[own] * input.strides[own]
        if let axis = sources[own] { operand.strides[axis] += input.strides[own] }
      }
      return operand
    }
  }
}

/// Which steps write and read each buffer of a program.
struct BufferUses {
  /// The only step that writes a buffer; `nil` where there are several, or none.
  private(set) var writer: [Int?]
  /// The steps that read it, each once, in order.
  private(set) var readers: [[Int]]
  /// Whether a result of the diagram is a view of it.
  private(set) var isResult: [Bool]
  /// The frame of each step; -1 for steps that don't run.
  private(set) var frames: [Int]

  /// Nothing is known any more about how buffers are written.
  mutating func forgetWriters(of buffers: [Int]) {
    for buffer in buffers { writer[buffer] = nil }
  }

  init(_ program: FlatProgram) {
    writer = Array(repeating: nil, count: program.buffers.count)
    readers = Array(repeating: [], count: program.buffers.count)
    isResult = Array(repeating: false, count: program.buffers.count)
    frames = Array(repeating: -1, count: program.steps.count)
    for view in program.results { isResult[view.buffer] = true }
    var written = isResult.map { _ in false }
    for (frame, nodes) in program.frames.enumerated() {
      for case .step(let number) in nodes {
        frames[number] = frame
        let step = program.steps[number]
        for input in step.inputs where readers[input.buffer].last != number {
          readers[input.buffer].append(number)
        }
        for output in step.outputs {
          writer[output.buffer] = written[output.buffer] ? nil : number
          written[output.buffer] = true
        }
      }
    }
  }
}
