import DiagramIR
import Drawing

extension GeometryAudit {
  mutating func checkWires() {
    for wire in layout.wires {
      if let from = place(of: wire.from), !from.isNear(wire.path.start) { note(.wireOffPort) }
      if let to = place(of: wire.to), !to.isNear(wire.path.end) { note(.wireOffPort) }
      check(wire.path, in: wire.parent)
    }
  }

  /// States lead back from the wire that leaves the body to the one that enters it, within the frame.
  mutating func checkFeedback() {
    for back in layout.feedback {
      check(back.path, in: back.box)
      let ends: [(Point, DiagramLayout.Terminal)] = [
        (back.path.start, .exit(box: back.box, place: back.state)),
        (back.path.end, .entry(box: back.box, place: back.state)),
      ]
      for (end, terminal) in ends {
        let isAtWire = layout.wires.contains { wire in
          (wire.from == terminal || wire.to == terminal)
            && CubicPiece.pieces(of: wire.path).contains { $0.comes(within: 0.5, of: end) }
        }
        if !isAtWire { note(.feedbackOffWire) }
      }
    }
  }

  /// A path runs through no box but the frames around it, on no label, and stays in its frame and on the canvas.
  private mutating func check(_ path: WirePath, in parent: Int?) {
    let around = parent.map { lineage[$0] } ?? []
    let frame = parent.map { layout.boxes[$0].rectangle.inset(by: -0.01) } ?? canvas
    var (leavesFrame, leavesCanvas) = (false, false)
    for piece in CubicPiece.pieces(of: path) {
      let hull = piece.hull
      for index in boxGrid.near(hull) where !around.contains(index) {
        if piece.enters(insides[index]) { note(.wireCrossesBox) }
      }
      for index in roomGrid.near(hull) where piece.enters(rooms[index]) { note(.wireOnLabel) }
      leavesFrame = leavesFrame || (parent != nil && piece.leaves(frame))
      leavesCanvas = leavesCanvas || piece.leaves(canvas)
    }
    if leavesFrame { note(.wireLeavesFrame) }
    if leavesCanvas { note(.outsideCanvas) }
  }

  /// Where the layout has the port that a wire's end names.
  private func place(of terminal: DiagramLayout.Terminal) -> Point? {
    switch terminal {
    case .input(let box, let place), .entry(let box, let place):
      layout.boxes[box].inputs[place]
    case .output(let box, let place), .exit(let box, let place):
      layout.boxes[box].outputs[place]
    case .domain, .codomain, .joint: nil
    }
  }
}

extension Point {
  /// Whether two places are the same but for rounding.
  func isNear(_ other: Point) -> Bool { max(abs(x - other.x), abs(y - other.y)) <= 0.01 }
}
