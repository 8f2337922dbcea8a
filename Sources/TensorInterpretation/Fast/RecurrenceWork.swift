import TensorKernels

extension RecurrenceProgram {
  /// Flops for each column in each step.
  var flopsPerPlace: Int {
    steps.reduce(0) { flops, instruction in
      let terms = instruction.rows.multipliedSaturating(by: instruction.depth)
      return flops.addedSaturating(terms.multipliedSaturating(by: instruction.function.flops))
    }
  }

  /// The functions that it applies, by name, each once, in order.
  var functions: [String] {
    var names: [String] = []
    for name in steps.flatMap(\.function.names) where !names.contains(name) { names.append(name) }
    return names
  }

  /// How many elements of each array it uses in a step's column.
  var rowsOfArrays: [Int] {
    var counts: [Int: Int] = [:]
    for instruction in first + steps + last {
      for operand in instruction.inputs + [instruction.output] {
        guard case .array(let number) = operand.place else { continue }
        let rows = operand.row == 0 ? 1 : instruction.rows
        let terms = operand.depth == 0 ? 1 : instruction.depth
        counts[number] = rows.multipliedSaturating(by: terms)
      }
    }
    return (0..<counts.count).map { counts[$0] ?? 1 }
  }
}

extension RecurrenceProgram.Function {
  /// Flops for each term.
  fileprivate var flops: Int {
    switch self {
    case .apply, .sum, .largest: 1
    case .multiplyAdd, .sumOfProducts: 2
    case .copy: 0
    }
  }

  /// By the names of the boxes that compute them.
  fileprivate var names: [String] {
    switch self {
    case .apply(let operation): [operation.name]
    case .multiplyAdd: ["mul", "add"]
    case .sumOfProducts: ["mul", "sum"]
    case .sum: ["sum"]
    case .largest: ["max"]
    case .copy: []
    }
  }
}
