import DiagramIR

/// One side of a rule, as numbers: boxes, and wires between them and the rule's interface.
struct PackedSide: Hashable, Sendable {
  /// An end of a wire: a port of a box, or a place of the interface where the box is -1.
  struct End: Hashable, Sendable {
    var box: Int32
    var place: Int32
  }

  /// Where a wire begins and where it ends.
  struct Wire: Hashable, Sendable {
    var source: End
    var sink: End
  }

  let kinds: [Int32]
  let wires: [Wire]

  /// `nil` when a wire hasn't exactly two ends or a box is unknown.
  init?(_ diagram: Diagram, _ signature: PackedSignature) {
    var kinds: [Int32] = []
    var sources: [End?] = Array(repeating: nil, count: diagram.wireCount)
    var sinks = sources
    func enter(_ ends: inout [End?], _ wires: ArraySlice<WireID>, _ box: Int) -> Bool {
      for (place, wire) in wires.enumerated() {
        guard ends[wire.index] == nil else { return false }
        ends[wire.index] = End(box: Int32(box), place: Int32(place))
      }
      return true
    }
    guard enter(&sources, diagram.domain, -1), enter(&sinks, diagram.codomain, -1) else {
      return nil
    }
    for box in diagram.boxes(in: diagram.root) {
      guard let kind = signature.kind(of: box, in: diagram),
        enter(&sources, diagram.outputs(of: box), box.index),
        enter(&sinks, diagram.inputs(of: box), box.index)
      else { return nil }
      kinds.append(kind)
    }
    var wires: [Wire] = []
    for (source, sink) in zip(sources, sinks) {
      guard let source, let sink else { return nil }
      wires.append(Wire(source: source, sink: sink))
    }
    self.kinds = kinds
    self.wires = wires
  }
}
