import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("What stands several times is planned once")
struct RepeatedPartTests {
  /// A diagram that uses definitions several times.
  struct Stack: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    /// How many parts are planned once.
    let planned: Int
    var sizes = ["n": 5, "m": 3, "d": 4, "h": 2, "k": 3, "f": 6, "r": 2, "b": 2]

    var testDescription: String { name }

    func function() throws -> TensorDiagram {
      let imports = "import transformer\nimport rotary_attention\nimport t5_attention"
      let source = Source("\(imports)\n\(text)")
      return try source.function()
    }

    func plan(_ plansRepeatsOnce: Bool = true, least: Int = 0) throws -> FastPlan {
      try FastPlan(
        function(), sizes: sized(sizes), leastStreamed: least, plansRepeatsOnce: plansRepeatsOnce)
    }
  }

  /// A layer with constants that depend on positions only, a residual at its end, and a gather.
  private static let rotary = """
    diagram turned(x: [n 2*r]) -> [n 2*r] {
      linear query, key, value: [2*r] -> [2*r]
      y = rms_norm[n](x) as before
      z = rotary_attention(query[n](y), key[n](y), value[n](y))
      add[n 2*r](x, simd n(i = order(sum[n](x))) { gather(z, i) })
    }

    """

  private static func chain(_ layer: String, _ labels: [String], from first: String) -> String {
    var lines: [String] = []
    for (place, label) in labels.enumerated() {
      let before = place == 0 ? first : "\(first)\(place)"
      lines.append(
        "  \(first)\(place + 1) = "
          + layer.replacing("@", with: before) + (label.isEmpty ? "" : " as \(label)"))
    }
    return lines.joined(separator: "\n")
  }

  private static let encoder = "transformer_encoder_layer(@)"
  private static let decoder = "transformer_decoder_layer(@, c)"

  private static let tanhs = (1...16).map { "  a\($0) = tanh[n](a\($0 - 1))" }
    .joined(separator: "\n")

  static let stacks = [
    Stack(
      name: "encoder layers",
      text: """
        diagram f(x: [n d]) -> [n d] {
        \(chain(encoder, ["a", "b", "c", "e"], from: "x"))
          x4
        }
        """, planned: 1),
    Stack(
      name: "decoder layers that share what they look at",
      text: """
        diagram f(x: [n d], c: [m d]) -> [n d] {
        \(chain(decoder, ["a", "b", "e"], from: "x"))
          x3
        }
        """, planned: 1),
    Stack(
      name: "an encoder and a decoder of different sizes",
      text: """
        diagram f(x: [n d], y: [m d]) -> [n d], [m d] {
        \(chain(encoder, ["a", "b", "c", "e"], from: "y"))
          c = y4
        \(chain(decoder, ["g", "i", "j"], from: "x"))
          return x3, c
        }
        """, planned: 2),
    Stack(
      name: "one definition at two sizes",
      text: """
        diagram f(x: [n d], y: [m d]) -> [n d], [m d] {
        \(chain(encoder, ["a", "b", "c"], from: "x"))
        \(chain(encoder, ["e", "g", "i"], from: "y"))
          return x3, y3
        }
        """, planned: 2),
    Stack(
      name: "layers side by side, and two wires of one",
      text: """
        diagram f(x: [n d]) -> [n d], [d n] {
          a = transformer_encoder_layer(x) as a
          b = transformer_encoder_layer(x) as b
          c = transformer_encoder_layer(x) as c
          y = add[n d](a, add[n d](b, mul[n d](c, x)))
          return y, transpose(c)
        }
        """, planned: 1),
    Stack(
      name: "one layer's weights again and again",
      text: """
        diagram f(x: [n d]) -> [n d] {
        \(chain(encoder, ["a", "a", "b", "a"], from: "x"))
          x4
        }
        """, planned: 1),
    Stack(
      name: "equal layers on one input",
      text: """
        diagram f(x: [n d]) -> [n d] {
          a = transformer_encoder_layer(x) as a
          b = transformer_encoder_layer(x) as a
          c = transformer_encoder_layer(x) as a
          add[n d](a, mul[n d](b, c))
        }
        """, planned: 1),
    Stack(
      name: "inputs that lie otherwise in memory, and are reversed",
      text: """
        diagram f(t: [d n]) -> [n d] {
          x = transpose(t)
        \(chain(encoder, ["a", "b", "c"], from: "x"))
          y = reverse(x3)
        \(chain(encoder, ["e"], from: "y"))
          y1
        }
        """, planned: 3),
    Stack(
      name: "parts inside parts",
      text: """
        diagram three(x: [n d]) -> [n d] {
        \(chain(encoder, ["a", "b", "c"], from: "x"))
          add[n d](x, x3)
        }
        diagram f(x: [n d]) -> [n d] {
        \(chain("three(@)", ["a", "b", "c"], from: "x"))
          x3
        }
        """, planned: 2),
    Stack(
      name: "layers with constants of their own and gathers",
      text: rotary + """
        diagram f(x: [n 2*r]) -> [n 2*r] {
        \(chain("turned(@)", ["a", "b", "c", "e"], from: "x"))
          x4
        }
        """, planned: 1),
    Stack(
      name: "layers that are given constants and return what they are given",
      text: """
        diagram both(x: [n d], y: [n d], s: []) -> [n d], [n d], [d n], [] {
          state more: [n d]
          z = transformer_encoder_layer(add[n d](x, mul[n d](y, repeat<n>(repeat<d>(s)))))
          return z, more, transpose(y), s
        }
        diagram f(x: [n d]) -> [n d], [n d] {
          y = simd n(i = iota<n>()) { simd d(j = iota<d>()) { sin(add(i, j)) } }
          a, b, c, s = both(x, y, 2) as a
          e, g, i, t = both(a, y, s) as b
          u, v, w, z = both(e, y, t) as c
          return add[n d](u, simd n(b, v) { scale(add(t, z), add[d](b, v)) }), transpose(add[d n](w, c))
        }
        """, planned: 1),
    Stack(
      name: "two uses only",
      text: """
        diagram f(x: [n d]) -> [n d] {
        \(chain(encoder, ["a", "b"], from: "x"))
          x2
        }
        """, planned: 0),
    Stack(
      name: "small definitions",
      text: """
        diagram f(x: [n d]) -> [n d] {
        \(chain("layer_norm[n](@)", ["a", "b", "c", "e"], from: "x"))
          x4
        }
        """, planned: 0),
    Stack(
      name: "layers in lanes",
      text: """
        diagram f(x: [b n d]) -> [b n d] {
          simd b(x) {
        \(chain(encoder, ["a", "b", "c"], from: "x"))
            x3
          }
        }
        """, planned: 0),
    Stack(
      name: "layers in a scan",
      text: """
        diagram f(x: [n d]) -> [n d] {
          scan b(x = x;) {
        \(chain(encoder, ["a", "b", "c"], from: "x"))
            x3
          }
        }
        """, planned: 0),
    Stack(
      name: "zeros of both signs",
      text: """
        diagram layer(x: [n]) -> [n] {
          a0 = simd n(x) { maximum(x, div(1, -0)) }
        \(tanhs)
          a16
        }

        diagram f(x: [n]) -> [n] {
          layer(layer(layer(simd n(x) { maximum(x, 0) })))
        }
        """, planned: 1),
  ]

  @Test("Gives what the reference gives, planned once or not", arguments: stacks)
  func values(_ stack: Stack) throws {
    let function = try stack.function()
    let sizes = sized(stack.sizes)
    let parameters = try Parameters<Float>(
      random: function.parameterList(), sizes: sizes, seed: 11)
    let inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: 12)
    let expected = try Interpreter<Double>(
      environment: Environment(), sizes: sizes,
      parameters: FastLibraryTests.converted(parameters)
    ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
    for (isChosen, least) in [(true, FastPlan.leastStreamed), (true, 0), (false, 0)] {
      for isOnce in [true, false] {
        let plan = try FastPlan(
          function, sizes: sizes, isChosenByCost: isChosen, leastStreamed: least,
          plansRepeatsOnce: isOnce)
        #expect(plan.plannedOnceCount == (isOnce ? stack.planned : 0), "\(isChosen) \(least)")
        let evaluator = try FastEvaluator(plan, parameters: parameters)
        let found = try evaluator.run(inputs)
        #expect(try FastLibraryTests.difference(found, expected) <= 1e-4, "\(isOnce) \(least)")
        #expect(try evaluator.run(inputs) == found)
      }
    }
  }

  @Test("Plans are about as they are without it: kernels, flops, laws, what runs once, memory")
  func sameStacks() throws {
    for stack in Self.stacks where stack.planned > 0 {
      let (once, each) = (try stack.plan().summary, try stack.plan(false).summary)
      #expect(once.kernels.count <= each.kernels.count + 4, "\(stack.name)")
      #expect(once.work.flops == each.work.flops, "\(stack.name)")
      #expect(once.workOnce.flops == each.workOnce.flops, "\(stack.name)")
      #expect(once.memorySize <= 2 * each.memorySize, "\(stack.name)")
    }
    let stack = Self.stacks[0]
    let (once, each) = (try stack.plan().summary, try stack.plan(false).summary)
    #expect(Set(once.kernels.flatMap(\.boxes)) == Set(each.kernels.flatMap(\.boxes)))
    #expect(once.kernels.count <= each.kernels.count)
    #expect(Set(once.choices.flatMap(\.laws)) == Set(each.choices.flatMap(\.laws)))
    #expect(!once.choices.isEmpty)
    #expect(once.memorySize <= each.memorySize + each.memorySize / 8)
  }

  @Test("Each use has parameters of its own")
  func parameters() throws {
    let stack = Self.stacks[0]
    let (function, sizes) = (try stack.function(), sized(stack.sizes))
    let parameters = try Parameters<Float>(
      random: function.parameterList(), sizes: sizes, seed: 3)
    let inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: 4)
    let plan = try stack.plan()
    let found = try FastEvaluator(plan, parameters: parameters).run(inputs)
    for key in parameters.keys {
      var changed = parameters
      changed[key] = parameters[key].map { $0.map { 2 * $0 + 1 } }
      #expect(try FastEvaluator(plan, parameters: changed).run(inputs) != found, "\(key)")
    }
    let names = plan.summary.kernels.flatMap(\.boxes).filter { $0.contains("expand'") }
    #expect(Set(names).count == 4)
  }

  @Test("Layers use one another's memory again: twelve take less than twice that of three")
  func memory() throws {
    func size(_ layers: Int) throws -> Int {
      let labels = (0..<layers).map { "l\($0)" }
      let stack = Stack(
        name: "",
        text: "diagram f(x: [n d]) -> [n d] {\n"
          + Self.chain(Self.encoder, labels, from: "x") + "\n x\(layers)\n}", planned: 1,
        sizes: ["n": 64, "d": 8, "h": 2, "k": 3, "f": 16])
      let plan = try stack.plan(least: FastPlan.leastStreamed)
      let parameters = plan.summary.buffers.filter {
        if case .parameter = $0.source { true } else { false }
      }
      #expect(plan.plannedOnceCount == 1)
      return plan.memorySize - parameters.reduce(0) { $0 + ($1.size + 63) / 64 * 64 }
    }
    #expect(try size(12) < 2 * size(3))
  }

  @Test("Equal uses on equal inputs are one")
  func shared() throws {
    let stack = try #require(Self.stacks.first { $0.name == "equal layers on one input" })
    let (once, each) = (try stack.plan(), try stack.plan(false))
    #expect(once.kernelCount <= each.kernelCount + 2 && once.plannedOnceCount == 1)
    #expect(once.summary.choices.contains { $0.laws == [.sharing] })
  }

  @Test("Scores that streaming spares stay with what reads them")
  func scores() throws {
    let text = """
      diagram scores(x: [n 2*r]) -> [n n] {
        linear query, key: [2*r] -> [2*r]
        matmul(rotate_rows(query[n](x)), transpose(rotate_rows(key[n](x))))
      }
      diagram f(x: [n 2*r]) -> [n 2*r], [n 2*r], [n 2*r] {
        a = scores(x) as a
        b = scores(x) as b
        c = scores(x) as c
        return matmul(row_softmax(a), x), matmul(row_softmax(b), x), matmul(row_softmax(c), x)
      }
      """
    let stack = Stack(name: "", text: text, planned: 0, sizes: ["n": 64, "r": 2])
    let small = try stack.plan(least: 4096)
    #expect(small.plannedOnceCount == 0 && small.streamingCount == 3)
    // Where they are stored in any case, they are made by a part.
    let large = try stack.plan(least: 4097)
    #expect(large.plannedOnceCount == 1 && large.streamingCount == 0)
  }
}
