/// How the axes of an array lie along those of a step that reads it.
struct AxisMatch {
  /// For each axis of the array, where the reader starts.
  private var starts: [Int]
  /// For each axis of the array, the reader's axis along it.
  private(set) var sources: [Int?]

  /// - Parameters:
  ///   - output: how the array is written.
  ///   - sizes: of the axes along which it is, none of them 0.
  ///   - reader: how the step reads it.
  ///   - readerSizes: the step's domain.
  /// - Returns: `nil` where the reader's axes are no axes of the array, such as two merged into one.
  init?(
    _ output: FlatOperand, _ sizes: ArraySlice<Int>, _ reader: FlatOperand, _ readerSizes: [Int]
  ) {
    let rest = reader.offset - output.offset
    guard rest >= 0, reader.loops.allSatisfy({ $0 == 0 }),
      sizes.indices.allSatisfy({ sizes[$0] == 1 || output.strides[$0] > 0 })
    else { return nil }
    starts = Array(repeating: 0, count: sizes.count)
    sources = Array(repeating: nil, count: sizes.count)
    guard rest == 0 || start(at: rest, output, sizes) else { return nil }
    for (axis, step) in reader.strides.enumerated() where step != 0 && readerSizes[axis] > 1 {
      let own = sizes.indices.first {
        sizes[$0] > 1 && output.strides[$0] == step && sources[$0] == nil
      }
      guard let own, starts[own] + readerSizes[axis] <= sizes[own] else { return nil }
      sources[own] = axis
    }
  }

  /// Splits what lies between the array's first element and the reader's into positions along the axes.
  private mutating func start(
    at offset: Int, _ output: FlatOperand, _ sizes: ArraySlice<Int>
  ) -> Bool {
    var rest = offset
    let axes = sizes.indices.filter { sizes[$0] > 1 }
    for axis in axes.sorted(by: { output.strides[$0] > output.strides[$1] }) {
      starts[axis] = rest / output.strides[axis]
      rest %= output.strides[axis]
    }
    return rest == 0 && axes.allSatisfy { starts[$0] < sizes[$0] }
  }

  /// Whether the reader reads every element, and each once.
  func isWhole(_ sizes: [Int], _ reader: FlatOperand, _ readerSizes: [Int]) -> Bool {
    for (own, size) in sizes.enumerated() where size > 1 {
      guard let axis = sources[own], readerSizes[axis] == size else { return false }
    }
    return readerSizes.indices.allSatisfy { readerSizes[$0] == 1 || reader.strides[$0] != 0 }
  }

  /// What an operand of the step that writes the array is inside of the reader, whose domain has so many axes.
  func moved(_ operand: FlatOperand, axisCount: Int) -> FlatOperand {
    var moved = FlatOperand(
      buffer: operand.buffer, offset: operand.offset, loops: operand.loops,
      strides: Array(repeating: 0, count: axisCount))
    for own in sources.indices {
      moved.offset += starts[own] * operand.strides[own]
      if let axis = sources[own] { moved.strides[axis] += operand.strides[own] }
    }
    return moved
  }
}
