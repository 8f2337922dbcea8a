import DiagramIR

/// Visits boxes along ports: backward from the results; in `symmetric` also forward, and from the inputs.
struct InterfaceTraversal: ~Copyable {
  /// The boxes in the order of their visits.
  private(set) var boxes: RawBuffer<Int32>
  private var isWireSeen: RawBuffer<Bool>
  private var isBoxSeen: RawBuffer<Bool>
  private var pending = RawBuffer<Int32>()
  private let diagram: Diagram
  private let isSymmetric: Bool

  /// - Complexity: linear in what is reached.
  init(_ diagram: Diagram, _ ends: borrowing WireEnds) {
    boxes = RawBuffer(capacity: diagram.boxCount)
    isWireSeen = RawBuffer(repeating: false, count: diagram.wireCount)
    isBoxSeen = RawBuffer(repeating: false, count: diagram.boxCount)
    self.diagram = diagram
    isSymmetric = diagram.doctrine == .symmetric
    let (producers, consumers) = (ends.producers.elements, ends.consumers.elements)
    diagram.withSourceArrays { source in
      for wire in diagram.codomain { run(from: wire.rawValue, source, producers, consumers) }
      guard isSymmetric else { return }
      for wire in diagram.domain { run(from: wire.rawValue, source, producers, consumers) }
    }
  }

  @inline(__always)
  private mutating func run(
    from start: Int32, _ source: SourceArrays, _ producers: UnsafeMutableBufferPointer<Int32>,
    _ consumers: UnsafeMutableBufferPointer<Int32>
  ) {
    pending.append(start)
    while let wire = pending.popLast() {
      guard !isWireSeen[wire] else { continue }
      isWireSeen[wire] = true
      visit(producers[Int(wire)], source)
      if isSymmetric { visit(consumers[Int(wire)], source) }
    }
  }

  /// Numbers a box. Its inputs are next, in order, then its body's results, then its outputs.
  @inline(__always)
  private mutating func visit(_ box: Int32, _ source: SourceArrays) {
    guard box >= 0, !isBoxSeen[box] else { return }
    isBoxSeen[box] = true
    boxes.append(box)
    let record = source.boxes[Int(box)]
    if isSymmetric { push(source.outputs(of: record), source) }
    if record.body >= 0 { pushInterface(of: RegionID(Int(record.body))) }
    push(source.inputs(of: record), source)
  }

  @inline(__always)
  private mutating func push(_ range: Range<Int>, _ source: SourceArrays) {
    var port = range.upperBound
    while port > range.lowerBound {
      port -= 1
      push(source.ports[port].rawValue)
    }
  }

  private mutating func pushInterface(of body: RegionID) {
    if isSymmetric { for wire in diagram.domain(of: body).reversed() { push(wire.rawValue) } }
    for wire in diagram.codomain(of: body).reversed() { push(wire.rawValue) }
  }

  @inline(__always)
  private mutating func push(_ wire: Int32) {
    if !isWireSeen[wire] { pending.append(wire) }
  }
}
