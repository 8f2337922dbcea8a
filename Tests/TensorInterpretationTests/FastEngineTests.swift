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
    #expect(boxes > 4000 && loops > 200)
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
