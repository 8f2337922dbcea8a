import DiagramIR

extension FlatGraph {
  /// How the boxes of a graph are numbered.
  enum Order {
    /// In the same way in isomorphic diagrams.
    case canonical
    /// As the diagram stores them.
    case stored
  }

  /// A diagram, ready to be changed; `nil` for `frobenius`, and when a wire has several producers or, in
  /// `symmetric`, several ends.
  ///
  /// - Complexity: linear, when boxes are numbered as they are stored or everything is reachable from the results
  ///   (in `symmetric`, from the interface); else what `Diagram.canonicalOrder()` takes.
  static func thawed(_ diagram: Diagram, _ order: Order) -> FlatGraph? {
    guard diagram.doctrine != .frobenius, let ends = WireEnds.ends(of: diagram) else { return nil }
    var graph = FlatGraph(diagram, tables: FlatTables(diagram))
    graph.addWires(diagram)
    for region in 0..<diagram.regionCount { graph.addRegion(diagram, RegionID(region)) }
    guard order == .canonical else {
      graph.addBoxes(diagram, RawBuffer())
      return graph
    }
    let traversal = InterfaceTraversal(diagram, ends)
    graph.isReached = traversal.boxes.count == diagram.boxCount
    if graph.isReached {
      graph.addBoxes(diagram, traversal.boxes)
    } else {
      graph.addBoxes(diagram, RawBuffer(diagram.canonicalOrder().boxes.map(\.rawValue)))
    }
    return graph
  }

  private mutating func addWires(_ diagram: Diagram) {
    let (types, names) = (diagram.wireTypes, diagram.wireNames)
    wires = RawBuffer(unwritten: types.count)
    let view = view
    for wire in 0..<types.count {
      view.wires[wire] = Wire(
        type: types[wire].rawValue, name: names[wire].isEmpty ? -1 : Int32(wire))
    }
  }

  private mutating func addRegion(_ diagram: Diagram, _ region: RegionID) {
    let (domain, codomain) = (diagram.domain(of: region), diagram.codomain(of: region))
    regions.append(
      Region(
        firstDomain: Int32(domains.count), domainCount: Int32(domain.count),
        firstPort: Int32(ports.count), codomainCount: Int32(codomain.count)))
    for wire in domain { domains.append(wire.rawValue) }
    for wire in codomain {
      ports.append(Port(wire: -1, box: -1))
      view.attach(Int32(ports.count - 1), to: wire.rawValue, of: -1)
    }
  }

  /// Adds the boxes in an order, or as they are stored when none is given.
  private mutating func addBoxes(_ diagram: Diagram, _ order: borrowing RawBuffer<Int32>) {
    let regions = diagram.regionCount > 1 ? diagram.regionsOfBoxes() : []
    boxes = RawBuffer(unwritten: diagram.boxCount)
    var next = Int32(ports.count)
    ports.append(Port(wire: -1, box: -1), count: diagram.ports.count)
    let kinds = RawBuffer(tables.kindOfOperation)
    let (view, order, kindOfOperation) = (view, order.elements, kinds.elements)
    diagram.withSourceArrays { source in
      for box in 0..<diagram.boxCount {
        let place = order.isEmpty ? box : Int(order[box])
        let record = source.boxes[place]
        let operation = record.operation.rawValue
        view.boxes[box] = Box(
          kind: kindOfOperation[Int(operation)], operation: operation, firstPort: next,
          inputs: record.inputCount, outputs: record.outputCount,
          room: record.inputCount + record.outputCount,
          region: regions.isEmpty ? 0 : regions[place].rawValue, body: record.body)
        for port in source.inputs(of: record) {
          view.attach(next, to: source.ports[port].rawValue, of: Int32(box))
          next += 1
        }
        for port in source.outputs(of: record) {
          view.produce(source.ports[port].rawValue, at: next, of: Int32(box))
          next += 1
        }
      }
    }
    withExtendedLifetime(kinds) {}
    boxCount = diagram.boxCount
  }
}
