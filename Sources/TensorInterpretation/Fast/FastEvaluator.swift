import DiagramIR
import TensorKernels

/// Runs a plan: holds its memory and the arrays of its learned boxes.
///
/// All memory that kernels use is allocated when the evaluator is made; a run reads its inputs where they are, and
/// allocates only the arrays that it returns. Not for use by several threads at once; make one evaluator for each.
public final class FastEvaluator {
  /// What it runs.
  public let plan: FastPlan
  /// How many threads kernels may use; what they compute doesn't depend on it.
  public let workers: Workers
  /// How many blocks of memory were allocated for kernels since the evaluator was made.
  public private(set) var allocationCount = 0
  private let reals: KernelMemory
  private let indices: KernelMemory
  private let scratchMemory: KernelMemory
  /// Parameters as the kernels of some steps read them.
  private let packed: PackedParameters
  /// Where each buffer starts; inputs, and results that are written where they are returned, during a run only.
  private var places: [UnsafeMutableRawPointer]
  /// Which step each open loop is at.
  private var steps: [Int]

  /// Allocates the memory of a plan and copies the parameters there.
  ///
  /// - Throws: `missingParameters`, `parameterRank`, `sizeConflict`.
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
    allocationCount = 3
    let (reals, indices) = (reals.start, indices.start)
    places = zip(plan.buffers, plan.layout.offsets).map { buffer, offset in
      buffer.isIndex
        ? indices + offset * MemoryLayout<Int>.stride : reals + offset * MemoryLayout<Float>.stride
    }
    packed = PackedParameters(plan, level: workers.level)
    fillConstants(parameters)
    packed.pack { real($0) }
  }

  private var scratch: UnsafeMutablePointer<Float> { scratchMemory.array(of: Float.self) }

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
    _ = try plan.function.sizes(
      given: plan.sizes, inputs: inputs.map { Optional($0.shape) },
      hiddenUnits: plan.hiddenUnits)
    try plan.function.check(inputs, sizes: plan.sizes)
    return try reading(inputs, from: 0)
  }

  /// Runs the plan where inputs from a position on are still to be given a place: the arrays that hold them.
  private func reading(
    _ inputs: [Value<Float>], from position: Int
  ) throws(InterpretationError) -> [Value<Float>] {
    guard position < inputs.count else { return try writing(from: 0) }
    switch inputs[position] {
    case .real(let tensor):
      return try tensor.elements.withUnsafeBufferPointer {
        elements throws(InterpretationError) in
        setPlace(of: position, to: elements.baseAddress)
        return try reading(inputs, from: position + 1)
      }
    case .index(let tensor):
      return try tensor.elements.withUnsafeBufferPointer {
        elements throws(InterpretationError) in
        setPlace(of: position, to: elements.baseAddress)
        return try reading(inputs, from: position + 1)
      }
    }
  }

  /// An input's buffer is the one of its position, and no kernel writes to it.
  private func setPlace<Element>(of buffer: Int, to start: UnsafePointer<Element>?) {
    guard let start else { return }
    places[buffer] = UnsafeMutableRawPointer(mutating: start)
  }

  /// Runs the plan where results from a position on are still to be given a place; returns those.
  private func writing(from position: Int) throws(InterpretationError) -> [Value<Float>] {
    guard position < plan.results.count else {
      try run(frame: 0)
      return []
    }
    let result = plan.results[position]
    guard result.isWrittenInPlace else {
      let rest = try writing(from: position + 1)
      return [try value(result)] + rest
    }
    var (rest, fault): ([Value<Float>], InterpretationError?) = ([], nil)
    let elements = [Float](unsafeUninitializedCapacity: result.shape.elementCount) {
      target, count in
      setPlace(of: result.access.buffer, to: UnsafePointer(target.baseAddress))
      do throws(InterpretationError) {
        rest = try writing(from: position + 1)
        count = target.count
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    do { return [.real(try Tensor(shape: result.shape, elements: elements))] + rest } catch {
      throw .kernel(box: "a result", error)
    }
  }

  private func run(frame: Int) throws(InterpretationError) {
    for node in plan.frames[frame] {
      switch node {
      case .command(let command): try run(command)
      case .loop(let count, let level, let body):
        for step in 0..<count {
          steps[level] = step
          try run(frame: body)
        }
      }
    }
  }

  private func value(_ result: FastPlan.Result) throws(InterpretationError) -> Value<Float> {
    do throws(TensorError) {
      if result.isIndex {
        return .index(
          try Tensor(shape: result.shape, elements: elements(result, index(result.access))))
      }
      return .real(try Tensor(shape: result.shape, elements: elements(result, real(result.access))))
    } catch {
      throw .kernel(box: "a result", error)
    }
  }

  private func elements<Element: BitwiseCopyable>(
    _ result: FastPlan.Result, _ start: UnsafeMutablePointer<Element>
  ) -> [Element] {
    Array(unsafeUninitializedCapacity: result.shape.elementCount) { target, count in
      if let base = target.baseAddress { result.copy.run(start, base, workers: workers) }
      count = result.shape.elementCount
    }
  }
}

// MARK: - Kernels

extension FastEvaluator {
  private func start<Element>(
    _ access: FastPlan.Access, _ type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    var offset = access.offset
    for (level, stride) in access.loops.enumerated() { offset += stride * steps[level] }
    return places[access.buffer].assumingMemoryBound(to: type) + offset
  }

  private func real(_ access: FastPlan.Access) -> UnsafeMutablePointer<Float> {
    start(access, Float.self)
  }

  private func index(_ access: FastPlan.Access) -> UnsafeMutablePointer<Int> {
    start(access, Int.self)
  }

  private func run(_ command: FastPlan.Command) throws(InterpretationError) {
    let arrays = command.arrays
    switch command.kernel {
    case .elementwise(let program):
      withPointers(arrays) { program.run($0, scratch: scratch, workers: workers) }
    case .streaming(let kernel):
      withPointers(arrays) { kernel.run($0, scratch: scratch, workers: workers) }
    case .fold(let kernel): kernel.run(real(arrays[0]), real(arrays[1]), workers: workers)
    case .contraction(let kernel):
      kernel.run(
        real(arrays[0]), real(arrays[1]), real(arrays[2]), scratch: scratch,
        packed: packed[command.step], workers: workers)
    case .copy(let kernel): kernel.run(real(arrays[0]), real(arrays[1]), workers: workers)
    case .copyIndices(let kernel): kernel.run(index(arrays[0]), index(arrays[1]), workers: workers)
    case .position(let kernel):
      kernel.run(index(arrays[0]), real(arrays[1]), workers: workers) { Float($0) }
    case .gather(let kernel, let rowCount, let box):
      let fault = kernel.run(real(arrays[0]), index(arrays[1]), real(arrays[2]))
      guard let fault else { return }
      throw .kernel(
        box: plan.boxes[box],
        .indexOutOfRange(
          operation: "gather", position: fault.step, index: fault.index, size: rowCount))
    case .order(let kernel): kernel.run(real(arrays[0]), index(arrays[1]))
    }
  }

  private func withPointers(
    _ arrays: [FastPlan.Access],
    _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>) -> Void
  ) {
    withUnsafeTemporaryAllocation(
      of: UnsafeMutablePointer<Float>.self, capacity: arrays.count
    ) { pointers in
      for (place, access) in arrays.enumerated() {
        pointers.initializeElement(at: place, to: real(access))
      }
      body(pointers)
    }
  }
}
