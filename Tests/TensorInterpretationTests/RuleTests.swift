import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Equations on random tensors")
struct RuleTests {
  static let rules = Library.program.environment.rules.filter {
    $0.relation == .equal && $0.left.doctrine == .cartesian && isOfArrays($0.left)
  }

  /// Whether a diagram's wires carry arrays; those of an abstract theory have no meaning to compare.
  private static func isOfArrays(_ diagram: Diagram) -> Bool {
    diagram.types.allSatisfy { if case .array = $0 { true } else { false } }
  }
  static let seed: UInt64 = 7

  @Test("The rule files hold exact rules of tensors, without a fault in the files")
  func count() {
    let faults = Library.program.files.flatMap { file in
      file.diagnostics.map { "\(file.name): \($0.message)" }
    }
    #expect(faults == [])
    #expect(Self.rules.count >= 100)
  }

  @Test("An exact rule of the library holds", arguments: rules.map(\.symbol))
  func holds(_ symbol: Symbol) throws {
    let environment = Library.program.environment
    let rule = try #require(environment.rule(symbol))
    let check = EquationCheck(environment: environment, seed: Self.seed, trials: 3)
    let difference = try check.difference(rule)
    #expect(difference.relative <= 1e-10, "\(symbol), seed \(Self.seed): \(difference)")
  }

  @Test(
    "A false rule fails",
    arguments: [
      "rule r(a: [], b: []) { sub(a, b) == sub(b, a) }",
      "rule r(x: [n ..s]) { reverse(x) == x }",
      "rule r(a: [n k], b: [k m]) { matmul(a, b) == matmul(scale_rows(repeat<n>(2), a), b) }",
      "rule r(x: [n]) { softmax(x) == normalize(x) }",
      "rule r(x: [d]) { linear f, g: [d] -> [k]\n f(x) == g(x) }",
    ])
  func falseRules(_ text: String) throws {
    let source = Source(text)
    let rule = try #require(source.program.rule("r", in: "test.diagram"))
    let difference = try EquationCheck(environment: source.environment).difference(rule)
    #expect(difference.relative > 1e-3)
  }

  @Test("Learned boxes with one label are one function on both sides")
  func labels() throws {
    let source = Source(
      """
      rule r(x: [n d], y: [n d]) {
        learn f: [d], [d] -> [k]
        linear g: [k] -> [e]
        simd n(x, y) { g(f(x, y)) } == g[n](f[n](x, y))
      }
      """)
    let rule = try #require(source.program.rule("r", in: "test.diagram"))
    let difference = try EquationCheck(environment: source.environment).difference(rule)
    #expect(difference == Difference())
  }

  @Test("Trials have different sizes, and shapes of rank 0, 1 and 2")
  func trials() throws {
    let source = Source("rule r(x: [n ..s], y: [m ..s]) { concat(x, y) == concat(x, y) }")
    let rule = try #require(source.program.rule("r", in: "test.diagram"))
    let trials = try EquationCheck(environment: source.environment, trials: 6)
      .compare(rule.left, rule.right)
    #expect(trials.map { $0.shapes.values.map(\.count) } == [[0], [1], [2], [0], [1], [2]])
    for trial in trials { #expect(Set(trial.sizes.values).count == 2) }
    #expect(Set(trials.map(\.sizes)).count > 1)
  }

  @Test("NaN and infinities equal themselves and nothing else")
  func differences() {
    var difference = Difference()
    difference.include(.nan, .nan)
    difference.include(-.infinity, -.infinity)
    #expect(difference == Difference())
    difference.include(1, 1.5)
    #expect(difference.absolute == 0.5 && difference.relative == 0.5 / 1.5)
    difference.include(.nan, 1)
    #expect(difference.absolute == .infinity)
  }
}
