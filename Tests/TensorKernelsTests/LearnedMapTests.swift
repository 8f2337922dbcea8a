import TensorKernels
import Testing

@Suite("Learned maps")
struct LearnedMapTests {
  typealias Kernels = ReferenceKernels

  @Test("a linear map contracts all axes of each input and adds the results")
  func linear() throws {
    let x = try Tensor([2, 2], [1.0, 2, 3, 4])
    let weight = try Tensor([2, 2, 2], [1.0, 0, 0, 1, 1, 1, 2, -1])
    let one = try Kernels.linear([x], weights: [weight], result: Shape([2]))
    #expect(try one == vector(12, 1))  // 1·1 + 3·1 + 4·2; 2·1 + 3·1 - 4
    let scale = try Kernels.linear(
      [x, Tensor(scalar: 10)], weights: [weight, vector(1, 2)], result: Shape([2]))
    #expect(try scale == vector(22, 21))
  }

  @Test("empty inputs, results and lists of inputs are fine")
  func emptyLinear() throws {
    let zero = try Kernels.linear([ramp(0)], weights: [ramp(0, 2)], result: Shape([2]))
    #expect(try zero == vector(0, 0))
    let none = try Kernels.linear([ramp(2)], weights: [ramp(2, 0)], result: Shape([0]))
    #expect(none.elements.isEmpty)
    #expect(try Kernels.linear([], weights: [], result: Shape([1])) == vector(0))
    let number = try Kernels.linear([ramp(3)], weights: [ramp(3)], result: .scalar)
    #expect(number.onlyElement == 5)
  }

  @Test("a weight of the wrong shape is named")
  func refusedWeights() throws {
    let (x, weight) = (try ramp(2), try ramp(3, 2))
    let result = try Shape([3])
    expectError(
      .shapeMismatch(
        operation: "the weights of linear", argument: 0, expected: try Shape([2, 3]),
        found: weight.shape)
    ) { () throws(TensorError) in try Kernels.linear([x], weights: [weight], result: result) }
    expectError(.argumentCount(operation: "linear", expected: 1, found: 0)) {
      () throws(TensorError) in try Kernels.linear([x], weights: [], result: result)
    }
  }

  @Test("a perceptron flattens its inputs, and cuts its outputs out of the last layer")
  func perceptron() throws {
    let network = Kernels.Perceptron(
      weight0: try Tensor([3, 2], [1.0, 0, 0, 1, 1, 1]), bias0: try vector(0, -5),
      weight1: try Tensor([2, 3], [1.0, 2, 3, 10, 20, 30]), bias1: try vector(0.5, 0, -1))
    let results = try Kernels.perceptron(
      [Tensor([1, 1], [2]), vector(1, -1)], network, results: [.scalar, Shape([1, 2])])
    // Hidden: gelu(2 - 1) and gelu(1 - 1 - 5).
    let (a, b) = (UnaryFunction.gelu(1.0), UnaryFunction.gelu(-5.0))
    #expect(results.map(\.shape.sizes) == [[], [1, 2]])
    expectClose(results[0].elements[0], a + 10 * b + 0.5, within: 1e-15)
    expectClose(results[1].elements[0], 2 * a + 20 * b, within: 1e-15)
    expectClose(results[1].elements[1], 3 * a + 30 * b - 1, within: 1e-15)
  }

  @Test("each parameter of a perceptron must fit", arguments: 0..<4)
  func refusedParameters(_ wrong: Int) throws {
    var network = Kernels.Perceptron(
      weight0: try ramp(1, 2), bias0: try ramp(2), weight1: try ramp(2, 1), bias1: try ramp(1))
    let input = try ramp(1)
    _ = try Kernels.perceptron([input], network, results: [.scalar])
    let bad = try ramp(7, 7)
    switch wrong {
    case 0: network.weight0 = bad
    case 1: network.bias0 = bad
    case 2: network.weight1 = bad
    default: network.bias1 = bad
    }
    #expect(throws: TensorError.self) {
      try Kernels.perceptron([input], network, results: [.scalar])
    }
  }
}
