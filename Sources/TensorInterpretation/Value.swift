import DiagramIR
import TensorKernels

/// What a wire carries: an array of real numbers, or one of indices.
public enum Value<Scalar: RealScalar>: Sendable, Equatable {
  /// Real numbers.
  case real(Tensor<Scalar>)
  /// Positions of an axis, counted from zero.
  case index(Tensor<Int>)

  /// The sizes of the axes.
  public var shape: Shape {
    switch self {
    case .real(let tensor): tensor.shape
    case .index(let tensor): tensor.shape
    }
  }

  /// The real numbers; `nil` for indices.
  public var real: Tensor<Scalar>? {
    if case .real(let tensor) = self { tensor } else { nil }
  }

  /// The indices; `nil` for real numbers.
  public var index: Tensor<Int>? {
    if case .index(let tensor) = self { tensor } else { nil }
  }

  /// The entries as real numbers; an index becomes its value.
  public var asReal: Tensor<Scalar> {
    switch self {
    case .real(let tensor): tensor
    case .index(let tensor): tensor.map { Scalar($0) }
    }
  }

  /// One slice along the leading axis: `[n ..s]` gives the shape `[..s]`.
  ///
  /// - Throws: `TensorError`, when there is no leading axis or no such lane.
  public func lane(_ position: Int) throws(TensorError) -> Value {
    switch self {
    case .real(let tensor): .real(try tensor.lane(position))
    case .index(let tensor): .index(try tensor.lane(position))
    }
  }

  /// The values under a new leading axis; none give a value of shape `[0 ..s]`.
  ///
  /// - Parameters:
  ///   - lanes: values of one kind, each of the shape `laneShape`.
  ///   - isIndex: which kind.
  /// - Throws: `TensorError`, when a lane is of another kind or shape.
  public static func stack(
    _ lanes: [Value], laneShape: Shape, isIndex: Bool
  ) throws(TensorError) -> Value {
    let reals = lanes.compactMap(\.real)
    let indices = lanes.compactMap(\.index)
    let found = isIndex ? indices.count : reals.count
    guard found == lanes.count else {
      throw .argumentCount(operation: "stack", expected: lanes.count, found: found)
    }
    return isIndex
      ? .index(try Tensor.stack(indices, laneShape: laneShape))
      : .real(try Tensor.stack(reals, laneShape: laneShape))
  }
}

extension WireType {
  /// Whether its entries are indices.
  var isIndex: Bool {
    if case .array(.index, _) = self { true } else { false }
  }

  /// The axis that its entries are positions of; `nil` for real numbers.
  var indexedSize: Size? {
    if case .array(.index(let size), _) = self { size } else { nil }
  }

  /// The sizes of its axes, a shape variable left out.
  var sizes: [Size] {
    shape.compactMap { dimension in
      if case .size(let size) = dimension { size } else { nil }
    }
  }
}
