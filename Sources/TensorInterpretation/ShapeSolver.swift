import DiagramIR

/// Solves shape variables from the shapes of inputs.
struct ShapeSolver {
  private struct Equation {
    let input: String
    let type: WireType
    let found: [Int]
  }

  /// What is known.
  private(set) var shapes: [ShapeVariable: [Int]] = [:]
  private var inputs: [ShapeVariable: String] = [:]
  private var pending: [Equation] = []

  /// Requires an array of this shape to fit a type.
  mutating func require(_ type: WireType, _ found: [Int], input: String) {
    pending.append(Equation(input: input, type: type, found: found))
  }

  /// Looks at the equations until nothing more follows.
  ///
  /// - Throws: `inputRank`, `shapeConflict`.
  mutating func solve() throws(InterpretationError) {
    var count = -1
    while count != pending.count {
      count = pending.count
      let waiting = pending
      pending = []
      for equation in waiting {
        if try !isSettled(equation) { pending.append(equation) }
      }
    }
  }

  /// The ranks of all but one variable fix the rank of the last, and with it what each of them is.
  private mutating func isSettled(_ equation: Equation) throws(InterpretationError) -> Bool {
    let variables = equation.type.shapeVariables
    let open = variables.filter { shapes[$0] == nil }
    guard Set(open).count <= 1 else { return false }
    let known = variables.reduce(equation.type.sizes.count) { $0 + (shapes[$1]?.count ?? 0) }
    let rest = equation.found.count - known
    guard rest >= 0, open.isEmpty ? rest == 0 : rest % open.count == 0 else {
      throw .inputRank(input: equation.input, type: equation.type, found: equation.found)
    }
    var axes = equation.found[...]
    for dimension in equation.type.shape {
      guard case .shape(let variable) = dimension else {
        axes = axes.dropFirst()
        continue
      }
      let rank = shapes[variable]?.count ?? rest / max(1, open.count)
      try bind(variable, Array(axes.prefix(rank)), equation.input)
      axes = axes.dropFirst(rank)
    }
    return true
  }

  private mutating func bind(
    _ variable: ShapeVariable, _ sizes: [Int], _ input: String
  ) throws(InterpretationError) {
    guard let first = shapes[variable], let firstInput = inputs[variable] else {
      shapes[variable] = sizes
      inputs[variable] = input
      return
    }
    guard first == sizes else {
      throw .shapeConflict(
        variable: variable.name, input: input, found: sizes, firstInput: firstInput, first: first)
    }
  }
}
