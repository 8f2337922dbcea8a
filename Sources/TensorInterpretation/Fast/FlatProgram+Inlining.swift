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
    guard outputs.count == 1, !sizes.contains(0), !readerSizes.contains(0),
      let match = AxisMatch(outputs[0], sizes[...], reader, readerSizes)
    else { return nil }
    isWhole = match.isWhole(sizes, reader, readerSizes)
    return inputs.map { match.moved($0, axisCount: readerSizes.count) }
  }
}

/// Which steps write and read each buffer of a program.
struct BufferUses {
  /// The only step that writes a buffer; `nil` where there are several, or none.
  private(set) var writer: [Int?]
  /// Whether a result of the diagram is a view of it.
  private(set) var isResult: [Bool]
  /// The frame of each step; -1 for steps that don't run.
  private(set) var frames: [Int]
  /// The readers of all buffers, one buffer after the other.
  private var readers: [Int] = []
  /// Where each buffer's readers start.
  private var readerStarts: [Int]

  /// The steps that read a buffer, each once, in order.
  func readers(of buffer: Int) -> ArraySlice<Int> {
    readers[readerStarts[buffer]..<readerStarts[buffer + 1]]
  }

  /// Nothing is known any more about how buffers are written.
  mutating func forgetWriters(of buffers: [Int]) {
    for buffer in buffers { writer[buffer] = nil }
  }

  init(_ program: FlatProgram) {
    let count = program.buffers.count
    writer = Array(repeating: nil, count: count)
    isResult = Array(repeating: false, count: count)
    frames = Array(repeating: -1, count: program.steps.count)
    readerStarts = Array(repeating: 0, count: count + 1)
    for view in program.results { isResult[view.buffer] = true }
    var written = isResult.map { _ in false }
    for (frame, nodes) in program.frames.enumerated() {
      for case .step(let number) in nodes {
        frames[number] = frame
        for output in program.steps[number].outputs {
          writer[output.buffer] = written[output.buffer] ? nil : number
          written[output.buffer] = true
        }
      }
    }
    addReaders(program)
  }

  private mutating func addReaders(_ program: FlatProgram) {
    Self.forEachRead(program) { buffer, _ in readerStarts[buffer + 1] += 1 }
    for buffer in readerStarts.indices.dropFirst() {
      readerStarts[buffer] += readerStarts[buffer - 1]
    }
    var ends = readerStarts
    readers = Array(repeating: 0, count: readerStarts.last ?? 0)
    Self.forEachRead(program) { buffer, number in
      readers[ends[buffer]] = number
      ends[buffer] += 1
    }
  }

  /// Goes through the buffers that steps read, each once for a step.
  private static func forEachRead(_ program: FlatProgram, _ body: (Int, Int) -> Void) {
    for nodes in program.frames {
      for case .step(let number) in nodes {
        let inputs = program.steps[number].inputs
        for place in inputs.indices {
          let buffer = inputs[place].buffer
          var earlier = 0
          while inputs[earlier].buffer != buffer { earlier += 1 }
          if earlier == place { body(buffer, number) }
        }
      }
    }
  }
}
