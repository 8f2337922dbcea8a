import DiagramIR

/// How the boxes of one operation are written, as far as that is the same for all of them.
struct OperationText {
  /// What kind of expression a box becomes.
  enum Form {
    /// A number, a size or a learned constant: the same text everywhere.
    case constant
    /// A call, whose arguments determine all sizes or not.
    case call, openCall
    /// A SIMD or scan box.
    case lanes
  }

  let form: Form
  /// The text of a constant, or the name of what is called.
  let head: PrintedRange
  /// ` as label per h`, or nothing.
  let label: PrintedRange

  /// Keeps the parts of the text.
  init(_ operation: Operation, _ callee: Callee, _ kept: inout [UInt8]) {
    var text = callee.name
    switch operation {
    case .number(let pattern):
      form = .constant
      text = Self.number(Double(bitPattern: pattern))
    case .size(let size):
      form = .constant
      text = "size \(size)"
    case .learned(let box) where box.kind == .state: form = .constant
    case .simd, .scan: form = .lanes
    case .box, .use, .learned: form = callee.isOpen ? .openCall : .call
    }
    head = kept.keep(text.utf8)
    label = kept.keep(callee.label.utf8)
  }

  /// A number so that it is read back exactly.
  private static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
      return String(Int(value))
    }
    return "\(value)".replacing("e-0", with: "e-")
  }
}
