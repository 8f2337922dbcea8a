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

  /// How many bytes a run takes, known before anything is made; 0 where that isn't known.
  func memorySize(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> Int
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

  func memorySize(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> Int {
    // Where the polynomials exceed 64 bits, the limits of arrays decide.
    guard let cost = try? DiagramCost(function, hiddenUnits: hiddenUnits) else { return 0 }
    var most = 0
    for count in cost.peakMemory {
      most = max(most, ((try? count.value(sizes)) ?? nil) ?? .max)
    }
    let (bytes, overflow) = most.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    return overflow ? .max : bytes
  }
}

/// The fast engine, on two threads.
struct FastEngine: EvaluationEngine {
  static let laneLimit = FastPlan.laneLimit

  /// Is given the plan before it runs.
  var explaining: (FastPlan) -> Void = { _ in }

  func run(
    _ function: TensorDiagram, _ inputs: [Value<Float>], _ setting: EvaluationSetting<Float>
  ) throws(InterpretationError) -> [Value<Float>] {
    let evaluator = try FastInterpreter(
      sizes: setting.sizes, parameters: setting.parameters, hiddenUnits: setting.hiddenUnits,
      workers: Workers(2)
    ).evaluator(function, inputs: inputs)
    explaining(evaluator.plan)
    return try evaluator.run(inputs)
  }

  func memorySize(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> Int {
    let summary = try FastPlan(function, sizes: sizes, hiddenUnits: hiddenUnits).summary
    return summary.buffers.reduce(summary.memorySize) { bytes, buffer in
      buffer.place == nil ? bytes.addingReportingOverflow(buffer.size).partialValue : bytes
    }
  }
}
