import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Sizes from arrays")
struct SizeTests {
  /// The sizes of `f`, by name.
  private func solve(
    _ diagram: String, _ inputs: [Int]?..., given: [String: Int] = [:],
    parameters: [String: [Int]] = [:]
  ) throws -> [String: Int] {
    let source = Source("diagram f\(diagram)")
    let shapes = try inputs.map { try $0.map { try Shape($0) } }
    let function = try source.function()
    let sizes = try function.instantiating(function.shapes(inputs: shapes)).sizes(
      given: sized(given), inputs: shapes, parameters: parameters.mapValues { try Shape($0) })
    return Dictionary(uniqueKeysWithValues: sizes.map { ($0.key.name, $0.value) })
  }

  @Test("Products and sums are solved once all but one of their variables are known")
  func polynomials() throws {
    let product = "(x: [n*h], y: [h]) -> [n*h] { x }"
    #expect(try solve(product, [12], [3]) == ["n": 4, "h": 3])
    let sum = "(x: [n+m], y: [m]) -> [n+m] { x }"
    #expect(try solve(sum, [12], [12]) == ["n": 0, "m": 12])
    let square = "(x: [n*n+n]) -> [n*n+n] { x }"
    #expect(try solve(square, [12]) == ["n": 3])
    let later = "(x: [n*h], y: [h*k], z: [k]) -> [n*h] { x }"
    #expect(try solve(later, [12], [6], [2]) == ["n": 4, "h": 3, "k": 2])
  }

  @Test("Sizes that fit no polynomial are refused with what is known")
  func unsolvable() {
    expectError(
      "axis 0 of input 'x' has the size 7, which h*n can't be with h = 3 (axis 0 of input 'y')"
    ) { try solve("(x: [n*h], y: [h]) -> [n*h] { x }", [7], [3]) }
    expectError("axis 0 of input 'x' has the size 2, which n+5 can't be") {
      try solve("(x: [n+5]) -> [n+5] { x }", [2])
    }
    expectError(
      "axis 0 of input 'z' has the size 5, but m+n is 7 with m = 4 (axis 0 of input 'y'), n = 3 "
        + "(axis 0 of input 'x')"
    ) { try solve("(x: [n], y: [m], z: [n+m]) -> [n] { x }", [3], [4], [5]) }
  }

  @Test("A zero factor leaves the other factor open")
  func zeroFactor() throws {
    let product = "(x: [n*h], y: [h]) -> [n*h] { x }"
    #expect(try solve(product, [0], [0], given: ["n": 3]) == ["n": 3, "h": 0])
    expectError("nothing determines n (needed by wire 'x': [h*n])") {
      try solve(product, [0], [0])
    }
    expectError("axis 0 of input 'x' has the size 4, but h*n is 0 with h = 0 (axis 0 of input 'y')")
    { try solve(product, [4], [0]) }
  }

  @Test("Contradictions name the input, the axis, both values, and where the first came from")
  func contradictions() {
    let diagram = "(x: [n d], y: [d]) -> [d] { y }"
    expectError("axis 0 of input 'y' has the size 4, but d = 3 (axis 1 of input 'x')") {
      try solve(diagram, [2, 3], [4])
    }
    expectError("axis 0 of input 'x' has the size 2, but n = 5 (given)") {
      try solve(diagram, [2, 3], [3], given: ["n": 5])
    }
    expectError("axis 0 of input 'x' has the size 3, expected 4") {
      try solve("(x: [4]) -> [4] { x }", [3])
    }
    expectError("the size n can't be -1") { try solve(diagram, nil, nil, given: ["n": -1]) }
  }

  @Test("A contradiction names the first box that reads the axis, inside lanes and scans too")
  func readers() {
    let start = "axis 0 of input 'y' has the size 4, but d = 3 (axis 0 of input 'x')"
    func expectReader(_ reader: String, _ body: String) {
      expectError("\(start); the first box that reads it is \(reader)") {
        try solve("(x: [d], y: [d]) -> [] { \(body) }", [3], [4])
      }
    }
    expectReader("box 'max' that makes 'z'", "z = max(y)\n sum(y)")
    expectReader("simd d", "a = sum(x)\n sum(simd d(y) { exp(y) })")
    expectReader("box 'reverse'", "sum(simd d(x) { sum(reverse(y)) })")
    expectReader("scan d", "scan d(h = sum(x); y) { add(h, y) }")
    expectReader("box 'reverse' that makes 'w'", "sum(scan d(h = y; x) { w = reverse(h)\n w })")
    // Nothing reads it.
    expectError(start) { try solve("(x: [d], y: [d]) -> [d] { y }", [3], [4]) }
    let inner = "axis 1 of input 'y' has the size 4, but d = 3 (axis 0 of input 'x')"
    expectError("\(inner); the first box that reads it is box 'sum'") {
      try solve("(x: [d], y: [n d]) -> [n] { simd n(y) { sum(y) } }", [3], [2, 4])
    }
  }

