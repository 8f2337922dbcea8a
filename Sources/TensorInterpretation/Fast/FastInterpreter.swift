import DiagramIR
import TensorKernels

/// Evaluates diagrams in single precision with the fast engine: plans, allocates and runs.
///
/// Gives what `Interpreter<Float>` gives, up to rounding. Where one diagram is evaluated often at the same
/// sizes, a `FastPlan` is planned once.
public struct FastInterpreter: Sendable {
  /// Sizes that are given; others are read off the inputs and parameters.
  public var sizes: [SizeVariable: Int]
  /// The arrays of learned boxes; those that a diagram doesn't need are ignored.
  public var parameters: Parameters<Float>
  /// The width of the hidden layer of `learn` boxes.
  public var hiddenUnits: Int
  /// The most elements of an array, of the arrays of one level together, and the most lanes of a box.
  public var elementLimit: Int
  /// How many threads kernels may use.
  public var workers: Workers
  /// The fewest elements of an array of scores that is streamed rather than stored.
  public var leastStreamed = FastPlan.leastStreamed

  /// An interpreter with these sizes and parameters.
  public init(
    sizes: [SizeVariable: Int] = [:], parameters: Parameters<Float> = Parameters(),
    hiddenUnits: Int = 64, elementLimit: Int = Shape.largestElementCount,
    workers: Workers = Workers(1)
  ) {
    self.sizes = sizes
    self.parameters = parameters
    self.hiddenUnits = hiddenUnits
    self.elementLimit = elementLimit
    self.workers = workers
  }

  /// An evaluator for inputs of the shapes of these.
  ///
  /// - Throws: `InterpretationError`.
  public func evaluator(
    _ function: TensorDiagram, inputs: [Value<Float>]
  ) throws(InterpretationError) -> FastEvaluator {
    let shapes = inputs.map { Optional($0.shape) }
    let function = try function.instantiating(function.shapes(inputs: shapes))
    let missing = parameters.missing(for: try function.parameterList(hiddenUnits: hiddenUnits))
    guard missing.isEmpty else { throw .missingParameters(missing) }
    let sizes = try function.sizes(
      given: sizes, inputs: shapes, parameters: parameters.shapes, hiddenUnits: hiddenUnits)
    try function.check(inputs, sizes: sizes)
    let plan = try FastPlan(
      function, sizes: sizes, hiddenUnits: hiddenUnits, elementLimit: elementLimit,
      leastStreamed: leastStreamed)
    return try FastEvaluator(plan, parameters: parameters, workers: workers)
  }

  /// The results of a diagram, in the order of its codomain.
  ///
  /// - Throws: `InterpretationError`.
  public func run(
    _ function: TensorDiagram, inputs: [Value<Float>]
  ) throws(InterpretationError) -> [Value<Float>] {
    try evaluator(function, inputs: inputs).run(inputs)
  }
}
