import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Sums over earlier positions in chunks")
struct CausalChunkTests {
  private static let inputs = "(q: [n k], k: [n k], v: [n e])"
  private static let weights = "w = mul[n n](matmul(q, transpose(k)), lower_triangle<n>())\n"

  /// Name, text, and whether the law applies.
  private static let forms: [(name: String, text: String, isChunked: Bool)] = [
    ("values", "diagram f\(inputs) -> [n e] { \(weights) matmul(w, v) }", true),
    (
      "values and sums",
      "diagram f\(inputs) -> [n e], [n] { \(weights) return matmul(w, v), row_sums(w) }", true
    ),
    // Sums alone are cheaper as queries times the keys before them, summed.
    ("sums", "diagram f(q: [n k], k: [n k]) -> [n] { \(weights) row_sums(w) }", false),
    (
      "without itself",
      "diagram f\(inputs) -> [n e] { w = simd n(q, i = iota<n>()) { simd n(k, j = iota<n>()) { "
        + "mul(less(j, i), dot(q, k)) } }\n matmul(w, v) }", true
    ),
    (
      "chosen",
      "diagram f\(inputs) -> [n e] { w = simd n(q, i = iota<n>()) { simd n(k, j = iota<n>()) { "
        + "mul(where(less(i, j), 0, 1), dot(q, k)) } }\n matmul(w, v) }", true
    ),
    (
      "heads that share keys",
      "diagram f(q: [h n k], k: [n k], v: [h n e]) -> [h n e] { simd h(q, v) { "
        + "\(weights) matmul(w, v) } }", true
    ),
    (
      "what follows",
      "diagram f\(inputs) -> [n e] { w = simd n(q, i = iota<n>()) { simd n(k, j = iota<n>()) { "
        + "mul(less(i, j), dot(q, k)) } }\n matmul(transpose(w), v) }", true
    ),
    // A function of the products between them.
    (
      "squares",
      "diagram f\(inputs) -> [n e] { \(weights) matmul(mul[n n](w, w), v) }", false
    ),
    // The largest entry is no sum.
    (
      "largest",
      "diagram f\(inputs) -> [n e], [n] { \(weights) return matmul(w, v), simd n(w) { max(w) } }",
      false
    ),
    // A mask that isn't 0 and 1, and one of other positions.
    (
      "doubled",
      "diagram f\(inputs) -> [n e] { w = simd n(q, i = iota<n>()) { simd n(k, j = iota<n>()) { "
        + "mul(where(less(i, j), 0, 2), dot(q, k)) } }\n matmul(w, v) }", false
    ),
    (
      "reversed",
      "diagram f\(inputs) -> [n e] { w = simd n(q, i = iota<n>()) { simd n(k, j = "
        + "reverse(iota<n>())) { mul(less(j, i), dot(q, k)) } }\n matmul(w, v) }", false
    ),
  ]

  private static func plan(
    _ form: StreamingTests.Form, _ sizes: [Int], least: Int = FastPlan.leastStreamed
  ) throws -> FastPlan {
    try FastPlan(form.function, sizes: form.sizes(sizes), leastStreamed: least)
  }

  private static func isChunked(_ plan: FastPlan) -> Bool {
    plan.summary.choices.contains { $0.laws == [.chunking] }
  }

  @Test("The law is found where it applies, and the results agree", arguments: 0..<11)
  func forms(_ place: Int) throws {
    let (name, text, isChunked) = Self.forms[place]
    let form = try StreamingTests.Form(text)
    let sizes = [96, 1, 8, 8, 2]
    let chosen = try Self.plan(form, sizes)
    #expect(Self.isChunked(chosen) == isChunked, "\(name)")
    let drawn = try FastPlan(form.function, sizes: form.sizes(sizes), isChosenByCost: false)
    let inputs: [Value<Float>] = try form.function.randomInputs(sizes: form.sizes(sizes), seed: 1)
    let expected = try FastEvaluator(drawn, parameters: Parameters<Float>()).run(inputs)
    for level in FeatureLevel.available {
      let workers = Workers(2, leastWork: 1, level: level)
      let found = try FastEvaluator(chosen, parameters: Parameters<Float>(), workers: workers)
        .run(inputs)
      #expect(try FastLibraryTests.difference(found, expected) <= 1e-4, "\(name)")
    }
    #expect(try form.difference([3, 1, 2, 2, 1]) <= 1e-4, "\(name)")
  }

  @Test("Flops grow with the positions, and not with their square")
  func flops() throws {
    let form = try StreamingTests.Form(Self.forms[1].text)
    let (short, long) = (
      try Self.plan(form, [1024, 1, 64, 64]), try Self.plan(form, [4096, 1, 64, 64])
    )
    #expect(Self.isChunked(short) && Self.isChunked(long))
    #expect(long.summary.work.flops < 5 * short.summary.work.flops)
    #expect(short.summary.work.flops < 80_000_000)
    let drawn = try FastPlan(
      form.function, sizes: form.sizes([1024, 1, 64, 64]), isChosenByCost: false)
    #expect(drawn.summary.choices.isEmpty && drawn.summary.work.flops > 260_000_000)
  }

  @Test("What no chunk divides, or is as cheap as drawn, stays as it is drawn")
  func limits() throws {
    let form = try StreamingTests.Form(Self.forms[1].text)
    #expect(try !Self.isChunked(Self.plan(form, [257, 1, 8, 8])))
    #expect(try !Self.isChunked(Self.plan(form, [64, 1, 64, 64])))
    #expect(try Self.isChunked(Self.plan(form, [256, 1, 8, 8])))
  }
}
