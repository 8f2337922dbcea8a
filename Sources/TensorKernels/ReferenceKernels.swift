/// Kernels that are written to be obviously right: the oracle for the fast ones.
///
/// Each is the plain loop that its definition says. Sums (`sum`, `mean`, the contractions of
/// learned maps) accumulate in `Double` whatever the element type, and round once at the end.
/// Wrong shapes throw a `TensorError`; nothing traps.
public enum ReferenceKernels {}

extension ReferenceKernels {
  /// Applies a function of one number to each element.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func apply<Scalar: RealScalar>(
    _ function: UnaryFunction, _ x: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    x.map { function($0) }
  }

  /// Applies a function of two numbers to the elements at the same place.
  ///
  /// - Throws: `shapeMismatch` unless the shapes are equal; nothing is broadcast.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func apply<Scalar: RealScalar>(
    _ function: BinaryFunction, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    try x.zip(y, as: function.rawValue) { function($0, $1) }
  }

  /// `a` where the condition is not zero (NaN counts as not zero), else `b`.
  ///
  /// - Throws: `shapeMismatch` unless the three shapes are equal.
  public static func select<Scalar: RealScalar>(
    where condition: Tensor<Scalar>, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
  ) throws(TensorError) -> Tensor<Scalar> {
    try a.require(condition.shape, argument: 1, of: "where")
    try b.require(condition.shape, argument: 2, of: "where")
    let elements = condition.elements.indices.map {
      condition.elements[$0] != 0 ? a.elements[$0] : b.elements[$0]
    }
    return Tensor(filling: condition.shape, with: elements)
  }
}
