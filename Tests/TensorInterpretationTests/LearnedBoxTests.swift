import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Learned boxes and their parameters")
struct LearnedBoxTests {
  @Test("A linear map contracts all axes of its input")
  func linear() throws {
    let source = Source("diagram f(x: [d]) -> [k] { linear w: [d] -> [k]\n w(x) }")
    let weight = try Tensor<Double>([2, 3], [1, 2, 3, 4, 5, 6])
    let results = try source.run(real([2], [1, 10]), parameters: ["w": weight])
    #expect(try results == [real([3], [41, 52, 63])])
  }

  @Test("A linear map of several inputs and outputs has an array for each pair")
  func linearPairs() throws {
    let source = Source(
      """
      diagram f(x: [], y: [2]) -> [], [2] {
        linear w: [], [2] -> [], [2]
        w(x, y)
      }
      """)
    let keys = try source.function().parameterList()
    #expect(
      keys.map { "\($0.key) \($0.type)" } == ["w.0.0 []", "w.0.1 [2]", "w.1.0 [2]", "w.1.1 [2 2]"])
    let results = try source.run(
      real([], [2]), real([2], [1, 10]),
      parameters: [
        "w.0.0": Tensor([], [3]), "w.0.1": Tensor([2], [1, 2]), "w.1.0": Tensor([2], [1, 1]),
        "w.1.1": Tensor([2, 2], [1, 2, 3, 4]),
      ])
    #expect(try results == [real([], [17]), real([2], [33, 46])])
  }

  @Test("A learned function is a perceptron with GELU; an index enters as its value")
  func perceptron() throws {
    let source = Source(
      """
      diagram f(x: [2], i: index 5 []) -> [], [2] {
        learn g: [2], index 5 [] -> [], [2]
        g(x, i)
      }
      """)
    let gelu1 = 0.84134474606854293  // gelu(1)
    let results = try source.run(
      real([2], [3, 1]), index([], [4]),
      parameters: [
        "g.weight0": Tensor([3, 1], [1, 2, -1]), "g.bias0": Tensor([1], [0]),
        "g.weight1": Tensor([1, 3], [1, 2, 3]), "g.bias1": Tensor([3], [10, 20, 30]),
      ], hiddenUnits: 1)
    var difference = Difference()
    difference.include(try #require(results.first), try real([], [10 + gelu1]))
    difference.include(
      try #require(results.last), try real([2], [20 + 2 * gelu1, 30 + 3 * gelu1]))
    #expect(difference.absolute < 1e-12)
  }

  @Test("Parameters are listed in order of first occurrence, each once, per axes in front")
  func list() throws {
    let source = Source(
      """
      diagram g(x: [d]) -> [d] { learn inner: [d] -> [d]\n state c: [d]\n add[d](inner(x), c) }
      diagram f(x: [n d]) -> [n d] {
        linear w: [d] -> [d]
        scan l(y = x;) { simd n(y) { g(w(w(y))) as layer per l } }
      }
      """)
    let list = try source.function().parameterList(hiddenUnits: 8)
    #expect(
      list.map { "\($0.key) \($0.type)" } == [
        "w [d d]", "layer.inner.weight0 [l d 8]", "layer.inner.bias0 [l 8]",
        "layer.inner.weight1 [l 8 d]", "layer.inner.bias1 [l d]", "layer.c [l d]",
      ])
    #expect(list.map(\.kind) == [.linear, .learn, .learn, .learn, .learn, .state])
    #expect(list[0].role == .weight(fanIn: Size("d")) && list[5].role == .constant)
  }

  @Test("One label with two types is an error")
  func labels() throws {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(Size("d")))
    let box = Operation.learned(LearnedBox(kind: .linear, label: "w"))
    let y = builder.addBox(box, inputs: [x], outputs: [.scalar])
    let z = builder.addBox(box, inputs: y, outputs: [.scalar])
    let diagram = builder.finish(codomain: z)
    expectError(
      "the label 'w' is both linear: [d] -> [] and linear: [] -> []; one label is one function"
    ) { try TensorDiagram(diagram, in: Environment()) }
  }

  @Test("Two labels may not have one key")
  func keys() throws {
    let (left, right) = (
      Operation.learned(LearnedBox(kind: .learn, label: "w")),
      Operation.learned(LearnedBox(kind: .linear, label: "w.bias1"))
    )
    let diagram = try Diagram.box(left, [.scalar], [.scalar], doctrine: .cartesian)
      .then(Diagram.box(right, [.scalar], [.scalar], doctrine: .cartesian))
    let function = try TensorDiagram(diagram, in: Environment())
    expectError(
      "the label 'w.bias1' is both learn of shape [1] and linear of shape []; one label is one "
        + "function"
    ) { try function.parameterList() }
  }

  @Test("Missing, superfluous and ill-shaped parameters are named")
  func faults() throws {
    let source = Source(
      "diagram f(x: [d]) -> [k] { linear w: [d] -> [k]\n state c: [k]\n add[k](w(x), c) }")
    let x = try ramp(2)
    let weight = try Tensor<Double>([2, 3], [1, 2, 3, 4, 5, 6])
    expectError("missing parameters: w [d k], c [k]") { try source.run(x) }
    expectError("missing parameters: c [k]") { try source.run(x, parameters: ["w": weight]) }
    expectError(
      "axis 0 of parameter 'c' has the size 2, but k = 3 (axis 1 of parameter 'w')"
    ) { try source.run(x, parameters: ["w": weight, "c": Tensor([2], [1, 2])]) }
    expectError("parameter 'w' should have the shape [d k], found [2]") {
      try source.run(x, parameters: ["w": Tensor([2], [1, 2]), "c": Tensor([2], [1, 2])])
    }
    var parameters = Parameters<Double>()
    for key in ["w", "old", "c", "older"] { parameters[key] = weight }
    #expect(parameters.superfluous(for: try source.function().parameterList()) == ["old", "older"])
  }

  @Test("Hidden units are checked against the arrays")
  func hidden() throws {
    let source = Source("diagram f(x: [d]) -> [] { learn g: [d] -> []\n g(x) }")
    var parameters = try Parameters<Double>(
      random: source.function().parameterList(hiddenUnits: 3), sizes: sized(["d": 2]), seed: 1)
    var interpreter = Interpreter(
      environment: source.environment, parameters: parameters, hiddenUnits: 3)
    #expect(try interpreter.run(source.definition(), inputs: [ramp(2)]).count == 1)
    interpreter.hiddenUnits = 4
    expectError("axis 1 of parameter 'g.weight0' has the size 3, expected 4") {
      try interpreter.run(source.definition(), inputs: [ramp(2)])
    }
    interpreter.hiddenUnits = -1
    expectError("a learned function can't have -1 hidden units") {
      try interpreter.run(source.definition(), inputs: [ramp(2)])
    }
    parameters["g.bias0"] = nil
    #expect(parameters.keys == ["g.weight0", "g.weight1", "g.bias1"])
  }

  @Test("Random parameters depend on seed and key alone, and have the right scale")
  func random() throws {
    let source = Source(
      """
      diagram f(x: [d]) -> [k] { linear v, w: [d] -> [k]\n state c: [k]\n add[k](v(x), add[k](w(x), c)) }
      diagram g(x: [d]) -> [k] { linear w: [d] -> [k]\n w(x) }
      """)
    let sizes = sized(["d": 100, "k": 400])
    func draw(_ name: String, _ seed: UInt64) throws -> Parameters<Double> {
      try Parameters(random: source.function(name).parameterList(), sizes: sizes, seed: seed)
    }
    let (f, g, other) = (try draw("f", 1), try draw("g", 1), try draw("g", 2))
    #expect(f["w"] == g["w"] && f["v"] != f["w"] && g["w"] != other["w"])
    #expect(abs(deviation(try #require(f["w"])) - 0.1) < 0.005)
    #expect(abs(deviation(try #require(f["c"])) - 1) < 0.2)
  }

  @Test("Activations of a stack of layers stay of order one")
  func activations() throws {
    let source = Source(
      """
      diagram f(x: [d]) -> [d] {
        linear w: [d] -> [d] per l
        linear joined: [d], [d] -> [d]
        y = scan l(y = x;) { w(y) }
        joined(y, x)
      }
      """)
    let function = try source.function()
    let sizes = sized(["d": 60, "l": 4])
    let interpreter = Interpreter<Double>(
      environment: source.environment, sizes: sizes,
      parameters: try Parameters(random: function.parameterList(), sizes: sizes, seed: 3))
    let inputs: [Value<Double>] = try function.randomInputs(sizes: sizes, seed: 3)
    let result = try interpreter.run(function, inputs: inputs)[0].asReal
    #expect(deviation(result) > 0.3 && deviation(result) < 3)
  }

  private func deviation(_ tensor: Tensor<Double>) -> Double {
    let squares = tensor.elements.reduce(0) { $0 + $1 * $1 }
    return (squares / Double(tensor.elements.count)).squareRoot()
  }
}
