import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Summaries of plans")
struct PlanSummaryTests {
  private static func summary(
    _ text: String, _ sizes: [String: Int], isChosenByCost: Bool = true
  ) throws -> PlanSummary {
    try FastPlan(Source(text).function(), sizes: sized(sizes), isChosenByCost: isChosenByCost)
      .summary
  }

  @Test("A product says its axes, its flops and each byte that it moves once")
  func product() throws {
    let summary = try Self.summary(
      "diagram f(a: [n k], b: [k m]) -> [n m] { c = matmul(a, b)\n c }", ["n": 3, "k": 5, "m": 7])
    let kernel = try #require(summary.kernels.first)
    #expect(summary.kernels.count == 1)
    #expect(kernel.kind == .product && kernel.shape == [3, 7] && kernel.folded == [5])
    #expect(kernel.boxes == ["mul", "sum of 'c'"])
    #expect(kernel.work.flops == 2 * 3 * 5 * 7)
    #expect(kernel.work.bytesRead == 4 * (15 + 35) && kernel.work.bytesWritten == 4 * 21)
    #expect(summary.work == kernel.work)
    #expect(summary.buffers.map(\.source) == [.input("a"), .input("b"), .kernels])
    #expect(kernel.reads == [0, 1] && kernel.writes == [2] && summary.results == [2])
  }

  @Test("Fused boxes are one kernel that names them all; an input read twice is read once")
  func fused() throws {
    let summary = try Self.summary(
      "diagram f(x: [n]) -> [n] { mul[n](exp[n](x), tanh[n](x)) }", ["n": 10])
    let kernel = try #require(summary.kernels.first)
    #expect(summary.kernels.count == 1 && kernel.kind == .elementwise)
    #expect(Set(kernel.functions) == ["exp", "tanh", "mul"])
    #expect(kernel.boxes.count == 3)
    #expect(kernel.work == summary.work && kernel.work.flops == 30)
    #expect(kernel.work.bytesRead == 40 && kernel.work.bytesWritten == 40)
  }

  @Test("Work in a loop counts for each of its steps, and what it uses is needed to its end")
  func loops() throws {
    let text =
      "diagram f(x: [n], c: []) -> [] { b = exp(c)\n scan n(h = 0; x) { tanh(add(mul(h, b), x)) } }"
    let recurrence = try #require(
      Self.summary(text, ["n": 6]).kernels.first { $0.kind == .recurrence })
    #expect(recurrence.loops.isEmpty && recurrence.work.flops == 3 * 6)
    #expect(recurrence.work.bytesRead == 4 * (6 + 1 + 1) && recurrence.work.bytesWritten == 4)
    let summary = try Self.summary(text, ["n": 6], isChosenByCost: false)
    let inside = summary.kernels.filter { $0.loops == [6] }
    #expect(inside.count == 2 && summary.kernels.count == 4)
    #expect(inside.map(\.kind) == [.elementwise, .copy])
    #expect(inside.first?.work.flops == 3 * 6)
    let exponential = try #require(
      summary.kernels.firstIndex { $0.functions == ["exp"] && $0.loops.isEmpty })
    let buffer = summary.buffers[try #require(summary.kernels[exponential].writes.first)]
    #expect(buffer.lifetime == exponential...3)
  }

  @Test("Buffers that are needed at the same time have places apart")
  func places() throws {
    let summary = try Self.summary(
      "diagram f(x: [n d]) -> [n d] { matmul(row_softmax(matmul(x, transpose(x))), x) }",
      ["n": 40, "d": 3])
    var pairs = 0
    for (position, a) in summary.buffers.enumerated() {
      guard let place = a.place else { continue }
      #expect(place + a.size <= summary.memorySize)
      for b in summary.buffers[..<position] {
        guard let other = b.place, let first = a.lifetime, let second = b.lifetime,
          first.overlaps(second)
        else { continue }
        pairs += 1
        #expect(place + a.size <= other || other + b.size <= place)
      }
    }
    #expect(pairs >= 3)
    #expect(summary.buffers.count { $0.place == nil } == 2)
  }

  @Test("The flops of every diagram are those of the reference, or fewer")
  func counted() throws {
    let names = ["dot_product_attention", "linear_attention", "softmax", "M0", "M9"]
    for name in names {
      let entry = try #require(FixtureTests.names.first { $0[0] == name })
      let mechanism = try FastLibraryTests.Mechanism(entry)
      let function = mechanism.function
      var sizes: [SizeVariable: Int] = [:]
      for (place, variable) in function.sizeVariables.enumerated() { sizes[variable] = 3 + place }
      let plan = try FastPlan(function, sizes: sizes, hiddenUnits: 5)
      let interpreter = Interpreter<Double>(
        environment: Library.program.environment, sizes: sizes,
        parameters: try Parameters(
          random: function.parameterList(hiddenUnits: 5), sizes: sizes, seed: 1), hiddenUnits: 5)
      var tally = EvaluationTally()
      _ = try interpreter.run(
        function, inputs: function.randomInputs(sizes: sizes, seed: 1), tally: &tally)
      let counted =
        2 * tally.operations.multiplyAdds + tally.operations.folded + tally.operations.functions
      #expect(plan.summary.work.flops <= counted, "\(name)")
      #expect(plan.summary.work.flops >= tally.operations.multiplyAdds / 2, "\(name)")
    }
  }
}
