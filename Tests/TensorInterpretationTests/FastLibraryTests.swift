import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("The fast engine on the library")
struct FastLibraryTests {
  /// The largest difference between what the fast engine gives and some values.
  static func difference<Scalar>(
    _ function: TensorDiagram, _ interpreter: FastInterpreter, _ inputs: [Value<Float>],
    _ expected: [Value<Scalar>]
  ) throws -> Double {
    try difference(interpreter.run(function, inputs: inputs), expected)
  }

  /// The largest difference between results and some values.
  static func difference<Scalar>(
    _ results: [Value<Float>], _ expected: [Value<Scalar>]
  ) throws -> Double {
    #expect(results.count == expected.count)
    var difference = Difference()
    for (found, expected) in zip(results, expected) {
      difference.include(converted(found, as: Double.self), converted(expected, as: Double.self))
    }
    return difference.relative
  }

  static func converted<From, To>(_ value: Value<From>, as: To.Type = To.self) -> Value<To> {
    switch value {
    case .real(let tensor): .real(tensor.map { To($0) })
    case .index(let tensor): .index(tensor)
    }
  }

  static func converted<From, To>(
    _ parameters: Parameters<From>, as: To.Type = To.self
  ) -> Parameters<To> {
    var result = Parameters<To>()
    for key in parameters.keys { result[key] = parameters[key].map { $0.map { To($0) } } }
    return result
  }

  @Test("Agrees with numpy within 1e-5", arguments: FixtureTests.names)
  func fixtures(_ entry: [String]) throws {
    let fixture = try FixtureTests.Fixture<Float>(entry[0], in: entry[1]) { $0.asFloat32 }
    let interpreter = FastInterpreter(
      sizes: fixture.interpreter.sizes, parameters: fixture.interpreter.parameters,
      hiddenUnits: fixture.interpreter.hiddenUnits)
    let function = try TensorDiagram(
      fixture.definition.diagram, in: Library.program.environment)
    let difference = try Self.difference(
      function, interpreter, fixture.inputs, fixture.expected.map { .real($0) })
    #expect(difference <= 1e-5)
  }

  @Test("Another input gives another result")
  func sensitive() throws {
    let fixture = try FixtureTests.Fixture<Float>("softmax", in: "tensor") { array in
      let tensor = array.asFloat32
      return (try? ReferenceKernels.reverse(tensor)) ?? tensor
    }
    let function = try TensorDiagram(
      fixture.definition.diagram, in: Library.program.environment)
    let difference = try Self.difference(
      function, FastInterpreter(), fixture.inputs, fixture.expected.map { .real($0) })
    #expect(difference > 1e-3)
  }

  /// A diagram of the library, at sizes that tests choose.
  struct Mechanism {
    let name: String
    let function: TensorDiagram

    init(_ entry: [String]) throws {
      name = entry[0]
      let path = try #require(Library().locate(import: entry[1], from: ""))
      let definition = try #require(Library.program.definition(name, in: path))
      function = try TensorDiagram(definition.diagram, in: Library.program.environment)
    }

    /// The largest difference, at any feature level, from the reference in double precision, at sizes that go
    /// round a list; `nil` where an empty axis has no indices.
    func difference(sizes list: [Int], seed: UInt64) throws -> Double? {
      let variables = function.diagram.shapeVariables
      let function = try function.instantiating(
        Dictionary(uniqueKeysWithValues: variables.map { ($0, list) }))
      var sizes: [SizeVariable: Int] = [:]
      for (place, variable) in function.sizeVariables.enumerated() {
        sizes[variable] = list[place % list.count]
      }
      let parameters = try Parameters<Float>(
        random: function.parameterList(hiddenUnits: 5), sizes: sizes, seed: seed)
      let inputs: [Value<Float>]
      do { inputs = try function.randomInputs(sizes: sizes, seed: seed) } catch { return nil }
      let reference = Interpreter<Double>(
        environment: Library.program.environment, sizes: sizes,
        parameters: FastLibraryTests.converted(parameters), hiddenUnits: 5)
      let expected = try reference.run(
        function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      let fast = FastInterpreter(sizes: sizes, parameters: parameters, hiddenUnits: 5)
      let plan = try fast.evaluator(function, inputs: inputs).plan
      return try FeatureLevel.available.map { level in
        let evaluator = try FastEvaluator(
          plan, parameters: parameters, workers: Workers(1, level: level))
        return try FastLibraryTests.difference(try evaluator.run(inputs), expected)
      }.max()
    }
  }

  @Test("Agrees with the reference in double precision at awkward sizes", arguments: 0..<8)
  func awkward(_ part: Int) throws {
    var tried = 0
    let names = FixtureTests.names.enumerated().filter { $0.offset % 8 == part }.map(\.element)
    for entry in names {
      let mechanism = try Mechanism(entry)
      for sizes in [[1], [0], [3, 2, 1], [2, 0]] {
        guard let difference = try mechanism.difference(sizes: sizes, seed: 7) else { continue }
        tried += 1
        #expect(difference <= 1e-4, "\(entry[0]) at \(sizes)")
      }
    }
    #expect(tried > 3 * names.count)
  }

  @Test(
    "Agrees with the reference at sizes beyond a vector's width",
    arguments: FixtureTests.names.filter { $0[1].hasSuffix("_layers") || $0[1] == "fourteen" })
  func large(_ entry: [String]) throws {
    let mechanism = try Mechanism(entry)
    for sizes in [[17, 2, 3], [2, 31, 1]] {
      #expect(try #require(try mechanism.difference(sizes: sizes, seed: 8)) <= 1e-4, "\(sizes)")
    }
  }

  @Test("Agrees with the reference on 257 tokens", arguments: ["M0", "M1"])
  func manyTokens(_ name: String) throws {
    let mechanism = try Mechanism(
      try #require(FixtureTests.names.first { $0[0] == name }))
    #expect(mechanism.function.sizeVariables.map(\.name).sorted() == ["d", "h", "k", "n"])
    #expect(mechanism.function.sizeVariables.first?.name == "n")
    #expect(try #require(try mechanism.difference(sizes: [257, 1, 1, 1], seed: 9)) <= 1e-4)
  }
}
