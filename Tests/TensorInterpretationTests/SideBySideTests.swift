import TensorKernels
import Testing

@testable import TensorInterpretation

/// A diagram, how many kernels it takes, and how many arrays each writes.
struct SideBySideForm: CustomTestStringConvertible, Sendable {
  let name: String
  let kernels: [Int]
  let text: String
  var testDescription: String { name }

  static let all = [
    SideBySideForm(
      name: "parts of a concatenation that read one array", kernels: [1],
      text: """
        diagram f(x: [n], c: [n], s: [n]) -> [2*n] {
          y = relu[n](x)
          concat(mul[n](y, c), mul[n](y, s))
        }
        """),
    SideBySideForm(
      name: "a sum that is a result, and a function of it", kernels: [2],
      text: """
        diagram f(x: [n m], y: [n m]) -> [n m], [n m] {
          s = add[n m](x, y)
          return s, tanh[n m](s)
        }
        """),
    SideBySideForm(
      name: "a function of a transposed array stays apart", kernels: [1, 1],
      text: """
        diagram f(x: [n n]) -> [n n], [n n] {
          s = exp[n n](x)
          return s, add[n n](s, transpose(s))
        }
        """),
    SideBySideForm(
      name: "arrays that share only what is repeated stay apart", kernels: [1, 1],
      text: """
        diagram f(x: [n m], y: [n m], g: []) -> [n m], [n m] {
          return simd n(x) { scale(g, x) }, simd n(y) { scale(g, y) }
        }
        """),
    SideBySideForm(
      name: "a product is written where it is concatenated", kernels: [1, 1],
      text: """
        diagram f(x: [n k], w: [k m], y: [m n]) -> [2*m n] {
          concat(transpose(matmul(x, w)), exp[m n](y))
        }
        """),
    SideBySideForm(
      name: "what another step needs before is not put off", kernels: [1, 1, 1],
      text: """
        diagram f(x: [n m]) -> [n m], [n m], [m] {
          a = exp[n m](x)
          t = simd m(a = transpose(a)) { sum(a) }
          return a, simd n(x) { mul[m](x, t) }, t
        }
        """),
    SideBySideForm(
      name: "a state that is read after its copy is made", kernels: [],
      text: """
        diagram f(a: [k k], x: [n k k]) -> [k k], [n k k] {
          scan n(h = a; x) {
            old = mul[k k](transpose(h), x)
            new = tanh[k k](add[k k](x, mul[k k](x, h)))
            return new, add[k k](old, new)
          }
        }
        """),
  ]
}

@Suite("Functions side by side, and copies written in place")
struct SideBySideTests {
  @Test(
    "Take as many kernels as they should, and agree with the reference",
    arguments: SideBySideForm.all)
  func forms(_ form: SideBySideForm) throws {
    let trial = try StreamingTests.Form(form.text)
    let summary = try trial.plan([40, 30, 20]).summary
    if !form.kernels.isEmpty { #expect(summary.kernels.map(\.writes.count) == form.kernels) }
    for list in [[1, 1, 1], [2, 3, 17], [17, 31, 3], [3, 257, 2], [2, 0, 2], [0, 2, 3]] {
      #expect(try trial.difference(list) <= 1e-5, "\(list)")
    }
    for level in FeatureLevel.available {
      #expect(
        try trial.difference([31, 17, 33], workers: Workers(1, level: level)) <= 1e-5, "\(level)")
    }
  }

  @Test("Another function beside gives another result")
  func sensitive() throws {
    let text = SideBySideForm.all[0].text
    let trial = try StreamingTests.Form(text)
    let other = try StreamingTests.Form(text.replacing("mul[n](y, s)", with: "add[n](y, s)"))
    let sizes = trial.sizes([9, 0, 0])
    let inputs: [Value<Float>] = try trial.function.randomInputs(sizes: sizes, seed: 3)
    let results = try [trial, other].map {
      try $0.interpreter(sizes, seed: 1).run($0.function, inputs: inputs)[0].real?.elements
    }
    #expect(results[0]?.prefix(9) == results[1]?.prefix(9))
    #expect(results[0] != results[1])
  }
}
