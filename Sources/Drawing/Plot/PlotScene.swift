/// What a plot is drawn of: shapes, and texts whose room is known.
package struct PlotScene {
  /// A line of text.
  package struct Label {
    /// Where a text stands to its point.
    package enum Anchor: String {
      case start, middle, end
    }

    var x: Double
    /// The line that letters stand on.
    var y: Double
    var anchor = Anchor.start
    var size = 11.0
    var isBold = false
    let text: String

    /// The room that the text takes at most: its left, top, right and bottom.
    package var box: (left: Double, top: Double, right: Double, bottom: Double) {
      let width = PlotScene.width(of: text, size: size)
      let left: Double
      switch anchor {
      case .start: left = x
      case .middle: left = x - width / 2
      case .end: left = x - width
      }
      return (left, y - 0.8 * size, left + width, y + 0.25 * size)
    }
  }

  package private(set) var width: Double
  package private(set) var height: Double
  package private(set) var labels: [Label] = []
  private var shapes: [String] = []

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// How wide a text is in a wide sans-serif face.
  static func width(of text: String, size: Double) -> Double {
    TextMetrics.width(text, size: size)
  }

  mutating func add(_ label: Label) { labels.append(label) }

  /// Adds a straight line.
  mutating func line(
    _ from: (Double, Double), _ to: (Double, Double), _ attributes: String
  ) {
    shapes.append(
      "<path d=\"M\(number(from.0)) \(number(from.1))L\(number(to.0)) \(number(to.1))\" \(attributes)/>"
    )
  }

  /// Adds a line through points.
  mutating func polyline(_ points: [(Double, Double)], _ attributes: String) {
    let path = points.map { "\(number($0.0)) \(number($0.1))" }.joined(separator: "L")
    shapes.append("<path d=\"M\(path)\" fill=\"none\" \(attributes)/>")
  }

  /// Adds a rectangle.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ attributes: String
  ) {
    shapes.append(
      "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0)))\""
        + " height=\"\(number(max(height, 0)))\" \(attributes)/>")
  }

  /// Adds the mark of a series at a point.
  mutating func mark(_ x: Double, _ y: Double, of series: Int) {
    shapes.append(PlotStyle.mark(x, y, series))
  }

  /// The picture as an SVG document, on white.
  func svg(title: String) -> String {
    let size = "\(number(width)) \(number(height))"
    let title = MarkupText.escaped(title)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" viewBox="0 0 \(size)" \
      role="img" aria-label="\(title)" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">
      <title>\(title)</title>
      \(PlotStyle.patterns)
      <rect width="100%" height="100%" fill="#ffffff"/>
      \((shapes + labels.map(text)).joined(separator: "\n"))
      </svg>

      """
  }

  private func text(_ label: Label) -> String {
    let weight = label.isBold ? " font-weight=\"bold\"" : ""
    return "<text x=\"\(number(label.x))\" y=\"\(number(label.y))\""
      + " text-anchor=\"\(label.anchor.rawValue)\" font-size=\"\(number(label.size))\"\(weight)"
      + " fill=\"#1c2230\">\(MarkupText.escaped(label.text))</text>"
  }

  private func number(_ value: Double) -> String { PageText.number(value) }
}

/// How series are told apart, in black and white too: by their marks, their dashes, and what bars are filled with.
enum PlotStyle {
  private static let colours = ["#1f4e8c", "#b3471d", "#2e7d4f", "#6b4c9a", "#8a6d1a", "#444444"]
  private static let dashes = ["", "7 3", "2 3", "8 3 2 3", "4 2", "12 4"]

  static func stroke(_ series: Int) -> String {
    let dash = dashes[series % dashes.count]
    return "stroke=\"\(colours[series % colours.count])\" stroke-width=\"1.7\""
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
  }

  static func fill(_ series: Int) -> String {
    let colour = colours[series % colours.count]
    let fill = series == 0 ? colour : "url(#p\(series % colours.count))"
    return "fill=\"\(fill)\" stroke=\"\(colour)\" stroke-width=\"1\""
  }

  /// Hatchings, one for each colour.
  static var patterns: String {
    let lines = [
      "", "M0 6L6 0", "M0 0L6 6", "M3 0V6", "M0 3H6", "M0 6L6 0M0 0L6 6",
    ]
    let patterns = zip(colours, lines).enumerated().dropFirst().map { series, style in
      "<pattern id=\"p\(series)\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        + "<rect width=\"6\" height=\"6\" fill=\"#ffffff\"/>"
        + "<path d=\"\(style.1)\" stroke=\"\(style.0)\" stroke-width=\"1.2\"/></pattern>"
    }
    return "<defs>" + patterns.joined() + "</defs>"
  }

  static func mark(_ x: Double, _ y: Double, _ series: Int) -> String {
    let colour = colours[series % colours.count]
    let fill = series % 2 == 0 ? colour : "#ffffff"
    let shapes = [
      "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z", "m-3.2 -3.2h6.4v6.4h-6.4z",
      "m0 -4.2l4 7h-8z", "m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4z", "m0 4.2l-4 -7h8z",
      "m-3.5 -3.5l7 7m0 -7l-7 7",
    ]
    let start = "M\(PageText.number(x)) \(PageText.number(y))"
    return "<path d=\"\(start)\(shapes[series % shapes.count])\" fill=\"\(fill)\""
      + " stroke=\"\(colour)\" stroke-width=\"1.3\"/>"
  }
}
