import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("simd and scan")
struct LaneTests {
  @Test("Mapped inputs are sliced, shared ones are the same in every lane")
  func shared() throws {
    let source = Source(
      "diagram f(x: [n], c: [m]) -> [n m] { simd n(x) { simd m(c) { add(mul(10, x), c) } } }")
    let results = try source.run(real([2], [1, 2]), ramp(3))
    #expect(try results == [real([2, 3], [10, 11, 12, 20, 21, 22])])
  }

  @Test("No lanes give arrays whose shapes come from the sizes")
  func zeroLanes() throws {
    let source = Source(
      """
      diagram f(x: [n d], i: index v [n]) -> [n], index v [n], [n d e] {
        simd n(x, i) { return sum(x), i, simd d(x) { repeat<e>(x) } }
      }
      """)
    let results = try source.run(
      real([0, 2], []), index([0], []), sizes: ["e": 3, "v": 4])
    #expect(try results == [real([0], []), index([0], []), real([0, 2, 3], [])])
  }

  @Test("Lanes without a mapped input are as many as the size says")
  func repeated() throws {
    let source = Source("diagram f(x: []) -> [n] { simd n() { mul(x, 2) } }")
    #expect(try source.run(real([], [3]), sizes: ["n": 2]) == [real([2], [6, 6])])
    expectError("nothing determines n (needed by simd n)") { try source.run(real([], [3])) }
  }

  @Test("A scan passes its states on and stacks what it returns")
  func scan() throws {
    let source = Source(
      """
      diagram f(x: [n], c: []) -> last: [], sums: [n], copies: [n] {
        last, sums, copies = scan n(s = 1; x) {
          t = add(mul(c, s), x)
          return t, t, s
        }
        return last, sums, copies
      }
      """)
    let results = try source.run(real([3], [1, 2, 3]), real([], [2]))
    #expect(
      try results == [real([], [19]), real([3], [3, 8, 19]), real([3], [1, 3, 8])])
    let empty = try source.run(real([0], []), real([], [2]))
    #expect(try empty == [real([], [1]), real([0], []), real([0], [])])
  }

  @Test("States change places if the body returns them so")
  func swappedStates() throws {
    let source = Source(
      "diagram f(a: [], b: []) -> [], [] { scan n(a = a, b = b;) { return b, add(a, b) } }")
    let results = try source.run(real([], [0]), real([], [1]), sizes: ["n": 10])
    #expect(try results == [real([], [55]), real([], [89])])
  }

  @Test("Per axes choose the slice of the lane, by the axis as it is written")
  func perAxes() throws {
    let source = Source(
      """
      diagram f(x: [n]) -> [h n l] {
        linear w: [] -> [] per [l h]
        simd h() { simd n(x) { simd l() { w(x) } } }
      }
      """)
    let weights = try Tensor<Double>([2, 2], [1, 2, 3, 4])  // l, then h
    let results = try source.run(
      real([2], [1, 10]), sizes: ["h": 2, "l": 2], parameters: ["w": weights])
    #expect(try results == [real([2, 2, 2], [1, 3, 10, 30, 2, 4, 20, 40])])
  }

  @Test("Per names the innermost lanes of its axis")
  func innermost() throws {
    let source = Source(
      "diagram f() -> [h h] { state c: [] per h\n simd h() { simd h() { c() } } }")
    let c = try Tensor<Double>([2], [5, 7])
    let results = try source.run(sizes: ["h": 2], parameters: ["c": c])
    #expect(try results == [real([2, 2], [5, 7, 5, 7])])
  }

  @Test("A scan has parameters per step")
  func perStep() throws {
    let source = Source(
      "diagram f(x: []) -> [] { linear w: [] -> [] per l\n scan l(y = x;) { add(w(y), y) } }")
    let weights = try Tensor<Double>([3], [1, 2, 3])
    let results = try source.run(real([], [1]), parameters: ["w": weights])
    #expect(try results == [real([], [24])])
  }

  @Test("A diagram and its unfolding are one function", arguments: ["stack", "multi_head_again"])
  func unfolding(_ name: String) throws {
    let environment = Library.program.environment
    let path = "Diagrams/Attention/dot_product_attention.diagram"
    let definition = try #require(Library.program.definition(name, in: path))
    let once = try environment.unfolding(definition.diagram) { _, _ in true }
    let all = try environment.unfoldingAll(definition.diagram)
    #expect(once.boxCount != definition.diagram.boxCount && once.boxCount < all.boxCount)
    let check = EquationCheck(environment: environment, trials: 2)
    #expect(try check.difference(definition.diagram, once) == Difference())
    #expect(try check.difference(definition.diagram, all) == Difference())
  }

  /// A scan of one step that returns its state, in a scan of one step, and so on.
  private func nested(_ depth: Int) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wires = [builder.addDomainWire(.scalar)]
    for _ in 0..<depth {
      builder.openBody()
      wires.append(builder.addDomainWire(.scalar))
    }
    var value = [wires[depth]]
    for level in (0..<depth).reversed() {
      value = builder.closeBody(
        .scan(axis: .one, states: 1, mapped: 0), inputs: [wires[level]], codomain: value,
        outputs: [.scalar])
    }
    return builder.finish(codomain: value)
  }

  @Test("Bodies nested as deep as diagrams may be are evaluated, deeper ones refused")
  func deep() throws {
    let limit = DiagramBuilder.maximumNesting
    let interpreter = Interpreter<Double>(environment: Environment())
    #expect(try interpreter.run(nested(limit), inputs: [real([], [4])]) == [real([], [4])])
    expectError("simd and scan boxes are nested 513 deep, at most 512 are evaluated") {
      try interpreter.run(nested(limit + 1), inputs: [real([], [4])])
    }
  }
}
