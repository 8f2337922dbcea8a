import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Evaluation is a functor")
struct FunctorialityTests {
  private static let environment = Source("").environment
  private static let vector = WireType.real(Size("d"))

  /// A random diagram from a random number of vectors and scalars to others.
  private func diagram(
    _ domain: [WireType], boxes: Int, _ random: inout RandomSource
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wires = domain.map { builder.addDomainWire($0) }
    wires += builder.addBox(.number(0.5), inputs: [], outputs: [.scalar])
    for _ in 0..<boxes { addBox(&builder, &wires, &random) }
    let count = Int.random(in: 1...3, using: &random)
    return builder.finish(
      codomain: (0..<count).compactMap { _ in wires.randomElement(using: &random) })
  }

  private func addBox(
    _ builder: inout DiagramBuilder, _ wires: inout [WireID], _ random: inout RandomSource
  ) {
    let scalars = wires.filter { builder.type(of: $0) == .scalar }
    let vectors = wires.filter { builder.type(of: $0) == Self.vector }
    let scalar = scalars.randomElement(using: &random)
    let vector = vectors.randomElement(using: &random)
    func box(_ name: String) -> Operation { .box(Symbol(module: "tensor", name: name)) }
    switch (Int.random(in: 0..<6, using: &random), scalar, vector) {
    case (0, let x?, _):
      wires += builder.addBox(box("tanh"), inputs: [x], outputs: [.scalar])
    case (1, let x?, _):
      let y = scalars.randomElement(using: &random) ?? x
      wires += builder.addBox(box("sub"), inputs: [x, y], outputs: [.scalar])
    case (2, _, let x?): wires += builder.addBox(box("mean"), inputs: [x], outputs: [.scalar])
    case (3, let x?, _):
      wires += builder.addBox(box("repeat"), inputs: [x], outputs: [Self.vector])
    case (4, let c?, let x?):
      builder.openBody()
      let (a, b) = (builder.addDomainWire(.scalar), builder.addDomainWire(.scalar))
      let result = builder.addBox(box("mul"), inputs: [b, a], outputs: [.scalar])
      wires += builder.closeBody(
        .simd(axis: Size("d"), mapped: 1), inputs: [x, c], codomain: result,
        outputs: [Self.vector])
    case (_, _, let x?):
      let learned = LearnedBox(kind: .linear, label: "w")
      wires += builder.addBox(.learned(learned), inputs: [x], outputs: [Self.vector])
    default: return
    }
  }

  private func evaluate(
    _ diagram: Diagram, _ inputs: [Value<Double>]
  ) throws -> [Value<Double>] {
    var interpreter = Interpreter<Double>(environment: Self.environment, sizes: sized(["d": 3]))
    interpreter.parameters["w"] = try Tensor([3, 3], [0.5, -1, 0, 0.25, 1, 0.5, -0.5, 0, 1])
    return try interpreter.run(diagram, inputs: inputs)
  }

  private func inputs(
    _ types: [WireType], _ random: inout RandomSource
  ) throws -> [Value<Double>] {
    try types.map { .real(random.normals(try Shape($0 == .scalar ? [] : [3]))) }
  }

  @Test("Composition of diagrams is composition of functions", arguments: 1...100)
  func composition(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let domain = Array(
      [WireType.scalar, Self.vector, Self.vector].shuffled(using: &random).prefix(2))
    let first = diagram(domain, boxes: Int.random(in: 1...12, using: &random), &random)
    let second = diagram(first.codomainTypes, boxes: 8, &random)
    let inputs = try inputs(domain, &random)
    let stepwise = try evaluate(second, evaluate(first, inputs))
    #expect(try evaluate(first.then(second), inputs) == stepwise, "seed \(seed)")
  }

  @Test("Diagrams side by side are functions side by side", arguments: 1...100)
  func tensor(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let (first, second) = (
      diagram([.scalar, Self.vector], boxes: 8, &random), diagram([Self.vector], boxes: 5, &random)
    )
    let (x, y) = (try inputs(first.domainTypes, &random), try inputs(second.domainTypes, &random))
    let apart = try evaluate(first, x) + evaluate(second, y)
    #expect(try evaluate(first.beside(second), x + y) == apart, "seed \(seed)")
  }

  @Test("Identities and swaps only move values; another order is another function")
  func wires() throws {
    var random = RandomSource(seed: 5)
    let types = [WireType.scalar, Self.vector]
    let values = try inputs(types, &random)
    let identity = Diagram.identity(types, doctrine: .cartesian)
    #expect(try evaluate(identity, values) == values)
    let swap = Diagram.swap([types[0]], [types[1]], doctrine: .cartesian)
    #expect(try evaluate(swap, values) == [values[1], values[0]])
    let subtract = Diagram.box(
      .box(Symbol(module: "tensor", name: "sub")), [.scalar, .scalar], [.scalar],
      doctrine: .cartesian)
    let pair = try inputs([.scalar, .scalar], &random)
    let swapped = Diagram.swap([.scalar], [.scalar], doctrine: .cartesian)
    #expect(try evaluate(swapped.then(subtract), pair) != evaluate(subtract, pair))
  }

  @Test("simd of a composition is the composition of simds", arguments: 1...40)
  func simd(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let first = diagram([.scalar, Self.vector], boxes: 8, &random)
    let second = diagram(first.codomainTypes, boxes: 6, &random)
    let lanes = Int.random(in: 0...3, using: &random)
    let values: [Value<Double>] = try first.domainTypes.map {
      .real(random.normals(try Shape([lanes] + ($0 == .scalar ? [] : [3]))))
    }
    let axis = Size("n")
    let together = try #require(first.then(second).simd(axis))
    let apart = try #require(first.simd(axis)).then(#require(second.simd(axis)))
    #expect(try evaluate(together, values) == evaluate(apart, values), "seed \(seed)")
    let byLane = try (0..<lanes).map { lane in
      try evaluate(first.then(second), values.map { try $0.lane(lane) })
    }
    let results = try evaluate(together, values)
    for (lane, expected) in byLane.enumerated() {
      #expect(try results.map { try $0.lane(lane) } == expected, "seed \(seed)")
    }
  }
}
