import DiagramIR

extension FlatGraph {
  /// A diagram, ready to be changed; `nil` for `frobenius`, and when a wire has several producers or, in
  /// `symmetric`, several ends.
  ///
  /// - Complexity: linear, when everything is reachable from the results (in `symmetric`, from the interface);
  ///   else what `Diagram.canonicalOrder()` takes.
  init?(_ diagram: Diagram) {
    guard diagram.doctrine != .frobenius, diagram.hasSingleEnds else { return nil }
    self.init(doctrine: diagram.doctrine)
    var order = InterfaceTraversal(diagram)
    order.run()
    isReached = order.boxes.count == diagram.boxCount
    add(diagram, isReached ? order.boxes : diagram.canonicalOrder().boxes)
  }

  private mutating func add(_ diagram: Diagram, _ order: [BoxID]) {
    let operationIDs = diagram.operations.map { number(of: $0) }
    let typeIDs = diagram.types.map { number(of: $0) }
    wires.reserveCapacity(diagram.wireCount)
    names.reserveCapacity(diagram.wireCount)
    for wire in 0..<diagram.wireCount {
      wires.append(Wire(type: typeIDs[diagram.typeID(of: WireID(wire)).index]))
      names.append(diagram.name(of: WireID(wire)))
    }
    for region in 0..<diagram.regionCount { addRegion(diagram, RegionID(region)) }
    let regions = diagram.regionsOfBoxes()
    boxes.reserveCapacity(diagram.boxCount)
    ports.reserveCapacity(ports.count + 3 * diagram.boxCount)
    for box in order {
      boxes.append(
        Box(
          operation: operationIDs[diagram.operationID(of: box).index], kind: -1,
          firstPort: Int32(ports.count), inputs: 0, outputs: 0,
          region: regions[box.index].rawValue, body: diagram.body(of: box)?.rawValue ?? -1))
      fillLastBox(diagram, box)
    }
    boxCount = boxes.count
  }

  private mutating func fillLastBox(_ diagram: Diagram, _ box: BoxID) {
    let (inputs, outputs) = (diagram.inputs(of: box), diagram.outputs(of: box))
    let last = boxes.count - 1
    boxes[last].kind = kindOfOperation[Int(boxes[last].operation)]
    boxes[last].inputs = Int32(inputs.count)
    boxes[last].outputs = Int32(outputs.count)
    for wire in inputs {
      ports.append(Port(wire: wire.rawValue, box: Int32(last)))
      attach(Int32(ports.count - 1), to: wire.rawValue)
    }
    for wire in outputs {
      wires[wire.index].producer = Int32(ports.count)
      ports.append(Port(wire: wire.rawValue, box: Int32(last)))
    }
  }

  private mutating func addRegion(_ diagram: Diagram, _ region: RegionID) {
    let codomain = diagram.codomain(of: region)
    regions.append(
      Region(
        domain: diagram.domain(of: region).map(\.rawValue), firstPort: Int32(ports.count),
        codomainCount: Int32(codomain.count)))
    for wire in codomain {
      ports.append(Port(wire: wire.rawValue, box: -1))
      attach(Int32(ports.count - 1), to: wire.rawValue)
    }
  }
}

extension Diagram {
  /// Whether each wire has one producer or place in a domain and, in `symmetric`, one end.
  fileprivate var hasSingleEnds: Bool {
    var starts = Array(repeating: Int32(0), count: wireCount)
    for region in 0..<regionCount {
      for wire in domain(of: RegionID(region)) { starts[wire.index] += 1 }
    }
    for box in 0..<boxCount {
      for wire in outputs(of: BoxID(box)) { starts[wire.index] += 1 }
    }
    guard starts.allSatisfy({ $0 == 1 }) else { return false }
    return doctrine != .symmetric || consumerCounts().allSatisfy { $0 == 1 }
  }
}

/// Visits boxes along ports: backward from the results; in `symmetric` also forward, and from the inputs.
private struct InterfaceTraversal {
  let diagram: Diagram
  private let producers: [Int32]
  private let consumers: [Int32]
  private var isWireSeen: [Bool]
  private var isBoxSeen: [Bool]
  private var pending: [WireID] = []
  private(set) var boxes: [BoxID] = []

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    var consumers: [Int32] = []
    if diagram.doctrine == .symmetric {
      consumers = Array(repeating: -1, count: diagram.wireCount)
      for box in 0..<diagram.boxCount {
        for wire in diagram.inputs(of: BoxID(box)) { consumers[wire.index] = Int32(box) }
      }
    }
    self.consumers = consumers
    isWireSeen = Array(repeating: false, count: diagram.wireCount)
    isBoxSeen = Array(repeating: false, count: diagram.boxCount)
    boxes.reserveCapacity(diagram.boxCount)
  }

  mutating func run() {
    for wire in diagram.codomain { run(from: wire) }
    guard diagram.doctrine == .symmetric else { return }
    for wire in diagram.domain { run(from: wire) }
  }

  private mutating func run(from start: WireID) {
    pending.append(start)
    while let wire = pending.popLast() {
      guard !isWireSeen[wire.index] else { continue }
      isWireSeen[wire.index] = true
      visit(producers[wire.index])
      if !consumers.isEmpty { visit(consumers[wire.index]) }
    }
  }

  /// Numbers a box. Its inputs are next, in order, then its body's results, then its outputs.
  private mutating func visit(_ number: Int32) {
    guard number >= 0, !isBoxSeen[Int(number)] else { return }
    let box = BoxID(Int(number))
    isBoxSeen[box.index] = true
    boxes.append(box)
    if !consumers.isEmpty { push(diagram.outputs(of: box)) }
    if let body = diagram.body(of: box) {
      if !consumers.isEmpty { push(diagram.domain(of: body)) }
      push(diagram.codomain(of: body))
    }
    push(diagram.inputs(of: box))
  }

  private mutating func push(_ wires: ArraySlice<WireID>) {
    for wire in wires.reversed() where !isWireSeen[wire.index] { pending.append(wire) }
  }
}
