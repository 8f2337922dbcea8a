import DiagramIR

/// What evaluating a diagram costs, as polynomials in its sizes.
///
/// ```
/// let cost = try DiagramCost(TensorDiagram(attention, in: environment))
/// cost.operations.multiplyAdds     // n*m*k + n*m*e
/// ```
///
/// The costs are those of the diagram as it is drawn: every box computed once in each of its lanes. An engine that
/// fuses boxes can hold less. They are reconstructed; the sources define no cost of a diagram.
public struct DiagramCost: Hashable, Sendable {
  /// How many numbers the learned boxes have.
  public let parameters: Size
  /// The operations on numbers.
  public let operations: OperationCount<Size>
  /// The most numbers held at once is the largest of these, for sizes of at least one.
  ///
  /// Held are the inputs, and what a box made until the last box that needs it is done. Boxes run in the order in
  /// which they are stored, as early as that allows. While lanes run, all their results are held, and within a
  /// lane what its boxes made; a lane's inputs are parts of arrays that are held outside. Parameters don't count.
  public let peakMemory: [Size]
  /// What has to be kept while one token after the other is generated; `nil` when the diagram has no token axis.
  public let generation: GenerationState?

  /// Computes the costs of a diagram.
  ///
  /// - Parameters:
  ///   - hiddenUnits: the width of the hidden layer of `learn` boxes.
  ///   - tokens: the axis along which tokens are generated; that of the first result's rows when `nil`.
  /// - Throws: `InterpretationError.openShapes`, `sizeOverflow`, `hiddenUnits` or `label`.
  /// - Complexity: linear in the boxes, times the terms of the polynomials.
  public init(
    _ function: TensorDiagram, hiddenUnits: Int = 64, tokens: Size? = nil
  ) throws(InterpretationError) {
    let open = function.diagram.shapeVariables
    guard open.isEmpty else { throw .openShapes(open.map(\.name)) }
    let declarations = try function.parameterList(hiddenUnits: hiddenUnits)
    let analysis = try CostAnalysis(function, hiddenUnits: hiddenUnits)
    do {
      var sum = Size.zero
      for declaration in declarations { sum = try sum + declaration.shape.product() }
      parameters = sum
      operations = try analysis.operations(of: function.diagram.root)
      peakMemory = try analysis.peakMemory(of: function.diagram.root)
      generation = try GenerationState(function.diagram, tokens: tokens)
    } catch let error as InterpretationError {
      throw error
    } catch {
      throw .sizeOverflow("the cost of the diagram")
    }
  }
}

extension [Size] {
  /// The product; one for none.
  func product() throws(SizeError) -> Size {
    var product = Size.one
    for size in self { product = try product * size }
    return product
  }
}

extension WireType {
  /// How many numbers an array of this type has.
  func elementCount() throws(SizeError) -> Size { try sizes.product() }
}
