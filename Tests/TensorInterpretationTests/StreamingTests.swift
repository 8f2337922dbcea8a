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

    func plan(_ sizes: [Int], least: Int = 0) throws -> FastPlan {
      try FastPlan(function, sizes: self.sizes(sizes), leastStreamed: least)
    }

    /// Sizes in the order n, m, k, e, h.
    func sizes(_ list: [Int]) -> [SizeVariable: Int] {
      let all = Dictionary(zip(["n", "m", "k", "e", "h"], list + [3])) { first, _ in first }
      return sized(all).filter { function.sizeVariables.contains($0.key) }
    }

    func interpreter(
      _ sizes: [SizeVariable: Int], seed: UInt64, _ workers: Workers = Workers(1)
    ) throws -> FastInterpreter {
      var interpreter = FastInterpreter(sizes: sizes, workers: workers)
      interpreter.leastStreamed = 0
      interpreter.parameters = try Parameters<Float>(
        random: function.parameterList(), sizes: sizes, seed: seed)
      return interpreter
    }

    /// The largest relative difference from the reference.
    func difference(_ list: [Int], workers: Workers = Workers(1)) throws -> Double {
      let sizes = sizes(list)
      let fast = try interpreter(sizes, seed: 1, workers)
      let inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: 1)
      let expected = try Interpreter<Double>(
        environment: source.environment, sizes: sizes,
        parameters: FastLibraryTests.converted(fast.parameters)
      ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      return try FastLibraryTests.difference(function, fast, inputs, expected)
    }
  }

  @Test("Each form is streamed, and agrees with the reference", arguments: 0..<27)
  func forms(_ place: Int) throws {
    #expect(StreamingForms.all.count == 27)
    let (name, text) = StreamingForms.all[place]
    let form = try Form(text)
    #expect(try form.plan([70, 90, 5, 7, 2]).streamingCount == 1, "\(name)")
    for sizes in [[1, 1, 1, 1, 1], [2, 3, 17, 1, 2], [3, 2, 2, 17, 1], [31, 67, 3, 5, 2]] {
      #expect(try form.difference(sizes) <= 1e-5, "\(name) at \(sizes)")
    }
    for level in FeatureLevel.available {
      let workers = Workers(1, level: level)
      #expect(try form.difference([17, 31, 2, 3, 2], workers: workers) <= 1e-5, "\(level)")
    }
  }

  @Test("Keys of which one product reads some places and another one more stay as they are")
  func sharedKeys() throws {
    let form = try Form(
      """
      diagram f(q: [n d+y*d], r: [n d], w: [1+y d c], h: [c m], v: [m e]) -> [n e] {
        keys = simd 1+y(w) { matmul(w, h) }
        a = matmul(r, merge(take<1, y>(keys)))
        b = matmul(q, merge(keys))
        s = simd n(a, b) { simd m(a, b) { add(a, b) } }
        matmul(row_softmax(s), v)
      }
      """)
    let sizes = sized(["n": 192, "y": 1, "d": 4, "c": 16, "m": 192, "e": 4])
    let fast = try form.interpreter(sizes, seed: 1)
    let inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 1)
    #expect(try fast.evaluator(form.function, inputs: inputs).plan.streamingCount == 1)
    var stored = fast
    stored.leastStreamed = .max
    #expect(try stored.evaluator(form.function, inputs: inputs).plan.streamingCount == 0)
    let expected = try stored.run(form.function, inputs: inputs)
    #expect(try FastLibraryTests.difference(form.function, fast, inputs, expected) <= 1e-5)
  }

  @Test("More rows than a block and more columns than a tile")
  func large() throws {
    for place in [0, 2, 7, 10, 11, 22, 23] {
      let (name, text) = StreamingForms.all[place]
      #expect(try Form(text).difference([70, 257, 3, 2]) <= 1e-5, "\(name)")
    }
    #expect(try Form(StreamingForms.all[0].text).difference([2, 17, 3, 33]) <= 1e-5)
  }

  @Test("An empty axis gives what the reference gives")
  func empty() throws {
    for place in [0, 2, 7, 16, 21] {
      let form = try Form(StreamingForms.all[place].text)
      for sizes in [[3, 0, 2, 2, 1], [0, 3, 2, 2, 1], [3, 2, 0, 2, 1], [3, 2, 2, 0, 1]] {
        #expect(try form.difference(sizes) <= 1e-5, "\(place) at \(sizes)")
      }
    }
  }

  @Test(
    "What else needs the scores' array is not streamed",
    arguments: [
      // The weights are a result.
      "diagram f(q: [n k], k: [m k], v: [m e]) -> [n e], [n m] { "
        + "w = row_softmax(matmul(q, transpose(k)))\n return matmul(w, v), w }",
      // Softmax along the other axis.
      "diagram f(q: [n k], k: [m k], v: [m e]) -> [n e] { "
        + "w = row_softmax(matmul(k, transpose(q)))\n matmul(transpose(w), v) }",
      // Weights of several heads are mixed before they are used: the scores and weights of each are stored.
      "diagram f(q: [h n k], k: [h m k], v: [h m e]) -> [h n e] { linear mix: [h] -> [h]\n"
        + "w = simd h(q, k) { row_softmax(matmul(q, transpose(k))) }\n"
        + "u = simd n(w = transpose(w)) { transpose(mix[m](transpose(w))) }\n"
        + "simd h(u = transpose(u), v) { matmul(u, v) } }",
    ])
  func nearMisses(_ text: String) throws {
    let form = try Form(text)
    let least = FastPlan.leastStreamed
    #expect(try form.plan([1024, 1024, 64, 64, 4], least: least).streamingCount == 0)
    #expect(try form.difference([3, 17, 2, 5, 2]) <= 1e-5)
  }

  @Test("Weights used twice are streamed once, and stored where one use can't be")
  func twice() throws {
    let form = try Form(
      "diagram f(q: [n k], k: [m k], v: [m e]) -> [n e], [m] { "
        + "w = row_softmax(matmul(q, transpose(k)))\n"
        + "return matmul(w, v), sum(w) }")
    #expect(try form.plan([70, 90, 5, 7]).streamingCount == 0)
    #expect(try form.difference([17, 31, 2, 5]) <= 1e-5)
  }

  @Test("Small arrays are stored, large ones streamed")
  func worth() throws {
    let form = try Form(StreamingForms.all[0].text)
    let least = FastPlan.leastStreamed
    #expect(try form.plan([35, 35, 64, 64], least: least).streamingCount == 0)
    #expect(try form.plan([1024, 1024, 64, 64], least: least).streamingCount == 1)
    // The results would be larger than the scores.
    #expect(try form.plan([1024, 64, 64, 512], least: least).streamingCount == 0)
  }

  @Test("Sums that batches of a stream share are computed once")
  func shared() throws {
    let form = try Form(
      """
      diagram f(x: [n d], c: [m d]) -> [n m] {
        linear query, key: [d] -> [k]
        linear score: [k] -> []
        keys = key[m](c)
        simd n(q = query[n](x)) { simd m(k = keys) { score(tanh[k](add[k](q, k))) } }
      }
      """)
    let sizes = sized(["n": 256, "m": 256, "d": 512, "k": 64])
    for least in [0, FastPlan.leastStreamed] {
      let plan = try FastPlan(form.function, sizes: sizes, leastStreamed: least)
      // Two maps of 256 tokens, and 256 · 256 scores of four flops for each of 64 entries.
      #expect(plan.summary.work.flops == 2 * 256 * 64 * 512 * 2 + 256 * 256 * 64 * 4)
    }
  }
}
