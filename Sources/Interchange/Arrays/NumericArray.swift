import TensorKernels

/// An array as files hold it: numbers of one of three types, in a shape.
///
/// Narrower types are widened without loss when they are read: half precision and bfloat16 to
/// `float32`; booleans (0 and 1) and the integers of up to 32 bits to `int64`.
public enum NumericArray: Hashable, Sendable {
  /// Single precision.
  case float32(Tensor<Float>)
  /// Double precision.
  case float64(Tensor<Double>)
  /// Integers, indices among them.
  case int64(Tensor<Int>)

  /// The sizes of its axes.
  public var shape: Shape {
    switch self {
    case .float32(let tensor): tensor.shape
    case .float64(let tensor): tensor.shape
    case .int64(let tensor): tensor.shape
    }
  }

  /// The type of its elements: `float32`, `float64` or `int64`.
  public var elementName: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "int64"
    }
  }

  /// The elements as `Float`s, rounded if need be.
  public var asFloat32: Tensor<Float> {
    switch self {
    case .float32(let tensor): tensor
    case .float64(let tensor): tensor.map { Float($0) }
    case .int64(let tensor): tensor.map { Float($0) }
    }
  }

  /// The elements as `Double`s; integers beyond 2⁵³ are rounded.
  public var asFloat64: Tensor<Double> {
    switch self {
    case .float32(let tensor): tensor.map { Double($0) }
    case .float64(let tensor): tensor
    case .int64(let tensor): tensor.map { Double($0) }
    }
  }

  /// The elements as integers; nil for an array of floating-point numbers.
  public var asIndices: Tensor<Int>? {
    guard case .int64(let tensor) = self else { return nil }
    return tensor
  }

  /// How the elements are written.
  var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int64: .int64
    }
  }

  /// The number of bytes that the elements take when written.
  var byteCount: Int { shape.elementCount * elementType.width }

  /// Appends the elements, little-endian.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .float32(let tensor): ElementType.append(tensor.elements, to: &bytes) { $0.bitPattern }
    case .float64(let tensor): ElementType.append(tensor.elements, to: &bytes) { $0.bitPattern }
    case .int64(let tensor): ElementType.append(tensor.elements, to: &bytes) { $0 }
    }
  }
}

/// An array and what a file calls it.
public struct NamedArray: Hashable, Sendable {
  /// The name; empty for the one array of an npy file.
  public var name: String
  /// The array.
  public var array: NumericArray

  /// Creates a pair.
  public init(name: String, array: NumericArray) {
    self.name = name
    self.array = array
  }
}
