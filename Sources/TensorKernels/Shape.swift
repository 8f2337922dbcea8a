/// The sizes of an array's axes, outermost first; no axes at all is a scalar.
///
/// Sizes are zero or more. The product of the non-zero ones is at most `largestElementCount`, so
/// that the product of any of them, times the width of an element, never overflows, and a size
/// that came out of a file can't make anyone allocate without measure.
///
///     let shape = try Shape([3, 4])
///     shape.elementCount   // 12
///     shape.lane           // [4]
public struct Shape: Hashable, Sendable {
  /// The most elements a tensor may have: 2³¹ (8 GiB of float32).
  public static let largestElementCount = 1 << 31

  /// The shape without axes.
  public static let scalar = Shape()

  /// The size of each axis, outermost first.
  public let sizes: [Int]
  /// The product of the sizes; 1 for a scalar.
  public let elementCount: Int

  /// Checks the sizes.
  ///
  /// - Throws: `negativeSize` or `tooManyElements`.
  public init(_ sizes: [Int]) throws(TensorError) {
    var product = 1
    for (axis, size) in sizes.enumerated() {
      guard size >= 0 else { throw .negativeSize(axis: axis, size: size) }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, next <= Shape.largestElementCount else {
        throw .tooManyElements(sizes: sizes)
      }
      product = next
    }
    self.sizes = sizes
    elementCount = sizes.contains(0) ? 0 : product
  }

  private init() {
    sizes = []
    elementCount = 1
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The size of the outermost axis; nil for a scalar.
  public var leading: Int? { sizes.first }

  /// The shape without its outermost axis; nil for a scalar.
  public var lane: Shape? {
    guard !sizes.isEmpty else { return nil }
    return try? Shape(Array(sizes.dropFirst()))
  }

  /// This shape with one more axis in front.
  public func prepending(_ size: Int) throws(TensorError) -> Shape {
    try Shape([size] + sizes)
  }

  /// This shape followed by the axes of another.
  public func appending(_ other: Shape) throws(TensorError) -> Shape {
    try Shape(sizes + other.sizes)
  }

  static func text(_ sizes: [Int]) -> String {
    "[" + sizes.map(String.init).joined(separator: " ") + "]"
  }
}

extension Shape: CustomStringConvertible {
  /// As the language writes it: `[3 4]`.
  public var description: String { Shape.text(sizes) }
}
