import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Sums over what is smaller, by sorting")
struct OrderingTests {
  /// A sum for each of the numbers b of the places that an expression of `less` chooses.
  private static func sum(_ choice: String, isDot: Bool = false) -> String {
    "simd n(a, b, v) { simd k(b) { "
      + (isDot ? "dot(simd m(a) { \(choice) }, v)" : "sum(simd m(a, v) { \(choice) })") + " } }"
  }

  private static func diagram(_ body: String) -> String {
    "diagram f(a: [n m], b: [n k], v: [n m]) -> [n k] { \(body) }"
  }

  static let sparsemax = """
    diagram f(z: [n m]) -> [n m] {
      simd n(z) {
        support = simd m(own = z) {
          above = simd m(z) { sub(1, less(z, own)) }
          less(dot(above, z), add(1, mul(sum(above), own)))
        }
        threshold = div(sub(dot(support, z), 1), sum(support))
        simd m(z) { relu(sub(z, threshold)) }
      }
    }
    """

  /// Name, text, and how many sorts there are.
  private static let forms: [(name: String, text: String, count: Int)] = [
    ("sparsemax", sparsemax, 1),
    ("smaller entries", diagram(sum("less(a, b)")), 1),
    ("larger entries", diagram(sum("less(b, a)")), 1),
    ("entries that are no smaller", diagram(sum("sub(1, less(a, b))")), 1),
    ("smaller values", diagram(sum("less(a, b)", isDot: true)), 1),
    ("values of larger entries", diagram(sum("mul(less(b, a), v)")), 1),
    ("signs", diagram(sum("sub(less(a, b), less(b, a))")), 0),
    ("signs of one comparison", diagram(sum("sub(mul(2, less(a, b)), 1)", isDot: true)), 1),
    ("chosen values", diagram(sum("where(less(b, a), v, neg(v))")), 1),
    ("chosen numbers", diagram(sum("where(sub(1, less(a, b)), 3, v)")), 1),
    ("functions of a comparison", diagram(sum("exp(neg(less(a, b)))", isDot: true)), 1),
    (
      "ranks",
      "diagram f(a: [n m]) -> [n m] { simd n(a) { simd m(own = a) { "
        + "sum(simd m(a) { less(a, own) }) } } }", 1
    ),
    (
      "entries of one vector for all numbers",
      "diagram f(a: [m], b: [n], v: [m]) -> [n], [n] { simd n(b) { "
        + "w = simd m(a) { less(a, b) }\n return sum(w), dot(w, v) } }", 1
    ),
    // What is chosen is a result, is folded otherwise, or depends on the number.
    (
      "a result",
      "diagram f(a: [m], b: [n]) -> [n], [n m] { simd n(b) { w = simd m(a) { less(a, b) }\n"
        + "return sum(w), w } }", 0
    ),
    (
      "largest",
      "diagram f(a: [m], b: [n]) -> [n] { simd n(b) { max(simd m(a) { less(a, b) }) } }", 0
    ),
    ("differences", diagram(sum("where(less(a, b), sub(b, a), 0)")), 0),
    ("infinite factors", diagram(sum("log(less(a, b))")), 0),
  ]

  private static func sorts(_ plan: FastPlan) -> Int {
    let kinds = plan.summary.kernels.filter { $0.kind == .ranking }.count
    #expect(plan.summary.choices.filter { $0.laws == [.ordering] }.count == kinds)
    return kinds
  }

  @Test("The law is found where it applies, and the results agree", arguments: 0..<17)
  func forms(_ place: Int) throws {
    #expect(Self.forms.count == 17)
    let (name, text, count) = Self.forms[place]
    let form = try StreamingTests.Form(text)
    let large = try FastPlan(form.function, sizes: form.sizes([64, 257, 128]))
    #expect(Self.sorts(large) == count, "\(name)")
    for sizes in [[1, 1, 1], [2, 3, 2], [3, 17, 31], [1, 31, 257], [1, 257, 31]] {
      #expect(try form.difference(sizes) <= 1e-5, "\(name) at \(sizes)")
    }
    for level in FeatureLevel.available {
      let workers = Workers(2, leastWork: 1, level: level)
      #expect(try form.difference([3, 67, 61], workers: workers) <= 1e-5, "\(name), \(level)")
    }
  }

