import DiagramIR

extension RewriteChange.Part {
  /// Boxes with the wires between them.
  ///
  /// - Parameters:
  ///   - joining: further wires whose ends at the boxes belong to the part.
  ///   - whole: further wires that belong to it as a whole.
  /// - Complexity: linear in the diagram.
  init(_ boxes: Set<BoxID>, in diagram: Diagram, joining: Set<WireID>, whole: Set<WireID>) {
    let wires = diagram.wires(between: boxes).union(whole)
    var ports: Set<RewriteChange.Port> = []
    for box in boxes.sorted() {
      for (place, wire) in diagram.inputs(of: box).enumerated()
      where joining.contains(wire) && !wires.contains(wire) {
        ports.insert(.init(box: box, isOutput: false, place: place))
      }
      for (place, wire) in diagram.outputs(of: box).enumerated()
      where joining.contains(wire) && !wires.contains(wire) {
        ports.insert(.init(box: box, isOutput: true, place: place))
      }
    }
    (self.boxes, self.wires, self.ports) = (boxes, wires, ports)
  }
}

extension Diagram {
  /// The wires all of whose ends are at these boxes.
  fileprivate func wires(between boxes: Set<BoxID>) -> Set<WireID> {
    var (isInside, isOutside) = (
      Array(repeating: false, count: wireCount), Array(repeating: false, count: wireCount)
    )
    func mark(_ wires: ArraySlice<WireID>, _ isOwn: Bool) {
      for wire in wires {
        if isOwn { isInside[wire.index] = true } else { isOutside[wire.index] = true }
      }
    }
    mark(domain[...], false)
    mark(codomain[...], false)
    for box in (0..<boxCount).map({ BoxID($0) }) {
      let isOwn = boxes.contains(box)
      mark(inputs(of: box), isOwn)
      mark(outputs(of: box), isOwn)
      guard let body = body(of: box) else { continue }
      mark(domain(of: body)[...], isOwn)
      mark(codomain(of: body)[...], isOwn)
    }
    return Set((0..<wireCount).filter { isInside[$0] && !isOutside[$0] }.map { WireID($0) })
  }

  /// The wires of one side of a rule that are more than an end of a box: they join boxes, or are copied.
  ///
  /// - Parameters:
  ///   - taken: the places of the domain that count.
  ///   - redirected: the places of the codomain that count.
  func joiningWires(taken: [Int], redirected: [Int]) -> [WireID] {
    var (atBoxes, outside) = (
      Array(repeating: 0, count: wireCount), Array(repeating: 0, count: wireCount)
    )
    for box in boxes(in: root) {
      for wire in inputs(of: box) { atBoxes[wire.index] += 1 }
      for wire in outputs(of: box) { atBoxes[wire.index] += 1 }
    }
    let (domain, codomain) = (Array(domain), Array(codomain))
    for place in taken { outside[domain[place].index] += 1 }
    for place in redirected { outside[codomain[place].index] += 1 }
    return wires(in: root).filter {
      atBoxes[$0.index] > 1 || atBoxes[$0.index] == 1 && outside[$0.index] > 1
    }
  }
}
