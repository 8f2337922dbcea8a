import DiagramIR
import TensorKernels

/// The arrays of learned boxes, by key.
public struct Parameters<Scalar: RealScalar>: Sendable {
  /// The keys, in the order in which they were added.
  public private(set) var keys: [String] = []
  private var arrays: [String: Tensor<Scalar>] = [:]

  /// No parameters.
  public init() {}

  /// The array of a key; `nil` when there is none.
  public subscript(key: String) -> Tensor<Scalar>? {
    get { arrays[key] }
    set {
      if arrays[key] == nil, newValue != nil { keys.append(key) }
      if newValue == nil { keys.removeAll { $0 == key } }
      arrays[key] = newValue
    }
  }

  /// Random arrays for these declarations, of a scale that keeps activations of order one: weights are normal
  /// with variance one over their fan-in, constants standard normal, biases normal with deviation 0.1.
  ///
  /// Each key has a stream of its own: what it gets depends on the seed, the key and its shape only.
  ///
  /// - Throws: `InterpretationError`, when a size is open or an array too large.
  public init(
    random declarations: [ParameterDeclaration], sizes: [SizeVariable: Int], seed: UInt64
  ) throws(InterpretationError) {
    for declaration in declarations {
      let what = "parameter '\(declaration.key)'"
      let shape = try sizes.shape(declaration.shape, what: what)
      let deviation: Double
      switch declaration.role {
      case .weight(let fanIn):
        deviation = 1 / Double(max(1, try sizes.value(fanIn, what: what))).squareRoot()
      case .bias: deviation = 0.1
      case .constant: deviation = 1
      }
      var source = RandomSource(seed: seed, stream: "parameter " + declaration.key)
      self[declaration.key] = source.normals(shape, deviation: deviation)
    }
  }

  /// The shapes, by key.
  public var shapes: [String: Shape] { arrays.mapValues(\.shape) }

  /// The keys that none of the declarations has, in order.
  public func superfluous(for declarations: [ParameterDeclaration]) -> [String] {
    let declared = Set(declarations.map(\.key))
    return keys.filter { !declared.contains($0) }
  }

  /// The declarations whose key is not there, in order.
  public func missing(for declarations: [ParameterDeclaration]) -> [ParameterDeclaration] {
    declarations.filter { arrays[$0.key] == nil }
  }
}

extension [SizeVariable: Int] {
  /// The integer that a size is.
  ///
  /// - Throws: `openSizes` and `sizeOverflow`, naming `what`.
  func value(
    _ size: Size, what: @autoclosure () -> String
  ) throws(InterpretationError) -> Int {
    let found: Int?
    do { found = try size.value(self) } catch { throw .sizeOverflow(what()) }
    guard let value = found else {
      let open = size.variables.filter { self[$0] == nil }
      throw .openSizes(open.map { OpenSize(name: $0.name, neededBy: what()) })
    }
    return value
  }

  /// The shape that symbolic sizes are.
  ///
  /// - Throws: as `value`, and `tooManyElements` for more elements than `limit` or any tensor may have.
  func shape(
    _ list: [Size], what: @autoclosure () -> String, limit: Int = Shape.largestElementCount
  ) throws(InterpretationError) -> Shape {
    var sizes: [Int] = []
    for size in list { sizes.append(try value(size, what: what())) }
    guard let shape = try? Shape(sizes), shape.elementCount <= limit else {
      throw .tooManyElements(what: what(), sizes: sizes, limit: limit)
    }
    return shape
  }
}
