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
    /// The step of the program whose box leaves its slot to this one; -1 for another slot.
    var slot: Int32 = -1
  }

  /// What a wire of the other side is in the graph.
  enum Role: Sendable {
    /// One of the inputs of the match.
    case input
    /// One of the results.
    case result
    /// A new wire.
    case inner
  }

  struct Wire: BitwiseCopyable, Sendable {
    var role: Role
    /// The wire of the pattern whose image it is or, for an inner one, whose slot it takes; -1 for another slot.
    var image: Int32
    let type: Int32
    let name: Int32
  }

  /// A result that is an input: wires of the pattern.
  struct Join: BitwiseCopyable, Sendable {
    let result: Int32
    let input: Int32
  }

  private(set) var boxes = RawBuffer<Box>()
  /// The wires at the ports of all boxes.
  private(set) var ports = RawBuffer<Int32>()
  private(set) var wires = RawBuffer<Wire>()
  private(set) var joins = RawBuffer<Join>()
  /// The wires of the pattern and the steps of the program whose slots nothing takes.
  private(set) var leftWires = RawBuffer<Int32>()
  private(set) var leftBoxes = RawBuffer<Int32>()

  /// - Parameters:
  ///   - side: the other side, with the match's sizes and labels.
  ///   - program: the program that finds the match.
  ///   - graph: learns its operations, types and names.
  init(_ side: Diagram, _ program: PatternProgram, _ graph: inout FlatGraph) {
    for wire in 0..<side.wireCount {
      let type = graph.tables.number(of: side.type(of: WireID(wire)))
      let name = graph.addName(side.name(of: WireID(wire)))
      wires.append(Wire(role: .inner, image: -1, type: type, name: name))
    }
    for (wire, image) in zip(side.domain, program.interface.domain) {
      (wires[wire.rawValue].role, wires[wire.rawValue].image) = (.input, image)
    }
    for (wire, image) in zip(side.codomain, program.interface.codomain) {
      if wires[wire.rawValue].role == .inner {
        (wires[wire.rawValue].role, wires[wire.rawValue].image) = (.result, image)
      } else {
        joins.append(Join(result: image, input: wires[wire.rawValue].image))
      }
    }
    for box in 0..<side.boxCount { add(BoxID(box), of: side, &graph) }
    if side.doctrine == .symmetric { takeSlots(program) }
  }

  private mutating func add(_ box: BoxID, of side: Diagram, _ graph: inout FlatGraph) {
    let operation = graph.tables.number(of: side.operation(of: box))
    let (inputs, outputs) = (side.inputs(of: box), side.outputs(of: box))
    boxes.append(
      Box(
        operation: operation, kind: graph.tables.kindOfOperation[Int(operation)],
        inputs: Int32(inputs.count), ports: Int32(inputs.count + outputs.count),
        firstPort: Int32(ports.count)))
    for wire in inputs + outputs { ports.append(wire.rawValue) }
  }

  /// In `symmetric` a match disappears as a whole, so what takes which slot is the same for all matches.
  private mutating func takeSlots(_ program: PatternProgram) {
    var isOuter = Array(repeating: false, count: program.pattern.diagram.wireCount)
    for wire in program.interface.domain + program.interface.codomain { isOuter[Int(wire)] = true }
    var innerWires = isOuter.indices.filter { !isOuter[$0] }.map { Int32($0) }[...]
    for wire in 0..<wires.count where wires[wire].role == .inner {
      wires[wire].image = innerWires.popFirst() ?? -1
    }
    for wire in innerWires { leftWires.append(wire) }
    for join in joins.array { leftWires.append(join.result) }
    var steps = Array(program.visits.indices)
    for box in 0..<boxes.count {
      let place = steps.firstIndex { step in
        program.visits[step].inputs + program.visits[step].outputs == boxes[box].ports
      }
      if let place { boxes[box].slot = Int32(steps.remove(at: place)) }
    }
    for step in steps { leftBoxes.append(Int32(step)) }
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
