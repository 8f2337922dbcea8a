import DiagramIR

extension Rewrite {
  /// The matched boxes that disappear: all, except in `cartesian` those that something still consumes.
  func removedBoxes(_ match: Match, _ index: DiagramIndex) -> [BoxID] {
    let source = pattern.diagram
    let images = source.boxes(in: source.root).map { match.boxes[$0.index] }
    let matched = Set(images)
    let ordered = matched.sorted()
    guard source.doctrine == .cartesian else { return ordered }
    let (taken, redirected) = (Set(inputs(match)), Set(outputs(match)))
    let keepsWire = { (wire: WireID) in
      if taken.contains(wire) { return true }
      if redirected.contains(wire) { return false }
      return index.codomainCount[wire.index] > 0
        || index.consumers(of: wire).contains { !matched.contains($0.box) }
    }
    var pending = ordered.filter { index.diagram.outputs(of: $0).contains(where: keepsWire) }
    var kept = Set(pending)
    while let box = pending.popLast() {
      for wire in index.diagram.inputs(of: box) where !redirected.contains(wire) {
        for port in index.producers(of: wire)
        where matched.contains(port.box) && kept.insert(port.box).inserted {
          pending.append(port.box)
        }
      }
    }
    return ordered.filter { !kept.contains($0) }
  }
}
