import DiagramIR

/// The boxes and interface of a family of symmetric diagrams, numbered for packing.
/// `PackedLayout` says how such a diagram lies in memory.
struct PackedSignature: Sendable {
  /// A box as packed diagrams tell them apart.
  struct Kind: Hashable, Sendable {
    var operation: Operation
    var inputs: [WireType]
    var outputs: [WireType]
  }

  private(set) var kinds: [Kind] = []
  private var numbers: [Kind: Int32] = [:]
  let domain: [WireType]
  let codomain: [WireType]
  private let domainNames: [String]
  let layout: PackedLayout

  /// The signature of a diagram and what may replace its parts; `nil` unless all are symmetric, without bodies,
  /// and of constant types.
  init?(_ diagram: Diagram, _ others: [Diagram]) {
    domain = diagram.domainTypes
    codomain = diagram.codomainTypes
    domainNames = diagram.domain.map { diagram.name(of: $0) }
    var (inputs, outputs) = (1, 1)
    for part in [diagram] + others {
      guard part.isPackable else { return nil }
      for box in part.boxes(in: part.root) {
        let kind = Self.kind(of: box, in: part)
        inputs = max(inputs, kind.inputs.count)
        outputs = max(outputs, kind.outputs.count)
        guard numbers[kind] == nil else { continue }
        numbers[kind] = Int32(kinds.count)
        kinds.append(kind)
      }
    }
    guard
      let layout = PackedLayout(
        domainCount: domain.count, codomainCount: codomain.count, inputs: inputs,
        outputs: outputs)
    else { return nil }
    self.layout = layout
  }

  /// The number of a box's kind.
  func kind(of box: BoxID, in diagram: Diagram) -> Int32? {
    numbers[Self.kind(of: box, in: diagram)]
  }

  /// A diagram of these boxes from its canonical encoding.
  func diagram(_ encoding: UnsafeBufferPointer<UInt64>) -> Diagram {
    var reader = PackedReader(encoding)
    var builder = DiagramBuilder(doctrine: .symmetric)
    var wires: [Int: WireID] = [:]
    for (place, type) in domain.enumerated() {
      wires[place + 2] = builder.addDomainWire(type, name: domainNames[place])
    }
    let count = reader.next()
    var boxes: [(kind: Kind, sources: [Int])] = []
    for box in 0..<count {
      let kind = kinds[reader.next()]
      boxes.append((kind, kind.inputs.map { _ in reader.next() }))
      for (place, type) in kind.outputs.enumerated() {
        wires[layout.code(box: box, output: place)] = builder.addWire(builder.typeID(type))
      }
    }
    for (box, content) in boxes.enumerated() {
      builder.attachBox(
        builder.operationID(content.kind.operation),
        inputs: content.sources.compactMap { wires[$0] },
        outputs: content.kind.outputs.indices.compactMap {
          wires[layout.code(box: box, output: $0)]
        })
    }
    return builder.finish(codomain: codomain.compactMap { _ in wires[reader.next()] })
  }

  private static func kind(of box: BoxID, in diagram: Diagram) -> Kind {
    let types = diagram.portTypes(of: box)
    return Kind(
      operation: diagram.operation(of: box), inputs: types.domain, outputs: types.codomain)
  }
}

extension Diagram {
  /// Whether the diagram is symmetric, has no bodies, and only boxes and types without variables.
  fileprivate var isPackable: Bool {
    guard doctrine == .symmetric, regionCount == 1 else { return false }
    guard sizeVariables.isEmpty, shapeVariables.isEmpty else { return false }
    return operations.allSatisfy { operation in
      switch operation {
      case .box, .number: true
      default: false
      }
    }
  }
}
