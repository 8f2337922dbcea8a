import TensorKernels
import Testing

@Suite("Vector functions")
struct VectorFunctionTests {
  /// Numbers of all sizes, and those around which the functions change their ways.
  static let numbers: [Float] = {
    var random = RandomSource(seed: 11)
    var numbers: [Float] = [
      0, -0.0, 0.625, -0.625, -0.5, 0x1p-140, -0x1p-140, 88.7, -87.4, -103.5, 1, 0.99999994,
      1.0000001, 0x1p-126, 0x1p-149, 0x1.fffffep127, 0.70710677, 1.4142135,
    ]
    for _ in 0..<1500 { numbers.append(Float(random.normal() * 3)) }
    for _ in 0..<500 { numbers.append(Float(random.uniform() * 190 - 101)) }
    for _ in 0..<500 { numbers.append(Float(random.uniform() * 16_000 - 8000)) }
    for _ in 0..<300 { numbers.append(Float(Double.exponential(random.uniform() * 170 - 85))) }
    return numbers
  }()

  static func values(
    _ function: UnaryFunction, _ numbers: [Float], _ level: FeatureLevel
  ) -> [Float] {
    var values = [Float](repeating: -1, count: numbers.count)
    function.apply(numbers, &values, count: numbers.count, level: level)
    return values
  }

  /// The largest error, in units of the last place of the exact value.
  static func error(
    _ function: UnaryFunction, _ level: FeatureLevel, of other: UnaryFunction? = nil
  ) -> Double {
    var largest = 0.0
    for (number, found) in zip(numbers, values(other ?? function, numbers, level)) {
      let expected = function(Double(number))
      guard Float(expected).isFinite, function != .silu || number > -87 else { continue }
      let unit = Double(max(Float(expected).magnitude.ulp, Float.leastNonzeroMagnitude))
      largest = max(largest, abs(Double(found) - expected) / unit)
    }
    return largest
  }

  /// The largest error, in units of the larger of one and the number.
  static func absoluteError(
    _ function: UnaryFunction, _ level: FeatureLevel, isScaled: Bool
  ) -> Double {
    var largest = 0.0
    for (number, found) in zip(numbers, values(function, numbers, level)) {
      guard number.magnitude <= 8192 else { continue }
      let size = isScaled ? max(1, abs(Double(number))) : 1
      largest = max(largest, abs(Double(found) - function(Double(number))) / size)
    }
    return largest
  }

  @Test("Functions are within the units that they state", arguments: FeatureLevel.available)
  func units(_ level: FeatureLevel) {
    let bounds: [(UnaryFunction, Double)] = [
      (.exp, 2), (.log, 2), (.tanh, 3), (.elu, 3), (.sigmoid, 4), (.silu, 4), (.sqrt, 0.5),
      (.reciprocal, 0.5), (.neg, 0), (.abs, 0), (.relu, 0),
    ]
    for (function, bound) in bounds {
      let error = Self.error(function, level)
      #expect(error <= bound, "\(function) at \(level)")
    }
    #expect(Self.error(.exp, level, of: .elu) > 1000)
  }

  @Test("Sine, cosine and gelu are within their absolute errors", arguments: FeatureLevel.available)
  func absoluteErrors(_ level: FeatureLevel) {
    #expect(Self.absoluteError(.sin, level, isScaled: false) <= 2e-7)
    #expect(Self.absoluteError(.cos, level, isScaled: false) <= 2e-7)
    #expect(Self.absoluteError(.gelu, level, isScaled: true) <= 1e-6)
    #expect(abs(UnaryFunction.gelu(1.0) - UnaryFunction.silu(1.0)) > 1e-6)
  }

  @Test(
    "Infinities, NaN, zeros and large numbers give what the definitions give",
    arguments: FeatureLevel.available)
  func specialValues(_ level: FeatureLevel) {
    let special: [Float] = [
      .infinity, -.infinity, .nan, 1e4, -1e4, 3e38, -3e38, 0, -0.0, -1, 0x1p-149,
    ]
    for function in UnaryFunction.allCases {
      let found = Self.values(function, special, level)
      for (number, value) in zip(special, found) {
        let exact = function(number)
        let isClose = abs(value - exact) <= max(exact.magnitude * 5e-7, 0x1p-148)
        #expect(
          "\(value)" == "\(exact)" || (value.isNaN && exact.isNaN)
            || (exact.isFinite && exact != 0 && isClose),
          "\(function) of \(number) at \(level)")
      }
    }
  }

  @Test("Any number of numbers, over what is read", arguments: FeatureLevel.available)
  func lengths(_ level: FeatureLevel) {
    for count in [0, 1, 2, 3, 15, 16, 17, 31, 257] {
      for function in UnaryFunction.allCases {
        var numbers = Array(Self.numbers.prefix(count)) + [7]
        let expected = Self.values(function, Self.numbers, level).prefix(count)
        numbers.withUnsafeMutableBufferPointer { buffer in
          guard let start = buffer.baseAddress else { return }
          function.apply(start, start, count: count, level: level)
        }
        #expect("\(numbers)" == "\(Array(expected) + [7])", "\(function) of \(count) at \(level)")
      }
    }
  }

  @Test("Functions of pairs give what their definitions give", arguments: FeatureLevel.available)
  func pairs(_ level: FeatureLevel) {
    let special: [Float] = [.infinity, -.infinity, .nan, 0, -0.0, 1, -2, 0x1p-149, 2]
    let a = special.flatMap { x in special.map { _ in x } }
    let others: [[Float]] = [special.flatMap { _ in special }, a.map { _ in 2 }]
    for b in others {
      for function in BinaryFunction.allCases {
        var values = [Float](repeating: -1, count: a.count)
        function.apply(a, b, &values, count: a.count, level: level)
        let expected = zip(a, b).map { function($0, $1) }
        #expect("\(values)" == "\(expected)", "\(function) at \(level)")
      }
    }
  }

  @Test("A level that the processor lacks counts as the one below")
  func levels() {
    #expect(FeatureLevel.available.first == .baseline)
    for level in FeatureLevel.allCases {
      let isAvailable = FeatureLevel.available.contains(level)
      #expect((Workers(1, level: level).level == level) == isAvailable)
      if !isAvailable { print("\(level) is not tested: this processor lacks it") }
    }
  }
}
