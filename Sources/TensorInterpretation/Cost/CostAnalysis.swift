import DiagramIR
import TensorKernels

/// Adds up what the boxes of a diagram take, on all levels.
struct CostAnalysis {
  private let function: TensorDiagram
  private let hiddenUnits: Int
  private let schedule: Schedule

  private var diagram: Diagram { function.diagram }

  init(_ function: TensorDiagram, hiddenUnits: Int) throws(InterpretationError) {
    self.function = function
    self.hiddenUnits = hiddenUnits
    schedule = try Schedule(function.diagram)
  }

  // MARK: Operations

  func operations(of region: RegionID) throws -> OperationCount<Size> {
    var count = OperationCount<Size>.none
    for box in diagram.boxes(in: region) {
      if let body = diagram.body(of: box) {
        let lanes = diagram.operation(of: box).axis ?? .zero
        try count.add(operations(of: body), times: lanes)
      } else {
        try count.add(operations(of: box), times: .one)
      }
    }
    return count
  }

  private func operations(of box: BoxID) throws -> OperationCount<Size> {
    var count = OperationCount<Size>.none
    switch diagram.operation(of: box) {
    case .box(let symbol):
      let types = diagram.portTypes(of: box)
      switch ScalarWork(box: symbol.name) {
      case .product: count.multiplyAdds = .one
      case .function: count.functions = .one
      case .fold: count.folded = try types.domain.first?.elementCount() ?? .zero
      case .none: break
      }
    case .learned(let learned) where learned.kind != .state:
      let arrays = try function.parameters(of: box, hiddenUnits: hiddenUnits)
      for array in arrays {
        let elements = try Array(array.shape.dropFirst(learned.per.count)).product()
        if array.role == .bias {
          count.functions = try count.functions + elements
        } else {
          count.multiplyAdds = try count.multiplyAdds + elements
        }
      }
      if learned.kind == .learn { count.functions = try count.functions + Size(hiddenUnits) }
    default: break
    }
    return count
  }

  // MARK: Memory

  /// The sizes of which the largest is the most that is held while a region runs, its own wires only.
  func peakMemory(of region: RegionID) throws -> [Size] {
    var held = Size.zero
    if region == diagram.root {
      for wire in diagram.domain { held = try held + diagram.type(of: wire).elementCount() }
    }
    var peaks = Maxima()
    peaks.insert(held)
    for (box, released) in schedule.steps(of: region) {
      for wire in diagram.outputs(of: box) {
        held = try held + diagram.type(of: wire).elementCount()
      }
      let inner = try diagram.body(of: box).map { try peakMemory(of: $0) } ?? [.zero]
      for peak in inner { peaks.insert(try held + peak) }
      for wire in released {
        held = held.removing(try diagram.type(of: wire).elementCount())
      }
    }
    return peaks.sizes
  }
}

/// What a box of the tensor theory does to numbers.
enum ScalarWork {
  /// One product.
  case product
  /// One value of another function.
  case function
  /// Reads each number of its input.
  case fold
  /// Moves numbers, or makes constants.
  case none

  init(box name: String) {
    switch name {
    case BinaryFunction.mul.rawValue: self = .product
    case "sum", "mean", "max": self = .fold
    case "where": self = .function
    default:
      let isFunction =
        UnaryFunction(rawValue: name) != nil || BinaryFunction(rawValue: name) != nil
      self = isFunction ? .function : .none
    }
  }
}

/// Polynomials none of which is below another, for sizes of at least one.
private struct Maxima {
  private(set) var sizes: [Size] = []

  mutating func insert(_ size: Size) {
    guard !sizes.contains(where: { size.isAtMost($0) }) else { return }
    sizes.removeAll { $0.isAtMost(size) }
    sizes.append(size)
  }
}