  /// Numbers with many that are equal, among them the special ones.
  private static func numbers(
    _ shape: Shape, _ special: [Float], _ random: inout RandomSource
  ) throws -> Value<Float> {
    let elements = (0..<shape.elementCount).map { _ -> Float in
      let number = (random.normal() * 8).rounded() / 4
      let place = Int((random.normal() * 1000).magnitude)
      return place % 29 < special.count ? special[place % 29] : Float(number)
    }
    return .real(try Tensor(shape.sizes, elements))
  }

  @Test(
    "Equal entries, zeros of both signs, infinities and NaN give what is drawn", arguments: 0..<17)
  func special(_ place: Int) throws {
    let (name, text, count) = Self.forms[place]
    let form = try StreamingTests.Form(text)
    let sizes = form.sizes([place == 12 ? 97 : 2, 101, 97])
    let plan = try FastPlan(form.function, sizes: sizes)
    #expect(Self.sorts(plan) == count)
    let shapes = try form.function.randomInputs(sizes: sizes, seed: 1, as: Float.self).compactMap {
      $0.real?.shape
    }
    var random = RandomSource(seed: UInt64(place))
    for special: [Float] in [
      [0, -0.0], [.infinity], [-.infinity], [.nan], [.infinity, -.infinity, .nan, -0.0],
    ] {
      let inputs = try shapes.map { try Self.numbers($0, special, &random) }
      let found = try FastEvaluator(plan, parameters: Parameters<Float>()).run(inputs)
      let expected = try Interpreter<Float>(environment: form.source.environment, sizes: sizes)
        .run(form.function, inputs: inputs)
      var difference = Difference()
      for (a, b) in zip(found, expected) { difference.include(a, b) }
      #expect(difference.relative <= 1e-5, "\(name) with \(special), seed \(place)")
    }
  }

  @Test("Counts are exact, and small values aren't lost beside large ones")
  func exact() throws {
    let form = try StreamingTests.Form(Self.forms[12].text)
    let plan = try FastPlan(form.function, sizes: form.sizes([400, 5000]))
    #expect(Self.sorts(plan) == 1)
    // The larger half of the entries, in no order, have values of 1; the others are large.
    let large = Float(sign: .plus, exponent: 100, significand: 1)
    let entries = (0..<5000).map { Float(($0 * 1999) % 5000) }
    let values = entries.map { $0 < 2500 ? large : 1 }
    let numbers: [Float] = [-2499, -4998.5, 1] + Array(repeating: 0, count: 397)
    let results = try FastEvaluator(plan, parameters: Parameters<Float>()).run([
      .real(Tensor([5000], entries.map { -$0 })), .real(Tensor([400], numbers)),
      .real(Tensor([5000], values)),
    ])
    #expect(results[0].real?.elements.prefix(3) == [2500, 1, 5000])
    #expect(results[1].real?.elements.prefix(3) == [2500, 1, 2500 * large])
  }

  @Test("Flops of a row go with its length times a logarithm, and pairs stay where there are few")
  func flops() throws {
    let form = try StreamingTests.Form(Self.sparsemax)
    let plan = try FastPlan(form.function, sizes: form.sizes([256, 1024]))
    #expect(plan.summary.work.flops < 70_000_000)
    let drawn = try FastPlan(
      form.function, sizes: form.sizes([256, 1024]), isChosenByCost: false)
    #expect(drawn.summary.work.flops > 1_000_000_000 && Self.sorts(drawn) == 0)
    #expect(try Self.sorts(FastPlan(form.function, sizes: form.sizes([256, 8]))) == 0)
  }
}
