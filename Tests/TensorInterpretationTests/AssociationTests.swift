import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Choices by cost")
struct AssociationTests {
  private static func function(_ name: String, in file: String) throws -> TensorDiagram {
    let path = try #require(Library().locate(import: file, from: ""))
    let definition = try #require(Library.program.definition(name, in: path))
    return try TensorDiagram(definition.diagram, in: Library.program.environment)
  }

  private static let forms = [
    "linear_attention_quadratic", "linear_attention", "linear_attention_normalized",
  ]

  private static func flops(
    _ name: String, _ sizes: [String: Int], isChosenByCost: Bool = true
  ) throws -> Int {
    let function = try function(name, in: "linear_attention")
    return try FastPlan(function, sizes: sized(sizes), isChosenByCost: isChosenByCost)
      .summary.work.flops
  }

  @Test("Every form of linear attention is planned with the same flops, many tokens or few")
  func linearAttention() throws {
    let many = ["n": 1024, "m": 1024, "k": 64, "e": 64]
    let few = ["n": 16, "m": 16, "k": 512, "e": 512]
    for sizes in [many, few] {
      let chosen = try Self.forms.map { try Self.flops($0, sizes) }
      #expect(Set(chosen).count == 1)
      let drawn = try Self.forms.map { try Self.flops($0, sizes, isChosenByCost: false) }
      // Where they are streamed, weights are divided after they are summed, whichever is drawn.
      #expect(Set(drawn).count == (sizes == many ? 2 : 3))
      #expect(try #require(chosen.first) <= drawn.min() ?? 0)
    }
    // 2 m k e and 2 n k e, and not 2 n m k and 2 n m e.
    #expect(try Self.flops("linear_attention_quadratic", many) < 5 * 1024 * 64 * 64)
    #expect(
      try Self.flops("linear_attention_quadratic", many, isChosenByCost: false)
        > 4 * 1024 * 1024 * 64)
    #expect(try Self.flops("linear_attention", few) < 5 * 16 * 16 * 512)
    #expect(
      try Self.flops("linear_attention", few, isChosenByCost: false) > 4 * 16 * 512 * 512)
  }

  @Test("A chain of matrices is multiplied in the cheapest order")
  func chain() throws {
    let source = Source(
      """
      diagram f(a: [p q], b: [q r], c: [r s]) -> [p s] { matmul(a, matmul(b, c)) }
      diagram g(a: [p q], b: [q r], c: [r s]) -> [p s] { matmul(matmul(a, b), c) }
      """)
    // Cormen, Leiserson, Rivest and Stein's example has 7,500 and 75,000 products.
    let sizes = sized(["p": 10, "q": 100, "r": 5, "s": 50])
    for name in ["f", "g"] {
      let summary = try FastPlan(source.function(name), sizes: sizes).summary
      #expect(summary.work.flops == 2 * 7500)
      #expect(summary.choices.isEmpty == (name == "g"))
    }
    let drawn = try FastPlan(source.function("f"), sizes: sizes, isChosenByCost: false)
    #expect(drawn.summary.work.flops == 2 * 75000)
    let chosen = try FastPlan(source.function("f"), sizes: sizes).summary
    let choice = try #require(chosen.choices.first)
    #expect(choice.laws == [.association])
    #expect(choice.orders == ["sum = (a · b) · c"])
    #expect(choice.before.flops == 2 * 75000 && choice.after.flops == 2 * 7500)
  }

  @Test("More factors than all orders can be tried for")
  func longChain() throws {
    var text = "a0"
    for place in 1..<20 { text = "matmul(\(text), a\(place))" }
    let types = (0..<20).map { "a\($0): [s\($0) s\($0 + 1)]" }.joined(separator: ", ")
    let function = try Source("diagram f(\(types)) -> [s0 s20] { \(text) }").function()
    var sizes: [SizeVariable: Int] = [:]
    for place in 0...20 { sizes[SizeVariable("s\(place)")] = [7, 2, 5, 3, 11][place % 5] }
    let inputs = try function.randomInputs(sizes: sizes, seed: 3, as: Float.self)
    let expected = try Interpreter<Double>(environment: Library.program.environment).run(
      function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
    let difference = try FastLibraryTests.difference(function, FastInterpreter(), inputs, expected)
    #expect(difference < 1e-4)
    let (chosen, drawn) = (
      try FastPlan(function, sizes: sizes).summary.work.flops,
      try FastPlan(function, sizes: sizes, isChosenByCost: false).summary.work.flops
    )
    #expect(chosen < drawn)
  }

  @Test("Sums go inside, divisors outside, numbers where they cost least")
  func laws() throws {
    let source = Source(
      """
      diagram outside(a: [n], b: [m]) -> [] { sum(sum[n](outer(a, b))) }
      diagram divided(w: [n m], t: [n], v: [m e]) -> [n e] { matmul(divide_rows(w, t), v) }
      diagram scaled(a: [n k], b: [k m]) -> [n m] { mul[n m](matmul(a, b), repeat<n>(repeat<m>(3))) }
      """)
    let sizes = sized(["n": 30, "m": 40, "e": 2, "k": 2])
    let outside = try FastPlan(source.function("outside"), sizes: sizes).summary
    #expect(outside.choices.map(\.laws) == [[.distribution]])
    #expect(outside.work.flops == 30 + 40 + 1)
    let divided = try FastPlan(source.function("divided"), sizes: sizes).summary
    #expect(divided.choices.map(\.laws) == [[.division, .association]].map { Self.sorted($0) })
    #expect(divided.work.flops == 2 * 30 * 40 * 2 + 30 * 2)
    let scaled = try FastPlan(source.function("scaled"), sizes: sizes).summary
    #expect(scaled.choices.map(\.laws) == [[.scaling]])
    #expect(scaled.work.flops == 2 * 30 * 40 * 2 + 30 * 2)
  }

  @Test("A sum of equal terms is their number times one of them")
  func equalTerms() throws {
    let function = try Source(
      "diagram f(a: [n], b: [n]) -> [n] { sum(repeat<m>(mul[n](a, b))) }"
    ).function()
    let sizes = sized(["n": 2, "m": 50])
    let summary = try FastPlan(function, sizes: sizes).summary
    #expect(summary.choices.map(\.laws) == [[.distribution]] && summary.work.flops == 2 * 2)
    let inputs = try [[3, 5], [7, 2]].map { Value<Float>.real(try Tensor([2], $0)) }
    let results = try FastInterpreter(sizes: sizes).run(function, inputs: inputs)
    #expect(results == [.real(try Tensor([2], [1050, 500]))])
  }

  private static func sorted(_ laws: [PlanLaw]) -> [PlanLaw] {
    PlanLaw.allCases.filter(laws.contains)
  }

  @Test("Equal boxes on equal inputs are computed once, and what no lane changes once for all")
  func sharing() throws {
    let source = Source(
      """
      diagram twice(x: [n]) -> [] { add(sum(exp[n](x)), mul(sum(exp[n](x)), sum(exp[n](x)))) }
      diagram lanes(x: [n], c: []) -> [n] { simd n(x) { mul(x, exp(c)) } }
      """)
    let twice = try FastPlan(source.function("twice"), sizes: sized(["n": 9])).summary
    #expect(twice.kernels.flatMap(\.functions).filter { $0 == "exp" }.count == 1)
    #expect(twice.choices.count { $0.laws == [.sharing] } == 4)
    let lanes = try FastPlan(source.function("lanes"), sizes: sized(["n": 9])).summary
    let hoisted = try #require(lanes.choices.first { $0.laws == [.hoisting] })
    #expect(hoisted.boxes == ["exp"] && hoisted.before.flops == 9 && hoisted.after.flops == 1)
  }

  @Test("Nothing is regrouped across a softmax")
  func softmax() throws {
    let function = try Self.function("dot_product_attention", in: "dot_product_attention")
    let sizes = sized(["n": 100, "m": 100, "k": 8, "e": 8])
    let kernels = try FastPlan(function, sizes: sizes).summary.kernels.filter {
      $0.shape.contains(100)
    }
    // Scores; their largest, exponentials, sums and quotients, row by row; sums of values.
    #expect(kernels.map(\.kind).filter { $0 != .elementwise } == [.product, .rows, .product])
    let rows = try #require(kernels.first { $0.kind == .rows })
    #expect(rows.functions.filter { ["max", "sum"].contains($0) } == ["max", "sum"])
    #expect(kernels.count { $0.functions.contains("exp") && $0.shape == [100, 100] } == 1)
  }

  @Test("Softmax attention is streamed, chosen by cost or as drawn", arguments: [true, false])
  func streaming(_ isChosenByCost: Bool) throws {
    let sizes = ["n": 512, "m": 512, "k": 8, "e": 8, "d": 16, "h": 2]
    for name in ["dot_product_attention", "self_attention", "multi_head"] {
      let function = try Self.function(name, in: "dot_product_attention")
      let plan = try FastPlan(function, sizes: sized(sizes), isChosenByCost: isChosenByCost)
      #expect(plan.streamingCount == 1, "\(name)")
      #expect(!plan.summary.choices.filter { $0.laws != [.hoisting] }.isEmpty == isChosenByCost)
    }
  }

  @Test("Flops are those that the reference counts, where nothing is chosen")
  func counted() throws {
    let text = """
      diagram g(x: [n d]) -> [n d] { linear w: [d] -> [d]\n w[n](x) }
      diagram h(x: [n d]) -> [n d] { sin[n d](mul[n d](x, exp[n d](x))) }
      """
    let source = Source(text)
    let cases =
      try Self.forms.map { (try Self.function($0, in: "linear_attention"), 1) } + [
        (try source.function("g"), 2), (try source.function("h"), 1),
      ]
    for (function, perProduct) in cases {
      let sizes = sized(["n": 5, "m": 7, "k": 3, "e": 4, "d": 6])
      let interpreter = Interpreter<Double>(
        environment: Library.program.environment, sizes: sizes,
        parameters: try Parameters(random: function.parameterList(), sizes: sizes, seed: 1))
      var tally = EvaluationTally()
      _ = try interpreter.run(
        function, inputs: function.randomInputs(sizes: sizes, seed: 1), tally: &tally)
      let counted = tally.operations
      let plan = try FastPlan(function, sizes: sizes, isChosenByCost: false)
      #expect(
        plan.summary.work.flops
          == counted.multiplyAdds * perProduct + counted.folded + counted.functions)
    }
  }

  @Test("A form that needs larger arrays than allowed is not chosen")
  func limits() throws {
    let source = Source(
      "diagram f(a: [n], b: [m], c: [m]) -> [n] { simd n(a) { mul(a, dot(b, c)) } }")
    let sizes = sized(["n": 4, "m": 5])
    #expect(throws: Never.self) {
      try FastPlan(source.function(), sizes: sizes, elementLimit: 40)
    }
    #expect(throws: InterpretationError.self) {
      try FastPlan(source.function(), sizes: sizes, elementLimit: 4)
    }
  }

  /// Linear attention whose values are the results of another one, in heads whose outputs are summed.
  static let nested = """
    diagram nested(x: [n d]) -> [n d] {
      linear query: [d] -> [k] per h
      linear key: [d] -> [k] per h
      linear value: [k] -> [k] per h
      linear inner_query: [d] -> [k] per h
      linear inner_key: [d] -> [k] per h
      linear inner_value: [d] -> [k] per h
      linear out: [k] -> [d] per h
      heads = simd h() {
        inner = linear_attention(inner_query[n](x), inner_key[n](x), inner_value[n](x))
        out[n](linear_attention(query[n](x), key[n](x), value[n](inner)))
      }
      sum(heads)
    }
    """

  @Test("A product of many factors is regrouped too, and never costs more than what is drawn")
  func manyFactors() throws {
    let function = try Source("import linear_attention\n\n" + Self.nested).function("nested")
    for (n, k) in [(1024, 64), (35, 128), (5, 64), (300, 4)] {
      let sizes = sized(["n": n, "d": 512, "h": 4, "k": k])
      let chosen = try FastPlan(function, sizes: sizes).summary
      let drawn = try FastPlan(function, sizes: sizes, isChosenByCost: false).summary
      #expect(chosen.work.cost <= drawn.work.cost, "\(n), \(k)")
      print("nested at \(n), \(k): \(drawn.work.cost) drawn, \(chosen.work.cost) chosen")
    }
    let small = sized(["n": 17, "d": 6, "h": 2, "k": 5])
    var interpreter = FastInterpreter(sizes: small)
    interpreter.parameters = try Parameters<Float>(
      random: function.parameterList(), sizes: small, seed: 3)
    let inputs: [Value<Float>] = try function.randomInputs(sizes: small, seed: 3)
    let expected = try Interpreter<Double>(
      environment: Library.program.environment, sizes: small,
      parameters: FastLibraryTests.converted(interpreter.parameters)
    ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
    #expect(
      try FastLibraryTests.difference(function, interpreter, inputs, expected) <= 1e-4)
  }

  /// Diagrams in which products are regrouped, and where they stand.
  static let mechanisms = [
    ["linear_attention_quadratic", "linear_attention"], ["linear_attention", "linear_attention"],
    ["linear_attention_normalized", "linear_attention"],
    ["linear_attention_causal_quadratic", "linear_attention"],
    ["linear_attention_chunked", "linear_attention"],
    ["linear_attention_recurrent", "linear_attention"],
    ["multi_head_linear_attention", "linear_attention"],
    ["multi_head", "dot_product_attention"], ["self_attention", "dot_product_attention"],
    ["grouped_query_attention", "grouped_query_attention"],
    ["multi_head_latent_attention", "multi_head_latent_attention"],
    ["performer_attention", "performer_attention"], ["linformer", "linformer"],
  ]

  @Test("What is chosen agrees with the reference in double precision", arguments: mechanisms)
  func agrees(_ entry: [String]) throws {
    let path = try #require(Library().locate(import: entry[1], from: ""))
    guard Library.program.definition(entry[0], in: path) != nil else { return }
    let mechanism = try FastLibraryTests.Mechanism(entry)
    for sizes in [[17, 3, 5], [2, 19, 3], [4, 1, 9, 2]] {
      guard let difference = try mechanism.difference(sizes: sizes, seed: 11) else { continue }
      #expect(difference <= 1e-4, "\(entry[0]) at \(sizes)")
    }
  }

  @Test("Divisors are divided by one after the other: their product may be no number")
  func divisors() throws {
    let source = Source(
      """
      diagram f(a: [n], b: [n], c: [n]) -> [n k] {
        simd n(a, b, c) { repeat<k>(div(div(a, b), c)) }
      }
      """)
    let function = try source.function()
    for magnitude: Float in [1e-30, 1e30] {
      let array = Value<Float>.real(
        try Tensor(shape: Shape([50]), elements: Array(repeating: magnitude, count: 50)))
      let found = try FastInterpreter(sizes: sized(["k": 8])).run(
        function, inputs: [array, array, array])
      let numbers = try #require(found.first?.real?.elements)
      #expect(numbers.count == 400)
      #expect(numbers.allSatisfy { abs($0 * magnitude - 1) <= 1e-6 }, "\(numbers.prefix(3))")
    }
  }

  @Test("Sums of sums of products are one, where nothing else reads the products")
  func sumsOfSums() throws {
    let source = Source(
      """
      diagram once(x: [h n k], w: [h k d]) -> [n d] { sum(simd h(x, w) { matmul(x, w) }) }
      diagram twice(x: [h n k], w: [h k d]) -> [n d], [h n d] {
        y = simd h(x, w) { matmul(x, w) }
        return sum(y), y
      }
      """)
    let sizes = sized(["h": 3, "n": 4, "k": 2, "d": 5])
    for (name, count) in [("once", 1), ("twice", 2)] {
      let function = try TensorDiagram(source.definition(name).diagram, in: source.environment)
      #expect(try FastPlan(function, sizes: sizes).kernelCount == count)
      let inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: 3)
      let found = try FastInterpreter().run(function, inputs: inputs)
      let expected = try Interpreter<Float>(environment: source.environment).run(
        function, inputs: inputs)
      for (one, other) in zip(found, expected) {
        let pairs = zip(try #require(one.real?.elements), try #require(other.real?.elements))
        #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-5 })
      }
    }
  }
}
