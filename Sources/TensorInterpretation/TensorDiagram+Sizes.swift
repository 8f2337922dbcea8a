import DiagramIR
import TensorKernels

extension TensorDiagram {
  /// What the shape variables are, read off the shapes of inputs; `nil` stands for an input that is not known.
  ///
  /// - Throws: `inputCount`, `inputRank`, `shapeConflict`; `openShapes` when one stays open.
  public func shapes(
    inputs: [Shape?]
  ) throws(InterpretationError) -> [ShapeVariable: [Int]] {
    var solver = ShapeSolver()
    for (wire, (name, shape)) in zip(diagram.domain, try named(inputs)) {
      if let shape { solver.require(diagram.type(of: wire), shape.sizes, input: name) }
    }
    try solver.solve()
    let open = diagram.shapeVariables.filter { solver.shapes[$0] == nil }
    guard open.isEmpty else { throw .openShapes(open.map(\.name)) }
    return solver.shapes
  }

  /// What the size variables are, read off what was given, the inputs and the parameters, in this order.
  ///
  /// Given sizes that don't occur in the diagram come back unchanged.
  ///
  /// - Parameters:
  ///   - given: sizes by name.
  ///   - inputs: the shapes of the inputs; `nil` stands for one that is not known.
  ///   - parameters: the shapes of parameters; keys that the diagram doesn't have are ignored.
  ///   - hiddenUnits: the width of the hidden layer of `learn` boxes.
  /// - Throws: `openSizes`, listing all that nothing determines, with what needs them; `sizeConflict`,
  ///   `negativeSize`, `inputCount`, `inputRank`, `parameterRank`, `openShapes`.
  public func sizes(
    given: [SizeVariable: Int] = [:], inputs: [Shape?], parameters: [String: Shape] = [:],
    hiddenUnits: Int = 64
  ) throws(InterpretationError) -> [SizeVariable: Int] {
    let shapeVariables = diagram.shapeVariables
    guard shapeVariables.isEmpty else { throw .openShapes(shapeVariables.map(\.name)) }
    var solver = SizeSolver()
    for (variable, value) in given.sorted(by: { $0.key < $1.key }) {
      try solver.assign(variable, value)
    }
    for (wire, (name, shape)) in zip(diagram.domain, try named(inputs)) {
      guard let shape else { continue }
      let type = diagram.type(of: wire)
      guard type.sizes.count == shape.rank else {
        throw .inputRank(input: name, type: type, found: shape.sizes)
      }
      for (axis, (size, found)) in zip(type.sizes, shape.sizes).enumerated() {
        solver.require(size, found, .input(name, axis: axis))
      }
    }
    try require(parameters, hiddenUnits, &solver)
    do { try solver.solve() } catch { throw namingReader(error) }
    let open = sizeVariables.filter { solver.values[$0] == nil }
    guard open.isEmpty else {
      throw .openSizes(open.map { OpenSize(name: $0.name, neededBy: firstUse(of: $0)) })
    }
    return solver.values
  }

  private func require(
    _ parameters: [String: Shape], _ hiddenUnits: Int, _ solver: inout SizeSolver
  ) throws(InterpretationError) {
    for declaration in try parameterList(hiddenUnits: hiddenUnits) {
      guard let shape = parameters[declaration.key] else { continue }
      guard shape.rank == declaration.shape.count else {
        throw .parameterRank(
          key: declaration.key, expected: declaration.shape, found: shape.sizes)
      }
      for (axis, (size, found)) in zip(declaration.shape, shape.sizes).enumerated() {
        solver.require(size, found, .parameter(declaration.key, axis: axis))
      }
    }
  }

  /// The error with the box that first reads the axis whose size contradicts.
  private func namingReader(_ error: InterpretationError) -> InterpretationError {
    guard case .sizeConflict(var conflict) = error,
      case .input(let name, let axis) = conflict.origin,
      let position = inputNames.firstIndex(of: name)
    else { return error }
    conflict.reader = firstReader(ofInput: position, axis: axis)
    return .sizeConflict(conflict)
  }

  private func named(_ inputs: [Shape?]) throws(InterpretationError) -> [(String, Shape?)] {
    let names = inputNames
    guard names.count == inputs.count else {
      throw .inputCount(expected: names, found: inputs.count)
    }
    return Array(zip(names, inputs))
  }

  /// The first box or wire that mentions a size; learned boxes before others, for their label says most.
  private func firstUse(of variable: SizeVariable) -> String {
    var (learned, other): (BoxID?, BoxID?)
    forEachBox { box, _ in
      let operation = diagram.operation(of: box)
      let ports = diagram.portTypes(of: box)
      guard
        operation.sizeVariables.contains(variable)
          || (ports.domain + ports.codomain).contains(where: { $0.sizeVariables.contains(variable) }
          )
      else { return }
      if case .learned = operation { learned = learned ?? box } else { other = other ?? box }
    }
    if let box = learned ?? other { return describe(box) }
    let wire = diagram.domain.first { diagram.type(of: $0).sizeVariables.contains(variable) }
    return wire.map { "\(describe($0)): \(diagram.type(of: $0))" } ?? "the diagram"
  }
}
