import DiagramIR
import TensorKernels

/// Runs a plan: holds its memory and the arrays of its learned boxes.
///
/// All memory that kernels use is allocated when the evaluator is made; a run reads its inputs where they are, and
/// allocates only the arrays that it returns, or nothing when it is given those. Not for use by several threads at
/// once; make one evaluator for each.
///
/// ```
/// var results = try evaluator.run(first)
/// try evaluator.run(second, into: &results)
/// ```
public final class FastEvaluator {
  /// What it runs.
  public let plan: FastPlan
  /// How many threads kernels may use; what they compute doesn't depend on it.
  public let workers: Workers
  /// Parameters as the kernels of some steps read them.
  let packed: PackedParameters
  /// Room for where the arrays of a command start.
  let starts: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  /// Where each buffer starts; inputs, and results that are written where they are returned, during a run only.
  var places: [UnsafeMutableRawPointer]
  /// Which step each open loop is at.
  var steps: [Int]
  private let reals: KernelMemory
  private let indices: KernelMemory
  private let scratchMemory: KernelMemory
  /// What stands in the place of a result while it is written.
  let absent = Value<Float>.real(Tensor(repeating: 0, shape: .scalar))

  /// Allocates the memory of a plan, copies the parameters there, and computes what depends on parameters and
  /// constants alone.
  ///
  /// - Throws: `missingParameters`, `parameterRank`, `sizeConflict`; `kernel`, where it is what every run would throw.
  public init(
    _ plan: FastPlan, parameters: Parameters<Float>, workers: Workers = Workers(1)
  ) throws(InterpretationError) {
    let declarations = try plan.function.parameterList(hiddenUnits: plan.hiddenUnits)
    let missing = parameters.missing(for: declarations)
    guard missing.isEmpty else { throw .missingParameters(missing) }
    _ = try plan.function.sizes(
      given: plan.sizes, inputs: plan.function.diagram.domain.map { _ in nil },
      parameters: parameters.shapes, hiddenUnits: plan.hiddenUnits)
    self.plan = plan
    self.workers = workers
    steps = Array(repeating: 0, count: plan.loopDepth)
    reals = KernelMemory(size: plan.layout.realCount * MemoryLayout<Float>.stride)
    indices = KernelMemory(size: plan.layout.indexCount * MemoryLayout<Int>.stride)
    scratchMemory = KernelMemory(size: plan.scratchSize * workers.count)
    starts = .allocate(capacity: max(1, plan.largestArrayCount))
    let (reals, indices) = (reals.start, indices.start)
    places = zip(plan.buffers, plan.layout.offsets).map { buffer, offset in
      buffer.isIndex
        ? indices + offset * MemoryLayout<Int>.stride : reals + offset * MemoryLayout<Float>.stride
    }
    packed = PackedParameters(plan, level: workers.level)
    fillConstants(parameters)
    try runOnce()
    packed.pack { real($0) }
  }

  deinit { starts.deallocate() }

  var scratch: UnsafeMutablePointer<Float> { scratchMemory.array(of: Float.self) }

  private func fillConstants(_ parameters: Parameters<Float>) {
    let reals = reals.array(of: Float.self)
    let indices = indices.array(of: Int.self)
    for (place, buffer) in plan.buffers.enumerated() {
      let offset = plan.layout.offsets[place]
      switch buffer.source {
      case .number(let value): reals[offset] = value
      case .counting where buffer.isIndex:
        for count in 0..<buffer.count { indices[offset + count] = count }
      case .counting:
        for count in 0..<buffer.count { reals[offset + count] = Float(count) }
      case .parameter(let key):
        fill(reals + offset, parameters[key]?.elements ?? [], buffer.count)
      case .input, .steps: continue
      }
    }
  }

  private func fill<Element>(
    _ target: UnsafeMutablePointer<Element>, _ elements: [Element], _ count: Int
  ) {
    elements.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      target.update(from: start, count: min(count, source.count))
    }
  }

  /// The results for some inputs, in the order of the diagram's codomain.
  ///
  /// - Throws: `inputCount`, `inputRank`, `sizeConflict` for inputs that don't fit the plan's sizes;
  ///   `inputElement`, `inputIndex`; `kernel`.
  public func run(_ inputs: [Value<Float>]) throws(InterpretationError) -> [Value<Float>] {
    var results: [Value<Float>] = []
    try run(inputs, into: &results)
    return results
  }

  /// Writes the results for some inputs, in the order of the diagram's codomain, into arrays of an earlier run.
  ///
  /// An array of a result's shape is written over where nothing else holds it; in the place of others comes a new
  /// one. Where all are written over and kernels use one thread, nothing is allocated.
  ///
  /// - Parameter results: anything before; what they hold after an error isn't specified.
  /// - Throws: as `run(_:)`.
  public func run(
    _ inputs: [Value<Float>], into results: inout [Value<Float>]
  ) throws(InterpretationError) {
    try check(inputs)
    try prepare(&results)
    try read(inputs, from: 0, &results)
  }
}
