/// The lexical side of SVG.
enum SVGText {
  /// A number with at most two digits behind the point.
  static func number(_ value: Double) -> String { DecimalText.text(value, digits: 2) }

  /// A place as `x,y`.
  static func point(_ point: Point) -> String { "\(number(point.x)),\(number(point.y))" }

  /// The data of a path.
  static func data(_ path: WirePath) -> String {
    var text = "M\(point(path.start))"
    for piece in path.pieces {
      switch piece {
      case .line(let end): text += "L\(point(end))"
      case .curve(let first, let second, let end):
        text += "C\(point(first)) \(point(second)) \(point(end))"
      }
    }
    return text
  }
}
