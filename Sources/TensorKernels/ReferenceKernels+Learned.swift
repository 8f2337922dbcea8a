extension ReferenceKernels {
  /// A learned linear map of several inputs: Σᵢ xᵢ · Wᵢ, of shape t.
  ///
  /// Input i has any shape sᵢ and its weight the shape sᵢ + t; all axes of the input are
  /// contracted with the first axes of the weight. No inputs give zeros. Accumulates in `Double`
  /// over all the inputs.
  ///
  /// - Throws: `argumentCount` unless there is a weight for each input; `shapeMismatch`, where
  ///   argument i is weight i.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func linear<Scalar: RealScalar>(
    _ inputs: [Tensor<Scalar>], weights: [Tensor<Scalar>], result: Shape
  ) throws(TensorError) -> Tensor<Scalar> {
    guard inputs.count == weights.count else {
      throw .argumentCount(operation: "linear", expected: inputs.count, found: weights.count)
    }
    let width = result.elementCount
    var totals = [Double](repeating: 0, count: width)
    for (number, (input, weight)) in Swift.zip(inputs, weights).enumerated() {
      try weight.require(
        try input.shape.appending(result), argument: number, of: "the weights of linear")
      for (row, element) in input.elements.enumerated() {
        for column in 0..<width {
          totals[column] += Double(element) * Double(weight.elements[row * width + column])
        }
      }
    }
    return Tensor(filling: result, with: totals.map { Scalar($0) })
  }

  /// The parameters of a perceptron with one hidden layer.
  public struct Perceptron<Scalar: RealScalar>: Sendable {
    /// From inputs to hidden units, `[in hidden]`.
    public var weight0: Tensor<Scalar>
    /// Added to the hidden units, `[hidden]`.
    public var bias0: Tensor<Scalar>
    /// From hidden units to outputs, `[hidden out]`.
    public var weight1: Tensor<Scalar>
    /// Added to the outputs, `[out]`.
    public var bias1: Tensor<Scalar>

    /// Groups the four arrays; their shapes are checked where they are used.
    public init(
      weight0: Tensor<Scalar>, bias0: Tensor<Scalar>,
      weight1: Tensor<Scalar>, bias1: Tensor<Scalar>
    ) {
      self.weight0 = weight0
      self.bias0 = bias0
      self.weight1 = weight1
      self.bias1 = bias1
    }
  }

  /// A learned function: gelu(x · weight0 + bias0) · weight1 + bias1.
  ///
  /// x is all inputs, flattened and concatenated in order; the outputs are cut, in order, out of
  /// the last layer. The number of hidden units is read off `bias0`.
  ///
  /// - Throws: `missingAxes` for a scalar `bias0`; `shapeMismatch` for a parameter that does not
  ///   fit, where arguments 0 to 3 are weight0, bias0, weight1 and bias1; `tooManyElements`.
  public static func perceptron<Scalar: RealScalar>(
    _ inputs: [Tensor<Scalar>], _ network: Perceptron<Scalar>, results: [Shape]
  ) throws(TensorError) -> [Tensor<Scalar>] {
    let name = "the parameters of a learned function"
    guard let hidden = network.bias0.shape.leading else {
      throw .missingAxes(operation: "bias0", needed: 1, found: network.bias0.shape)
    }
    let flat = inputs.flatMap(\.elements)
    let x = Tensor(filling: try Shape([flat.count]), with: flat)
    let width = try totalCount(results)
    try network.weight0.require(try Shape([flat.count, hidden]), argument: 0, of: name)
    try network.bias0.require(try Shape([hidden]), argument: 1, of: name)
    try network.weight1.require(try Shape([hidden, width]), argument: 2, of: name)
    try network.bias1.require(try Shape([width]), argument: 3, of: name)
    let layer = try affine(x, network.weight0, network.bias0)
    let y = try affine(apply(.gelu, layer), network.weight1, network.bias1)
    return cut(y.elements, into: results)
  }

  private static func affine<Scalar: RealScalar>(
    _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    try apply(.add, linear([x], weights: [weight], result: bias.shape), bias)
  }

  private static func totalCount(_ shapes: [Shape]) throws(TensorError) -> Int {
    var total = 0
    for shape in shapes {
      let (sum, overflow) = total.addingReportingOverflow(shape.elementCount)
      guard !overflow else { throw .tooManyElements(sizes: shape.sizes) }
      total = sum
    }
    return total
  }

  private static func cut<Scalar: RealScalar>(
    _ elements: [Scalar], into shapes: [Shape]
  ) -> [Tensor<Scalar>] {
    var start = 0
    return shapes.map { shape in
      let end = start + shape.elementCount
      defer { start = end }
      return Tensor(filling: shape, with: Array(elements[start..<end]))
    }
  }
}
