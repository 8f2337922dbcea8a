extension ReferenceKernels {
  /// The indices of an axis of size n: 0, 1, …, n - 1, of shape `[n]`.
  ///
  /// - Throws: `negativeSize` or `tooManyElements`.
  public static func indices(_ size: Int) throws(TensorError) -> Tensor<Int> {
    let shape = try Shape([size])
    return Tensor(filling: shape, with: Array(0..<size))
  }

  /// The real numbers 0, 1, …, n - 1, of shape `[n]`.
  ///
  /// - Throws: `negativeSize` or `tooManyElements`.
  public static func iota<Scalar: RealScalar>(
    _ size: Int, as type: Scalar.Type = Scalar.self
  ) throws(TensorError) -> Tensor<Scalar> {
    try indices(size).map { Scalar($0) }
  }

  /// The positions of a vector's entries from the smallest to the largest: `[n] -> index n [n]`.
  ///
  /// Equal entries keep their order, and NaN comes last, so that what comes out is a permutation whatever the entries.
  ///
  /// - Throws: `missingAxes` or `shapeMismatch` unless the vector has one axis.
  /// - Complexity: n log n.
  public static func order<Scalar: RealScalar>(
    _ x: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Int> {
    let (size, _) = try x.leadingAxis(of: "order")
    try x.require(try Shape([size]), argument: 0, of: "order")
    let entries = x.elements
    let positions = entries.indices.sorted { first, second in
      if entries[first] < entries[second] { return true }
      if entries[second] < entries[first] { return false }
      let (isFirstNaN, isSecondNaN) = (entries[first].isNaN, entries[second].isNaN)
      return isFirstNaN == isSecondNaN ? first < second : isSecondNaN
    }
    return Tensor(filling: x.shape, with: positions)
  }

  /// The lanes of a table that an index tensor names: `[v ..s], index v [..i] -> [..i ..s]`.
  ///
  /// - Throws: `missingAxes` for a scalar table; `indexOutOfRange` for the first index that is not
  ///   in `0..<v`; `tooManyElements`.
  public static func gather<Element>(
    _ table: Tensor<Element>, _ index: Tensor<Int>
  ) throws(TensorError) -> Tensor<Element> {
    try lanes(of: table, at: index, operation: "gather")
  }

  /// The lanes of a tensor in the order that an index tensor says:
  /// `[n ..s], index n [m] -> [m ..s]`.
  ///
  /// - Throws: as `gather`; `missingAxes` or `shapeMismatch` unless the index has one axis.
  public static func reindex<Element>(
    _ x: Tensor<Element>, _ index: Tensor<Int>
  ) throws(TensorError) -> Tensor<Element> {
    guard let size = index.shape.leading else {
      throw .missingAxes(operation: "the index of reindex", needed: 1, found: index.shape)
    }
    try index.require(try Shape([size]), argument: 1, of: "reindex")
    return try lanes(of: x, at: index, operation: "reindex")
  }

  private static func lanes<Element>(
    of table: Tensor<Element>, at index: Tensor<Int>, operation: String
  ) throws(TensorError) -> Tensor<Element> {
    let (size, lane) = try table.leadingAxis(of: operation)
    let shape = try index.shape.appending(lane)
    let width = lane.elementCount
    var elements: [Element] = []
    elements.reserveCapacity(shape.elementCount)
    for (position, row) in index.elements.enumerated() {
      guard row >= 0, row < size else {
        throw .indexOutOfRange(
          operation: operation, position: position, index: row, size: size)
      }
      elements += table.elements[row * width..<(row + 1) * width]
    }
    return Tensor(filling: shape, with: elements)
  }
}
