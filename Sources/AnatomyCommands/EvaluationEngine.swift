import DiagramIR
import Foundation
import TensorInterpretation
import TensorKernels

/// The engines that `--engine` names.
enum EngineKind: String {
  case fast
  case reference
}

/// What an engine needs beside a plan and inputs.
struct EvaluationSetting<Scalar: RealScalar> {
  let environment: Environment
  let parameters: Parameters<Scalar>
}

/// Something that evaluates diagrams.
protocol EvaluationEngine<Scalar> {
  associatedtype Scalar: RealScalar
  /// What is known of a diagram at sizes before anything is made that grows with them.
  associatedtype Plan

  /// The most lanes in which a box may run.
  static var laneLimit: Int { get }

  func plan(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> Plan

  /// How many bytes a run takes; 0 where that isn't known.
  func memorySize(_ plan: Plan) -> Int

  func run(
    _ plan: Plan, _ inputs: [Value<Scalar>], _ setting: EvaluationSetting<Scalar>
  ) throws(InterpretationError) -> [Value<Scalar>]
}

/// The reference interpreter, in either precision.
struct ReferenceEngine<Scalar: RealScalar>: EvaluationEngine {
  struct Plan {
    let function: TensorDiagram
    let sizes: [SizeVariable: Int]
    let hiddenUnits: Int
  }

  static var laneLimit: Int { Shape.largestElementCount }

  func plan(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> Plan {
    Plan(function: function, sizes: sizes, hiddenUnits: hiddenUnits)
  }

  func memorySize(_ plan: Plan) -> Int {
    // Where the polynomials exceed 64 bits, the limits of arrays decide.
    guard let cost = try? DiagramCost(plan.function, hiddenUnits: plan.hiddenUnits) else {
      return 0
    }
    var most = 0
    for count in cost.peakMemory {
      most = max(most, ((try? count.value(plan.sizes)) ?? nil) ?? .max)
    }
    let (bytes, overflow) = most.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    return overflow ? .max : bytes
  }

  func run(
    _ plan: Plan, _ inputs: [Value<Scalar>], _ setting: EvaluationSetting<Scalar>
  ) throws(InterpretationError) -> [Value<Scalar>] {
    try Interpreter(
      environment: setting.environment, sizes: plan.sizes, parameters: setting.parameters,
      hiddenUnits: plan.hiddenUnits
    ).run(plan.function, inputs: inputs)
  }
}

/// The fast engine, on as many threads as the machine has processors, up to sixteen: each has scratch memory of its
/// own, and kernels of most diagrams aren't worth more parts.
struct FastEngine: EvaluationEngine {
  static let laneLimit = FastPlan.laneLimit
  private static let mostThreads = 16

  /// Is given the plan before it runs.
  var explaining: (FastPlan) -> Void = { _ in }

  func plan(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int], hiddenUnits: Int
  ) throws(InterpretationError) -> FastPlan {
    try FastPlan(function, sizes: sizes, hiddenUnits: hiddenUnits)
  }

  func memorySize(_ plan: FastPlan) -> Int {
    let (bytes, overflow) = (plan.memorySize + plan.packedSize)
      .addingReportingOverflow(plan.outsideSize)
    return overflow ? .max : bytes
  }

  func run(
    _ plan: FastPlan, _ inputs: [Value<Float>], _ setting: EvaluationSetting<Float>
  ) throws(InterpretationError) -> [Value<Float>] {
    let threads = min(ProcessInfo.processInfo.activeProcessorCount, Self.mostThreads)
    let evaluator = try FastEvaluator(
      plan, parameters: setting.parameters, workers: Workers(threads))
    explaining(plan)
    return try evaluator.run(inputs)
  }
}
