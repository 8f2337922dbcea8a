import DiagramIR
import TensorInterpretation
import TensorKernels

/// The engines that `--engine` names.
enum EngineKind: String {
  case fast
  case reference
}

/// What an engine needs beside a diagram and its inputs.
struct EvaluationSetting<Scalar: RealScalar> {
  let environment: Environment
  let sizes: [SizeVariable: Int]
  let parameters: Parameters<Scalar>
  let hiddenUnits: Int
}

/// Something that evaluates diagrams.
protocol EvaluationEngine<Scalar> {
  associatedtype Scalar: RealScalar

  /// The most lanes in which a box may run.
  static var laneLimit: Int { get }

  func run(
    _ function: TensorDiagram, _ inputs: [Value<Scalar>], _ setting: EvaluationSetting<Scalar>
  ) throws(InterpretationError) -> [Value<Scalar>]
}

/// The reference interpreter, in either precision.
struct ReferenceEngine<Scalar: RealScalar>: EvaluationEngine {
  static var laneLimit: Int { Shape.largestElementCount }

  func run(
    _ function: TensorDiagram, _ inputs: [Value<Scalar>], _ setting: EvaluationSetting<Scalar>
  ) throws(InterpretationError) -> [Value<Scalar>] {
    try Interpreter(
      environment: setting.environment, sizes: setting.sizes, parameters: setting.parameters,
      hiddenUnits: setting.hiddenUnits
    ).run(function, inputs: inputs)
  }
}

/// The fast engine, on two threads.
struct FastEngine: EvaluationEngine {
  static let laneLimit = FastPlan.laneLimit

  func run(
    _ function: TensorDiagram, _ inputs: [Value<Float>], _ setting: EvaluationSetting<Float>
  ) throws(InterpretationError) -> [Value<Float>] {
    try FastInterpreter(
      sizes: setting.sizes, parameters: setting.parameters, hiddenUnits: setting.hiddenUnits,
      workers: Workers(2)
    ).run(function, inputs: inputs)
  }
}
