import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Values of streamed folds")
struct StreamingValueTests {
  private static let weighing =
    "diagram f(a: [n m], v: [m e]) -> [n e] { matmul(row_softmax(a), v) }"

  /// Rows of scores whose special numbers lie in different tiles.
  private static func rows(_ m: Int) -> [[Float]] {
    func row(_ rest: Float, _ places: [(Int, Float)]) -> [Float] {
      var row = Array(repeating: rest, count: m)
      for (place, value) in places { row[place] = value }
      return row
    }
    return [
      row(-1e4, [(m - 1, 1e4)]), row(1e4, [(0, -1e4), (m - 1, 2e4)]), row(-1e4, []),
      row(-.infinity, [(m - 1, 3)]), row(-.infinity, [(0, 3)]), row(-.infinity, []),
      row(0, [(m - 1, .infinity)]), row(0, [(0, .infinity)]), row(0, [(m / 2, .nan)]),
      row(-3e38, [(0, 3e38)]),
      row(Float.leastNonzeroMagnitude * 9, [(1, -Float.leastNonzeroMagnitude * 9)]),
      row(-100, [(1, 0)]), row(1, []),
    ]
  }

  @Test("Large scores, rows without a score, infinities and NaN pass as in the reference")
  func special() throws {
    let form = try StreamingTests.Form(Self.weighing)
    for m in [3, 64, 150] {
      let rows = Self.rows(m)
      #expect(try form.plan([rows.count, m, 1, 2]).streamingCount == 1)
      let values = (0..<(m * 2)).map { $0 == 5 ? Float.infinity : Float($0 % 7) - 3 }
      let inputs: [Value<Float>] = [
        .real(try Tensor([rows.count, m], rows.flatMap { $0 })),
        .real(try Tensor([m, 2], values)),
      ]
      let expected = try Interpreter<Float>(environment: form.source.environment)
        .run(form.function, inputs: inputs)
      let found = try form.interpreter(form.sizes([rows.count, m, 1, 2]), seed: 1)
        .run(form.function, inputs: inputs)
      var difference = Difference()
      for (a, b) in zip(found, expected) { difference.include(a, b) }
      #expect(difference.relative <= 2e-5, "\(m)")
      // A row without a score has no weights.
      #expect(found.first?.real?.elements[10].isNaN == true)
    }
  }

  @Test("One thread and three compute the same bits")
  func threads() throws {
    for place in [0, 10, 15, 19, 23] {
      let form = try StreamingTests.Form(StreamingForms.all[place].text)
      let sizes = form.sizes([130, 70, 3, 5, 3])
      let inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 4)
      let one = try form.interpreter(sizes, seed: 2).run(form.function, inputs: inputs)
      let three = try form.interpreter(sizes, seed: 2, Workers(3, leastWork: 1))
        .run(form.function, inputs: inputs)
      #expect("\(one)" == "\(three)", "\(place)")
      let other = try form.interpreter(sizes, seed: 2).run(
        form.function, inputs: try form.function.randomInputs(sizes: sizes, seed: 5))
      #expect("\(one)" != "\(other)")
    }
  }

  @Test("Attention of 16384 tokens holds nothing of their number's square")
  func memory() throws {
    let form = try StreamingTests.Form(StreamingForms.all[0].text)
    let n = 16384
    let plan = try form.plan([n, n, 64, 64], least: FastPlan.leastStreamed)
    #expect(plan.streamingCount == 1)
    let outside = 4 * n * 64 * MemoryLayout<Float>.stride
    // Neither scaled queries nor undivided results are stored, though choosing by cost moves both out of the scores.
    #expect(plan.memorySize + plan.scratchSize <= outside / 50)
    #expect(plan.kernelCount <= 3)
    let stored = try form.plan([2048, 2048, 64, 64], least: .max)
    #expect(stored.memorySize >= 2048 * 2048 * MemoryLayout<Float>.stride)
    let causal = try StreamingTests.Form(StreamingForms.all[7].text)
    let masked = try causal.plan([n, n, 64, 64], least: FastPlan.leastStreamed)
    #expect(masked.memorySize + masked.scratchSize <= outside / 50)
  }

  @Test("A second run forgets the first")
  func reuse() throws {
    let form = try StreamingTests.Form(StreamingForms.all[0].text)
    let sizes = form.sizes([20, 70, 3, 5])
    let first: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 4)
    let second: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 5)
    let evaluator = try form.interpreter(sizes, seed: 1).evaluator(form.function, inputs: first)
    let result = try evaluator.run(first)
    #expect(try evaluator.run(second) != result)
    #expect(try evaluator.run(first) == result)
  }

  @Test("The library agrees with numpy when everything that can be is streamed")
  func library() throws {
    var streaming: [String] = []
    for entry in FixtureTests.names {
      let fixture = try FixtureTests.Fixture<Float>(entry[0], in: entry[1]) { $0.asFloat32 }
      var interpreter = FastInterpreter(
        sizes: fixture.interpreter.sizes, parameters: fixture.interpreter.parameters,
        hiddenUnits: fixture.interpreter.hiddenUnits)
      interpreter.leastStreamed = 0
      let function = try TensorDiagram(
        fixture.definition.diagram, in: Library.program.environment)
      let plan = try interpreter.evaluator(function, inputs: fixture.inputs).plan
      if plan.streamingCount > 0 { streaming.append(entry[0]) }
      let difference = try FastLibraryTests.difference(
        function, interpreter, fixture.inputs, fixture.expected.map { .real($0) })
      #expect(difference <= 1e-5, "\(entry[0])")
    }
    print("streamed: \(streaming.joined(separator: " "))")
    #expect(streaming.count > 60)
  }

  @Test("Random diagrams agree with the reference when everything that can be is streamed")
  func random() throws {
    var count = 0
    for seed in UInt64(0)..<300 {
      let diagram = RandomArrayDiagram.make(boxes: 4 + Int(seed % 40), isExact: false, seed: seed)
      let function = try TensorDiagram(diagram, in: Library.program.environment)
      var fast = FastInterpreter(hiddenUnits: 3)
      fast.leastStreamed = 0
      fast.parameters = try Parameters<Float>(
        random: function.parameterList(hiddenUnits: 3), sizes: [:], seed: seed)
      let inputs: [Value<Float>] = try function.randomInputs(sizes: [:], seed: seed)
      count += try fast.evaluator(function, inputs: inputs).plan.streamingCount
      let expected = try Interpreter<Double>(
        environment: Library.program.environment,
        parameters: FastLibraryTests.converted(fast.parameters), hiddenUnits: 3
      ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      let difference = try FastLibraryTests.difference(function, fast, inputs, expected)
      #expect(difference <= 1e-4, "seed \(seed)")
    }
    print("streamed steps of random diagrams: \(count)")
  }
}
