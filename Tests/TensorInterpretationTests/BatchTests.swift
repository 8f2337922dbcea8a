import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Batches")
struct BatchTests {
  private static func stacked<Scalar>(_ values: [Value<Scalar>]) throws -> Value<Scalar> {
    try Value.stack(
      values, laneShape: try #require(values.first).shape, isIndex: values[0].index != nil)
  }

  @Test("A batch is each of its lanes, whatever is shared", arguments: [0, 1, 2])
  func random(_ part: Int) throws {
    var tried = 0
    for seed in UInt64(0)..<60 {
      let diagram = RandomArrayDiagram.make(boxes: 12, isExact: false, seed: 3000 + seed)
      let function = try TensorDiagram(diagram, in: Library.program.environment)
      let mapped = function.inputNames.enumerated().filter { $0.offset % 3 != part }
      let names = Set(mapped.map(\.element))
      let batched = try function.batched(over: function.freshBatchAxis, inputs: names)
      let parameters = try Parameters<Double>(
        random: function.parameterList(hiddenUnits: 3), sizes: [:], seed: seed)
      let interpreter = Interpreter<Double>(
        environment: Library.program.environment, sizes: sized(["batch": 2]),
        parameters: parameters, hiddenUnits: 3)
      let lanes = try (0..<2).map { lane in
        try function.inputNames.indices.map { place in
          let isMapped = names.contains(function.inputNames[place])
          return try function.randomInput(
            place, sizes: [:], seed: isMapped ? 10 * seed + UInt64(lane) : seed) as Value<Double>
        }
      }
      let inputs = try function.inputNames.indices.map { place in
        names.contains(function.inputNames[place])
          ? try Self.stacked(lanes.map { $0[place] }) : lanes[0][place]
      }
      let separate = try lanes.map { try interpreter.run(function, inputs: $0) }
      let together = try interpreter.run(batched, inputs: inputs)
      for place in together.indices {
        #expect("\(together[place])" == "\(try Self.stacked(separate.map { $0[place] }))")
        tried += 1
      }
      let fast = FastInterpreter(
        sizes: sized(["batch": 2]), parameters: FastLibraryTests.converted(parameters),
        hiddenUnits: 3)
      let difference = try FastLibraryTests.difference(
        batched, fast, inputs.map { FastLibraryTests.converted($0) }, together)
      #expect(difference <= 1e-4, "seed \(seed)")
    }
    #expect(tried > 80)
  }

  @Test("The axis has a name that the diagram doesn't use, and parameters stay as they are")
  func names() throws {
    let function = try Source(
      "diagram f(x: [batch d], y: [d]) -> [batch] { linear w: [d] -> [d]\n matvec(w[batch](x), y) }"
    ).function()
    #expect(function.freshBatchAxis == SizeVariable("batch_2"))
    let batched = try function.batched(over: function.freshBatchAxis, inputs: ["x"])
    #expect(batched.inputNames == ["x", "y"])
    #expect(try batched.parameterList() == function.parameterList())
    let types = batched.diagram.domain.map { "\(batched.diagram.type(of: $0))" }
    #expect(types == ["[batch_2 batch d]", "[d]"])
    #expect(
      batched.diagram.codomain.map { "\(batched.diagram.type(of: $0))" } == ["[batch_2 batch]"])
  }

  @Test("Sizes that differ and axes that are missing are refused with names and sizes")
  func refusals() throws {
    let source = Source("diagram f(x: [n], y: [n]) -> [n] { add[n](x, y) }")
    let function = try source.function().batched(over: SizeVariable("batch"), inputs: ["x", "y"])
    func value(_ sizes: [Int]) throws -> Value<Float> {
      .real(try Tensor(sizes, Array(repeating: 1, count: sizes.reduce(1, *))))
    }
    expectError(
      "axis 0 of input 'y' has the size 4, but batch = 3 (axis 0 of input 'x'); the first box that "
        + "reads it is simd batch"
    ) {
      try FastInterpreter().run(function, inputs: [value([3, 2]), value([4, 2])])
    }
    expectError("input 'y' should have the type [batch n], found an array of shape [2]") {
      try FastInterpreter().run(function, inputs: [value([3, 2]), value([2])])
    }
    #expect(
      try FastInterpreter().run(function, inputs: [value([3, 2]), value([3, 2])]).count == 1)
  }
}
