#if os(Linux)
  import DiagramIR
  import Foundation
  import TensorInterpretation
  import TensorKernels
  import Testing

  /// Counting slows the whole process, so that it is done in one of its own.
  @Suite("Allocations of a run")
  struct AllocationTests {
    @Test("Are counted in a process of their own, where all tests pass")
    func counted() throws {
      let process = Process()
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = [
        "--testing-library", "swift-testing", "--filter", "AllocationCountTests",
      ]
      process.environment = ProcessInfo.processInfo.environment.merging(
        [AllocationCounter.variable: "1"]) { $1 }
      let output = Pipe()
      (process.standardOutput, process.standardError) = (output, output)
      try process.run()
      let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(words)")
      #expect(words.contains("with 4 tests in 1 suite passed"), "\(words)")
    }
  }

  @Suite("Counted allocations", .serialized, .enabled(if: AllocationCounter.isEnabled))
  struct AllocationCountTests {
    private final class Kept {
      var numbers: [Int] = []
    }

    @Test("The counter sees arrays and objects, and nothing where there is nothing")
    func counter() throws {
      let kept = Kept()
      let none = try #require(AllocationCounter.count { kept.numbers.removeAll() })
      #expect(none == 0)
      let some = try #require(
        AllocationCounter.count {
          for count in 1...3 { kept.numbers = Array(repeating: count, count: 100 * count) }
        })
      #expect(some >= 3)
    }

    /// How many allocations a run makes that is given the results of one before.
    private func count(
      _ evaluator: FastEvaluator, _ inputs: [Value<Float>]
    ) throws -> Int {
      var results = try evaluator.run(inputs)
      let expected = results
      // The first one makes arrays of its own, since these are held twice.
      try evaluator.run(inputs, into: &results)
      let found = try #require(
        try AllocationCounter.count { try evaluator.run(inputs, into: &results) })
      #expect("\(results)" == "\(expected)")
      return found
    }

    @Test("A reused plan of any mechanism of the library runs without an allocation")
    func library() throws {
      for entry in FixtureTests.names {
        let fixture = try FixtureTests.Fixture<Float>(entry[0], in: entry[1]) { $0.asFloat32 }
        var interpreter = FastInterpreter(
          sizes: fixture.interpreter.sizes, parameters: fixture.interpreter.parameters,
          hiddenUnits: fixture.interpreter.hiddenUnits)
        let function = try TensorDiagram(
          fixture.definition.diagram, in: Library.program.environment)
        for least in [0, FastPlan.leastStreamed] {
          interpreter.leastStreamed = least
          let evaluator = try interpreter.evaluator(function, inputs: fixture.inputs)
          let count = try count(evaluator, fixture.inputs)
          #expect(count == 0, "\(entry[0]), streaming from \(least) elements on")
        }
      }
    }

    @Test("A run that returns new arrays, or finds those it is given held elsewhere, is counted")
    func counted() throws {
      let source = Source(
        "diagram f(x: [n d]) -> [n d], [d n] { return exp[n d](x), transpose(x) }")
      let function = try source.function()
      let inputs: [Value<Float>] = try function.randomInputs(
        sizes: sized(["n": 5, "d": 7]), seed: 1)
      let evaluator = try FastInterpreter().evaluator(function, inputs: inputs)
      #expect(try count(evaluator, inputs) == 0)
      var results: [Value<Float>] = []
      let new = try #require(try AllocationCounter.count { results = try evaluator.run(inputs) })
      #expect(new >= 2)
      let held = results
      let copied = try #require(
        try AllocationCounter.count { try evaluator.run(inputs, into: &results) })
      #expect(copied >= 2)
      #expect(held == results)
      // Results of another diagram, or in another order, are replaced.
      results = [held[1], held[0]]
      try evaluator.run(inputs, into: &results)
      #expect(held == results)
      results = [.index(try Tensor([5, 7], Array(0..<35)))]
      try evaluator.run(inputs, into: &results)
      #expect(held == results)
    }

    @Test("What is written into may be what is read")
    func sameArray() throws {
      let function = try Source("diagram f(x: [n]) -> [n] { reverse(neg[n](x)) }").function()
      var values = [Value<Float>.real(try Tensor([3], [1, 2, 3]))]
      let evaluator = try FastInterpreter().evaluator(function, inputs: values)
      for _ in 0..<2 { try evaluator.run(values, into: &values) }
      #expect(values == [.real(try Tensor([3], [1, 2, 3]))])
      try evaluator.run(values, into: &values)
      #expect(values == [.real(try Tensor([3], [-3, -2, -1]))])
    }
  }
#endif
