import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("The fast engine")
struct FastEngineTests {
  private static let environment = Library.program.environment

  private struct Trial {
    let function: TensorDiagram
    let parameters: Parameters<Float>
    let inputs: [Value<Float>]

    init(_ diagram: Diagram, isExact: Bool, seed: UInt64) throws {
      function = try TensorDiagram(diagram, in: FastEngineTests.environment)
      func rounded(_ tensor: Tensor<Float>) -> Tensor<Float> {
        isExact ? tensor.map { $0.rounded() } : tensor
      }
      var parameters = try Parameters<Float>(
        random: function.parameterList(hiddenUnits: 3), sizes: [:], seed: seed)
      for key in parameters.keys { parameters[key] = parameters[key].map(rounded) }
      self.parameters = parameters
      inputs = try function.randomInputs(sizes: [:], seed: seed).map { value in
        value.real.map { .real(rounded($0)) } ?? value
      }
    }

    func fast(_ workers: Workers = Workers(1)) throws -> [Value<Float>] {
      try FastInterpreter(parameters: parameters, hiddenUnits: 3, workers: workers)
        .run(function, inputs: inputs)
    }

    func difference() throws -> Double {
      let reference = Interpreter<Double>(
        environment: FastEngineTests.environment,
        parameters: FastLibraryTests.converted(parameters), hiddenUnits: 3)
      let expected = try reference.run(
        function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      return try FastLibraryTests.difference(
        function, FastInterpreter(parameters: parameters, hiddenUnits: 3), inputs, expected)
    }
  }

  @Test("Agrees with the reference on random diagrams", arguments: [true, false])
  func random(_ isExact: Bool) throws {
    var (boxes, loops) = (0, 0)
    for seed in UInt64(0)..<400 {
      let diagram = RandomArrayDiagram.make(
        boxes: 4 + Int(seed % 40), isExact: isExact, seed: seed)
      boxes += diagram.boxCount
      loops += diagram.operations.count { $0.stateCount > 0 }
      let difference = try Trial(diagram, isExact: isExact, seed: seed).difference()
      #expect(difference <= 1e-4, "seed \(seed)")
    }
    #expect(boxes > 2500 && loops > 120)
  }

  @Test("Another input gives another result, and other parameters do")
  func sensitive() throws {
    let source = Source(
      "diagram f(x: [n d]) -> [n k] { linear w: [d] -> [k]\n w[n](reverse(x)) }")
    let function = try source.function()
    var interpreter = FastInterpreter()
    interpreter.parameters["w"] = try Tensor([2, 1], [1, 2])
    let x = Value<Float>.real(try Tensor([2, 2], [1, 2, 3, 4]))
    #expect(try interpreter.run(function, inputs: [x]) == [.real(try Tensor([2, 1], [11, 5]))])
    interpreter.parameters["w"] = try Tensor([2, 1], [1, 3])
    #expect(try interpreter.run(function, inputs: [x]) == [.real(try Tensor([2, 1], [15, 7]))])
  }

  @Test("Large scores, infinities and NaN pass as in the reference")
  func specialValues() throws {
    let source = Source("diagram f(a: [n m], v: [m e]) -> [n e] { matmul(row_softmax(a), v) }")
    let function = try source.function()
    let scores: [[Float]] = [
      [1e4, -1e4, 1e4], [-1e4, -1e4, -1e4], [-.infinity, 0, 1],
      [-.infinity, -.infinity, -.infinity], [.infinity, 0, 0], [.nan, 0, 0], [3e38, -3e38, 0],
    ]
    let inputs: [Value<Float>] = [
      .real(try Tensor([7, 3], scores.flatMap { $0 })),
      .real(try Tensor([3, 2], [1, 2, 3, 4, 5, .infinity])),
    ]
    let expected = try Interpreter<Float>(environment: source.environment)
      .run(function, inputs: inputs)
    let found = try FastInterpreter().run(function, inputs: inputs)
    var difference = Difference()
    for (a, b) in zip(found, expected) { difference.include(a, b) }
    #expect(difference.relative <= 1e-5)
    #expect(found.first?.real?.elements.contains(where: \.isNaN) == true)
    #expect(found.first?.real?.elements.first == 3)
  }

  @Test("A plan is reused, and forgets the run before")
  func reuse() throws {
    let source = Source("diagram f(x: [n d]) -> [n n] { row_softmax(matmul(x, transpose(x))) }")
    let function = try source.function()
    func tokens(_ seed: UInt64) throws -> [Value<Float>] {
      try function.randomInputs(sizes: sized(["n": 9, "d": 5]), seed: seed)
    }
    let (first, second) = (try tokens(1), try tokens(2))
    let evaluator = try FastInterpreter().evaluator(function, inputs: first)
    let result = try evaluator.run(first)
    #expect(try evaluator.run(second) != result)
    #expect(try evaluator.run(first) == result)
    // A contraction; the largest entry, exponentials of differences, their sum, the quotient, row by row.
    #expect(evaluator.plan.kernelCount == 2)
    // Besides inputs and results: the 81 products, and places of 16 for numbers of rows and for constants.
    #expect(evaluator.plan.memorySize <= 4 * (96 + 8 * 16))
  }

