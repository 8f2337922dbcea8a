import DiagramIR

/// A diagram over the signature of the workloads, as plain numbers.
///
/// Wires are numbered; each box has a label and the numbers of its input and output wires. All wires have one
/// sort. `text` writes it in the exchange format that other engines' benchmarks read.
public struct PortGraph: Sendable {
  /// The boxes of the signature: f, g, h take one wire to one, `m` multiplies, `d` copies, `e` and `c` begin and
  /// end a wire.
  public enum Label: UInt8, Sendable, CaseIterable {
    case f, g, h, m, d, e, c

    var name: String { String(UnicodeScalar(Array("fghmdec".utf8)[Int(rawValue)])) }

    var arity: (inputs: Int, outputs: Int) {
      switch self {
      case .f, .g, .h: (1, 1)
      case .m: (2, 1)
      case .d: (1, 2)
      case .e: (0, 1)
      case .c: (1, 0)
      }
    }
  }

  /// How many wires there are.
  public internal(set) var wireCount = 0
  /// The wires of the domain.
  public internal(set) var inputs: [Int] = []
  /// The wires of the codomain.
  public internal(set) var outputs: [Int] = []
  private(set) var labels: [Label] = []
  private var starts: [Int] = []
  private var ports: [Int] = []

  /// How many boxes there are.
  public var boxCount: Int { labels.count }

  mutating func addWire() -> Int {
    wireCount += 1
    return wireCount - 1
  }

  mutating func add(_ label: Label, _ sources: some Sequence<Int>, _ targets: some Sequence<Int>) {
    labels.append(label)
    starts.append(ports.count)
    ports += sources
    ports += targets
  }

  mutating func relabel(_ box: Int, _ label: Label) { labels[box] = label }

  func sources(of box: Int) -> ArraySlice<Int> {
    ports[starts[box]..<(starts[box] + labels[box].arity.inputs)]
  }

  func targets(of box: Int) -> ArraySlice<Int> {
    let arity = labels[box].arity
    let start = starts[box] + arity.inputs
    return ports[start..<(start + arity.outputs)]
  }
}

extension PortGraph {
  /// The exchange format: a header, the interface, and one line a box.
  public var text: String {
    var text =
      "hgl 1\nwires \(wireCount)\nin \(Self.list(inputs[...]))\nout \(Self.list(outputs[...]))\n"
    for box in 0..<boxCount {
      text += "box \(labels[box].name) \(Self.list(sources(of: box)))"
      text += " \(Self.list(targets(of: box)))\n"
    }
    return text
  }

  private static func list(_ wires: ArraySlice<Int>) -> String {
    wires.isEmpty ? "-" : wires.map(String.init).joined(separator: ",")
  }

  /// The FNV-1a hash of the text, 64 bits as 16 hexadecimal digits.
  public var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension PortGraph {
  /// The sort of all wires.
  public static let wire = WireType.sort(symbol("x"))

  static func symbol(_ name: String) -> Symbol { Symbol(module: "bench", name: name) }

  /// The operation of a label.
  static func operation(_ label: Label) -> Operation { .box(symbol(label.name)) }

  /// The graph as a diagram, its boxes in the same order.
  public func diagram(_ doctrine: Doctrine = .symmetric) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let type = builder.typeID(Self.wire)
    let operations = Label.allCases.map { builder.operationID(Self.operation($0)) }
    var wires = Array(repeating: WireID(-1), count: wireCount)
    for input in inputs { wires[input] = builder.addDomainWire(type) }
    for wire in 0..<wireCount where wires[wire].index < 0 { wires[wire] = builder.addWire(type) }
    for box in 0..<boxCount {
      builder.attachBox(
        operations[Int(labels[box].rawValue)], inputs: sources(of: box).map { wires[$0] },
        outputs: targets(of: box).map { wires[$0] })
    }
    return builder.finish(codomain: outputs.map { wires[$0] })
  }
}
