import TensorKernels

extension FlatProgram {
  /// Turns arrays that a streamed step multiplies with its rows, so that what is summed lies side by side.
  ///
  /// A tile reads a few columns at all places of the depth. Where places of the depth are far apart, those reads
  /// share few lines of the cache, and push each other out of it. An array that nothing else reads may as well
  /// be written the other way round.
  mutating func turnStreamedColumns() {
    let uses = BufferUses(self)
    for number in steps.indices where uses.frames[number] >= 0 {
      guard case .streamed(let program) = steps[number].operation else { continue }
      for case .product(_, let array, let depth) in program.tiles {
        turn(array, depth, of: number, uses)
      }
    }
  }

  private mutating func turn(_ array: Int, _ depth: Int, of number: Int, _ uses: BufferUses) {
    guard case .streamed(var program) = steps[number].operation else { return }
    let buffer = steps[number].inputs[array].buffer
    let moves = program.arrays[array]
    let columns = moves.depth
    guard moves.column == 1, columns > 1, moves.row == 0, buffers[buffer].source == .steps,
      !program.reads(array, deeperThan: depth),
      !uses.isResult[buffer], uses.readers(of: buffer) == [number],
      let writer = uses.writer[buffer],
      steps[number].inputs.count(where: { $0.buffer == buffer }) == 1,
      case .contraction = steps[writer].operation,
      let turned = turned(steps[writer].outputs[0], of: writer, columns: columns, depth),
      steps[number].inputs[array].isTurnable(columns: columns, depth: depth)
    else { return }
    steps[writer].outputs[0] = turned
    let columnAxis = steps[number].sizes.count - 1
    steps[number].inputs[array].strides[columnAxis] = depth
    program.arrays[array].column = depth
    program.arrays[array].depth = 1
    steps[number].operation = .streamed(program)
  }

  /// What a step writes, with columns and depth turned; `nil` where they aren't an axis each, the last ones.
  private func turned(
    _ output: FlatOperand, of writer: Int, columns: Int, _ depth: Int
  ) -> FlatOperand? {
    let sizes = steps[writer].sizes
    let moving = sizes.indices.filter { output.strides[$0] != 0 && sizes[$0] > 1 }
    let inner = moving.filter { output.strides[$0] < columns * depth }
    guard output.offset % (columns * depth) == 0, inner.count == 2,
      let column = inner.first(where: { output.strides[$0] == 1 && sizes[$0] == columns }),
      let place = inner.first(where: { output.strides[$0] == columns && sizes[$0] == depth }),
      output.isTurnable(columns: columns, depth: depth)
    else { return nil }
    var turned = output
    turned.strides[column] = depth
    turned.strides[place] = 1
    return turned
  }
}

extension StreamingProgram {
  /// Whether a sum over more places than these reads an array.
  fileprivate func reads(_ array: Int, deeperThan depth: Int) -> Bool {
    tiles.contains { value in
      switch value {
      case .product(let rows, let columns, let places):
        places > depth && (rows == array || columns == array)
      case .depthSum(let places, let body):
        places > depth && body.contains { $0.sources.contains(.array(array)) }
      case .apply, .load, .exponential: false
      }
    }
  }
}

extension FlatOperand {
  /// Whether whole matrices of columns and depth lie one after the other, apart from the two axes inside.
  fileprivate func isTurnable(columns: Int, depth: Int) -> Bool {
    let size = columns * depth
    return offset % size == 0 && loops.allSatisfy { $0 % size == 0 }
      && strides.allSatisfy { $0 % size == 0 || $0 == 1 || $0 == columns }
  }
}
