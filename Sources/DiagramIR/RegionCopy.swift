/// Copies regions of a diagram into a builder that begins with the diagram's tables.
///
/// The source is no Frobenius diagram: no wire is twice in a domain. For every wire of the source it keeps the wire that stands for it in the region that is open. The caller may set
/// these too, so that boxes of several regions come to lie in one.
package struct RegionCopy {
  /// What is copied.
  package let source: Diagram
  /// What it is copied into.
  package var builder: DiagramBuilder
  private var copies: [WireID]

  /// Copies of nothing yet.
  package init(of source: Diagram) {
    self.source = source
    builder = DiagramBuilder(doctrine: source.doctrine, tablesOf: source)
    copies = Array(repeating: WireID(-1), count: source.wireCount)
  }

  /// The wire that stands for one of the source.
  package subscript(wire: WireID) -> WireID {
    get { copies[wire.index] }
    set { copies[wire.index] = newValue }
  }

  /// Adds a domain wire to the open region for one of the source.
  package mutating func addDomainWire(for wire: WireID) {
    copies[wire.index] = builder.addDomainWire(
      source.typeID(of: wire), name: source.name(of: wire))
  }

  /// Copies a box, with its body, whose inputs have copies.
  package mutating func copy(_ box: BoxID) {
    addOutputs(of: box)
    attach(box)
  }

  /// Copies the boxes of a region, whose domain has copies; they may be stored in any order.
  package mutating func copyBoxes(of region: RegionID) {
    for box in source.boxes(in: region) { addOutputs(of: box) }
    for box in source.boxes(in: region) { attach(box) }
  }

  private mutating func addOutputs(of box: BoxID) {
    let record = source.boxRecords[box.index]
    let first = Int(record.firstPort + record.inputCount)
    for port in first..<(first + Int(record.outputCount)) {
      let wire = source.ports[port].index
      copies[wire] = builder.addWire(source.wireTypes[wire], name: source.wireNames[wire])
    }
  }

  private mutating func attach(_ box: BoxID) {
    var record = source.boxRecords[box.index]
    if record.body >= 0 { return attach(box, RegionID(Int(record.body))) }
    let (first, last) = (Int(record.firstPort), builder.regions.count - 1)
    record.firstPort = Int32(builder.regions[last].ports.count)
    for port in first..<(first + Int(record.inputCount + record.outputCount)) {
      builder.regions[last].ports.append(copies[source.ports[port].index])
    }
    builder.regions[last].boxes.append(record)
  }

  private mutating func attach(_ box: BoxID, _ body: RegionID) {
    builder.openBody()
    let inputs = source.inputs(of: box).map { copies[$0.index] }
    let outputs = source.outputs(of: box).map { copies[$0.index] }
    for wire in source.domain(of: body) { addDomainWire(for: wire) }
    copyBoxes(of: body)
    builder.closeBody(
      source.operation(of: box), inputs: inputs,
      codomain: source.codomain(of: body).map { copies[$0.index] }, outputs: outputs)
  }
}
