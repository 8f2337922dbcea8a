/// A place in a picture: x to the right, y down, in points.
public struct Point: Hashable, Sendable {
  /// To the right.
  public var x: Double
  /// Down.
  public var y: Double

  /// A place.
  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

  /// The place mirrored at the diagonal.
  var transposed: Point { Point(x: y, y: x) }

  /// The place moved.
  func moved(_ dx: Double, _ dy: Double) -> Point { Point(x: x + dx, y: y + dy) }
}

/// A rectangle with sides along the axes.
public struct Rectangle: Hashable, Sendable {
  /// The left side.
  public var x: Double
  /// The upper side.
  public var y: Double
  /// How far it reaches to the right.
  public var width: Double
  /// How far it reaches down.
  public var height: Double

  /// A rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// The right side.
  public var maxX: Double { x + width }
  /// The lower side.
  public var maxY: Double { y + height }
  /// The middle.
  public var center: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// Whether the insides have a place in common.
  public func overlaps(_ other: Rectangle) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }

  /// Whether the other rectangle lies in this one.
  public func contains(_ other: Rectangle) -> Bool {
    x <= other.x && y <= other.y && other.maxX <= maxX && other.maxY <= maxY
  }

  /// Whether a place lies in the inside.
  public func surrounds(_ point: Point) -> Bool {
    x < point.x && point.x < maxX && y < point.y && point.y < maxY
  }

  /// The rectangle with all sides moved inwards; outwards for a negative distance.
  public func inset(by distance: Double) -> Rectangle {
    Rectangle(
      x: x + distance, y: y + distance, width: width - 2 * distance, height: height - 2 * distance)
  }

  /// The rectangle mirrored at the diagonal.
  var transposed: Rectangle { Rectangle(x: y, y: x, width: height, height: width) }
}

/// A path of straight lines and cubic curves.
public struct WirePath: Hashable, Sendable {
  /// One part of a path; it begins where the one before ends.
  public enum Piece: Hashable, Sendable {
    /// A straight line to a place.
    case line(Point)
    /// A cubic Bézier curve: two control points and its end.
    case curve(Point, Point, Point)

    /// Where the piece ends.
    public var end: Point {
      switch self {
      case .line(let end), .curve(_, _, let end): end
      }
    }

    var transposed: Piece {
      switch self {
      case .line(let end): .line(end.transposed)
      case .curve(let first, let second, let end):
        .curve(first.transposed, second.transposed, end.transposed)
      }
    }
  }

  /// Where the path begins.
  public var start: Point
  /// Its pieces in order.
  public private(set) var pieces: [Piece] = []

  /// A path of no length.
  public init(start: Point, pieces: [Piece] = []) { (self.start, self.pieces) = (start, pieces) }

  /// Where the path ends.
  public var end: Point { pieces.last?.end ?? start }

  /// Goes straight to a place; a line in the same direction as the one before prolongs it.
  mutating func line(to point: Point) {
    guard point != end else { return }
    if case .line(let corner)? = pieces.last {
      let before = pieces.count > 1 ? pieces[pieces.count - 2].end : start
      if Self.isLine(before.x, corner.x, point.x) || Self.isLine(before.y, corner.y, point.y) {
        pieces.removeLast()
      }
    }
    pieces.append(.line(point))
  }

  private static func isLine(_ first: Double, _ second: Double, _ third: Double) -> Bool {
    abs(first - second) < 0.001 && abs(second - third) < 0.001
  }

  /// Goes down to a place in a curve that begins and ends downwards; straight where the place is right below.
  mutating func bend(to point: Point) {
    guard abs(point.x - end.x) > 0.01 else {
      line(to: point)
      return
    }
    let middle = (end.y + point.y) / 2
    pieces.append(.curve(Point(x: end.x, y: middle), Point(x: point.x, y: middle), point))
  }

  /// Goes in a curve with these control points.
  mutating func curve(_ first: Point, _ second: Point, to point: Point) {
    pieces.append(.curve(first, second, point))
  }

  var transposed: WirePath {
    WirePath(start: start.transposed, pieces: pieces.map(\.transposed))
  }

  /// Places along the path: its ends, and `count` in each curve and each line.
  public func samples(_ count: Int) -> [Point] {
    var (points, from) = ([start], start)
    for piece in pieces {
      for step in 1...max(1, count) {
        points.append(piece.point(from: from, at: Double(step) / Double(max(1, count))))
      }
      from = piece.end
    }
    return points
  }
}

extension WirePath.Piece {
  /// The place at a part of the way, from 0 to 1.
  fileprivate func point(from start: Point, at part: Double) -> Point {
    let rest = 1 - part
    switch self {
    case .line(let end):
      return Point(x: rest * start.x + part * end.x, y: rest * start.y + part * end.y)
    case .curve(let first, let second, let end):
      let weights = (
        rest * rest * rest, 3 * rest * rest * part, 3 * rest * part * part, part * part * part
      )
      return Point(
        x: weights.0 * start.x + weights.1 * first.x + weights.2 * second.x + weights.3 * end.x,
        y: weights.0 * start.y + weights.1 * first.y + weights.2 * second.y + weights.3 * end.y)
    }
  }
}
