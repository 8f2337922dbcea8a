import DiagramIR

/// What matching looks up in a diagram: who produces and consumes a wire, which boxes have a label, and the
/// canonical order of everything.
///
/// - Complexity: linear in the diagram, and what `Diagram.canonicalOrder()` takes.
struct DiagramIndex: Sendable {
  /// A port of a box.
  struct Port: Hashable, Sendable {
    var box: BoxID
    var place: Int32
  }

  let diagram: Diagram
  /// All boxes and all wires in canonical order, those that nothing touches last.
  let boxOrder: [BoxID]
  let wireOrder: [WireID]
  let boxRank: [Int32]
  let wireRank: [Int32]
  let regionOfBox: [RegionID]
  let regionOfWire: [RegionID]
  /// The kind of every operation in the diagram's table.
  let keys: [OperationKey]
  /// For every wire, its place in the domain of its region; -1 elsewhere.
  let domainPlace: [Int32]
  /// For every wire, how many places of codomains it has.
  let codomainCount: [Int32]
  /// For every wire, the length of the longest path that leads to it; empty in `frobenius`.
  let level: [Int32]
  /// For every region, the axes of the lanes around it.
  let axes: [[Size]]
  private let boxesOfKey: [OperationKey: [BoxID]]
  private let producers: PortTable
  private let consumers: PortTable

  init(_ diagram: Diagram) {
    self.diagram = diagram
    let order = diagram.canonicalOrder()
    boxOrder = order.boxes
    (boxRank, _) = ranks(order.boxes, count: diagram.boxCount)
    let (wireRank, missing) = ranks(order.wires, count: diagram.wireCount)
    self.wireRank = wireRank
    wireOrder = order.wires + missing
    regionOfBox = diagram.regionsOfBoxes()
    keys = diagram.operations.map { OperationKey($0) }
    var boxesOfKey: [OperationKey: [BoxID]] = [:]
    for box in order.boxes {
      boxesOfKey[keys[diagram.operationID(of: box).index], default: []].append(box)
    }
    self.boxesOfKey = boxesOfKey
    producers = PortTable(diagram, order.boxes) { diagram.outputs(of: $0) }
    consumers = PortTable(diagram, order.boxes) { diagram.inputs(of: $0) }
    regionOfWire = diagram.regionsOfWires()
    domainPlace = diagram.domainPlaces()
    codomainCount = diagram.codomainCounts()
    level = diagram.doctrine == .frobenius ? [] : diagram.levels()
    axes = diagram.axesAroundRegions()
  }

  /// The boxes of a kind, in canonical order.
  func boxes(of key: OperationKey) -> [BoxID] { boxesOfKey[key] ?? [] }

  /// The kind of a box.
  func key(of box: BoxID) -> OperationKey { keys[diagram.operationID(of: box).index] }

  /// The output ports that a wire is attached to.
  func producers(of wire: WireID) -> ArraySlice<Port> { producers[wire] }

  /// The input ports that a wire is attached to, in canonical order of their boxes.
  func consumers(of wire: WireID) -> ArraySlice<Port> { consumers[wire] }
}

/// For every identifier its place in the order, and the identifiers that the order lacks, which come last.
private func ranks<Tag>(
  _ order: [Identifier<Tag>], count: Int
) -> (ranks: [Int32], missing: [Identifier<Tag>]) {
  var ranks = Array(repeating: Int32(-1), count: count)
  for (rank, identifier) in order.enumerated() { ranks[identifier.index] = Int32(rank) }
  var missing: [Identifier<Tag>] = []
  for index in 0..<count where ranks[index] < 0 {
    ranks[index] = Int32(order.count + missing.count)
    missing.append(Identifier(index))
  }
  return (ranks, missing)
}

/// For every wire, a list of ports, in one contiguous array.
private struct PortTable: Sendable {
  private var starts: [Int32]
  private var ports: [DiagramIndex.Port]

  init(_ diagram: Diagram, _ order: [BoxID], _ wires: (BoxID) -> ArraySlice<WireID>) {
    starts = Array(repeating: 0, count: diagram.wireCount + 1)
    for box in order { for wire in wires(box) { starts[wire.index + 1] += 1 } }
    for index in 0..<diagram.wireCount { starts[index + 1] += starts[index] }
    let none = DiagramIndex.Port(box: BoxID(-1), place: -1)
    ports = Array(repeating: none, count: Int(starts[diagram.wireCount]))
    var next = starts
    for box in order {
      for (place, wire) in wires(box).enumerated() {
        ports[Int(next[wire.index])] = DiagramIndex.Port(box: box, place: Int32(place))
        next[wire.index] += 1
      }
    }
  }

  subscript(wire: WireID) -> ArraySlice<DiagramIndex.Port> {
    ports[Int(starts[wire.index])..<Int(starts[wire.index + 1])]
  }
}

extension Diagram {
  /// For every wire, the region it lies in.
  func regionsOfWires() -> [RegionID] {
    var regions = Array(repeating: root, count: wireCount)
    for region in 0..<regionCount {
      for wire in wires(in: RegionID(region)) { regions[wire.index] = RegionID(region) }
    }
    return regions
  }

  /// For every wire, its first place in the domain of its region; -1 elsewhere.
  func domainPlaces() -> [Int32] {
    var places = Array(repeating: Int32(-1), count: wireCount)
    for region in 0..<regionCount {
      for (place, wire) in domain(of: RegionID(region)).enumerated()
      where places[wire.index] < 0 {
        places[wire.index] = Int32(place)
      }
    }
    return places
  }

  /// For every wire, how many places it has in the codomain of its region.
  fileprivate func codomainCounts() -> [Int32] {
    var counts = Array(repeating: Int32(0), count: wireCount)
    for region in 0..<regionCount {
      for wire in codomain(of: RegionID(region)) { counts[wire.index] += 1 }
    }
    return counts
  }

  /// For every wire, the length of the longest path that leads to it.
  fileprivate func levels() -> [Int32] {
    var levels = Array(repeating: Int32(0), count: wireCount)
    let producers = producers()
    for region in 0..<regionCount {
      for box in topologicalOrder(of: RegionID(region), producers: producers) ?? [] {
        let level = inputs(of: box).reduce(0) { max($0, levels[$1.index]) } + 1
        for wire in outputs(of: box) { levels[wire.index] = level }
      }
    }
    return levels
  }
}
