import TensorKernels
import Testing

@Suite("Vector functions")
struct VectorFunctionTests {
  typealias Vector = VectorFunctions.Vector

  /// Numbers of all sizes, and those around which the functions change their ways.
  static let numbers: [Float] = {
    var random = RandomSource(seed: 11)
    var numbers: [Float] = [0, -0.0, 0.625, -0.625, 0x1p-140, -0x1p-140, 88.7, -87.4, -103.5]
    for _ in 0..<1500 { numbers.append(Float(random.normal() * 3)) }
    for _ in 0..<500 { numbers.append(Float(random.uniform() * 190 - 101)) }
    return numbers
  }()

  /// The largest error, in units of the last place of the exact value.
  static func error(
    _ function: (Vector) -> Vector, _ exact: (Double) -> Double
  ) -> Double {
    var largest = 0.0
    for number in numbers {
      let (found, expected) = (function(Vector(repeating: number))[3], exact(Double(number)))
      guard Float(expected).isFinite else { continue }
      let unit = Double(max(Float(expected).magnitude.ulp, Float.leastNonzeroMagnitude))
      largest = max(largest, abs(Double(found) - expected) / unit)
    }
    return largest
  }

  @Test("exp, tanh and sigmoid are within the units that they state")
  func units() {
    #expect(Self.error(VectorFunctions.exp, Double.exponential) <= 2)
    #expect(Self.error(VectorFunctions.tanh, Double.hyperbolicTangent) <= 3)
    #expect(Self.error(VectorFunctions.sigmoid) { 1 / (1 + Double.exponential(-$0)) } <= 4)
    #expect(Self.error({ $0 + 1 }, Double.exponential) > 1000)
  }

  @Test("gelu is within 1e-6 of its size")
  func gelu() {
    var largest = 0.0
    for number in Self.numbers {
      let found = Double(VectorFunctions.gelu(Vector(repeating: number))[0])
      let exact = UnaryFunction.gelu(Double(number))
      largest = max(largest, abs(found - exact) / max(1, abs(Double(number))))
    }
    #expect(largest <= 1e-6)
    #expect(abs(UnaryFunction.gelu(1.0) - UnaryFunction.silu(1.0)) > 1e-6)
  }

  @Test("Infinities and NaN give what the definitions give")
  func specialValues() {
    let special: [Float] = [.infinity, -.infinity, .nan, 1e4, -1e4, 3e38, -3e38]
    for number in special {
      let x = Vector(repeating: number)
      let found = [
        VectorFunctions.exp(x)[0], VectorFunctions.tanh(x)[0], VectorFunctions.sigmoid(x)[0],
        VectorFunctions.gelu(x)[0],
      ]
      let functions: [UnaryFunction] = [.exp, .tanh, .sigmoid, .gelu]
      #expect("\(found)" == "\(functions.map { $0(number) })", "at \(number)")
    }
  }
}
