import DiagramIR
import TensorKernels

/// A random diagram in which an instance of a pattern occurs: learned boxes before and after it, other consumers
/// of wires inside it, and perhaps lanes around all.
struct RewriteHost {
  private var random: RandomSource
  private var builder = DiagramBuilder(doctrine: .cartesian)
  private var copies: [WireID: WireID] = [:]
  private var learnedCount = 0
  private let pattern: Diagram

  /// A host of a cartesian pattern.
  static func make(_ pattern: Diagram, inLanes: Bool, seed: UInt64) throws -> Diagram {
    var host = RewriteHost(pattern, seed: seed)
    let diagram = try host.diagram()
    return inLanes ? diagram.simd(Size("lanes")) ?? diagram : diagram
  }

  private init(_ pattern: Diagram, seed: UInt64) {
    self.pattern = pattern
    random = RandomSource(seed: seed, stream: "host")
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func diagram() throws -> Diagram {
    let shapes = shapes()
    let pattern = try instantiating(TypeSubstitution(shapes: shapes))
    for wire in pattern.domain { copies[wire] = input(pattern.type(of: wire)) }
    copy(pattern.root, of: pattern)
    var results: [WireID] = []
    for wire in pattern.codomain { if let copy = copies[wire] { results.append(after(copy)) } }
    for wire in pattern.wires(in: pattern.root) where chance(25) {
      if let copy = copies[wire] { results.append(after(copy)) }
    }
    if chance(50), results.count > 1 { results.swapAt(0, results.count - 1) }
    return builder.finish(codomain: results)
  }

  private mutating func shapes() -> [ShapeVariable: [Dimension]] {
    var shapes: [ShapeVariable: [Dimension]] = [:]
    for variable in pattern.shapeVariables.sorted() {
      let rank = Int.random(in: 0...2, using: &random)
      shapes[variable] = (0..<rank).map { .size(Size("\(variable.name)\($0)")) }
    }
    return shapes
  }

  private func instantiating(_ substitution: TypeSubstitution) throws -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let inputs = try pattern.domain.map { wire in
      builder.addDomainWire(
        try substitution(pattern.type(of: wire)), name: pattern.name(of: wire))
    }
    let outputs = try builder.append(
      pattern, inputs: inputs, transform: DiagramTransform(substitution: substitution))
    return builder.finish(codomain: outputs)
  }

  /// A new input, or what a learned box makes of one, or an earlier input of the type.
  private mutating func input(_ type: WireType) -> WireID {
    let known = copies.values.sorted().filter { builder.type(of: $0) == type }
    if chance(15), let wire = known.randomElement(using: &random) { return wire }
    let wire = builder.addDomainWire(type)
    return chance(40) ? learned(wire) : wire
  }

  private mutating func after(_ wire: WireID) -> WireID { chance(50) ? learned(wire) : wire }

  /// What a learned box of the same type makes of a wire of real numbers.
  private mutating func learned(_ wire: WireID) -> WireID {
    let type = builder.type(of: wire)
    guard case .array(.real, _) = type else { return wire }
    learnedCount += 1
    let box = LearnedBox(kind: .linear, label: "context\(learnedCount)")
    return builder.addBox(.learned(box), inputs: [wire], outputs: [type])[0]
  }

  private mutating func copy(_ region: RegionID, of source: Diagram) {
    for box in source.boxes(in: region) {
      let inputs = source.inputs(of: box).compactMap { copies[$0] }
      let types = source.outputs(of: box).map { source.type(of: $0) }
      let outputs: [WireID]
      if let body = source.body(of: box) {
        builder.openBody()
        for wire in source.domain(of: body) {
          copies[wire] = builder.addDomainWire(source.type(of: wire))
        }
        copy(body, of: source)
        let codomain = source.codomain(of: body).compactMap { copies[$0] }
        outputs = builder.closeBody(
          source.operation(of: box), inputs: inputs, codomain: codomain, outputs: types)
      } else {
        outputs = builder.addBox(source.operation(of: box), inputs: inputs, outputs: types)
      }
      for (wire, output) in zip(source.outputs(of: box), outputs) { copies[wire] = output }
    }
  }
}
