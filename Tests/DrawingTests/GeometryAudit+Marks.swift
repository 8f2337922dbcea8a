import Drawing

/// Signs stand at what they are said of, apart from each other, from boxes, texts, and wires of others.
extension GeometryAudit {
  mutating func checkMarks() {
    let places = layout.marks.map(\.square)
    let grid = RectangleGrid(places)
    for (index, mark) in layout.marks.enumerated() {
      for other in grid.near(mark.square) where other > index && mark.overlaps(layout.marks[other])
      {
        note(.marksOverlap)
      }
      for box in boxGrid.near(mark.square)
      where !layout.boxes[box].shape.isFrame && mark.overlaps(layout.boxes[box].rectangle) {
        note(.markOnBox)
      }
      for room in roomGrid.near(mark.square) where mark.overlaps(rooms[room]) { note(.markOnLabel) }
      if !canvas.contains(mark.square) { note(.outsideCanvas) }
    }
    checkAnchors()
    checkPassing(grid)
  }

  /// Copies stand where wires end, back signs on their way, those of walls at ports of frames; and each such place
  /// has a sign, but where a wire turns. An end alone is a wire without ends, which `WiringAudit` counts.
  private mutating func checkAnchors() {
    let joints = jointSpots
    let ports = layout.boxes.filter { $0.shape == .lanes || $0.shape == .scan }
      .flatMap { $0.inputs + $0.outputs }
    let walls = Set(ports.map(Spot.init))
    let (atJoints, atWalls) = (marked([.copy, .end]), marked([.mapped, .shared, .state]))
    for mark in layout.marks {
      let isAnchored =
        switch mark.kind {
        case .copy: joints.contains(Spot(mark.center))
        case .end: true
        case .mapped, .shared, .state: walls.contains(Spot(mark.center))
        case .back:
          layout.feedback.contains { back in
            CubicPiece.pieces(of: back.path).contains { $0.comes(within: 0.5, of: mark.center) }
          }
        }
      if !isAnchored { note(.markOffWire) }
    }
    for spot in joints.subtracting(turnSpots) where !atJoints.contains(spot) { note(.noMark) }
    for spot in walls where !atWalls.contains(spot) { note(.noMark) }
    let backCount = layout.marks.count { $0.kind == .back }
    for _ in backCount..<max(backCount, layout.feedback.count) { note(.noMark) }
  }

  /// Where wires end that don't end at a port.
  var jointSpots: Set<Spot> {
    var spots: Set<Spot> = []
    for wire in layout.wires {
      if wire.from == .joint { spots.insert(Spot(wire.path.start)) }
      if wire.to == .joint { spots.insert(Spot(wire.path.end)) }
    }
    return spots
  }

  /// Where turns of wires begin and end: single curves between two joints on one height.
  private var turnSpots: Set<Spot> {
    var spots: Set<Spot> = []
    for wire in layout.wires where wire.from == .joint && wire.to == .joint {
      let (start, end) = (wire.path.start, wire.path.end)
      let isLevel = layout.direction == .down ? start.y == end.y : start.x == end.x
      guard wire.path.pieces.count == 1, case .curve? = wire.path.pieces.first, isLevel else {
        continue
      }
      spots.formUnion([Spot(start), Spot(end)])
    }
    return spots
  }

  private func marked(_ kinds: Set<DiagramLayout.Mark.Kind>) -> Set<Spot> {
    Set(layout.marks.filter { kinds.contains($0.kind) }.map { Spot($0.center) })
  }

  /// No wire runs through the sign of another.
  private mutating func checkPassing(_ grid: RectangleGrid) {
    for wire in layout.wires {
      for piece in CubicPiece.pieces(of: wire.path) {
        for index in grid.near(piece.hull) {
          let mark = layout.marks[index]
          let isOwn = mark.center.isNear(wire.path.start) || mark.center.isNear(wire.path.end)
          if !isOwn, piece.comes(within: mark.reach, of: mark.center) { note(.wireOnMark) }
        }
      }
    }
  }
}

/// A place to a tenth of a point.
struct Spot: Hashable {
  let (x, y): (Int, Int)
  init(_ point: Point) { (x, y) = (Int((point.x * 10).rounded()), Int((point.y * 10).rounded())) }
}

extension DiagramLayout.Mark {
  /// How far the sign reaches from its middle, with half of its line.
  fileprivate var reach: Double {
    switch kind {
    case .copy: 2.45
    case .end: 2.75
    case .mapped: 2.55
    case .shared: 3.35
    case .state: 4.55
    case .back: 3.45
    }
  }

  fileprivate var square: Rectangle {
    Rectangle(x: center.x - reach, y: center.y - reach, width: 2 * reach, height: 2 * reach)
  }

  /// Whether it overlaps another; triangles that lead states back are narrower than they are long.
  fileprivate func overlaps(_ other: DiagramLayout.Mark) -> Bool {
    let (dx, dy) = (abs(center.x - other.center.x), abs(center.y - other.center.y))
    guard kind != .state && other.kind != .state else { return dx + dy < reach + other.reach }
    return (dx * dx + dy * dy).squareRoot() < reach + other.reach
  }

  /// Whether it overlaps a rectangle. A diamond reaches as far as both coordinates together.
  fileprivate func overlaps(_ room: Rectangle) -> Bool {
    let (dx, dy) = room.offset(of: center)
    return kind == .state ? dx + dy < reach : room.distance(to: center) < reach
  }
}
