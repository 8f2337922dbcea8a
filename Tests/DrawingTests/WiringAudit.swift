import DiagramIR
import Drawing

/// Whether the wires of a layout join what the wires of the diagram join.
struct WiringAudit {
  /// How many wires of the diagram are drawn between other ports.
  private(set) var wrongEnds = 0
  /// How many are drawn in several parts that don't meet.
  private(set) var tornWires = 0

  init(_ layout: DiagramLayout, of diagram: Diagram) {
    var (expected, drawn) = (Self.expected(layout, diagram), [WireID: [DiagramLayout.Terminal]]())
    var pieces: [WireID: [DiagramLayout.Wire]] = [:]
    for wire in layout.wires {
      guard let source = wire.source else { continue }
      pieces[source, default: []].append(wire)
      drawn[source, default: []] += [wire.from, wire.to].filter { $0 != .joint }
    }
    for index in 0..<diagram.wireCount {
      let wire = WireID(index)
      let (left, right) = (expected.removeValue(forKey: wire) ?? [], drawn[wire] ?? [])
      if Self.sorted(left) != Self.sorted(right) { wrongEnds += 1 }
      if !Self.isConnected(pieces[wire] ?? []) { tornWires += 1 }
    }
  }

  private static func sorted(_ terminals: [DiagramLayout.Terminal]) -> [String] {
    terminals.map { "\($0)" }.sorted()
  }

  private static func expected(
    _ layout: DiagramLayout, _ diagram: Diagram
  ) -> [WireID: [DiagramLayout.Terminal]] {
    var expected: [WireID: [DiagramLayout.Terminal]] = [:]
    for (place, wire) in diagram.domain.enumerated() {
      expected[wire, default: []].append(.domain(place))
    }
    for (place, wire) in diagram.codomain.enumerated() {
      expected[wire, default: []].append(.codomain(place))
    }
    for (index, box) in layout.boxes.enumerated() {
      guard let outer = box.sources.first, let inner = box.sources.last else { continue }
      for (place, wire) in diagram.inputs(of: outer).enumerated() {
        expected[wire, default: []].append(.input(box: index, place: place))
      }
      for (place, wire) in diagram.outputs(of: outer).enumerated() {
        expected[wire, default: []].append(.output(box: index, place: place))
      }
      guard let body = diagram.body(of: inner) else { continue }
      for (place, wire) in diagram.domain(of: body).enumerated() {
        expected[wire, default: []].append(.entry(box: index, place: place))
      }
      for (place, wire) in diagram.codomain(of: body).enumerated() {
        expected[wire, default: []].append(.exit(box: index, place: place))
      }
    }
    return expected
  }

  /// Whether all parts hang together at their ends.
  private static func isConnected(_ wires: [DiagramLayout.Wire]) -> Bool {
    guard let first = wires.first else { return true }
    var (reached, isTaken) = (
      Set([first.path.start, first.path.end]), wires.map { _ in false }
    )
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for (index, wire) in wires.enumerated() where !isTaken[index] {
        guard reached.contains(wire.path.start) || reached.contains(wire.path.end) else { continue }
        reached.formUnion([wire.path.start, wire.path.end])
        (isTaken[index], isGrowing) = (true, true)
      }
    }
    return isTaken.allSatisfy { $0 }
  }
}
