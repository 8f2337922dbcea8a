import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Limits and refusals")
struct LimitTests {
  @Test("10^12 elements are refused before anything is allocated")
  func large() throws {
    let source = Source("diagram f() -> [] { big = repeat<n>(repeat<m>(1))\n sum(sum(big)) }")
    let sizes = ["n": 1_000_000, "m": 1_000_000]
    expectError(
      "wire 'big' would be an array of shape [1000000 1000000], which has more than 2147483648 "
        + "elements"
    ) { try source.run(sizes: sizes) }
    #expect(try source.run(sizes: ["n": 2, "m": 3]) == [real([], [6])])
  }

  @Test("Sizes whose product exceeds 64 bits are refused")
  func overflow() {
    let source = Source("diagram f(x: []) -> [n*m*k] { repeat<n*m*k>(x) }")
    expectError("the result of box 'repeat' has a size of more than 64 bits") {
      try source.run(
        real([], [1]), sizes: ["n": 1 << 40, "m": 1 << 40, "k": 1 << 40])
    }
  }

  @Test("Wires that are too large together are refused")
  func together() throws {
    let source = Source(
      "diagram f(x: []) -> [n], [n], [n] { y = repeat<n>(x)\n return y, exp[n](y), neg[n](y) }")
    expectError("the wires of the diagram would have more than 20 elements together") {
      try source.run(real([], [1]), sizes: ["n": 7], elementLimit: 20)
    }
    #expect(try source.run(real([], [1]), sizes: ["n": 6], elementLimit: 20).count == 3)
  }

  @Test("Too many lanes are refused, nested ones multiplied")
  func lanes() throws {
    let source = Source("diagram f(x: []) -> [] { scan n(y = x;) { scan m(y = y;) { neg(y) } } }")
    expectError("scan m of size 1000000 makes more than 2147483648 lanes") {
      try source.run(real([], [1]), sizes: ["n": 1_000_000, "m": 1_000_000])
    }
    #expect(try source.run(real([], [1]), sizes: ["n": 3, "m": 5]) == [real([], [-1])])
  }

  @Test(
    "The fast engine takes more lanes, where nothing of their number is held, but no more steps")
  func fastLanes() throws {
    let lanes = Source("diagram f(q: [n k], v: [k m]) -> [n m] { matmul(q, v) }")
    let sizes = sized(["n": 4096, "m": 4096, "k": 4096])
    #expect(throws: Never.self) { try FastPlan(try lanes.function(), sizes: sizes) }
    expectError("simd m of size 4096 makes more than 2147483648 lanes") {
      try lanes.function().checkLimits(sizes: sizes)
    }
    let steps = Source("diagram f(x: []) -> [] { scan n(y = x;) { scan m(y = y;) { neg(y) } } }")
    expectError("scan m of size 1000000 makes more than 2147483648 lanes") {
      try FastPlan(try steps.function(), sizes: sized(["n": 1_000_000, "m": 1_000_000]))
    }
  }

  @Test("Parameters that are too large are refused before they are drawn")
  func parameters() throws {
    let source = Source("diagram f(x: [d]) -> [] { linear w: [d] -> [k]\n sum(w(x)) }")
    let function = try source.function()
    let sizes = sized(["d": 1 << 20, "k": 1 << 20])
    let wording =
      "parameter 'w' would be an array of shape [1048576 1048576], which has more than "
      + "2147483648 elements"
    expectError(wording) { try function.checkLimits(sizes: sizes) }
    expectError(wording) {
      try Parameters<Double>(random: function.parameterList(), sizes: sizes, seed: 1)
    }
    #expect(throws: Never.self) { try function.checkLimits(sizes: sized(["d": 4, "k": 4])) }
  }

  @Test("Diagrams of other doctrines are refused")
  func doctrines() {
    let diagram = Diagram.identity([.scalar], doctrine: .symmetric)
    expectError(
      "a symmetric diagram is not a function of arrays; only cartesian ones are evaluated"
    ) { try TensorDiagram(diagram, in: Environment()) }
  }

  @Test("Boxes of other theories are refused by name")
  func otherTheories() throws {
    let program = Source(
      "theory mine: cartesian\nbox blur: [n] -> [n]\ndiagram f(x: [n]) -> [n] { blur(x) }")
    let wording = "the box 'blur' of the theory 'test' has no meaning as a function of arrays"
    expectError(wording) { try program.run(ramp(3)) }
  }

  @Test("Wires of abstract sorts are refused")
  func sorts() throws {
    let source = Source("sort H\ndiagram f(x: H) -> H { x }")
    expectError("wire 'x' has the sort H, which is not a type of arrays") {
      try source.run(ramp(3))
    }
  }

  @Test("Learned boxes that return indices, and diagrams that break an invariant are refused")
  func malformed() {
    let indices = WireType.array(.index(Size(3)), [])
    let learned = Diagram.box(
      .learned(LearnedBox(kind: .learn, label: "g")), [.scalar], [indices], doctrine: .cartesian)
    expectError("the learned box 'g' returns indices; a learned box returns real numbers") {
      try TensorDiagram(learned, in: Environment())
    }
    let stray = Diagram.box(
      .learned(LearnedBox(kind: .state, label: "c", per: [Size("h")])), [], [.scalar],
      doctrine: .cartesian)
    expectError("'c' is per h, but no simd or scan over h is around it") {
      try TensorDiagram(stray, in: Environment())
    }
    let missing = Diagram.box(
      .box(Symbol(module: "tensor", name: "exp")), [.scalar], [.scalar], doctrine: .cartesian)
    expectError("'tensor.exp' is not declared") { try TensorDiagram(missing, in: Environment()) }
  }
}
