import DiagramIR
import TensorKernels

extension Lowering {
  /// A box of the tensor theory.
  mutating func lower(
    _ symbol: Symbol, _ box: BoxID, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    if let function = functions[diagram.operationID(of: box).index] {
      return try elementwise(function, inputs, around)
    }
    let shape = resultShapes(of: box).first ?? []
    switch (symbol.name, inputs.count) {
    case ("sum", 1): return try fold(.sum, inputs[0], around)
    case ("mean", 1): return try fold(.mean, inputs[0], around)
    case ("max", 1): return try fold(.max, inputs[0], around)
    case ("concat", 2): return try concatenation(inputs, shape, around)
    case ("iota", 0): return counting(shape.first ?? 0, isIndex: false, around)
    case ("indices", 0): return counting(shape.first ?? 0, isIndex: true, around)
    case ("position", 1): return try position(inputs[0], around)
    case ("order", 1): return try order(inputs[0], around)
    case ("gather", 2), ("reindex", 2): return try gather(inputs, box, around)
    default: return try axes(symbol, inputs, shape, around)
    }
  }

  /// The boxes that only look at an array in another way.
  private mutating func axes(
    _ symbol: Symbol, _ inputs: [FlatView], _ shape: [Int], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    guard let view = inputs.first else { throw .noMeaning(symbol) }
    switch symbol.name {
    case "transpose": return view.transposed()
    case "repeat": return view.repeated(shape[0])
    case "reverse": return view.reversed()
    case "take": return view.slice(from: 0, count: shape[0])
    case "drop": return view.slice(from: view.sizes[0] - shape[0], count: shape[0])
    case "split": return view.split(shape[0], shape[1])
    case "merge":
      if let merged = view.merged() { return merged }
      let dense = try materialized(view, around)
      return dense.merged() ?? dense
    default: throw .noMeaning(symbol)
    }
  }

  private mutating func elementwise(
    _ operation: ScalarOperation, _ inputs: [FlatView], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let (lanes, level) = (lanes(of: inputs, around), inputs.map(\.level).max() ?? 0)
    let result = try makeArray(lanes: lanes, sizes: [], level: level, around)
    let instruction = ElementwiseProgram.Instruction(operation, Array(inputs.indices))
    emit(
      .elementwise([instruction], results: [inputs.count]), lanes: lanes, sizes: [],
      inputs.map { operand($0, lanes, []) }, [operand(result, lanes, [])], level: level, around)
    return result
  }

  private mutating func fold(
    _ function: FoldFunction, _ view: FlatView, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let lanes = lanes(of: [view], around)
    let rest = Array(view.sizes.dropFirst())
    let result = try makeArray(lanes: lanes, sizes: rest, level: view.level, around)
    emit(
      .fold(function), lanes: lanes, sizes: rest + [view.sizes[0]],
      [operand(view, lanes, Array(view.strides.dropFirst()) + [view.strides[0]])],
      [operand(result, lanes, result.strides + [0])], level: view.level, around)
    return result
  }

  private mutating func concatenation(
    _ inputs: [FlatView], _ shape: [Int], _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let (lanes, level) = (lanes(of: inputs, around), inputs.map(\.level).max() ?? 0)
    let result = try makeArray(lanes: lanes, sizes: shape, level: level, around)
    var place = 0
    for view in inputs {
      let part = result.slice(from: place, count: view.sizes[0])
      copy(view, to: part, lanes: lanes, level: level, around)
      place += view.sizes[0]
    }
    return result
  }

  /// Indices as real numbers.
  mutating func position(
    _ view: FlatView, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let lanes = lanes(of: [view], around)
    let result = try makeArray(lanes: lanes, sizes: view.sizes, level: view.level, around)
    emit(
      .position, lanes: lanes, sizes: view.sizes, [operand(view, lanes, view.strides)],
      [operand(result, lanes, result.strides)], level: view.level, around)
    return result
  }

  private mutating func order(
    _ view: FlatView, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let lanes = lanes(of: [view], around)
    let result = try makeArray(
      lanes: lanes, sizes: view.sizes, level: view.level, isIndex: true, around)
    emit(
      .order(
        count: view.sizes[0], stride: view.strides[0], resultStride: result.strides[0]),
      lanes: lanes, sizes: [], [operand(view, lanes, [])], [operand(result, lanes, [])],
      level: view.level, around)
    return result
  }

  private mutating func gather(
    _ inputs: [FlatView], _ box: BoxID, _ around: Surroundings
  ) throws(InterpretationError) -> FlatView {
    let (table, indices) = (inputs[0], inputs[1])
    let (lanes, level) = (lanes(of: inputs, around), max(table.level, indices.level))
    let rest = Array(table.sizes.dropFirst())
    let shape = indices.sizes + rest
    let result = try makeArray(lanes: lanes, sizes: shape, level: level, around)
    emit(
      .gather(rowCount: table.sizes[0], rowStride: table.strides[0], box: box),
      lanes: lanes, sizes: shape,
      [
        operand(table, lanes, indices.sizes.map { _ in 0 } + table.strides.dropFirst()),
        operand(indices, lanes, indices.strides + rest.map { _ in 0 }),
      ], [operand(result, lanes, result.strides)], level: level, around)
    return result
  }
}
