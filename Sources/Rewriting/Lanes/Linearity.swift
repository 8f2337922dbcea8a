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

/// Shows that bodies are linear or affine, by what their boxes are declared to be.
///
/// A box is linear in the inputs that its declaration says (`BoxDeclaration.linear`), while what doesn't depend on the
/// inputs of the body is held; a learned `linear` box in all of its inputs; a diagram used as a box, a SIMD or a scan
/// box as their bodies are. A box that uses nothing of the inputs is constant.
///
/// - Complexity: linear in the body and in the diagrams used; for scan boxes, up to three times for each level.
struct Linearity {
  /// How deep diagrams that use diagrams are looked into.
  private static let deepest = 60

  let diagram: Diagram
  let environment: Environment
  private let producers: [Int32]
  private var known: [Dependence]
  private var uses = Uses()
  /// The first wire that is of no known kind, and the box that makes it.
  private(set) var obstacle: (wire: WireID, box: BoxID)?

  /// What is known of the diagrams that are used, and how many are being looked into.
  private struct Uses {
    struct Key: Hashable {
      let symbol: Symbol
      let inputs: [Dependence]
    }

    var known: [Key: [Dependence]] = [:]
    var depth = 0
  }

  init(_ diagram: Diagram, _ environment: Environment) {
    self.diagram = diagram
    self.environment = environment
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
    let operation = diagram.operation(of: box)
    if case .use(let use) = operation, let results = kinds(of: use, inputs) { return results }
    let kind = kind(of: operation, inputs)
    return outputs.map { _ in kind }
  }

  /// How the results of a diagram used as a box depend on its inputs; `nil` where it can't be looked into.
  private mutating func kinds(of use: DiagramUse, _ inputs: [Dependence]) -> [Dependence]? {
    let key = Uses.Key(symbol: use.definition, inputs: inputs)
    if let results = uses.known[key] { return results }
    guard let definition = environment.definition(use.definition), uses.depth < Self.deepest,
      definition.diagram.domain.count == inputs.count
    else { return nil }
    var inside = Linearity(definition.diagram, environment)
    inside.uses = uses
    inside.uses.depth += 1
    let results = inside.results(of: definition.diagram.root, inputs)
    uses.known = inside.uses.known
    uses.known[key] = results
    return results
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
    guard case .box(let symbol) = operation, let box = environment.box(symbol) else {
      return .other
    }
    let depending = inputs.indices.filter { inputs[$0] != .constant }
    return box.linear.filter { group in depending.allSatisfy(group.contains) }
      .map { group in Self.sum(group.filter(inputs.indices.contains).map { inputs[$0] }) }
      .min() ?? .other
  }

  private static func sum(_ inputs: [Dependence]) -> Dependence {
    inputs.dropFirst().reduce(inputs.first ?? .constant) { $0.plus($1) }
  }
}

extension Diagram {
  /// Whether it is known to be linear in all its inputs together, by the declarations of its boxes.
  ///
  /// - Complexity: that of `Linearity`.
  func isLinear(in environment: Environment) -> Bool {
    var linearity = Linearity(self, environment)
    return linearity.results(of: root, domain.map { _ in .linear }).allSatisfy { $0 == .linear }
  }
}
