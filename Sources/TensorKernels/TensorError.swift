/// What can be wrong with the arguments of a kernel.
///
/// Every public function of this module that can meet a wrong shape throws one of these; none
/// traps. `description` holds the wording.
public enum TensorError: Error, Equatable, Sendable {
  /// A size is negative.
  case negativeSize(axis: Int, size: Int)
  /// The product of the non-zero sizes exceeds `Shape.largestElementCount`.
  case tooManyElements(sizes: [Int])
  /// The elements do not fill the shape, or overfill it.
  case elementCount(shape: Shape, found: Int)
  /// An operation needs more axes than the tensor has.
  case missingAxes(operation: String, needed: Int, found: Shape)
  /// Argument number `argument` (counted from zero) has the wrong shape.
  case shapeMismatch(operation: String, argument: Int, expected: Shape, found: Shape)
  /// An operation was given the wrong number of tensors.
  case argumentCount(operation: String, expected: Int, found: Int)
  /// A lane was asked for that is not there.
  case laneOutOfRange(lane: Int, size: Int)
  /// An index tensor holds, at flat position `position`, an index outside `0..<size`.
  case indexOutOfRange(operation: String, position: Int, index: Int, size: Int)
  /// `take` or `drop` of more lanes than there are, or of a negative number.
  case countOutOfRange(operation: String, count: Int, size: Int)
  /// An axis of `size` cannot be split into `outer` rows of `inner`; nil when no size fits.
  case cannotSplit(size: Int, outer: Int, inner: Int?)
  /// A random number was to be drawn from an empty range.
  case emptyRange(bound: Int)
}

extension TensorError: CustomStringConvertible {
  /// One sentence without a full stop at its end: what is wrong, what was expected and found.
  public var description: String {
    switch self {
    case .negativeSize(let axis, let size):
      "axis \(axis) has the negative size \(size)"
    case .tooManyElements(let sizes):
      "the shape \(Shape.text(sizes)) has too many elements; the limit is "
        + "\(Shape.largestElementCount) (zero sizes not counted)"
    case .elementCount(let shape, let found):
      "the shape \(shape) needs \(shape.elementCount) elements, found \(found)"
    case .missingAxes(let operation, let needed, let found):
      "\(operation) needs at least \(needed) \(needed == 1 ? "axis" : "axes"), "
        + "found the shape \(found)"
    case .shapeMismatch(let operation, let argument, let expected, let found):
      "argument \(argument + 1) of \(operation) should have the shape \(expected), found \(found)"
    case .argumentCount(let operation, let expected, let found):
      "\(operation) takes \(expected) arguments, found \(found)"
    case .laneOutOfRange(let lane, let size):
      "lane \(lane) does not exist; the leading axis has the size \(size)"
    case .indexOutOfRange(let operation, let position, let index, let size):
      "\(operation): the index \(index) at position \(position) is outside an axis of size "
        + "\(size); indices count from 0"
    case .countOutOfRange(let operation, let count, let size):
      "cannot \(operation) \(count) lanes of an axis of size \(size)"
    case .cannotSplit(let size, let outer, let inner):
      if let inner {
        "an axis of size \(size) cannot be split into \(outer) by \(inner)"
      } else {
        "an axis of size \(size) cannot be split into \(outer) equal rows"
      }
    case .emptyRange(let bound):
      "no number lies in 0..<\(bound)"
    }
  }
}
