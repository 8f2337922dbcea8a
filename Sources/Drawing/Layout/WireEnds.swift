/// Where the wires of a level begin and end.
struct WireEnds {
  let level: LevelLayout
  let origin: Point
  let owner: Int?
  let firstBox: Int
  private let frame: (top: Double, bottom: Double)

  init(_ level: LevelLayout, _ origin: Point, owner: Int?, firstBox: Int, frame: (Double, Double)) {
    (self.level, self.origin, self.owner, self.firstBox) = (level, origin, owner, firstBox)
    self.frame = frame
  }

  func start(
    of edge: LayeredGraph.Edge
  ) -> (point: Point, terminal: DiagramLayout.Terminal) {
    let node = level.graph.nodes[Int(edge.from)]
    let x =
      origin.x + level.positions[Int(edge.from)]
      + level.graph.offsets[Int(node.firstOutput + edge.fromPort)]
    let extent = level.extent(of: edge.from)
    switch level.contents[Int(edge.from)] {
    case .box(let place):
      return (
        Point(x: x, y: origin.y + extent.start + level.boxes[place].along),
        .output(box: firstBox + place, place: Int(edge.fromPort))
      )
    case .domain(let place):
      if let owner { return (Point(x: x, y: frame.top), .entry(box: owner, place: place)) }
      return (Point(x: x, y: origin.y + extent.end), .domain(place))
    case .turn: return (Point(x: x, y: origin.y + extent.end), .joint)
    default: return (Point(x: x, y: origin.y + extent.start), .joint)
    }
  }

  func end(of edge: LayeredGraph.Edge) -> (point: Point, terminal: DiagramLayout.Terminal) {
    let node = level.graph.nodes[Int(edge.to)]
    let x =
      origin.x + level.positions[Int(edge.to)]
      + level.graph.offsets[Int(node.firstInput + edge.toPort)]
    let extent = level.extent(of: edge.to)
    switch level.contents[Int(edge.to)] {
    case .box(let place):
      return (
        Point(x: x, y: origin.y + extent.start),
        .input(box: firstBox + place, place: Int(edge.toPort))
      )
    case .codomain(let place):
      if let owner { return (Point(x: x, y: frame.bottom), .exit(box: owner, place: place)) }
      return (Point(x: x, y: origin.y + extent.start), .codomain(place))
    default: return (Point(x: x, y: origin.y + extent.start), .joint)
    }
  }
}
