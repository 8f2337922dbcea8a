import DiagramIR

/// What boxes are called in words: by what they do and the wire that they make, or help to make.
struct BoxNames {
  private let diagram: Diagram
  private let regions: [RegionID]

  init(_ function: TensorDiagram) {
    diagram = function.diagram
    regions = function.diagram.regionsOfBoxes()
  }

  /// The boxes in order, those of the same words once: `mul`, `linear 'query'`, `sum of 'total'`.
  func words(_ boxes: [BoxID]) -> [String] {
    var words: [String] = []
    for name in boxes.map({ self.words($0) }) where !words.contains(name) { words.append(name) }
    return words
  }

  /// The wire that boxes make, or what they are where it has no name.
  func wire(_ boxes: [BoxID]) -> String {
    guard let last = boxes.last else { return "" }
    let wire = wire(last)
    return wire.isEmpty ? what(last) : wire
  }

  private func what(_ box: BoxID) -> String {
    let operation = diagram.operation(of: box)
    if case .box(let symbol) = operation { return symbol.name }
    return operation.words
  }

  private func words(_ box: BoxID) -> String {
    let wire = wire(box)
    return wire.isEmpty ? what(box) : "\(what(box)) of '\(wire)'"
  }

  /// The name of a result of the box, or of what it becomes outside of the lanes around it.
  private func wire(_ box: BoxID) -> String {
    for output in diagram.outputs(of: box) {
      var (wire, box) = (output, box)
      while diagram.name(of: wire).isEmpty {
        let region = regions[box.index]
        guard let owner = diagram.owner(of: region),
          let outer = zip(diagram.codomain(of: region), diagram.outputs(of: owner))
            .first(where: { $0.0 == wire })
        else { break }
        (wire, box) = (outer.1, owner)
      }
      if !diagram.name(of: wire).isEmpty { return diagram.name(of: wire) }
    }
    return ""
  }
}
