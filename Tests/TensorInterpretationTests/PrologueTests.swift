import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("What runs once for all runs")
struct PrologueTests {
  private static func plan(
    _ text: String, _ sizes: [String: Int], isChosenByCost: Bool = true
  ) throws -> FastPlan {
    try FastPlan(Source(text).function(), sizes: sized(sizes), isChosenByCost: isChosenByCost)
  }

  private static let waves = """
    diagram f(x: [n d]) -> [n d] {
      c = simd n(i = iota<n>()) { simd n(j = iota<n>()) { cos(div(mul(i, j), size n)) } }
      matmul(c, x)
    }
    """

  @Test("Matrices of positions are made once, and nothing is where laws aren't used")
  func constants() throws {
    let plan = try Self.plan(Self.waves, ["n": 9, "d": 5])
    let summary = plan.summary
    // A row of multiples, then their cosines.
    #expect(plan.onceCount == 2 && plan.kernelCount == 3)
    #expect(summary.kernels.map(\.runsOnce) == [true, true, false])
    #expect(summary.work.flops == 2 * 9 * 9 * 5 && summary.workOnce.flops == 9 + 2 * 81)
    // Held to the end, at a place that counts as memory.
    let matrix = summary.buffers[try #require(summary.kernels[1].writes.first)]
    #expect(matrix.lifetime == 1...2 && matrix.place != nil && plan.memorySize >= 4 * 81)
    let drawn = try Self.plan(Self.waves, ["n": 9, "d": 5], isChosenByCost: false)
    #expect(drawn.onceCount == 0 && drawn.summary.workOnce == KernelWork())
  }

  @Test("What reads an input, or writes a result where it is returned, runs each time")
  func variables() throws {
    let text = "diagram f(x: [n]) -> [n], [n] { return exp[n](iota<n>()), exp[n](neg[n](x)) }"
    #expect(try Self.plan(text, ["n": 9]).onceCount == 0)
    let both = "diagram f() -> [n], [n] { a = exp[n](iota<n>())\n return a, a }"
    let plan = try Self.plan(both, ["n": 3])
    #expect(plan.onceCount == 1)
    let evaluator = try FastEvaluator(plan, parameters: Parameters())
    let found = try evaluator.run([])
    #expect(try evaluator.run([]) == found)
    let first = try #require(found.first?.real?.elements)
    #expect(zip(first, [1, 2.7182817, 7.389056] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("What is made of parameters is made anew for other parameters")
  func parameters() throws {
    let source = Source(
      """
      diagram f(x: [n k]) -> [n k] {
        state a: [k k]
        matmul(x, row_softmax(a))
      }
      """)
    let function = try source.function()
    let plan = try FastPlan(function, sizes: sized(["n": 9, "k": 7]))
    #expect(plan.onceCount == 1 && plan.kernelCount == 2)
    let inputs: [Value<Float>] = try function.randomInputs(
      sizes: sized(["n": 9, "k": 7]), seed: 1)
    let results = try [UInt64(1), 2].map { seed in
      let parameters = try Parameters<Float>(
        random: function.parameterList(), sizes: sized(["n": 9, "k": 7]), seed: seed)
      let expected = try Interpreter<Double>(
        environment: source.environment, sizes: sized(["n": 9, "k": 7]),
        parameters: FastLibraryTests.converted(parameters)
      ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      let found = try FastEvaluator(plan, parameters: parameters).run(inputs)
      #expect(try FastLibraryTests.difference(found, expected) <= 1e-5)
      return found
    }
    #expect(results[0] != results[1])
  }

  @Test("Whole loops run once; a loop that reads an input keeps the state that is set before it")
  func loops() throws {
    let once = "diagram f(x: []) -> [] { mul(x, scan n(h = 1; i = iota<n>()) { tanh(add(h, i)) }) }"
    let plan = try Self.plan(once, ["n": 6])
    #expect(plan.summary.kernels.filter { $0.loops == [6] }.allSatisfy { $0.runsOnce })
    #expect(plan.onceCount == plan.kernelCount - 1)
    let each = "diagram f(x: [n]) -> [] { scan n(h = 1; x) { tanh(add(h, x)) } }"
    let kept = try Self.plan(each, ["n": 6])
    #expect(kept.onceCount == 0)
  }

  @Test("Cheap functions of positions are computed where they are read, and not held")
  func cheap() throws {
    func text(_ function: String) -> String {
      """
      diagram f(x: [n n]) -> [n n] {
        simd n(x, i = iota<n>()) { simd n(x, j = iota<n>()) { mul(x, \(function)) } }
      }
      """
    }
    let mask = try Self.plan(text("less(i, j)"), ["n": 40])
    #expect(mask.kernelCount == 1 && mask.onceCount == 0)
    let decay = try Self.plan(text("exp(sub(j, i))"), ["n": 40])
    #expect(decay.kernelCount == 2 && decay.onceCount == 1)
  }

  @Test("What is held is within the limit: the largest arrays are made in each run")
  func memory() throws {
    let count = 5
    let waves = (1...count).map { number in
      """
        c\(number) = simd n(i = iota<n>()) {
          simd n(j = iota<n>()) { cos(div(mul(\(number), mul(i, j)), size n)) }
        }
        y\(number) = tanh[n d](matmul(c\(number), y\(number - 1)))

      """
    }
    let text = """
      diagram f(y0: [n d]) -> [n d] {
      \(waves.joined())  y\(count)
      }
      """
    func plan(_ size: Int, isChosenByCost: Bool = true) throws -> FastPlan {
      try FastPlan(
        Source(text).function(), sizes: sized(["n": size, "d": 2]), isChosenByCost: isChosenByCost,
        leastStreamed: .max)
    }
    func held(_ plan: FastPlan, _ size: Int) -> Int {
      plan.summary.kernels.count { $0.runsOnce && $0.shape == [size, size] }
    }
    #expect(held(try plan(64), 64) == count)
    let (large, drawn) = (try plan(1500), try plan(1500, isChosenByCost: false))
    #expect(held(large, 1500) < count && large.onceCount > 0)
    #expect(large.memorySize <= 2 * drawn.memorySize + 4 << 20)
    #expect(large.memorySize < 4 * 1500 * 1500 * count)
  }

  @Test("Biases that a stream computes from positions are never stored")
  func streams() throws {
    let entry = try #require(FixtureTests.names.first { $0[0] == "alibi_attention" })
    let function = try FastLibraryTests.Mechanism(entry).function
    let sizes = function.sizeVariables.map { ($0, ["n", "m"].contains($0.name) ? 512 : 8) }
    let plan = try FastPlan(function, sizes: Dictionary(uniqueKeysWithValues: sizes))
    #expect(plan.streamingCount == 1)
    #expect(plan.memorySize < 4 * 512 * 512 / 4)
  }

  @Test("Runs with other inputs leave what is held as it is")
  func reuse() throws {
    var once = 0
    for seed in UInt64(0)..<150 {
      let diagram = RandomArrayDiagram.make(
        boxes: 10 + Int(seed % 40), isExact: false, seed: 5000 + seed)
      let function = try TensorDiagram(diagram, in: Library.program.environment)
      let parameters = try Parameters<Float>(
        random: function.parameterList(hiddenUnits: 3), sizes: [:], seed: seed)
      let plan = try FastPlan(function, sizes: [:], hiddenUnits: 3)
      once += plan.onceCount
      let inputs: [[Value<Float>]] = try (1...3).map {
        try function.randomInputs(sizes: [:], seed: seed + $0)
      }
      let evaluator = try FastEvaluator(plan, parameters: parameters)
      for inputs in inputs {
        let fresh = try FastEvaluator(plan, parameters: parameters).run(inputs)
        let found = try evaluator.run(inputs)
        #expect("\(found)" == "\(fresh)", "seed \(seed)")
      }
    }
    #expect(once > 25)
  }
}
