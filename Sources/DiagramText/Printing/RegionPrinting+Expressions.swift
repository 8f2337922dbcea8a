import DiagramIR

extension RegionPrinting {
  /// What stands for the results of a box; the lines of a block in it stand one deeper than
  /// `depth`.
  mutating func expression(_ box: BoxID, _ depth: Int) throws(PrintingError) -> Expression {
    switch diagram.operation(of: box) {
    case .number(let pattern): return Expression(text: Self.number(Double(bitPattern: pattern)))
    case .size(let size): return Expression(text: "size \(size)")
    case .simd, .scan: return try lanes(box, depth)
    case .box, .use, .learned:
      return Expression(text: call(box, lift: [], arguments: arguments(of: box)))
    }
  }

  func arguments(of box: BoxID) -> [String] { diagram.inputs(of: box).map { texts[$0.index] } }

  /// `f<k>[n d](x, y) as label`.
  func call(_ box: BoxID, lift: [Size], arguments: [String]) -> String {
    let callee = callees[diagram.operationID(of: box).index]
    if case .learned(let learned) = diagram.operation(of: box), learned.kind == .state {
      return callee.name
    }
    let axes = lift.isEmpty ? "" : "[\(lift.map(\.description).joined(separator: " "))]"
    let sizes = callee.sizeArguments(diagram.portTypes(of: box))
    var text = callee.name + sizes + axes + "("
    for (place, argument) in arguments.enumerated() {
      if place > 0 { text += ", " }
      text += argument
    }
    text += ")"
    return text + callee.label
  }

  /// A number so that it is read back exactly.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
      return String(Int(value))
    }
    return "\(value)".replacing("e-0", with: "e-")
  }
}
