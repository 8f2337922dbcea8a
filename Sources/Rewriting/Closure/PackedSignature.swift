import DiagramIR

/// The boxes and interface of a family of symmetric diagrams, numbered for packing.
///
/// Every end of a wire has a number. A **source** is a place of the domain, or an output of a box; a **sink** is
/// a place of the codomain, or an input of a box. Box numbers are shifted so that a port's box and place are bits
/// of its number.
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
  let inputShift: Int
  let outputShift: Int

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
    inputShift = Self.bits(inputs)
    outputShift = Self.bits(outputs)
  }

  /// The number of a box's kind.
  func kind(of box: BoxID, in diagram: Diagram) -> Int32? {
    numbers[Self.kind(of: box, in: diagram)]
  }

  /// A diagram of these boxes from its canonical encoding.
  func diagram(_ encoding: UnsafeBufferPointer<UInt8>) -> Diagram {
    var reader = PackedReader(encoding)
    var builder = DiagramBuilder(doctrine: .symmetric)
    var wires: [Int: WireID] = [:]
    for (place, type) in domain.enumerated() {
      wires[place] = builder.addDomainWire(type, name: domainNames[place])
    }
    let count = reader.next()
    var boxes: [(kind: Kind, sources: [Int])] = []
    for box in 0..<count {
      let kind = kinds[reader.next()]
      boxes.append((kind, kind.inputs.map { _ in reader.next() }))
      for (place, type) in kind.outputs.enumerated() {
        wires[domain.count + (box << outputShift | place)] = builder.addWire(builder.typeID(type))
      }
    }
    for (box, content) in boxes.enumerated() {
      builder.attachBox(
        builder.operationID(content.kind.operation),
        inputs: content.sources.compactMap { wires[$0] },
        outputs: content.kind.outputs.indices.compactMap {
          wires[domain.count + (box << outputShift | $0)]
        })
    }
    return builder.finish(codomain: codomain.compactMap { _ in wires[reader.next()] })
  }

  private static func kind(of box: BoxID, in diagram: Diagram) -> Kind {
    let types = diagram.portTypes(of: box)
    return Kind(
      operation: diagram.operation(of: box), inputs: types.domain, outputs: types.codomain)
  }

  /// How many bits number this many ports.
  private static func bits(_ count: Int) -> Int {
    count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
}

/// Reads the numbers of an encoding: a byte below 255, or 255 and four bytes, low ones first.
struct PackedReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  @inline(__always)
  mutating func next() -> Int {
    let first = bytes[position]
    position += 1
    guard first == 255 else { return Int(first) }
    var value = 0
    for byte in 0..<4 { value |= Int(bytes[position + byte]) << (8 * byte) }
    position += 4
    return value
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
