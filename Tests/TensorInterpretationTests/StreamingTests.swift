import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Streaming folds of scores")
struct StreamingTests {
  /// A diagram, compared with the reference in double precision.
  struct Form {
    let source: Source
    let function: TensorDiagram

    init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      source = Source(text, sourceLocation: sourceLocation)
      function = try source.function()
    }

    func interpreter(least: Int = 0, workers: Workers = Workers(1)) -> FastInterpreter {
      var interpreter = FastInterpreter(workers: workers)
      interpreter.leastStreamed = least
      return interpreter
    }

    func plan(_ sizes: [String: Int], least: Int = 0) throws -> FastPlan {
      try FastPlan(function, sizes: sized(sizes), leastStreamed: least)
    }

    /// The largest relative difference from the reference.
    func difference(_ sizes: [String: Int], seed: UInt64 = 1) throws -> Double {
      let sizes = sized(sizes)
      let parameters = try Parameters<Float>(
        random: function.parameterList(), sizes: sizes, seed: seed)
      let inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: seed)
      let expected = try Interpreter<Double>(
        environment: source.environment, sizes: sizes,
        parameters: FastLibraryTests.converted(parameters)
      ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      var interpreter = interpreter()
      (interpreter.parameters, interpreter.sizes) = (parameters, sizes)
      return try FastLibraryTests.difference(function, interpreter, inputs, expected)
    }
  }

  static let attention =
    "diagram f(q: [n k], k: [m k], v: [m e]) -> [n e] { simd n(q) { s = simd m(k) { "
    + "div(dot(q, k), sqrt(size k)) }\n weighted_sum(softmax(s), v) } }"

  @Test("Softmax attention is one kernel besides those that don't depend on the scores' number")
  func softmax() throws {
    let form = try Form(Self.attention)
    let plan = try form.plan(["n": 70, "m": 90, "k": 5, "e": 7])
    #expect(plan.streamingCount == 1)
    for sizes in [
      [1, 1, 1, 1], [2, 3, 17, 1], [31, 257, 3, 2], [257, 31, 17, 31], [17, 70, 2, 8],
    ] {
      let sizes = ["n": sizes[0], "m": sizes[1], "k": sizes[2], "e": sizes[3]]
      #expect(try form.difference(sizes) <= 1e-5, "\(sizes)")
    }
  }
}
