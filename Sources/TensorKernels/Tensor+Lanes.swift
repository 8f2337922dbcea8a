extension Tensor {
  /// The leading axis and what one lane along it looks like.
  ///
  /// - Throws: `missingAxes`, under the name `operation`, for a scalar.
  func leadingAxis(
    of operation: String
  ) throws(TensorError) -> (size: Int, lane: Shape) {
    guard let size = shape.leading, let lane = shape.lane else {
      throw .missingAxes(operation: operation, needed: 1, found: shape)
    }
    return (size, lane)
  }

  /// One slice along the leading axis: `[n ..s]` gives the shape `[..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar, `laneOutOfRange` unless `0 <= lane < n`.
  /// - Complexity: linear in the elements of the lane.
  public func lane(_ lane: Int) throws(TensorError) -> Tensor {
    let (size, laneShape) = try leadingAxis(of: "a lane")
    guard lane >= 0, lane < size else { throw .laneOutOfRange(lane: lane, size: size) }
    let width = laneShape.elementCount
    return Tensor(
      filling: laneShape, with: Array(elements[lane * width..<(lane + 1) * width]))
  }

  /// All the slices along the leading axis, in order.
  ///
  /// - Throws: `missingAxes` for a scalar.
  public func lanes() throws(TensorError) -> [Tensor] {
    let (size, _) = try leadingAxis(of: "lanes")
    var result: [Tensor] = []
    result.reserveCapacity(size)
    for index in 0..<size { result.append(try lane(index)) }
    return result
  }

  /// Puts tensors of one shape under a new leading axis; the inverse of `lanes()`.
  ///
  /// The shape of a lane is given, so that no lanes at all make a tensor of shape `[0 ..s]`.
  ///
  /// - Throws: `shapeMismatch` naming the first lane of another shape; `tooManyElements`.
  public static func stack(
    _ lanes: [Tensor], laneShape: Shape
  ) throws(TensorError) -> Tensor {
    let shape = try laneShape.prepending(lanes.count)
    var elements: [Element] = []
    elements.reserveCapacity(shape.elementCount)
    for (index, lane) in lanes.enumerated() {
      try lane.require(laneShape, argument: index, of: "stack")
      elements += lane.elements
    }
    return Tensor(filling: shape, with: elements)
  }
}