  @Test("What stays open is listed with what needs it")
  func open() throws {
    let diagram = """
      (x: [n d]) -> [n e] {
        linear query: [d] -> [k]
        linear out: [k] -> [e]
        simd n(x) { out(query(x)) }
      }
      """
    expectError("nothing determines k (needed by linear 'query'), e (needed by linear 'out')") {
      try solve(diagram, [2, 3])
    }
    #expect(
      try solve(diagram, nil, given: ["e": 7, "n": 2], parameters: ["query": [3, 4]])
        == ["e": 7, "d": 3, "k": 4, "n": 2])
  }

  @Test("Shape variables come from arrays")
  func shapes() throws {
    let diagram = "(x: [n ..s], y: [..s]) -> [..s] { sum(x) }"
    #expect(try solve(diagram, [2, 3, 4], [3, 4]) == ["n": 2])
    #expect(try solve(diagram, [2], []) == ["n": 2])
    expectError("input 'y' makes ..s [4 3], but input 'x' makes it [3 4]") {
      try solve(diagram, [2, 3, 4], [4, 3])
    }
    expectError("input 'y' should have the type [..s], found an array of shape [3]") {
      try solve(diagram, [2, 3, 4], [3])
    }
    expectError("input 'x' should have the type [n ..s], found an array of shape []") {
      try solve(diagram, [], [3])
    }
    expectError("no input determines ..s") { try solve(diagram, nil, nil) }
  }

  @Test("A polymorphic diagram runs at every rank")
  func polymorphic() throws {
    let source = Source("diagram f(x: [n ..s], y: [m ..s]) -> [..s] { sum(concat(x, y)) }")
    #expect(try source.run(ramp(2), ramp(3)) == [real([], [4])])
    #expect(try source.run(ramp(1, 2), ramp(1, 2)) == [real([2], [0, 2])])
    #expect(try source.run(real([0, 2], []), ramp(1, 2)) == [real([2], [0, 1])])
  }

  @Test("Inputs of a wrong number, kind or rank, and indices outside their axis are refused")
  func inputs() throws {
    let source = Source("diagram f(x: [v d], i: index v []) -> [d] { gather(x, i) }")
    let (x, i) = (try ramp(2, 3), try index([], [1]))
    #expect(try source.run(x, i) == [real([3], [3, 4, 5])])
    expectError("expected 2 inputs (x, i), found 1") { try source.run(x) }
    expectError("input 'i' should hold indices (index v []), found real numbers") {
      try source.run(x, real([], [1]))
    }
    expectError("input 'x' should hold real numbers ([v d]), found indices") {
      try source.run(index([1, 1], [0]), i)
    }
    expectError("input 'x' should have the type [v d], found an array of shape [6]") {
      try source.run(ramp(6), i)
    }
    for wrong in [2, -1] {
      expectError(
        "input 'i' holds the index \(wrong) at position 0, outside an axis of size 2; indices "
          + "count from 0"
      ) { try source.run(x, index([], [wrong])) }
    }
  }

  @Test("Random inputs are normal numbers, and indices below their axis' size")
  func randomInputs() throws {
    let source = Source("diagram f(x: [v], i: index v [n]) -> [n] { reindex(x, i) }")
    let function = try source.function()
    let inputs: [Value<Double>] = try function.randomInputs(
      sizes: sized(["v": 3, "n": 50]), seed: 1)
    #expect(Set(try #require(inputs[1].index).elements) == [0, 1, 2])
    let again: [Value<Double>] = try function.randomInputs(
      sizes: sized(["v": 3, "n": 50]), seed: 1)
    #expect(again == inputs)
    expectError("input 'i' can't be drawn at random: the axis v that it indexes is empty") {
      try function.randomInput(1, sizes: sized(["v": 0, "n": 2]), seed: 1, as: Double.self)
    }
    expectError("nothing determines n (needed by input 'i')") {
      try function.randomInput(1, sizes: sized(["v": 2]), seed: 1, as: Double.self)
    }
  }
}
