import DiagramIR

/// The other side of a rule for certain operations and types of a match, ready to be put into a graph.
struct RuleInstance: Sendable {
  struct Box: Sendable {
    let operation: Int32
    let inputs: [Int32]
    let outputs: [Int32]
  }

  /// A wire of the other side: its place in the domain, or -1, and what it is otherwise.
  struct Wire: Sendable {
    var place: Int32
    let type: Int32
    let name: String
  }

  var boxes: [Box] = []
  var wires: [Wire] = []
  var codomain: [Int32] = []

  /// - Parameters:
  ///   - side: the other side, with the match's sizes and labels.
  ///   - graph: learns its operations and types.
  init(_ side: Diagram, _ graph: inout FlatGraph) {
    for wire in 0..<side.wireCount {
      let type = graph.number(of: side.type(of: WireID(wire)))
      wires.append(Wire(place: -1, type: type, name: side.name(of: WireID(wire))))
    }
    for (place, wire) in side.domain.enumerated() { wires[wire.index].place = Int32(place) }
    for box in 0..<side.boxCount {
      boxes.append(
        Box(
          operation: graph.number(of: side.operation(of: BoxID(box))),
          inputs: side.inputs(of: BoxID(box)).map(\.rawValue),
          outputs: side.outputs(of: BoxID(box)).map(\.rawValue)))
    }
    codomain = side.codomain.map(\.rawValue)
  }
}

/// Decides whether the operations and types of a match fit the pattern. Each combination is put to `MatchSearch`
/// once, as the pattern with these operations and types, and remembered.
struct SignatureTable<Verdict: Sendable>: Sendable {
  private var numbers: [[Int32]: Int] = [:]
  private var verdicts: [Verdict] = []
  private var last: [Int32] = []
  private var lastNumber = 0

  /// What is known about a signature, else what `judge` finds.
  mutating func verdict(for signature: [Int32], _ judge: () -> Verdict) -> Verdict {
    if signature == last { return verdicts[lastNumber] }
    last = signature
    if let known = numbers[signature] {
      lastNumber = known
    } else {
      lastNumber = verdicts.count
      numbers[signature] = lastNumber
      verdicts.append(judge())
    }
    return verdicts[lastNumber]
  }
}

extension FlatSearch {
  /// The pattern with the operations and types of the match, as a diagram, and the pattern's match with all of
  /// it; `nil` when its sizes or labels don't fit.
  func identity(in graph: FlatGraph) -> (matcher: Matcher, match: Match)? {
    let source = program.pattern.diagram
    var builder = DiagramBuilder(doctrine: source.doctrine)
    var copies = Array(repeating: WireID(-1), count: source.wireCount)
    for wire in source.domain { copies[wire.index] = builder.addDomainWire(type(of: wire, graph)) }
    for wire in source.wires(in: source.root) where copies[wire.index].index < 0 {
      copies[wire.index] = builder.addWire(builder.typeID(type(of: wire, graph)))
    }
    var images = Array(repeating: Int32(-1), count: source.boxCount)
    for (number, visit) in program.visits.enumerated() {
      images[visit.box.index] = signature[number]
    }
    for box in source.boxes(in: source.root) {
      builder.attachBox(
        builder.operationID(graph.operations[Int(images[box.index])]),
        inputs: source.inputs(of: box).map { copies[$0.index] },
        outputs: source.outputs(of: box).map { copies[$0.index] })
    }
    let matcher = Matcher(builder.finish(codomain: source.codomain.map { copies[$0.index] }))
    var search = MatchSearch(program.pattern, matcher.index)
    while let match = search.next() {
      if match.boxes.enumerated().allSatisfy({ $0.offset == $0.element.index }) {
        return (matcher, match)
      }
    }
    return nil
  }

  private func type(of wire: WireID, _ graph: FlatGraph) -> WireType {
    graph.types[Int(signature[boxes.count + wire.index])]
  }
}
