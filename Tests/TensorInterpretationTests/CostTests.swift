import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Costs")
struct CostTests {
  private static let environment = Library.program.environment

  /// A diagram's costs at sizes from one to four, and what the interpreter counts there.
  private func compare(
    _ function: TensorDiagram, _ sizes: [SizeVariable: Int]
  ) throws -> (expected: OperationCount<Int>?, peak: Int?, tally: EvaluationTally) {
    let cost = try DiagramCost(function, hiddenUnits: 3)
    let parameters = try Parameters<Double>(
      random: function.parameterList(hiddenUnits: 3), sizes: sizes, seed: 1)
    let interpreter = Interpreter<Double>(
      environment: Self.environment, sizes: sizes, parameters: parameters, hiddenUnits: 3)
    var tally = EvaluationTally()
    _ = try interpreter.run(
      function, inputs: function.randomInputs(sizes: sizes, seed: 2), tally: &tally)
    let peak = try cost.peakMemory.compactMap { try $0.value(sizes) }.max()
    return (try cost.operations.value(sizes), peak, tally)
  }

  @Test("the polynomials are what the interpreter counts, for every diagram of the library")
  func polynomialsAreCounts() throws {
    var (compared, different) = (0, 0)
    for definition in Self.environment.definitions {
      guard let function = try? TensorDiagram(definition.diagram, in: Self.environment),
        function.diagram.shapeVariables.isEmpty
      else { continue }
      var sizes: [SizeVariable: Int] = [:]
      for (place, variable) in function.sizeVariables.enumerated() {
        sizes[variable] = 2 + (place * 5 + 1) % 3
      }
      let (expected, peak, tally) = try compare(function, sizes)
      #expect(expected == tally.operations, "\(definition.symbol)")
      #expect(peak == tally.peakMemory, "\(definition.symbol)")
      compared += 1
      let elsewhere = sizes.mapValues { $0 + 1 }
      let other = try DiagramCost(function, hiddenUnits: 3).operations.value(elsewhere)
      if other != tally.operations { different += 1 }
    }
    #expect(compared > 30)
    #expect(different > 25, "sizes that were not evaluated have other costs")
  }

  @Test("parameters are counted once, and along the axes that they are per")
  func parameters() throws {
    let source = Source(
      """
      diagram f(x: [n d]) -> [n d] {
        linear w: [d] -> [d] per h
        linear u: [d] -> [d]
        state c: [d]
        y = sum(simd h() { w[n](u[n](x)) })
        add[n d](u[n](y), simd n() { c() })
      }
      """)
    let cost = try DiagramCost(source.function())
    #expect(cost.parameters.description == "d*d*h+d*d+d")
  }

  @Test(
    "what is kept while tokens are generated",
    arguments: [
      ("causal_dot_product_attention", "e*n+k*n"),
      ("linear_attention_causal_quadratic", "e*n+k*n"),
      ("linear_attention_recurrent", "e*k+k"),
      ("multi_head", "2*h*k*n"),
      ("dot_product_attention", "0"),
    ])
  func generation(name: String, kept: String) throws {
    let definition = try #require(
      Self.environment.definitions.first { $0.symbol.name == name })
    let function = try TensorDiagram(definition.diagram, in: Self.environment)
    let generation = try #require(try DiagramCost(function).generation)
    #expect(generation.kept.description == kept)
  }

  @Test("an array that two lanes read is kept once, and a sum over the tokens is kept")
  func keptOnce() throws {
    let source = Source(
      """
      diagram f(x: [n d]) -> [n d] {
        a = simd n(q = x) { weighted_sum(matvec(x, q), x) }
        simd n(a) { add[d](a, sum(x)) }
      }
      diagram g(x: [n d]) -> [n d] {
        total = sum(x)
        simd n(x) { add[d](x, total) }
      }
      """)
    let whole = try #require(try DiagramCost(source.function("f")).generation)
    #expect(whole.kept.description == "d*n")
    #expect(whole.parts?.perToken.description == "d")
    let folded = try #require(try DiagramCost(source.function("g")).generation)
    #expect(folded.kept.description == "d")
    #expect(folded.parts?.perToken == .zero)
  }

  @Test("a diagram with an open shape has no cost")
  func openShape() throws {
    let source = Source("diagram f(x: [n ..s]) -> [..s] { sum(x) }")
    expectError("\(InterpretationError.openShapes(["s"]))") {
      try DiagramCost(source.function())
    }
  }

  @Test("sizes are compared for all values from one on")
  func comparison() throws {
    let (n, k) = (Size("n"), Size("k"))
    #expect(try n.isAtMost(n * k))
    #expect(try (n + k).isAtMost(n * k + n))
    #expect(try !(n * k).isAtMost(n + k))
    #expect(try !(n + n).isAtMost(n + Size.one))
    #expect(try (n * k + k).linearParts(in: SizeVariable("n"))?.factor == k)
    #expect(try (n * n).linearParts(in: SizeVariable("n")) == nil)
  }
}
