/// A broken invariant of a diagram.
public enum DiagramFault: Error, Hashable, Sendable {
  /// A port or an interface names a wire of another region.
  case foreignWire(WireID)
  /// A wire has no producer.
  case noProducer(WireID, name: String)
  /// A wire has several producers.
  case severalProducers(WireID, name: String)
  /// In `symmetric`, a wire has this many consumers instead of one.
  case consumers(WireID, name: String, count: Int)
  /// Boxes depend on each other in a circle.
  case cycle(RegionID)
  /// A box without a body has one, or the other way round.
  case body(BoxID)
  /// A SIMD or scan box doesn't fit its body: what differs.
  case laneInterface(BoxID, String)
  /// A learned box is `per` an axis that no box around it has.
  case noLane(label: String, axis: Size)
  /// A box has other types than its operation.
  case portTypes(BoxID, String)
  /// A box of the theory, or a diagram, that nobody declares.
  case undeclared(Symbol)
}

extension DiagramFault: CustomStringConvertible {
  /// The broken invariant, in words.
  public var description: String {
    switch self {
    case .foreignWire(let wire): "wire \(wire.index) is used outside the region it belongs to"
    case .noProducer(let wire, let name): "wire \(Self.call(wire, name)) has no producer"
    case .severalProducers(let wire, let name):
      "wire \(Self.call(wire, name)) has more than one producer"
    case .consumers(let wire, let name, let count):
      "wire \(Self.call(wire, name)) has \(count) consumers; in a symmetric theory it has one"
    case .cycle: "boxes depend on each other in a circle"
    case .body(let box): "box \(box.index) has a body exactly if it is a SIMD or scan box: broken"
    case .laneInterface(let box, let reason): "box \(box.index) doesn't fit its body: \(reason)"
    case .noLane(let label, let axis):
      "'\(label)' is per \(axis), but no simd or scan over \(axis) is around it"
    case .portTypes(let box, let reason): "box \(box.index) has ports of wrong types: \(reason)"
    case .undeclared(let symbol): "'\(symbol)' is not declared"
    }
  }

  private static func call(_ wire: WireID, _ name: String) -> String {
    name.isEmpty ? "\(wire.index)" : "'\(name)'"
  }
}

extension Diagram {
  /// Checks every invariant that doesn't need declarations.
  ///
  /// - Throws: `DiagramFault`, the first broken invariant.
  /// - Complexity: linear.
  public func verify() throws(DiagramFault) {
    for region in 0..<regionCount { try verifyOwnership(RegionID(region)) }
    try verifyDegrees()
    for box in 0..<boxCount { try verifyBody(BoxID(box)) }
    var axes: [Size] = []
    try verifyLanes(root, &axes)
    guard doctrine != .frobenius else { return }
    let producers = producers()
    for region in 0..<regionCount {
      let region = RegionID(region)
      if topologicalOrder(of: region, producers: producers) == nil { throw .cycle(region) }
    }
  }

  private func verifyOwnership(_ region: RegionID) throws(DiagramFault) {
    let wires = wires(in: region)
    for wire in domain(of: region) where !wires.contains(wire) { throw .foreignWire(wire) }
    for wire in codomain(of: region) where !wires.contains(wire) { throw .foreignWire(wire) }
    for box in boxes(in: region) {
      for wire in inputs(of: box) where !wires.contains(wire) { throw .foreignWire(wire) }
      for wire in outputs(of: box) where !wires.contains(wire) { throw .foreignWire(wire) }
    }
  }

  private func verifyDegrees() throws(DiagramFault) {
    guard doctrine != .frobenius else { return }
    var producers = Array(repeating: 0, count: wireCount)
    for box in 0..<boxCount { for wire in outputs(of: BoxID(box)) { producers[wire.index] += 1 } }
    for region in 0..<regionCount {
      for wire in domain(of: RegionID(region)) { producers[wire.index] += 1 }
    }
    let consumers = consumerCounts()
    for index in 0..<wireCount {
      let wire = WireID(index)
      if producers[index] == 0 { throw .noProducer(wire, name: name(of: wire)) }
      if producers[index] > 1 { throw .severalProducers(wire, name: name(of: wire)) }
      if doctrine == .symmetric && consumers[index] != 1 {
        throw .consumers(wire, name: name(of: wire), count: Int(consumers[index]))
      }
    }
  }

