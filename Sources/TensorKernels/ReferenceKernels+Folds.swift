extension ReferenceKernels {
  /// The sum along the leading axis: `[n ..s] -> [..s]`; 0 for n = 0.
  ///
  /// Accumulates in `Double`.
  ///
  /// - Throws: `missingAxes` for a scalar.
  public static func sum<Scalar: RealScalar>(
    _ x: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    let (_, lane) = try x.leadingAxis(of: "sum")
    return Tensor(filling: lane, with: totals(x, lane).map { Scalar($0) })
  }

  /// The mean along the leading axis: `[n ..s] -> [..s]`; NaN for n = 0.
  ///
  /// Accumulates in `Double`.
  ///
  /// - Throws: `missingAxes` for a scalar.
  public static func mean<Scalar: RealScalar>(
    _ x: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    let (size, lane) = try x.leadingAxis(of: "mean")
    return Tensor(filling: lane, with: totals(x, lane).map { Scalar($0 / Double(size)) })
  }

  /// The largest element along the leading axis: `[n ..s] -> [..s]`; −∞ for n = 0, and NaN where
  /// any lane is NaN.
  ///
  /// - Throws: `missingAxes` for a scalar.
  public static func max<Scalar: RealScalar>(
    _ x: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    let (size, lane) = try x.leadingAxis(of: "max")
    let width = lane.elementCount
    var largest = [Scalar](repeating: -.infinity, count: width)
    for row in 0..<(width == 0 ? 0 : size) {
      for column in 0..<width {
        largest[column] = BinaryFunction.maximum(largest[column], x.elements[row * width + column])
      }
    }
    return Tensor(filling: lane, with: largest)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func totals<Scalar: RealScalar>(
    _ x: Tensor<Scalar>, _ lane: Shape
  ) -> [Double] {
    let width = lane.elementCount
    var totals = [Double](repeating: 0, count: width)
    guard width > 0 else { return totals }
    var column = 0
    for element in x.elements {
      totals[column] += Double(element)
      column = column + 1 == width ? 0 : column + 1
    }
    return totals
  }
}
