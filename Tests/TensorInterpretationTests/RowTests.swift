import DiagramIR
import TensorInterpretation
import TensorKernels
import Testing

@Suite("Folds and functions of rows")
struct RowTests {
  private struct Trial {
    let source: Source
    let function: TensorDiagram
    let sizes: [SizeVariable: Int]

    init(_ text: String, _ sizes: [String: Int]) throws {
      source = Source(text)
      function = try source.function()
      self.sizes = sized(sizes)
    }

    var plan: FastPlan { get throws { try FastPlan(function, sizes: sizes, hiddenUnits: 3) } }

    var kinds: [PlanSummary.KernelKind] { get throws { try plan.summary.kernels.map(\.kind) } }

    /// The largest difference from the reference at any level; on three threads the same bits as on one.
    func difference(_ change: (Int) -> Float? = { _ in nil }) throws -> Double {
      let parameters = try Parameters<Float>(
        random: function.parameterList(hiddenUnits: 3), sizes: sizes, seed: 1)
      var inputs: [Value<Float>] = try function.randomInputs(sizes: sizes, seed: 2)
      for (place, value) in inputs.enumerated() {
        guard case .real(let tensor) = value else { continue }
        let elements = tensor.elements.enumerated().map { change($0.offset) ?? $0.element }
        inputs[place] = .real(try Tensor(shape: tensor.shape, elements: elements))
      }
      let expected = try Interpreter<Double>(
        environment: source.environment, sizes: sizes,
        parameters: FastLibraryTests.converted(parameters), hiddenUnits: 3
      ).run(function, inputs: inputs.map { FastLibraryTests.converted($0, as: Double.self) })
      let plan = try plan
      return try FeatureLevel.available.map { level in
        let results = try [Workers(1, level: level), Workers(3, leastWork: 1, level: level)].map {
          try FastEvaluator(plan, parameters: parameters, workers: $0).run(inputs)
        }
        #expect("\(results[0])" == "\(results[1])")
        return try FastLibraryTests.difference(results[0], expected)
      }.max() ?? 0
    }
  }

  private static let normalization =
    "diagram f(x: [n d], r: [n d]) -> [n d] { layer_norm[n](add[n d](x, r)) as norm }"

  @Test("A normalization of a sum, and a softmax of stored rows, are one kernel each")
  func one() throws {
    let softmax = "diagram f(x: [n d]) -> [n d] { row_softmax(x) }"
    let squares =
      "diagram f(x: [n d]) -> [n d] { simd n(x) { d = sqrt(dot(x, x))\n simd d(x) { div(x, d) } } }"
    var count = 0
    for text in [Self.normalization, softmax, squares] {
      for (n, d) in [(1, 2), (3, 17), (40, 3), (5, 1030), (7, 64), (1, 5000)] {
        let trial = try Trial(text, ["n": n, "d": d])
        #expect(try trial.kinds == [.rows], "\(text), \(n), \(d)")
        #expect(try trial.difference() <= 1e-4, "\(text), \(n), \(d)")
        count += 1
      }
    }
    #expect(count == 18)
    let summary = try Trial(Self.normalization, ["n": 8, "d": 16]).plan.summary
    #expect(summary.kernels[0].reads.count == 4 + 1 && summary.kernels[0].writes.count == 1)
    #expect(summary.kernels[0].shape == [8, 16] && summary.work.bytesWritten == 4 * 8 * 16)
  }

  @Test("What others read of a group is stored, and they run after it")
  func stored() throws {
    let text = """
      diagram f(x: [n d]) -> [n d], [n], [n n] {
        total = simd n(x) { sum(x) }
        y = simd n(x, total) { simd d(x) { div(x, total) } }
        return y, total, matmul(y, transpose(x))
      }
      """
    let trial = try Trial(text, ["n": 6, "d": 21])
    #expect(try trial.kinds == [.rows, .product])
    #expect(try trial.plan.summary.kernels[0].writes.count == 2)
    #expect(try trial.difference() <= 1e-4)
  }

  @Test("A step that needs a product of what the group makes isn't of the group")
  func apart() throws {
    let text = """
      diagram f(x: [n d]) -> [n d] {
        top = simd n(x) { max(x) }
        y = simd n(x, top) { simd d(x) { exp(sub(x, top)) } }
        z = matmul(matmul(y, transpose(y)), x)
        total = simd n(z) { sum(z) }
        simd n(y, z, total) { simd d(y, z) { div(add(y, z), total) } }
      }
      """
    let trial = try Trial(text, ["n": 9, "d": 20])
    let kinds = try trial.kinds
    #expect(kinds.count { $0 == .rows } == 2 && kinds.count { $0 == .product } == 2)
    #expect(try trial.difference() <= 1e-4)
  }

  @Test("Folds down columns, rows of one entry and very long rows are kernels of their own")
  func refused() throws {
    let columns = "diagram f(x: [n d]) -> [d n] { row_softmax(transpose(x)) }"
    #expect(try Trial(columns, ["n": 9, "d": 5]).kinds.first == .fold)
    let rows = "diagram f(x: [n d]) -> [n d] { row_softmax(x) }"
    #expect(try !Trial(rows, ["n": 9, "d": 1]).kinds.contains(.rows))
    #expect(try !Trial(rows, ["n": 2, "d": 100_000]).kinds.contains(.rows))
    for (text, n, d) in [(columns, 9, 5), (rows, 9, 1), (rows, 2, 100_000), (rows, 0, 3)] {
      #expect(try Trial(text, ["n": n, "d": d]).difference() <= 1e-4)
    }
  }

  @Test("Infinities and NaN stay in their rows")
  func specialValues() throws {
    for (text, place) in [
      (Self.normalization, 40), ("diagram f(x: [n d]) -> [n d] { row_softmax(x) }", 40),
    ] {
      let trial = try Trial(text, ["n": 5, "d": 19])
      for value in [Float.nan, .infinity, -.infinity] {
        #expect(try trial.difference { $0 == place ? value : nil } <= 1e-4)
      }
    }
  }

  @Test("Loops run rows of their own")
  func loops() throws {
    let text = """
      diagram f(x: [n m d]) -> [m d] {
        scan n(h = repeat<m>(repeat<d>(0)); x) { row_softmax(add[m d](h, x)) }
      }
      """
    let trial = try Trial(text, ["n": 4, "m": 3, "d": 18])
    #expect(try trial.difference() <= 1e-4)
  }
}
