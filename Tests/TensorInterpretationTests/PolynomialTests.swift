import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Sums over features that are products")
struct PolynomialTests {
  private static func features(_ type: String, _ body: String) -> String {
    "diagram phi(x: [k]) -> [\(type)] { \(body) }\n"
  }

  private static let inputs = "(q: [n k], k: [m k], v: [m e])"
  private static let summary = """
    diagram f\(inputs) -> [n e] {
      features = transpose(phi[m](k))
      matmul(phi[n](q), matmul(features, v))
    }
    """
  private static let normalized = """
    diagram f\(inputs) -> [n e] {
      features = transpose(phi[m](k))
      numerator = matmul(phi[n](q), matmul(features, v))
      divide_rows(numerator, matvec(phi[n](q), row_sums(features)))
    }
    """
  private static let similarities = """
    diagram f\(inputs) -> [n m] { matmul(phi[n](q), transpose(phi[m](k))) }
    """
  private static let taylor = features(
    "1+k+k*k",
    "concat(concat(repeat<1>(1), x), scale(sqrt(0.5), merge(outer(x, x))))")
  private static let squares = features("k*k", "merge(outer(x, x))")

  /// Name, text, and whether the law applies.
  private static let forms: [(name: String, text: String, applies: Bool)] = [
    ("normalized", taylor + normalized, true),
    ("summary", taylor + summary, true),
    ("similarities", taylor + similarities, true),
    ("squares", squares + summary, true),
    (
      "cubes", features("k*k*k", "merge(outer(x, merge(outer(x, x))))") + summary, true
    ),
    (
      "scaled as a whole",
      features("k+k*k", "scale(0.25, concat(x, merge(outer(x, x))))") + summary, true
    ),
    (
      "different factors",
      "diagram f(q: [n k], p: [n k], k: [m k], v: [m e]) -> [n e] { "
        + "matmul(simd n(q, p) { merge(outer(q, p)) }, matmul(transpose(simd m(k) { "
        + "merge(outer(k, tanh[k](k))) }), v)) }", true
    ),
    (
      "weighted rows",
      "diagram f(q: [n k], w: [n], k: [m k], v: [m e]) -> [n e] { "
        + "matmul(simd n(q, w) { scale(w, merge(outer(q, q))) }, matmul(transpose(simd m(k) { "
        + "merge(outer(k, k)) }), v)) }", true
    ),
    // A function of the products, other parts on the other side, and features that aren't products.
    ("functions", features("k*k", "tanh[k*k](merge(outer(x, x)))") + summary, false),
    ("one after the other", features("k+k", "concat(x, tanh[k](x))") + summary, false),
    (
      "turned",
      "diagram f\(inputs) -> [n e] { matmul(simd n(q) { concat(merge(outer(q, q)), q) }, "
        + "matmul(transpose(simd m(k) { concat(k, merge(outer(k, k))) }), v)) }", false
    ),
    (
      "reversed",
      "diagram f\(inputs) -> [n e] { matmul(simd n(q) { merge(outer(q, q)) }, "
        + "matmul(transpose(simd m(k) { reverse(merge(outer(k, k))) }), v)) }", false
    ),
  ]

  private static func applies(_ plan: FastPlan) -> Bool {
    plan.summary.choices.contains { $0.laws == [.polynomial] }
  }

  @Test("The law is found where it applies, and the results agree", arguments: 0..<12)
  func forms(_ place: Int) throws {
    #expect(Self.forms.count == 12)
    let (name, text, applies) = Self.forms[place]
    let form = try StreamingTests.Form(text)
    let plan = try FastPlan(form.function, sizes: form.sizes([96, 96, 16, 16]))
    #expect(Self.applies(plan) == applies, "\(name)")
    let sizes = [
      [1, 1, 1, 1], [1, 2, 2, 1], [2, 1, 3, 3], [3, 17, 2, 2], [17, 31, 3, 2], [2, 2, 17, 3],
      [5, 7, 7, 7],
    ]
    for sizes in sizes {
      #expect(try form.difference(sizes) <= 1e-4, "\(name) at \(sizes)")
    }
    for level in FeatureLevel.available {
      let workers = Workers(2, leastWork: 1, level: level)
      #expect(try form.difference([31, 17, 5, 7], workers: workers) <= 1e-4, "\(name), \(level)")
    }
  }

