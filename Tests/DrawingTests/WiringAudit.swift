import DiagramIR
import Drawing

/// Whether the wires of a layout join what the wires of the diagram join.
struct WiringAudit {
  /// How many wires of the diagram are drawn between other ports.
  private(set) var wrongEnds = 0
  /// How many are drawn in several parts that don't meet.
  private(set) var tornWires = 0
  /// How many dots more, or fewer, stand alone than there are wires without ends.
  private(set) var looseDots = 0

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
    let ends = Set(layout.wires.flatMap { [Spot($0.path.start), Spot($0.path.end)] })
    looseDots += layout.marks.count { $0.kind == .end && !ends.contains(Spot($0.center)) }
    looseDots -= Self.looseWires(diagram)
  }

  /// How many wires have no ends.
  private static func looseWires(_ diagram: Diagram) -> Int {
    var isUsed = Array(repeating: false, count: diagram.wireCount)
    for region in (0..<diagram.regionCount).map({ RegionID($0) }) {
      for wire in diagram.domain(of: region) { isUsed[wire.index] = true }
      for wire in diagram.codomain(of: region) { isUsed[wire.index] = true }
    }
    for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
      for wire in diagram.inputs(of: box) { isUsed[wire.index] = true }
      for wire in diagram.outputs(of: box) { isUsed[wire.index] = true }
    }
    return isUsed.count { !$0 }
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

extension DiagramLayout {
  /// How many ports of lanes and scans have another sign than what they are: a state, mapped, or shared.
  func wrongSigns(of diagram: Diagram) -> Int {
    let signs = Dictionary(
      marks.map { ($0.center, $0.kind) }, uniquingKeysWith: { first, _ in first })
    return boxes.filter { $0.shape == .lanes || $0.shape == .scan }.reduce(0) { count, box in
      guard let operation = box.sources.last.map({ diagram.operation(of: $0) }) else {
        return count
      }
      let (states, mapped) = (operation.stateCount, operation.mappedCount)
      let inputs = box.inputs.enumerated().count { place, port in
        let kind: Mark.Kind =
          place < states ? .state : place < states + mapped ? .mapped : .shared
        return signs[port] != kind
      }
      return count + inputs
        + box.outputs.enumerated().count { signs[$1] != ($0 < states ? .state : .mapped) }
    }
  }
}
