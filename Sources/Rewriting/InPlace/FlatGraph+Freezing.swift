import DiagramIR

extension FlatGraph {
  /// The diagram that the graph has become.
  ///
  /// Boxes of the result stand in an order in which each follows those it depends on.
  ///
  /// - Returns: the diagram, and for every wire its identifier there; -1 for those that are gone.
  /// - Complexity: linear in all boxes there have been.
  func frozen() -> (diagram: Diagram, wires: [WireID]) {
    var freezing = Freezing(self)
    return freezing.result()
  }
}

/// Copies a graph into a builder. The walk keeps its own stack, and enters itself only for bodies, which are
/// nested at most `DiagramBuilder.maximumNesting` deep.
private struct Freezing {
  let graph: FlatGraph
  private var builder: DiagramBuilder
  private var copies: [WireID]
  private var isCopied: [Bool]
  private var boxesOfRegion: [[Int32]]
  private var stack: [(box: Int32, next: Int32)] = []
  /// The regions in the order in which the builder stores them.
  private var stored: [Int] = []

  init(_ graph: FlatGraph) {
    self.graph = graph
    builder = DiagramBuilder(doctrine: graph.doctrine)
    copies = Array(repeating: WireID(-1), count: graph.wires.count)
    isCopied = Array(repeating: false, count: graph.boxes.count)
    boxesOfRegion = Array(repeating: [], count: graph.regions.count)
    for (number, box) in graph.boxes.enumerated() where box.kind >= 0 {
      boxesOfRegion[Int(box.region)].append(Int32(number))
    }
  }

  mutating func result() -> (diagram: Diagram, wires: [WireID]) {
    let codomain = contents(of: graph.regions.count - 1)
    let diagram = builder.finish(codomain: codomain)
    for (place, region) in stored.enumerated() {
      let first = diagram.wires(in: RegionID(place)).first?.index ?? 0
      for wire in graph.regions[region].domain { shift(wire, by: first) }
      for box in boxesOfRegion[region] {
        let record = graph.boxes[Int(box)]
        for wire in wires(record.firstPort + record.inputs, record.outputs) {
          shift(wire, by: first)
        }
      }
    }
    return (diagram, copies)
  }

  /// A builder counts the wires of each region from zero.
  private mutating func shift(_ wire: Int32, by first: Int) {
    copies[Int(wire)] = WireID(copies[Int(wire)].index + first)
  }

  private mutating func contents(of region: Int) -> [WireID] {
    let record = graph.regions[region]
    for wire in record.domain {
      copies[Int(wire)] = builder.addDomainWire(type(of: wire), name: graph.names[Int(wire)])
    }
    for box in boxesOfRegion[region].reversed() { copyWithNeeds(box) }
    stored.append(region)
    return (0..<record.codomainCount).map { place in
      copies[Int(graph.ports[Int(record.firstPort + place)].wire)]
    }
  }

  /// Copies a box after everything it depends on.
  private mutating func copyWithNeeds(_ start: Int32) {
    guard !isCopied[Int(start)] else { return }
    let base = stack.count
    stack.append((start, 0))
    while stack.count > base, let (box, next) = stack.last {
      let record = graph.boxes[Int(box)]
      guard next < record.inputs else {
        stack.removeLast()
        if !isCopied[Int(box)] {
          isCopied[Int(box)] = true
          copy(record)
        }
        continue
      }
      stack[stack.count - 1].next += 1
      let needed = graph.producer(of: graph.ports[Int(record.firstPort + next)].wire)
      if needed >= 0 && !isCopied[Int(needed)] { stack.append((needed, 0)) }
    }
  }

  private mutating func copy(_ box: FlatGraph.Box) {
    let inputs = wires(box.firstPort, box.inputs).map { copies[Int($0)] }
    let outputs = wires(box.firstPort + box.inputs, box.outputs)
    let operation = graph.operations[Int(box.operation)]
    let types = outputs.map { type(of: $0) }
    let made: [WireID]
    if box.body >= 0 {
      builder.openBody()
      let codomain = contents(of: Int(box.body))
      let outer = outputs.map { graph.types[Int(graph.wires[Int($0)].type)] }
      made = builder.closeBody(operation, inputs: inputs, codomain: codomain, outputs: outer)
    } else {
      made = builder.addBox(builder.operationID(operation), inputs: inputs, outputs: types)
    }
    for (wire, copy) in zip(outputs, made) {
      copies[Int(wire)] = copy
      builder.setName(graph.names[Int(wire)], of: copy)
    }
  }

  private func wires(_ first: Int32, _ count: Int32) -> [Int32] {
    (first..<(first + count)).map { graph.ports[Int($0)].wire }
  }

  private mutating func type(of wire: Int32) -> TypeID {
    builder.typeID(graph.types[Int(graph.wires[Int(wire)].type)])
  }
}