  @Test("Random sums of monomials agree with the reference", arguments: 0..<8)
  func random(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    func below(_ count: Int) -> Int { Int((random.normal() * 1000).magnitude) % count }
    var (types, parts): ([String], [String]) = ([], [])
    for place in 0..<(1 + below(4)) {
      var (type, part) = ("k", below(3) == 0 ? "neg[k](x)" : "x")
      for _ in 0..<(place == 0 ? 1 : below(3)) {
        (type, part) = ("\(type)*k", "merge(outer(\(part), x))")
      }
      if below(2) == 0 { part = "scale(\(below(8) - 3), \(part))" }
      types.append(type)
      parts.append(part)
    }
    let all = parts.dropFirst().reduce(parts[0]) { "concat(\($0), \($1))" }
    let features = Self.features(types.joined(separator: "+"), all)
    for text in [features + Self.summary, features + Self.similarities] {
      let form = try StreamingTests.Form(text)
      #expect(try Self.applies(FastPlan(form.function, sizes: form.sizes([64, 64, 16, 64]))))
      for sizes in [[1, 3, 2, 2], [17, 2, 3, 5], [6, 31, 5, 17]] {
        #expect(try form.difference(sizes) <= 1e-4, "seed \(seed): \(all) at \(sizes)")
      }
    }
  }

  @Test("A cost that goes with the square of the tokens is taken for few tokens only")
  func cost() throws {
    let form = try StreamingTests.Form(Self.taylor + Self.normalized)
    let short = try FastPlan(form.function, sizes: form.sizes([1024, 1024, 64, 64]))
    #expect(Self.applies(short) && short.summary.work.flops < 300_000_000)
    #expect(short.streamingCount == 1)
    let drawn = try FastPlan(
      form.function, sizes: form.sizes([1024, 1024, 64, 64]), isChosenByCost: false)
    #expect(!Self.applies(drawn) && drawn.summary.work.flops > 1_000_000_000)
    let long = try FastPlan(form.function, sizes: form.sizes([2048, 2048, 4, 4]))
    #expect(!Self.applies(long) && long.summary.work.flops < 3_000_000)
  }

  @Test("Infinities and NaN give no finite number where the drawn form gives none")
  func special() throws {
    let form = try StreamingTests.Form(Self.taylor + Self.normalized)
    let sizes = form.sizes([5, 6, 8, 3])
    let plan = try FastPlan(form.function, sizes: sizes)
    #expect(Self.applies(plan))
    for special: Float in [.infinity, -.infinity, .nan] {
      var inputs: [Value<Float>] = try form.function.randomInputs(sizes: sizes, seed: 2)
      var queries = inputs[0].real?.elements ?? []
      queries[0] = special
      inputs[0] = .real(try Tensor([5, 8], queries))
      let found = try FastEvaluator(plan, parameters: Parameters<Float>()).run(inputs)
      let rows = try #require(found[0].real?.elements)
      #expect(
        rows.prefix(3).allSatisfy { !$0.isFinite } && rows.dropFirst(3).allSatisfy(\.isFinite))
    }
  }

  @Test("However long a chain of concatenations is, it is followed some steps only")
  func deep() throws {
    let count = 1500
    let lines = (2...count).map { "  c\($0) = concat(c\($0 - 1), c1)" }
    let form = try StreamingTests.Form(
      """
      diagram f(c1: [1], w: [\(count)]) -> [] {
      \(lines.joined(separator: "\n"))
        dot(c\(count), w)
      }
      """)
    #expect(!Self.applies(try FastPlan(form.function, sizes: [:])))
  }
}
