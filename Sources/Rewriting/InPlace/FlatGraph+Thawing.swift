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
    let regions = diagram.regionCount > 1 ? diagram.regionsOfBoxes() : []
    guard order == .canonical else {
      for box in 0..<Int32(diagram.boxCount) { graph.add(box, diagram, regions) }
      return graph
    }
    let traversal = InterfaceTraversal(diagram, ends)
    graph.isReached = traversal.boxes.count == diagram.boxCount
    if graph.isReached {
      for place in 0..<traversal.boxes.count { graph.add(traversal.boxes[place], diagram, regions) }
    } else {
      for box in diagram.canonicalOrder().boxes { graph.add(box.rawValue, diagram, regions) }
    }
    return graph
  }

  private mutating func addWires(_ diagram: Diagram) {
    let (types, names) = (diagram.wireTypes, diagram.wireNames)
    for wire in 0..<types.count {
      wires.append(
        Wire(type: types[wire].rawValue, name: names[wire].isEmpty ? -1 : Int32(wire)))
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
      let port = takePort()
      view.attach(port, to: wire.rawValue, of: -1)
    }
  }

  @inline(__always)
  private mutating func add(_ source: Int32, _ diagram: Diagram, _ regionOfBox: [RegionID]) {
    let record = diagram.boxRecords[Int(source)]
    let (box, first) = (Int32(boxes.count), Int32(ports.count))
    let operation = record.operation.rawValue
    boxes.append(
      Box(
        kind: tables.kindOfOperation[Int(operation)], operation: operation, firstPort: first,
        inputs: record.inputCount, outputs: record.outputCount,
        room: record.inputCount + record.outputCount,
        region: regionOfBox.isEmpty ? 0 : regionOfBox[Int(source)].rawValue, body: record.body))
    let start = Int(record.firstPort)
    let middle = start + Int(record.inputCount)
    for place in start..<middle {
      let port = takePort()
      view.attach(port, to: diagram.ports[place].rawValue, of: box)
    }
    for place in middle..<(middle + Int(record.outputCount)) {
      let port = takePort()
      view.produce(diagram.ports[place].rawValue, at: port, of: box)
    }
    boxCount += 1
  }

  @inline(__always)
  private mutating func takePort() -> Int32 {
    ports.append(Port(wire: -1, box: -1))
    return Int32(ports.count - 1)
  }
}
