import DiagramIR
import Foundation
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Built-in boxes")
struct BuiltInBoxTests {
  /// A box, its call in a diagram `f`, its inputs, and its result by hand.
  struct Case: Sendable, CustomTestStringConvertible {
    let box: String
    let diagram: String
    let inputs: [Value<Double>]
    let result: Value<Double>
    var testDescription: String { box }
  }

  @Test("Every box of the theory has a meaning, and every meaning a box")
  func allDeclared() throws {
    let declared = Source("").environment.boxes.filter { $0.symbol.module == "tensor" }
    #expect(declared.map(\.symbol.name).sorted() == TensorTheory.boxNames)
    #expect(declared.count == 40)
  }

  @Test("Every box has a case by hand")
  func allTested() throws {
    let names = try (Self.numberCases() + Self.arrayCases()).map(\.box)
    #expect(Set(names).sorted() == TensorTheory.boxNames)
  }

  @Test("A function of numbers has its value", arguments: try Self.numberCases())
  func numbers(_ test: Case) throws { try check(test) }

  @Test("A function of arrays has its value", arguments: try Self.arrayCases())
  func arrays(_ test: Case) throws { try check(test) }

  private func check(_ test: Case) throws {
    let source = Source("diagram f\(test.diagram)")
    let interpreter = Interpreter<Double>(environment: source.environment)
    let results = try interpreter.run(source.definition(), inputs: test.inputs)
    let found = try #require(results.first)
    var difference = Difference()
    difference.include(found, test.result)
    #expect(difference.absolute < 1e-12, "found \(found), expected \(test.result)")
  }

  private static func numberCases() throws -> [Case] {
    let e = 2.718281828459045
    let unary: [(String, Double, Double)] = [
      ("neg", 3, -3), ("abs", -3, 3), ("reciprocal", 4, 0.25), ("sqrt", 9, 3), ("exp", 1, e),
      ("log", e, 1), ("sin", Double.pi / 6, 0.5), ("cos", Double.pi / 3, 0.5),
      ("tanh", 0.5, 0.46211715726000979), ("sigmoid", 1, e / (e + 1)), ("relu", -2, 0),
      ("relu", 2, 2), ("gelu", 1, 0.84134474606854293), ("silu", 1, e / (e + 1)),
      ("elu", -1, 1 / e - 1), ("elu", 2, 2), ("log", 0, -.infinity), ("log", -1, .nan),
    ]
    let binary: [(String, Double, Double, Double)] = [
      ("add", 2, 3, 5), ("sub", 2, 3, -1), ("mul", 2, 3, 6), ("div", 3, 2, 1.5),
      ("maximum", 2, 3, 3), ("minimum", 2, 3, 2), ("power", 2, 3, 8), ("less", 2, 3, 1),
      ("less", 3, 3, 0),
    ]
    var cases: [Case] = []
    for (name, x, y) in unary {
      cases.append(
        Case(
          box: name, diagram: "(x: []) -> [] { \(name)(x) }", inputs: [try real([], [x])],
          result: try real([], [y])))
    }
    for (name, x, y, z) in binary {
      cases.append(
        Case(
          box: name, diagram: "(x: [], y: []) -> [] { \(name)(x, y) }",
          inputs: [try real([], [x]), try real([], [y])], result: try real([], [z])))
    }
    for (condition, result) in [(0.0, 7.0), (0.5, 5)] {
      cases.append(
        Case(
          box: "where", diagram: "(c: []) -> [] { where(c, 5, 7) }",
          inputs: [try real([], [condition])], result: try real([], [result])))
    }
    return cases
  }

  private static func arrayCases() throws -> [Case] {
    func make(
      _ box: String, _ diagram: String, _ inputs: [Value<Double>], _ sizes: [Int],
      _ elements: [Double]
    ) throws -> Case {
      Case(box: box, diagram: diagram, inputs: inputs, result: try real(sizes, elements))
    }
    let matrix = try ramp(2, 3)
    return [
      try make("sum", "(x: [n d]) -> [d] { sum(x) }", [matrix], [3], [3, 5, 7]),
      try make("sum", "(x: [n]) -> [] { sum(x) }", [ramp(0)], [], [0]),
      try make("mean", "(x: [n d]) -> [d] { mean(x) }", [matrix], [3], [1.5, 2.5, 3.5]),
      try make("mean", "(x: [n]) -> [] { mean(x) }", [ramp(0)], [], [.nan]),
      try make("max", "(x: [n d]) -> [d] { max(x) }", [matrix], [3], [3, 4, 5]),
      try make("max", "(x: [n]) -> [] { max(x) }", [ramp(0)], [], [-.infinity]),
      try make(
        "transpose", "(x: [n m]) -> [m n] { transpose(x) }", [matrix], [3, 2], [0, 3, 1, 4, 2, 5]),
      try make(
        "merge", "(x: [n m]) -> [n*m] { merge(x) }", [matrix], [6], [0, 1, 2, 3, 4, 5]),
      try make(
        "split", "(x: [2*m]) -> [2 m] { split<2, m>(x) }", [ramp(6)], [2, 3], [0, 1, 2, 3, 4, 5]),
      try make(
        "repeat", "(x: [d]) -> [2 d] { repeat<2>(x) }", [ramp(3)], [2, 3], [0, 1, 2, 0, 1, 2]),
      try make(
        "reverse", "(x: [n d]) -> [n d] { reverse(x) }", [matrix], [2, 3], [3, 4, 5, 0, 1, 2]),
      try make(
        "concat", "(x: [n], y: [m]) -> [n+m] { concat(x, y) }", [ramp(2), ramp(3)], [5],
        [0, 1, 0, 1, 2]),
      try make(
        "take", "(x: [2+m]) -> [2] { take<2>(x) }", [ramp(5)], [2], [0, 1]),
      try make(
        "drop", "(x: [2+m]) -> [m] { drop<2>(x) }", [ramp(5)], [3], [2, 3, 4]),
      try make("iota", "() -> [3] { iota<3>() }", [], [3], [0, 1, 2]),
      Case(
        box: "indices", diagram: "() -> index 3 [3] { indices<3>() }", inputs: [],
        result: try index([3], [0, 1, 2])),
      try make(
        "position", "(i: index 9 []) -> [] { position(i) }", [index([], [7])], [], [7]),
      Case(
        box: "order", diagram: "(x: [n]) -> index n [n] { order(x) }",
        inputs: [try real([5], [2, .nan, -1, 2, -.infinity])],
        result: try index([5], [4, 2, 0, 3, 1])),
      try make(
        "gather", "(x: [v d], i: index v []) -> [d] { gather(x, i) }", [matrix, index([], [1])],
        [3], [3, 4, 5]),
      try make(
        "reindex", "(x: [v d], i: index v [m]) -> [m d] { reindex(x, i) }",
        [matrix, index([3], [1, 0, 1])], [3, 3], [3, 4, 5, 0, 1, 2, 3, 4, 5]),
    ]
  }

  @Test("A box that is declared with another type than the built-in one is refused")
  func wrongType() throws {
    var environment = Environment()
    let symbol = Symbol(module: "tensor", name: "exp")
    let (domain, codomain) = ([WireType.real(Size("n"))], [WireType.scalar])
    environment.add(
      BoxDeclaration(symbol: symbol, doctrine: .cartesian, domain: domain, codomain: codomain))
    let diagram = Diagram.box(.box(symbol), domain, codomain, doctrine: .cartesian)
    expectError(
      "the built-in box 'exp' has the type [] -> [], which the ports of its use don't fit"
    ) { try TensorDiagram(diagram, in: environment) }
  }
}
