import DiagramIR

/// The other side of a rule for certain operations and types of a match, ready to be put into a graph.
struct RuleInstance: ~Copyable, Sendable {
  struct Box: BitwiseCopyable, Sendable {
    let operation: Int32
    let kind: Int32
    let inputs: Int32
    /// How many inputs and outputs.
    let ports: Int32
    let firstPort: Int32
  }

  /// A wire of the other side: its place in the domain, or -1, and what it is otherwise.
  struct Wire: BitwiseCopyable, Sendable {
    var place: Int32
    let type: Int32
    let name: Int32
  }

  private(set) var boxes = RawBuffer<Box>()
  /// The wires at the ports of all boxes.
  private(set) var ports = RawBuffer<Int32>()
  private(set) var wires = RawBuffer<Wire>()
  private(set) var codomain = RawBuffer<Int32>()

  /// - Parameters:
  ///   - side: the other side, with the match's sizes and labels.
  ///   - graph: learns its operations, types and names.
  init(_ side: Diagram, _ graph: inout FlatGraph) {
    for wire in 0..<side.wireCount {
      let type = graph.tables.number(of: side.type(of: WireID(wire)))
      let name = graph.addName(side.name(of: WireID(wire)))
      wires.append(Wire(place: -1, type: type, name: name))
    }
    for (place, wire) in side.domain.enumerated() { wires[wire.rawValue].place = Int32(place) }
    for box in 0..<side.boxCount {
      let operation = graph.tables.number(of: side.operation(of: BoxID(box)))
      let (inputs, outputs) = (side.inputs(of: BoxID(box)), side.outputs(of: BoxID(box)))
      boxes.append(
        Box(
          operation: operation, kind: graph.tables.kindOfOperation[Int(operation)],
          inputs: Int32(inputs.count), ports: Int32(inputs.count + outputs.count),
          firstPort: Int32(ports.count)))
      for wire in inputs + outputs { ports.append(wire.rawValue) }
    }
    for wire in side.codomain { codomain.append(wire.rawValue) }
  }
}

extension FlatSearch {
  /// The pattern with the operations and types of the match, as a diagram, and the pattern's match with all of
  /// it; `nil` when its sizes or labels don't fit.
  func identity(_ tables: FlatTables) -> (matcher: Matcher, match: Match)? {
    let source = program.pattern.diagram
    var builder = DiagramBuilder(doctrine: source.doctrine)
    var copies = Array(repeating: WireID(-1), count: source.wireCount)
    for wire in source.domain { copies[wire.index] = builder.addDomainWire(type(of: wire, tables)) }
    for wire in source.wires(in: source.root) where copies[wire.index].index < 0 {
      copies[wire.index] = builder.addWire(builder.typeID(type(of: wire, tables)))
    }
    var images = Array(repeating: Int32(-1), count: source.boxCount)
    for (number, visit) in program.visits.enumerated() {
      images[visit.box.index] = signature[number]
    }
    for box in source.boxes(in: source.root) {
      builder.attachBox(
        builder.operationID(tables.operations[Int(images[box.index])]),
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

  private func type(of wire: WireID, _ tables: FlatTables) -> WireType {
    tables.types[Int(signature[boxes.count + wire.index])]
  }
}
