import DiagramIR

/// Visits boxes along ports: backward from the results; in `symmetric` also forward, and from the inputs.
struct InterfaceTraversal: ~Copyable {
  /// The boxes in the order of their visits.
  private(set) var boxes: RawBuffer<Int32>
  private var isWireSeen: RawBuffer<Bool>
  private var isBoxSeen: RawBuffer<Bool>
  private var pending = RawBuffer<Int32>()
  private let records: [Diagram.BoxRecord]
  private let ports: [WireID]
  private let isSymmetric: Bool

  /// - Complexity: linear in what is reached.
  init(_ diagram: Diagram, _ ends: borrowing WireEnds) {
    boxes = RawBuffer(capacity: diagram.boxCount)
    isWireSeen = RawBuffer(repeating: false, count: diagram.wireCount)
    isBoxSeen = RawBuffer(repeating: false, count: diagram.boxCount)
    (records, ports) = (diagram.boxRecords, diagram.ports)
    isSymmetric = diagram.doctrine == .symmetric
    let (producers, consumers) = (ends.producers.elements, ends.consumers.elements)
    for wire in diagram.codomain { run(from: wire.rawValue, diagram, producers, consumers) }
    guard isSymmetric else { return }
    for wire in diagram.domain { run(from: wire.rawValue, diagram, producers, consumers) }
  }

  private mutating func run(
    from start: Int32, _ diagram: Diagram, _ producers: UnsafeMutableBufferPointer<Int32>,
    _ consumers: UnsafeMutableBufferPointer<Int32>
  ) {
    pending.append(start)
    while let wire = pending.popLast() {
      guard !isWireSeen[wire] else { continue }
      isWireSeen[wire] = true
      visit(producers[Int(wire)], diagram)
      if isSymmetric { visit(consumers[Int(wire)], diagram) }
    }
  }

  /// Numbers a box. Its inputs are next, in order, then its body's results, then its outputs.
  @inline(__always)
  private mutating func visit(_ box: Int32, _ diagram: Diagram) {
    guard box >= 0, !isBoxSeen[box] else { return }
    isBoxSeen[box] = true
    boxes.append(box)
    let record = records[Int(box)]
    let first = Int(record.firstPort)
    let middle = first + Int(record.inputCount)
    if isSymmetric { push(middle..<(middle + Int(record.outputCount))) }
    if record.body >= 0 { pushInterface(of: RegionID(Int(record.body)), diagram) }
    push(first..<middle)
  }

  @inline(__always)
  private mutating func push(_ range: Range<Int>) {
    var port = range.upperBound
    while port > range.lowerBound {
      port -= 1
      push(ports[port].rawValue)
    }
  }

  private mutating func pushInterface(of body: RegionID, _ diagram: Diagram) {
    if isSymmetric { for wire in diagram.domain(of: body).reversed() { push(wire.rawValue) } }
    for wire in diagram.codomain(of: body).reversed() { push(wire.rawValue) }
  }

  @inline(__always)
  private mutating func push(_ wire: Int32) {
    if !isWireSeen[wire] { pending.append(wire) }
  }
}
