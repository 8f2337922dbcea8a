import DiagramIR
import TensorKernels

/// The arguments of a box, and the shape that its result must have.
struct BoxCall<Scalar: RealScalar> {
  let name: String
  let inputs: [Value<Scalar>]
  let result: Shape

  /// The size of the result's leading axis.
  var leading: Int { result.leading ?? 0 }

  /// An argument of real numbers; the table's types say which those are.
  func real(_ position: Int) throws(TensorError) -> Tensor<Scalar> {
    guard position < inputs.count, let tensor = inputs[position].real else {
      throw .argumentCount(operation: name, expected: position + 1, found: inputs.count)
    }
    return tensor
  }

  /// An argument of indices; the table's types say which those are.
  func index(_ position: Int) throws(TensorError) -> Tensor<Int> {
    guard position < inputs.count, let tensor = inputs[position].index else {
      throw .argumentCount(operation: name, expected: position + 1, found: inputs.count)
    }
    return tensor
  }
}

/// What every box of the tensor theory means: its type, and the kernel that computes it.
struct BoxTable<Scalar: RealScalar> {
  typealias Kernel = @Sendable (BoxCall<Scalar>) throws(TensorError) -> Value<Scalar>

  struct Entry {
    let scheme: TypeScheme
    let kernel: Kernel
  }

  /// The entries, by the name of the box.
  private(set) var entries: [String: Entry] = [:]

  init() {
    addElementwise()
    addFolds()
    addAxes()
    addJoins()
    addIndices()
  }

  private mutating func add(
    _ name: String, _ domain: [WireType], _ codomain: WireType, _ kernel: @escaping Kernel
  ) {
    entries[name] = Entry(scheme: TypeScheme(domain, [codomain]), kernel: kernel)
  }

  private mutating func addElementwise() {
    let number = WireType.scalar
    for function in UnaryFunction.allCases {
      add(function.rawValue, [number], number) { call throws(TensorError) in
        .real(ReferenceKernels.apply(function, try call.real(0)))
      }
    }
    for function in BinaryFunction.allCases {
      add(function.rawValue, [number, number], number) { call throws(TensorError) in
        .real(try ReferenceKernels.apply(function, call.real(0), call.real(1)))
      }
    }
    add("where", [number, number, number], number) { call throws(TensorError) in
      .real(try ReferenceKernels.select(where: call.real(0), call.real(1), call.real(2)))
    }
  }

  private mutating func addFolds() {
    let (array, rest) = (Self.array("n"), Self.array())
    add("sum", [array], rest) { call throws(TensorError) in
      .real(try ReferenceKernels.sum(call.real(0)))
    }
    add("mean", [array], rest) { call throws(TensorError) in
      .real(try ReferenceKernels.mean(call.real(0)))
    }
    add("max", [array], rest) { call throws(TensorError) in
      .real(try ReferenceKernels.max(call.real(0)))
    }
  }

  private mutating func addAxes() {
    add("transpose", [Self.array("n", "m")], Self.array("m", "n")) { call throws(TensorError) in
      .real(try ReferenceKernels.transpose(call.real(0)))
    }
    add("merge", [Self.array("n", "m")], Self.merged) { call throws(TensorError) in
      .real(try ReferenceKernels.merge(call.real(0)))
    }
    add("split", [Self.merged], Self.array("n", "m")) { call throws(TensorError) in
      let inner = call.result.lane?.leading
      return .real(try ReferenceKernels.split(call.real(0), outer: call.leading, inner: inner))
    }
    add("repeat", [Self.array()], Self.array("n")) { call throws(TensorError) in
      .real(try ReferenceKernels.repeat(call.real(0), count: call.leading))
    }
    add("reverse", [Self.array("n")], Self.array("n")) { call throws(TensorError) in
      .real(try ReferenceKernels.reverse(call.real(0)))
    }
  }

  private mutating func addJoins() {
    add("concat", [Self.array("n"), Self.array("m")], Self.joined) { call throws(TensorError) in
      .real(try ReferenceKernels.concat(call.real(0), call.real(1)))
    }
    add("take", [Self.joined], Self.array("n")) { call throws(TensorError) in
      .real(try ReferenceKernels.take(call.real(0), count: call.leading))
    }
    add("drop", [Self.joined], Self.array("m")) { call throws(TensorError) in
      let array = try call.real(0)
      let dropped = (array.shape.leading ?? 0) - call.leading
      return .real(try ReferenceKernels.drop(array, count: dropped))
    }
  }

  private mutating func addIndices() {
    let (size, vector) = (Size("n"), Self.real("n"))
    add("iota", [], vector) { call throws(TensorError) in
      .real(try ReferenceKernels.iota(call.leading))
    }
    add("indices", [], .array(.index(size), [.size(size)])) { call throws(TensorError) in
      .index(try ReferenceKernels.indices(call.leading))
    }
    add("position", [.array(.index(size), [])], .scalar) { call throws(TensorError) in
      .real(try call.index(0).map { Scalar($0) })
    }
    add("order", [vector], .array(.index(size), [.size(size)])) { call throws(TensorError) in
      .index(try ReferenceKernels.order(call.real(0)))
    }
    add("gather", [Self.array("n"), .array(.index(size), [])], Self.array()) {
      call throws(TensorError) in
      .real(try ReferenceKernels.gather(call.real(0), call.index(1)))
    }
    let positions = WireType.array(.index(size), [.size(Size("m"))])
    add("reindex", [Self.array("n"), positions], Self.array("m")) { call throws(TensorError) in
      .real(try ReferenceKernels.reindex(call.real(0), call.index(1)))
    }
  }
}

// MARK: - Types

extension BoxTable {
  private static func real(_ sizes: String...) -> WireType {
    .array(.real, sizes.map { .size(Size($0)) })
  }

  /// The type `[sizes ..s]`.
  private static func array(_ sizes: String...) -> WireType {
    .array(.real, sizes.map { .size(Size($0)) } + [.shape(ShapeVariable("s"))])
  }

  /// The type `[n*m ..s]`.
  private static var merged: WireType { combined { (n, m) throws(SizeError) in try n * m } }

  /// The type `[n+m ..s]`.
  private static var joined: WireType { combined { (n, m) throws(SizeError) in try n + m } }

  private static func combined(_ combine: (Size, Size) throws(SizeError) -> Size) -> WireType {
    let size = (try? combine(Size("n"), Size("m"))) ?? Size.zero
    return .array(.real, [.size(size), .shape(ShapeVariable("s"))])
  }
}

/// The theory whose boxes have a meaning as functions of arrays.
public enum TensorTheory {
  /// The name of the file that declares it.
  public static let module = "tensor"

  /// The names of its boxes with a built-in meaning, sorted.
  public static let boxNames: [String] = BoxTable<Double>().entries.keys.sorted()
}
