import DiagramIR

/// What two boxes must share for one to match the other, before sizes and labels are looked at.
enum OperationKey: Hashable, Sendable {
  case box(Symbol)
  case use(Symbol, Digest)
  case learned(LearnedKind)
  case number(UInt64)
  case size
  case simd
  case scan(states: Int)

  init(_ operation: Operation) {
    switch operation {
    case .box(let symbol): self = .box(symbol)
    case .use(let use): self = .use(use.definition, use.content)
    case .learned(let box): self = .learned(box.kind)
    case .number(let pattern): self = .number(pattern)
    case .size: self = .size
    case .simd: self = .simd
    case .scan(_, let states, _): self = .scan(states: states)
    }
  }
}

extension OperationKey: CustomStringConvertible {
  /// The name that people know the box by.
  var description: String {
    switch self {
    case .box(let symbol), .use(let symbol, _): symbol.name
    case .learned(let kind): kind.rawValue
    case .number(let pattern): "\(Double(bitPattern: pattern))"
    case .size: "size"
    case .simd: "simd"
    case .scan: "scan"
    }
  }
}
