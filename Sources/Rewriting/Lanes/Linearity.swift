import DiagramIR

/// How what a wire carries depends on the mapped inputs of lanes.
enum Dependence: Int, Comparable {
  /// Not at all.
  case constant
  /// Linearly, jointly in all of them.
  case linear
  /// As a linear part and a constant.
  case affine
  /// In a way that is not known to be one of these.
  case other

  static func < (a: Dependence, b: Dependence) -> Bool { a.rawValue < b.rawValue }

  /// The dependence of a sum of two.
  func plus(_ other: Dependence) -> Dependence {
    if self == other { return self }
    return max(self, other) == .other ? .other : .affine
  }
}

/// Shows that bodies are linear or affine, by the boxes of the tensor theory that are.
///
/// Linear are add, sub, neg, sum, mean, transpose, merge, split, concat, repeat, reverse, take and drop; mul by and div by
/// what doesn't depend on the inputs; gather and reindex in the array, where in its branches; learned `linear` boxes; SIMD
/// and scan boxes with linear bodies. A box that uses nothing of the inputs is constant.
///
/// - Complexity: linear in the body; for scan boxes, up to three times for each level.
struct Linearity {
  let diagram: Diagram
  private let producers: [Int32]
  private var known: [Dependence]
  /// The first wire that is of no known kind, and the box that makes it.
  private(set) var obstacle: (wire: WireID, box: BoxID)?

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    known = Array(repeating: .constant, count: diagram.wireCount)
  }

  /// How the results of a body depend on its inputs, which depend in these ways.
  mutating func results(of body: RegionID, _ inputs: [Dependence]) -> [Dependence] {
    for (wire, kind) in zip(diagram.domain(of: body), inputs) { known[wire.index] = kind }
    for box in diagram.topologicalOrder(of: body, producers: producers) ?? [] {
      let before = diagram.inputs(of: box).map { known[$0.index] }
      let after = kinds(of: box, before)
      for (wire, kind) in zip(diagram.outputs(of: box), after) { known[wire.index] = kind }
      if obstacle == nil, after.contains(.other), !before.contains(.other) {
        obstacle = diagram.outputs(of: box).first.map { ($0, box) }
      }
    }
    return diagram.codomain(of: body).map { known[$0.index] }
  }

  /// How the results of a box depend on its inputs.
  mutating func kinds(of box: BoxID, _ inputs: [Dependence]) -> [Dependence] {
    let outputs = diagram.outputs(of: box)
    if let lanes = Lanes(diagram, box) { return kinds(of: lanes, inputs) }
    let kind = kind(of: diagram.operation(of: box), inputs)
    return outputs.map { _ in kind }
  }

  private mutating func kinds(of lanes: Lanes, _ inputs: [Dependence]) -> [Dependence] {
    var inputs = inputs
    while true {
      let before = obstacle
      let results = results(of: lanes.body, inputs)
      let next = (0..<lanes.states).map { inputs[$0].plus(results[$0]) }
      if next == Array(inputs[..<lanes.states]) { return results }
      obstacle = before
      inputs.replaceSubrange(..<lanes.states, with: next)
    }
  }

  private func kind(of operation: Operation, _ inputs: [Dependence]) -> Dependence {
    if inputs.allSatisfy({ $0 == .constant }) { return .constant }
    if case .learned(let box) = operation, box.kind == .linear { return Self.sum(inputs) }
    guard let name = TensorBox.name(of: operation) else { return .other }
    switch name {
    case "add", "sub", "neg", "sum", "mean", "transpose", "merge", "split", "concat", "repeat",
      "reverse", "take", "drop":
      return Self.sum(inputs)
    case "mul" where inputs.count == 2:
      return inputs.contains(.constant) ? max(inputs[0], inputs[1]) : .other
    case "div" where inputs.count == 2, "gather" where inputs.count == 2,
      "reindex" where inputs.count == 2:
      return inputs[1] == .constant ? inputs[0] : .other
    case "where" where inputs.count == 3:
      return inputs[0] == .constant ? inputs[1].plus(inputs[2]) : .other
    default: return .other
    }
  }

  private static func sum(_ inputs: [Dependence]) -> Dependence {
    inputs.dropFirst().reduce(inputs.first ?? .constant) { $0.plus($1) }
  }
}
