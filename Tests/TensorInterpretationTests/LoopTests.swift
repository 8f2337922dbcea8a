import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

/// Scans, with how many recurrences and how many kernels in loops each is planned as.
struct LoopForm: Sendable, CustomStringConvertible {
  let name: String
  let recurrences: Int
  var inLoops = 0
  let text: String

  var description: String { name }

  static let all: [LoopForm] = [
    LoopForm(
      name: "decay", recurrences: 1,
      text: """
        diagram f(q: [n k], k: [n k], v: [n e], g: [n]) -> [n e] {
          s, y = scan n(s = repeat<k>(repeat<e>(0)); q, k, v, g) {
            t = add[k e](simd k(s) { scale(g, s) }, outer(k, v))
            return t, weighted_sum(q, t)
          }
          y
        }
        """),
    LoopForm(
      name: "delta rule, whose last state is a result", recurrences: 1,
      text: """
        diagram f(q: [n k], k: [n k], v: [n e]) -> [k e], [n e] {
          scan n(s = repeat<k>(repeat<e>(1)); q, k, v) {
            t = add[k e](s, outer(k, sub[e](v, weighted_sum(k, s))))
            return t, weighted_sum(q, t)
          }
        }
        """),
    LoopForm(
      name: "two states that don't meet", recurrences: 2,
      text: """
        diagram f(q: [n k], k: [n k], v: [n e]) -> [n e] {
          s, z, y = scan n(s = repeat<k>(repeat<e>(0)), z = repeat<k>(2); q, k, v) {
            features = exp[k](k)
            t = add[k e](s, outer(features, v))
            u = add[k](z, features)
            return t, u, scale(reciprocal(add(1, exp(dot(q, u)))), weighted_sum(q, t))
          }
          y
        }
        """),
    LoopForm(
      name: "heads, and values whose columns aren't consecutive", recurrences: 1,
      text: """
        diagram f(k: [h n k], v: [h e n]) -> [h n e] {
          simd h(k, v) {
            s, y = scan n(s = repeat<k>(repeat<e>(0)); k, v = transpose(v)) {
              t = add[k e](s, outer(k, v))
              return t, weighted_sum(k, t)
            }
            y
          }
        }
        """),
    LoopForm(
      name: "functions of one and of three numbers, and two states that change places",
      recurrences: 1,
      text: """
        diagram f(a: [e], b: [e], v: [n e]) -> [e], [n e], [e] {
          c, d, y = scan n(s = a, t = b; v) {
            y = simd e(s, t, v) { where(less(s, t), tanh(add(s, v)), mul(t, power(exp(v), 0.5))) }
            return t, y, maximum[e](s, y)
          }
          return c, y, d
        }
        """),
    LoopForm(
      name: "largest entries and sums of columns", recurrences: 1,
      text: """
        diagram f(k: [n k], v: [n e]) -> [n e], [n e] {
          s, y, z = scan n(s = repeat<k>(repeat<e>(0)); k, v) {
            t = sub[k e](outer(k, v), s)
            return t, simd e(t = transpose(t)) { max(t) }, simd e(t = transpose(t)) { sum(t) }
          }
          return y, z
        }
        """),
    LoopForm(
      name: "one number", recurrences: 1,
      text: "diagram f(x: [n]) -> [] { scan n(h = 0.5; x) { div(add(h, x), add(1, mul(x, x))) } }"),
    LoopForm(
      name: "loops in a loop", recurrences: 2,
      text: """
        diagram f(x: [m n e]) -> [m e] {
          s, y = scan m(s = repeat<e>(1); x) {
            inner = scan n(t = repeat<e>(0); x) { add[e](mul[e](t, x), x) }
            next = tanh[e](add[e](s, inner))
            return next, next
          }
          y
        }
        """),
    LoopForm(
      name: "what a loop inside reads is stacked too", recurrences: 0, inLoops: 8,
      text: """
        diagram f(x: [m k k], w: [n k k]) -> [k k], [m k k] {
          scan m(s = repeat<k>(repeat<k>(0.5)); x) {
            t = exp[k k](x)
            r = scan n(r = s; w) {
              tanh[k k](add[k k](matmul(r, transpose(r)), add[k k](matmul(t, r), w)))
            }
            return r, t
          }
        }
        """),
    LoopForm(
      name: "no state is used", recurrences: 0,
      text: """
        diagram f(x: [n e]) -> [n e] {
          s, y = scan n(s = 0; x) { return s, mul[e](x, x) }
          y
        }
        """),
    LoopForm(
      name: "columns that meet", recurrences: 0, inLoops: 3,
      text: """
        diagram f(x: [n k k]) -> [k k] {
          scan n(s = repeat<k>(repeat<k>(0.5)); x) { tanh[k k](add[k k](matmul(s, transpose(s)), x)) }
        }
        """),
    LoopForm(
      name: "a state that moves along its axis", recurrences: 1,
      text: """
        diagram f(x: [n]) -> [n n] {
          last, rows = scan n(row = repeat<n>(0); x) {
            next = take<n>(concat(repeat<1>(x), row))
            return next, next
          }
          rows
        }
        """),
  ]
}

