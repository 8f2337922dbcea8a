/// An array of any number of axes, stored flat in row-major order (the last axis varies fastest).
///
/// The number of elements always equals `shape.elementCount`. A value type: the storage is shared
/// until one of its holders writes.
///
///     let x = try Tensor<Float>([2, 2], [1, 2, 3, 4])
///     try x.lane(1)        // [3, 4] of shape [2]
public struct Tensor<Element: Sendable>: Sendable {
  /// The sizes of the axes.
  public let shape: Shape
  /// The elements in row-major order.
  public private(set) var elements: [Element]

  /// Wraps elements in a shape.
  ///
  /// - Throws: `elementCount` unless there are exactly as many as the shape needs.
  public init(shape: Shape, elements: [Element]) throws(TensorError) {
    guard elements.count == shape.elementCount else {
      throw .elementCount(shape: shape, found: elements.count)
    }
    self.init(filling: shape, with: elements)
  }

  /// Wraps elements in a shape given by its sizes.
  ///
  /// - Throws: `negativeSize`, `tooManyElements` or `elementCount`.
  public init(_ sizes: [Int], _ elements: [Element]) throws(TensorError) {
    try self.init(shape: Shape(sizes), elements: elements)
  }

  /// A tensor all of whose elements are the same.
  public init(repeating element: Element, shape: Shape) {
    self.init(
      filling: shape, with: Array(repeating: element, count: shape.elementCount))
  }

  /// A tensor without axes.
  public init(scalar: Element) {
    self.init(filling: .scalar, with: [scalar])
  }

  /// For kernels, which make as many elements as the shape needs by construction.
  init(filling shape: Shape, with elements: [Element]) {
    assert(elements.count == shape.elementCount)
    self.shape = shape
    self.elements = elements
  }

  /// The only element of a tensor that has one, whatever its axes; nil otherwise.
  public var onlyElement: Element? { elements.count == 1 ? elements.first : nil }

  /// Lets a body write the elements where they lie: in a copy of their own, if something else holds them too.
  package mutating func withUnsafeMutableElements<Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    try elements.withUnsafeMutableBufferPointer { buffer throws(Failure) in try body(buffer) }
  }

  /// The same elements in another shape.
  ///
  /// - Throws: `elementCount` unless both shapes have the same number of elements.
  public func reshaped(to shape: Shape) throws(TensorError) -> Tensor {
    try Tensor(shape: shape, elements: elements)
  }

  /// Applies a function to each element.
  public func map<Result: Sendable>(_ transform: (Element) -> Result) -> Tensor<Result> {
    Tensor<Result>(filling: shape, with: elements.map(transform))
  }

  /// Applies a function to the pairs of elements at the same place.
  ///
  /// - Throws: `shapeMismatch`, under the name `operation`, unless the shapes are equal.
  public func zip<Other: Sendable, Result: Sendable>(
    _ other: Tensor<Other>, as operation: String = "zip",
    _ transform: (Element, Other) -> Result
  ) throws(TensorError) -> Tensor<Result> {
    try other.require(shape, argument: 1, of: operation)
    return Tensor<Result>(
      filling: shape, with: Swift.zip(elements, other.elements).map(transform))
  }

  /// Throws `shapeMismatch` unless this tensor, an argument of an operation, has a shape.
  func require(
    _ expected: Shape, argument: Int, of operation: String
  ) throws(TensorError) {
    guard shape == expected else {
      throw .shapeMismatch(
        operation: operation, argument: argument, expected: expected, found: shape)
    }
  }
}

extension Tensor: Equatable where Element: Equatable {}
extension Tensor: Hashable where Element: Hashable {}
