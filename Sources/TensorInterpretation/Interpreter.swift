import DiagramIR
import TensorKernels

/// The reference interpreter: the meaning of a diagram as a function of arrays, computed box by box.
///
/// Written to be obviously right, as the oracle for everything faster. Uses of other diagrams are unfolded; the
/// boxes of a level run one after the other; `simd` runs its body lane by lane on slices, `scan` passes its
/// states on. Nothing is allocated before all sizes are known and within the limit.
///
/// ```
/// let interpreter = Interpreter<Double>(environment: environment, parameters: weights)
/// let results = try interpreter.run(definition.diagram, inputs: [.real(x)])
/// ```
///
/// - Complexity: time linear in the boxes times the lanes that they run in, and in the elements that they
///   read and write; memory linear in the elements of the wires of one body on each level.
public struct Interpreter<Scalar: RealScalar>: Sendable {
  /// The declarations that diagrams refer to.
  public var environment: Environment
  /// Sizes that are given; others are read off the inputs and parameters.
  public var sizes: [SizeVariable: Int]
  /// The arrays of learned boxes; those that a diagram doesn't need are ignored.
  public var parameters: Parameters<Scalar>
  /// The width of the hidden layer of `learn` boxes.
  public var hiddenUnits: Int
  /// The most elements of an array, of the arrays of one level together, and the most lanes of a box.
  public var elementLimit: Int

  /// An interpreter with these declarations, sizes and parameters.
  public init(
    environment: Environment, sizes: [SizeVariable: Int] = [:],
    parameters: Parameters<Scalar> = Parameters(), hiddenUnits: Int = 64,
    elementLimit: Int = Shape.largestElementCount
  ) {
    self.environment = environment
    self.sizes = sizes
    self.parameters = parameters
    self.hiddenUnits = hiddenUnits
    self.elementLimit = elementLimit
  }

  /// The results of a named diagram, in the order of its codomain.
  ///
  /// - Throws: `InterpretationError`.
  public func run(
    _ definition: Definition, inputs: [Value<Scalar>]
  ) throws(InterpretationError) -> [Value<Scalar>] {
    try run(definition.diagram, inputs: inputs)
  }

  /// The results of a diagram, in the order of its codomain.
  ///
  /// - Throws: `InterpretationError`.
  public func run(
    _ diagram: Diagram, inputs: [Value<Scalar>]
  ) throws(InterpretationError) -> [Value<Scalar>] {
    try run(TensorDiagram(diagram, in: environment), inputs: inputs)
  }

  /// The results of a diagram that is unfolded already.
  ///
  /// - Throws: `InterpretationError`.
  public func run(
    _ function: TensorDiagram, inputs: [Value<Scalar>]
  ) throws(InterpretationError) -> [Value<Scalar>] {
    var tally = EvaluationTally()
    return try run(function, inputs: inputs, tally: &tally)
  }

  /// The results of a diagram that is unfolded already, and what it took.
  ///
  /// - Parameter tally: becomes what the evaluation did; `DiagramCost` says what counts.
  /// - Throws: `InterpretationError`.
  public func run(
    _ function: TensorDiagram, inputs: [Value<Scalar>], tally: inout EvaluationTally
  ) throws(InterpretationError) -> [Value<Scalar>] {
    let shapes = inputs.map { Optional($0.shape) }
    let function = try function.instantiating(function.shapes(inputs: shapes))
    let declarations = try function.parameterList(hiddenUnits: hiddenUnits)
    let missing = parameters.missing(for: declarations)
    guard missing.isEmpty else { throw .missingParameters(missing) }
    let sizes = try function.sizes(
      given: sizes, inputs: shapes, parameters: parameters.shapes, hiddenUnits: hiddenUnits)
    try function.check(inputs, sizes: sizes)
    let plan = try EvaluationPlan(
      function, sizes: sizes, parameters: parameters, hiddenUnits: hiddenUnits,
      elementLimit: elementLimit)
    tally = EvaluationTally()
    tally.hold(inputs.reduce(0) { $0 + $1.shape.elementCount })
    return try plan.run(function.diagram.root, inputs, lanes: [], &tally)
  }
}

extension TensorDiagram {
  /// Checks that inputs hold real numbers or indices as their types say, and no index outside its axis.
  func check<Scalar>(
    _ inputs: [Value<Scalar>], sizes: [SizeVariable: Int]
  ) throws(InterpretationError) {
    for ((wire, name), value) in zip(zip(diagram.domain, inputNames), inputs) {
      let type = diagram.type(of: wire)
      switch (type.indexedSize, value) {
      case (nil, .real): continue
      case (let axis?, .index(let tensor)):
        let size = try sizes.value(axis, what: "input '\(name)'")
        for (position, index) in tensor.elements.enumerated()
        where index < 0 || index >= size {
          throw .inputIndex(input: name, position: position, index: index, size: size)
        }
      default: throw .inputElement(input: name, type: type)
      }
    }
  }
}