  @Test(
    "Results that are views, or are seen twice, are copied; others are written where they are returned"
  )
  func places() throws {
    let source = Source(
      """
      diagram f(x: [n d]) -> [d n], [n d], [n d], [n d], [n d] {
        y = neg[n d](x)
        z = exp[n d](x)
        return transpose(y), y, x, z, abs[n d](x)
      }
      """)
    let function = try source.function()
    for (n, d) in [(2, 3), (1, 1), (0, 3), (5, 1)] {
      let inputs: [Value<Float>] = try function.randomInputs(
        sizes: sized(["n": n, "d": d]), seed: 1)
      let evaluator = try FastInterpreter().evaluator(function, inputs: inputs)
      let expected = try Interpreter<Float>(environment: source.environment).run(
        function, inputs: inputs)
      for _ in 0..<2 {
        let found = try evaluator.run(inputs)
        #expect(found.map(\.shape) == expected.map(\.shape))
        for (one, other) in zip(found, expected) {
          let pairs = zip(one.real?.elements ?? [], other.real?.elements ?? [])
          #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-6 })
        }
      }
      #expect(evaluator.plan.resultCountInPlace == (n * d == 0 ? 0 : 2))
    }
  }

  @Test("Sums and means of many numbers lose none of them, along rows and down columns")
  func longSums() throws {
    let source = Source(
      """
      diagram f(x: [n d], y: [n]) -> [d], [d], [], [] {
        columns = transpose(x)
        return simd d(columns) { sum(columns) }, simd d(columns) { mean(columns) }, sum(y), mean(y)
      }
      """)
    let (n, d) = (1_000_000, 4)
    func tenths(_ shape: [Int]) throws -> Value<Float> {
      let shape = try Shape(shape)
      return .real(
        try Tensor(shape: shape, elements: Array(repeating: 0.1, count: shape.elementCount)))
    }
    let found = try FastInterpreter().run(
      try source.function(), inputs: [try tenths([n, d]), try tenths([n])])
    for (value, expected) in zip(found, [1e5, 0.1, 1e5, 0.1] as [Float]) {
      let numbers = try #require(value.real?.elements)
      #expect(numbers.allSatisfy { abs($0 / expected - 1) <= 1e-5 }, "\(numbers)")
    }
    #expect(found.count == 4)
  }

  @Test("Sizes that don't fit and arrays that are too large are refused")
  func refusals() throws {
    let source = Source("diagram f(x: [n], y: [n]) -> [n n] { outer(x, y) }")
    let function = try source.function()
    let x = Value<Float>.real(try Tensor([3], [1, 2, 3]))
    let y = Value<Float>.real(try Tensor([2], [1, 2]))
    let evaluator = try FastInterpreter().evaluator(function, inputs: [x, x])
    let reader = "the first box that reads it is"
    expectError(
      "axis 0 of input 'y' has the size 2, but n = 3 (axis 0 of input 'x'); \(reader) simd n"
    ) { try FastInterpreter().run(function, inputs: [x, y]) }
    expectError("axis 0 of input 'x' has the size 2, but n = 3 (given); \(reader) simd n") {
      try evaluator.run([y, y])
    }
    #expect(throws: Never.self) { try evaluator.run([x, x]) }
    expectError(
      "the result of box 'repeat' would be an array of shape [1000000 1000000], which has more "
        + "than 2147483648 elements"
    ) {
      let large = Source("diagram f() -> [n n] { repeat<n>(repeat<n>(1)) }")
      return try FastPlan(large.function(), sizes: sized(["n": 1_000_000]))
    }
    // Each lane's array is small, and those of all lanes together are not.
    let joined = try Source(
      "diagram f(x: [n k], y: [m]) -> [n] { simd n(x) { max(concat(x, y)) } }"
    ).function()
    expectError(
      "an array of the fast engine would be an array of shape [24], which has more than 20 elements"
    ) {
      try FastPlan(joined, sizes: sized(["n": 4, "k": 2, "m": 4]), elementLimit: 20)
    }
    #expect(throws: Never.self) {
      try FastPlan(joined, sizes: sized(["n": 3, "k": 2, "m": 4]), elementLimit: 20)
    }
  }

  @Test("Lanes are lowered as deep as they may be nested")
  func nesting() throws {
    let depth = DiagramBuilder.maximumNesting
    var builder = DiagramBuilder(doctrine: .cartesian)
    let types = (0...depth).map { rank in
      WireType.array(.real, Array(repeating: .size(Size(1)), count: depth - rank))
    }
    let input = builder.addDomainWire(types[0])
    var wires: [WireID] = [input]
    for level in 1...depth {
      builder.openBody()
      wires.append(builder.addDomainWire(types[level]))
    }
    let negation = Operation.box(Symbol(module: "tensor", name: "neg"))
    var result = builder.addBox(negation, inputs: [wires[depth]], outputs: [.scalar])
    for level in (0..<depth).reversed() {
      result = builder.closeBody(
        .simd(axis: Size(1), mapped: 1), inputs: [wires[level]], codomain: result,
        outputs: [types[level]])
    }
    let function = try TensorDiagram(
      builder.finish(codomain: result), in: Self.environment)
    let x = Tensor<Float>(repeating: 3, shape: try Shape(Array(repeating: 1, count: depth)))
    let results = try FastInterpreter().run(function, inputs: [.real(x)])
    #expect(results.first?.real?.elements == [-3])
  }

  @Test("One thread and two compute the same bits")
  func threads() throws {
    for seed in UInt64(0)..<60 {
      let diagram = RandomArrayDiagram.make(boxes: 40, isExact: false, seed: 1000 + seed)
      let trial = try Trial(diagram, isExact: false, seed: seed)
      let one = try trial.fast()
      let several = try trial.fast(Workers(3, leastWork: 1))
      #expect("\(one)" == "\(several)", "seed \(seed)")
    }
  }
}
