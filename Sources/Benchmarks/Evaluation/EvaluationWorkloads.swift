import Dispatch
import Synchronization
import TensorInterpretation
import TensorKernels

/// What is measured of the fast engine besides mechanisms: single kernels, and planning.
public enum EvaluationWorkloads {
  /// The workloads, on so many threads. Counts are floating-point operations of products, elements of the
  /// others, and boxes that are planned. The size of the limit of products is how often its loop runs.
  public static func all(threads: Int) -> [Workload] {
    [
      Workload("product-limit", [10_000_000]) { limit(steps: $0, threads) },
      Workload("product", [256, 512, 1024, 2048]) { product($0, threads) },
      Workload("softmax", [256, 1024, 4096]) { size in
        evaluation("x: [n m]", "[n m]", "row_softmax(x)", ["n": size, "m": size], threads)
      },
      Workload("elementwise", [10_000, 100_000, 1_000_000, 10_000_000]) { size in
        evaluation(
          "x: [n], y: [n]", "[n]", "simd n(x, y) { tanh(add(mul(x, y), exp(neg(x)))) }",
          ["n": size], threads)
      },
      Workload("plan", [10, 100, 1000]) { planning(layers: $0) },
    ]
  }

  /// The loop that gives the limit of products, on as many threads at once.
  private static func limit(steps: Int, _ threads: Int) -> () -> Int {
    {
      let operations = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        operations.add(FeatureLevel.best.runPeakLoop(steps: steps), ordering: .relaxed)
      }
      return operations.load(ordering: .relaxed)
    }
  }

  /// A product of square matrices, without what an evaluation does around it.
  private static func product(_ size: Int, _ threads: Int) -> () -> Int {
    let kernel = ContractionKernel(
      sizes: [size, size, size], strides: [[size, 0, 1], [0, 1, size], [size, 1, 0]], summed: 1,
      isAdding: false)
    let workers = Workers(threads)
    let arrays = FloatArrays(
      counts: [size * size, size * size, size * size, kernel.scratchCount * workers.count])
    return {
      kernel.run(
        arrays[0], arrays[1], arrays[2], scratch: arrays[3], workers: workers)
      return 2 * size * size * size
    }
  }

  /// A diagram evaluated on random arrays.
  private static func evaluation(
    _ inputs: String, _ output: String, _ body: String, _ sizes: [String: Int], _ threads: Int
  ) -> () -> Int {
    let text = "diagram measured(\(inputs)) -> \(output) { \(body) }\n"
    guard let function = TextBesideLibrary(text).function("measured"),
      let diagram = try? EvaluatedDiagram(function, sizes: sizes, threads: threads)
    else { return { 0 } }
    return diagram.run
  }

  /// Planning a stack of layers of a transformer, one box a use of everything that a layer does.
  private static func planning(layers: Int) -> () -> Int {
    let uses = (0..<layers).map { "  x\($0 + 1) = transformer_encoder_layer(x\($0)) as l\($0)" }
    let text = """
      import transformer

      diagram stack(x0: [n d]) -> [n d] {
      \(uses.joined(separator: "\n"))
        x\(layers)
      }

      """
    guard let function = TextBesideLibrary(text).function("stack") else { return { 0 } }
    let sizes = ["n": 128, "d": 64, "h": 4, "k": 16, "f": 256]
    let boxes = function.diagram.boxCount
    return {
      let plan = try? FastPlan(
        function, sizes: .init(uniqueKeysWithValues: sizes.map { (.init($0), $1) }))
      return plan == nil ? 0 : boxes
    }
  }
}

/// Arrays for a kernel, filled with random numbers.
private final class FloatArrays {
  private let memory: [KernelMemory]

  init(counts: [Int]) {
    var source = TensorKernels.RandomSource(seed: 0)
    memory = counts.map { count in
      let memory = KernelMemory(size: count * MemoryLayout<Float>.stride)
      for place in 0..<count {
        memory.array(of: Float.self)[place] = Float(source.uniform()) - 0.5
      }
      return memory
    }
  }

  subscript(place: Int) -> UnsafeMutablePointer<Float> { memory[place].array(of: Float.self) }
}