  private func verifyBody(_ box: BoxID) throws(DiagramFault) {
    let operation = operation(of: box)
    guard let body = body(of: box) else {
      if operation.hasBody { throw .body(box) }
      return try verifyBuiltIn(operation, box)
    }
    guard let axis = operation.axis else { throw .body(box) }
    let (states, mapped) = (operation.stateCount, operation.mappedCount)
    let (outer, inner) = (
      inputs(of: box).map { type(of: $0) }, domain(of: body).map { type(of: $0) }
    )
    guard outer.count == inner.count, outer.count >= states + mapped else {
      throw .laneInterface(box, "\(outer.count) inputs for \(inner.count) domain wires")
    }
    for (index, (wire, lane)) in zip(outer, inner).enumerated() {
      let isMapped = index >= states && index < states + mapped
      let expected = isMapped ? lane.repeated(axis) : lane
      if wire != expected {
        throw .laneInterface(box, "input \(index) is \(wire), the lanes see \(lane)")
      }
    }
    let (results, returned) = (
      outputs(of: box).map { type(of: $0) }, codomain(of: body).map { type(of: $0) }
    )
    guard results.count == returned.count, results.count >= states else {
      throw .laneInterface(box, "\(results.count) outputs for \(returned.count) codomain wires")
    }
    for (index, (wire, lane)) in zip(results, returned).enumerated() {
      let expected = index < states ? lane : lane.repeated(axis)
      if wire != expected {
        throw .laneInterface(box, "output \(index) is \(wire), the lanes return \(lane)")
      }
    }
    for index in 0..<states where inner[index] != returned[index] {
      throw .laneInterface(box, "state \(index) is \(inner[index]) and becomes \(returned[index])")
    }
  }

  private func verifyBuiltIn(_ operation: Operation, _ box: BoxID) throws(DiagramFault) {
    let (domain, codomain) = portTypes(of: box)
    switch operation {
    case .number, .size:
      if !domain.isEmpty || codomain != [.scalar] {
        throw .portTypes(box, "a constant is a scalar")
      }
    case .learned(let learned):
      let isConstant = learned.kind == .state
      if isConstant != domain.isEmpty && learned.kind != .learn {
        throw .portTypes(box, "\(learned.kind) '\(learned.label)' has \(domain.count) inputs")
      }
    default: return
    }
  }

  /// Every `per` axis has a SIMD or scan box of that axis around it.
  private func verifyLanes(_ region: RegionID, _ axes: inout [Size]) throws(DiagramFault) {
    for box in boxes(in: region) {
      let operation = operation(of: box)
      switch operation {
      case .learned(let learned):
        for axis in learned.per where !axes.contains(axis) {
          throw .noLane(label: learned.label, axis: axis)
        }
      case .use(let use):
        for axis in use.per where !axes.contains(axis) {
          throw .noLane(label: use.label, axis: axis)
        }
      default: break
      }
      guard let body = body(of: box), let axis = operation.axis else { continue }
      axes.append(axis)
      try verifyLanes(body, &axes)
      axes.removeLast()
    }
  }
}

extension Environment {
  /// Checks a diagram with its declarations: `Diagram.verify()`, and that the ports of every declared box and
  /// every used diagram are instances of its type.
  ///
  /// - Throws: `DiagramFault`, the first broken invariant.
  /// - Complexity: linear.
  public func verify(_ diagram: Diagram) throws(DiagramFault) {
    try diagram.verify()
    for index in 0..<diagram.boxCount {
      let box = BoxID(index)
      let ports = diagram.portTypes(of: box)
      let fits: Bool
      switch diagram.operation(of: box) {
      case .box(let symbol):
        guard let found = self.box(symbol) else { throw .undeclared(symbol) }
        fits = TypeScheme(found.domain, found.codomain).matches(ports.domain, ports.codomain)
      case .use(let use):
        guard definition(use.definition) != nil else { throw .undeclared(use.definition) }
        fits = (try? transform(for: use, domain: ports.domain, codomain: ports.codomain)) != nil
      default: continue
      }
      guard fits else { throw .portTypes(box, "\(diagram.operation(of: box))") }
    }
  }
}
