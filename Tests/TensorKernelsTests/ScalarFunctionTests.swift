import TensorKernels
import Testing

@Suite("Scalar functions")
struct ScalarFunctionTests {
  /// Values from an arbitrary-precision calculator, to 16 digits.
  static let unary: [(UnaryFunction, Double, Double)] = [
    (.neg, 1.5, -1.5), (.exp, 1, 2.718281828459045), (.log, 2, 0.6931471805599453),
    (.sqrt, 2, 1.4142135623730951), (.reciprocal, 4, 0.25), (.tanh, 0.5, 0.46211715726000976),
    (.sigmoid, 1, 0.7310585786300049), (.sigmoid, -1, 0.2689414213699951),
    (.relu, 2, 2), (.relu, -2, 0), (.gelu, 1, 0.8413447460685429),
    (.gelu, -1, -0.15865525393145707), (.silu, 1, 0.7310585786300049),
    (.elu, 3, 3), (.elu, -1, -0.6321205588285577), (.sin, 1, 0.8414709848078965),
    (.cos, 1, 0.5403023058681398), (.abs, -3, 3),
    (.log, 0, -.infinity), (.log, -1, .nan), (.sqrt, -1, .nan), (.reciprocal, 0, .infinity),
    (.exp, 1000, .infinity), (.sigmoid, -1000, 0), (.sigmoid, 1000, 1), (.relu, .nan, .nan),
    (.gelu, .infinity, .infinity), (.gelu, -.infinity, .nan), (.silu, -.infinity, .nan),
    (.elu, -.infinity, -1), (.abs, -.infinity, .infinity), (.tanh, .infinity, 1),
  ]

  @Test("functions of one number take their known values in both precisions", arguments: unary)
  func unaryValues(_ function: UnaryFunction, _ x: Double, _ expected: Double) {
    expectClose(function(x), expected, within: 4e-16 * max(1, abs(expected)))
    expectClose(Double(function(Float(x))), expected, within: 3e-7 * max(1, abs(expected)))
  }

  @Test("every function of one number has a known value above, and NaN stays NaN")
  func unaryCoverage() {
    for function in UnaryFunction.allCases {
      #expect(ScalarFunctionTests.unary.contains { $0.0 == function })
      #expect(function(Double.nan).isNaN)
      #expect(function(Float.nan).isNaN)
    }
  }

  static let binary: [(BinaryFunction, Double, Double, Double)] = [
    (.add, 1, 2, 3), (.sub, 1, 2, -1), (.mul, 3, 2, 6), (.div, 3, 2, 1.5),
    (.maximum, 3, 2, 3), (.maximum, 2, 3, 3), (.minimum, 3, 2, 2), (.minimum, 2, 3, 2),
    (.power, 2, 10, 1024), (.power, 2, -1, 0.5), (.less, 1, 2, 1), (.less, 2, 2, 0),
    (.maximum, .nan, 1, .nan), (.maximum, 1, .nan, .nan), (.minimum, .nan, 1, .nan),
    (.minimum, 1, .nan, .nan), (.less, .nan, 1, 0), (.less, -.infinity, 0, 1),
    (.div, 1, 0, .infinity), (.div, 0, 0, .nan), (.sub, .infinity, .infinity, .nan),
    (.power, -8, 0.5, .nan), (.power, 0, 0, 1),
  ]

  @Test("functions of two numbers take their known values in both precisions", arguments: binary)
  func binaryValues(_ function: BinaryFunction, _ x: Double, _ y: Double, _ expected: Double) {
    expectClose(function(x, y), expected, within: 0)
    expectClose(Double(function(Float(x), Float(y))), expected, within: 0)
  }

  @Test("functions apply to each element, and refuse arrays of two shapes")
  func elementwise() throws {
    let x = try ramp(2, 2)
    #expect(ReferenceKernels.apply(.neg, x).elements == [0, -1, -2, -3])
    #expect(try ReferenceKernels.apply(.mul, x, x).elements == [0, 1, 4, 9])
    let y = try ramp(4)
    expectError(
      .shapeMismatch(operation: "add", argument: 1, expected: x.shape, found: y.shape)
    ) { () throws(TensorError) in try ReferenceKernels.apply(.add, x, y) }
  }

  @Test("where takes the first unless its condition is zero")
  func selection() throws {
    let condition = try vector(1, 0, -0.0, .nan, -2)
    let (a, b) = (try ramp(5), try vector(10, 11, 12, 13, 14))
    let chosen = try ReferenceKernels.select(where: condition, a, b)
    #expect(chosen.elements == [0, 11, 12, 3, 4])
    let short = try ramp(4)
    expectError(
      .shapeMismatch(operation: "where", argument: 2, expected: a.shape, found: short.shape)
    ) { () throws(TensorError) in try ReferenceKernels.select(where: condition, a, short) }
  }
}
