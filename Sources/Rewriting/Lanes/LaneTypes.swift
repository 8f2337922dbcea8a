import DiagramIR

extension WireType {
  /// The type of one lane of these arrays: without the leading axis; `nil` where there is none.
  var lane: WireType? {
    guard case .array(let element, let shape) = self, case .size = shape.first else { return nil }
    return .array(element, Array(shape.dropFirst()))
  }

  /// The size of the leading axis.
  var axis: Size? {
    guard case .size(let size) = shape.first else { return nil }
    return size
  }

  /// Whether the entries are real numbers.
  var isReal: Bool {
    if case .array(.real, _) = self { true } else { false }
  }
}

/// The boxes of the tensor theory that laws of lanes put in.
enum TensorBox {
  static let module = "tensor"

  static func operation(_ name: String) -> Operation {
    .box(Symbol(module: module, name: name))
  }

  /// The name of a box of the tensor theory.
  static func name(of operation: Operation) -> String? {
    guard case .box(let symbol) = operation, symbol.module == module else { return nil }
    return symbol.name
  }
}

extension Diagram {
  /// The axes outside a box whose lanes have weights of their own inside it.
  ///
  /// - Complexity: linear in the box and its body.
  func freeAxes(of box: BoxID) -> Set<Size> {
    switch operation(of: box) {
    case .learned(let learned): return Set(learned.per)
    case .use(let use): return Set(use.per)
    default: break
    }
    guard let body = body(of: box), let axis = operation(of: box).axis else { return [] }
    return freeAxes(in: body).subtracting([axis])
  }

  /// The axes around a region whose lanes have weights of their own inside it; its own axis among them.
  func freeAxes(in region: RegionID) -> Set<Size> {
    boxes(in: region).reduce(into: []) { $0.formUnion(freeAxes(of: $1)) }
  }
}
