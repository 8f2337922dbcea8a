import DiagramIR

/// Random diagrams over abstract sorts.
public enum RandomSortedDiagram {
  /// A diagram with `boxes` boxes; its domain is `domain` when that is given.
  public static func make(
    _ doctrine: Doctrine, boxes: Int, domain: [WireType]? = nil, _ random: inout SplitMix64
  ) -> Diagram {
    switch doctrine {
    case .symmetric: symmetric(boxes: boxes, domain: domain, &random)
    case .cartesian: cartesian(boxes: boxes, domain: domain, &random)
    case .frobenius: frobenius(boxes: boxes, domain: domain, &random)
    }
  }

  private static func symmetric(
    boxes: Int, domain: [WireType]?, _ random: inout SplitMix64
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: .symmetric)
    var open = (domain ?? []).map { builder.addDomainWire($0) }
    var added = 0
    while added < boxes {
      guard let box = random.pick(RandomSignature.sortedBoxes) else { break }
      var rest = open
      var inputs: [WireID] = []
      for type in box.domain {
        let fitting = rest.indices.filter { builder.type(of: rest[$0]) == type }
        if let place = random.pick(fitting.suffix(random.chance(50) ? 2 : 50)) {
          inputs.append(rest.remove(at: place))
        } else if domain == nil {
          inputs.append(builder.addDomainWire(type))
        }
      }
      guard inputs.count == box.domain.count else { continue }
      added += 1
      open = rest + builder.addBox(box.operation, inputs: inputs, outputs: box.codomain)
    }
    return builder.finish(codomain: open.shuffled(using: &random))
  }

  private static func cartesian(
    boxes: Int, domain: [WireType]?, _ random: inout SplitMix64
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wires = (domain ?? [RandomSignature.h]).map { builder.addDomainWire($0) }
    var added = 0
    while added < boxes {
      guard let box = random.pick(RandomSignature.sortedBoxes) else { break }
      let recent = random.chance(50) ? 4 : 1000
      let inputs = box.domain.compactMap { type in
        random.pick(wires.filter { builder.type(of: $0) == type }.suffix(recent))
      }
      guard inputs.count == box.domain.count else { continue }
      added += 1
      wires += builder.addBox(box.operation, inputs: inputs, outputs: box.codomain)
    }
    return builder.finish(codomain: (0..<random.below(4)).compactMap { _ in random.pick(wires) })
  }

  private static func frobenius(
    boxes: Int, domain: [WireType]?, _ random: inout SplitMix64
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: .frobenius)
    var wires: [WireID] = []
    for type in domain ?? [] {
      let wire = builder.addDomainWire(type)
      if random.chance(30), let other = random.pick(wires.filter { builder.type(of: $0) == type }) {
        builder.identify(wire, other)
      }
      wires.append(wire)
    }
    let sorts = [RandomSignature.h, RandomSignature.k]
    if domain == nil { for sort in sorts { wires.append(builder.addDomainWire(sort)) } }
    for _ in 0..<(1 + random.below(boxes + boxes / 2)) {
      for sort in sorts { wires.append(builder.addWire(builder.typeID(sort))) }
    }
    for _ in 0..<boxes {
      guard let box = random.pick(RandomSignature.sortedBoxes) else { break }
      let ends = (box.domain + box.codomain).compactMap { type in
        random.pick(wires.filter { builder.type(of: $0) == type })
      }
      builder.attachBox(
        builder.operationID(box.operation), inputs: Array(ends.prefix(box.domain.count)),
        outputs: Array(ends.dropFirst(box.domain.count)))
    }
    return builder.finish(codomain: (0..<random.below(4)).compactMap { _ in random.pick(wires) })
  }
}