@Suite("Loops")
struct LoopTests {
  private static func counts(_ plan: FastPlan) -> (recurrences: Int, inLoops: Int) {
    let kernels = plan.summary.kernels
    return (
      kernels.count { $0.kind == .recurrence }, kernels.count { !$0.loops.isEmpty }
    )
  }

  @Test(
    "Become recurrences where columns don't meet, and compute the same", arguments: LoopForm.all)
  func forms(_ form: LoopForm) throws {
    let trial = try StreamingTests.Form(form.text)
    let sizes = trial.sizes([6, 5, 4, 40, 3])
    let (chosen, inLoops) = Self.counts(try FastPlan(trial.function, sizes: sizes))
    #expect(chosen == form.recurrences)
    #expect(inLoops == form.inLoops)
    let drawn = Self.counts(try FastPlan(trial.function, sizes: sizes, isChosenByCost: false))
    #expect(drawn.recurrences == 0 && drawn.inLoops > 0)
    for list in [
      [1, 1, 1, 1, 1], [2, 2, 1, 3, 1], [3, 1, 17, 1, 2], [5, 3, 2, 31, 3], [17, 2, 3, 33, 2],
      [4, 2, 5, 97, 1], [2, 0, 2, 2, 0], [0, 2, 3, 4, 2],
    ] {
      #expect(try trial.difference(list) <= 1e-5, "\(list)")
    }
    for level in FeatureLevel.available {
      for list in [[6, 5, 4, 40, 3], [3, 2, 2, 17, 2]] {
        let workers = Workers(1, level: level)
        #expect(try trial.difference(list, workers: workers) <= 1e-5, "\(level) \(list)")
      }
    }
  }

  @Test("One thread and three compute the same bits", arguments: LoopForm.all)
  func threads(_ form: LoopForm) throws {
    let trial = try StreamingTests.Form(form.text)
    let sizes = trial.sizes([5, 4, 3, 150, 3])
    let inputs: [Value<Float>] = try trial.function.randomInputs(sizes: sizes, seed: 4)
    let results = try [Workers(1), Workers(3, leastWork: 1)].map {
      try trial.interpreter(sizes, seed: 2, $0).run(trial.function, inputs: inputs)
    }
    #expect(results[0] == results[1])
  }

  @Test("Infinities and NaN pass as in the reference, column by column")
  func specialValues() throws {
    let form = try StreamingTests.Form(LoopForm.all[0].text)
    let sizes = form.sizes([4, 0, 3, 40, 0])
    var inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 4)
    var values = try #require(inputs[2].real).elements
    (values[1], values[41], values[2]) = (.infinity, -.infinity, .nan)
    inputs[2] = .real(try Tensor([4, 40], values))
    let fast = try #require(
      form.interpreter(sizes, seed: 2).run(form.function, inputs: inputs)[0].real)
    let expected = try #require(
      Interpreter<Double>(
        environment: form.source.environment, sizes: sizes, parameters: Parameters<Double>()
      ).run(
        form.function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })[0]
        .real)
    for (found, known) in zip(fast.elements, expected.elements) {
      #expect(found.isNaN == known.isNaN && found.isInfinite == known.isInfinite)
    }
    #expect(fast.elements.count { !$0.isFinite } == 4 + 3 + 1)
  }

  @Test("Another state gives another result")
  func sensitive() throws {
    let text = LoopForm.all[0].text
    let form = try StreamingTests.Form(text)
    let other = try StreamingTests.Form(
      text.replacing("repeat<k>(repeat<e>(0))", with: "repeat<k>(repeat<e>(0.01))"))
    let sizes = form.sizes([4, 0, 3, 40, 0])
    let inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 4)
    let results = try [form, other].map {
      try $0.interpreter(sizes, seed: 2).run($0.function, inputs: inputs)
    }
    #expect(results[0] != results[1])
  }

  @Test("Random diagrams have recurrences")
  func random() throws {
    var count = 0
    for seed in UInt64(0)..<100 {
      let diagram = RandomArrayDiagram.make(boxes: 40, isExact: false, seed: seed)
      let function = try TensorDiagram(diagram, in: Library.program.environment)
      count += Self.counts(try FastPlan(function, sizes: [:], hiddenUnits: 3)).recurrences
    }
    #expect(count > 20)
  }
}
