import Drawing

/// A piece of a path, a line as the curve that it is, of which parts can be told apart from rooms exactly: by halves,
/// down to a hundredth of a point.
struct CubicPiece {
  private let (a, b, c, d): (Point, Point, Point, Point)

  private init(_ a: Point, _ b: Point, _ c: Point, _ d: Point) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  init(from start: Point, _ piece: WirePath.Piece) {
    switch piece {
    case .line(let end):
      let (dx, dy) = ((end.x - start.x) / 3, (end.y - start.y) / 3)
      self.init(
        start, Point(x: start.x + dx, y: start.y + dy), Point(x: end.x - dx, y: end.y - dy), end)
    case .curve(let first, let second, let end): self.init(start, first, second, end)
    }
  }

  /// The pieces of a path.
  static func pieces(of path: WirePath) -> [CubicPiece] {
    var from = path.start
    return path.pieces.map { piece in
      defer { from = piece.end }
      return CubicPiece(from: from, piece)
    }
  }

  /// A rectangle that the piece doesn't leave: that of its control points.
  var hull: Rectangle {
    let (x, y) = (
      min(min(a.x, b.x), min(c.x, d.x)), min(min(a.y, b.y), min(c.y, d.y))
    )
    return Rectangle(
      x: x, y: y, width: max(max(a.x, b.x), max(c.x, d.x)) - x,
      height: max(max(a.y, b.y), max(c.y, d.y)) - y)
  }

  /// Whether a place of the piece lies in the inside of a room.
  func enters(_ room: Rectangle) -> Bool {
    hasPlace(where: { room.surrounds($0) }, unless: { !$0.overlaps(room) })
  }

  /// Whether a place of the piece lies out of a room.
  func leaves(_ room: Rectangle) -> Bool {
    hasPlace(where: { !room.surrounds($0) }, unless: { room.contains($0) })
  }

  /// Whether a place of the piece is nearer to a point than that.
  func comes(within distance: Double, of point: Point) -> Bool {
    hasPlace(
      where: { Self.length($0.x - point.x, $0.y - point.y) < distance },
      unless: { $0.distance(to: point) >= distance })
  }

  /// Whether there is a place for which a condition holds; no part whose hull excludes it has one.
  private func hasPlace(
    where holds: (Point) -> Bool, unless isExcluded: (Rectangle) -> Bool
  ) -> Bool {
    var parts = [self]
    while let part = parts.popLast() {
      let hull = part.hull
      if isExcluded(hull) { continue }
      if holds(part.a) || holds(part.d) { return true }
      if max(hull.width, hull.height) > 0.01 { parts += part.halves }
    }
    return false
  }

  /// Source: de Casteljau's algorithm.
  private var halves: [CubicPiece] {
    func middle(_ p: Point, _ q: Point) -> Point { Point(x: (p.x + q.x) / 2, y: (p.y + q.y) / 2) }
    let (ab, bc, cd) = (middle(a, b), middle(b, c), middle(c, d))
    let (abc, bcd) = (middle(ab, bc), middle(bc, cd))
    let centre = middle(abc, bcd)
    return [CubicPiece(a, ab, abc, centre), CubicPiece(centre, bcd, cd, d)]
  }

  private static func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}

extension Rectangle {
  /// How far a point is away; zero in the rectangle.
  func distance(to point: Point) -> Double {
    let (dx, dy) = offset(of: point)
    return (dx * dx + dy * dy).squareRoot()
  }

  /// How far a point is away to the sides and above or below.
  func offset(of point: Point) -> (Double, Double) {
    (max(x - point.x, 0, point.x - maxX), max(y - point.y, 0, point.y - maxY))
  }
}
