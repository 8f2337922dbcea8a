/// Writes layouts as SVG: string diagrams for papers and pages.
///
/// SIMD boxes are thick rounded tubes with their axis in the corner, scan boxes have the ways of their states
/// drawn in dashes; mapped wires enter through filled dots, shared wires through open circles, states through
/// diamonds. Learned boxes are filled dark, as in the figures of *On the Anatomy of Attention*: `learn` as
/// rectangles, `linear` as trapezoids, `state` with a pointed top; numbers and sizes are pointed and white. Diagrams
/// used as boxes have a double border. Everything can be told apart in black and white, and stands on a white
/// ground of its own, so that it is legible on a dark page.
///
/// The text is well-formed XML without scripts, styles or references to other files; all names are escaped. The same
/// layout gives the same bytes.
public struct SVGDrawing: Sendable {
  /// What is set off, if anything.
  public var tint: PictureTint?

  /// A way of drawing.
  public init(tint: PictureTint? = nil) { self.tint = tint }

  /// The picture as a file.
  public func draw(_ layout: DiagramLayout, title: String) -> String {
    Self.file(
      width: layout.width, height: layout.height, title: title, content: content(layout))
  }

  /// A file of this size around its content.
  static func file(width: Double, height: Double, title: String, content: String) -> String {
    let (width, height) = (SVGText.number(width), SVGText.number(height))
    let title = MarkupText.escaped(title)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title)" \
      font-family="Helvetica, Arial, sans-serif">
      <title>\(title)</title>
      <rect width="\(width)" height="\(height)" rx="4" fill="#fff"/>
      \(content)</svg>

      """
  }

  /// The elements of the picture, to stand in a larger one.
  func content(_ layout: DiagramLayout) -> String {
    tints(layout) + frames(layout) + wires(layout) + boxes(layout) + marks(layout) + texts(layout)
  }

  private static func group(_ attributes: String, _ elements: [String]) -> String {
    guard !elements.isEmpty else { return "" }
    return "<g \(attributes)>\n\(elements.joined(separator: "\n"))\n</g>\n"
  }

  static func rectangle(_ box: Rectangle, _ attributes: String = "") -> String {
    "<rect x=\"\(SVGText.number(box.x))\" y=\"\(SVGText.number(box.y))\" "
      + "width=\"\(SVGText.number(box.width))\" height=\"\(SVGText.number(box.height))\"\(attributes)/>"
  }

  // MARK: Behind everything

  private func tints(_ layout: DiagramLayout) -> String {
    guard let tint else { return "" }
    var isInside: [Bool] = []
    var boxes: [String] = []
    for box in layout.boxes {
      let isTinted = box.sources.contains { tint.boxes.contains($0) }
      let isCovered = box.parent.map { isInside[$0] } ?? false
      isInside.append(isTinted || isCovered)
      if isTinted && !isCovered {
        boxes.append(Self.rectangle(box.rectangle.inset(by: -4), " rx=\"6\""))
      }
    }
    let wires = layout.wires.filter { wire in
      tint.covers(wire, of: layout) && !(wire.parent.map { isInside[$0] } ?? false)
    }
    .map { "<path d=\"\(SVGText.data($0.path))\"/>" }
    let color = tint.role.color
    return Self.group(
      "fill=\"none\" stroke=\"\(color)\" stroke-width=\"7\" stroke-linecap=\"round\"", wires)
      + Self.group("fill=\"\(color)\" stroke=\"\(tint.role.edge)\" stroke-width=\"0.8\"", boxes)
  }

  // MARK: Frames

  private func frames(_ layout: DiagramLayout) -> String {
    var elements: [String] = []
    for box in layout.boxes where box.shape.isFrame {
      let isTinted = box.sources.contains { tint?.boxes.contains($0) ?? false }
      let tube = isTinted ? (tint?.role.edge ?? "#666") : "#666"
      if box.shape == .unfolded {
        elements.append(
          Self.rectangle(
            box.rectangle,
            " rx=\"2\" stroke=\"\(tube)\" stroke-width=\"0.9\" stroke-dasharray=\"5 2.5\""))
      } else {
        elements.append(
          Self.rectangle(box.rectangle, " rx=\"9\" stroke=\"\(tube)\" stroke-width=\"4.2\""))
        elements.append(
          Self.rectangle(box.rectangle, " rx=\"9\" stroke=\"#e4e4e4\" stroke-width=\"2\""))
      }
    }
    return Self.group("fill=\"none\"", elements)
  }

  // MARK: Wires

  private func wires(_ layout: DiagramLayout) -> String {
    let paths = layout.wires.map { "<path d=\"\(SVGText.data($0.path))\"/>" }
    let back = layout.feedback.map { "<path d=\"\(SVGText.data($0.path))\"/>" }
    return Self.group(
      "fill=\"none\" stroke=\"#222\" stroke-width=\"1.1\" stroke-linecap=\"round\"", paths)
      + Self.group(
        "fill=\"none\" stroke=\"#222\" stroke-width=\"1.1\" stroke-dasharray=\"3 2\"", back)
  }

  // MARK: Boxes

  private func boxes(_ layout: DiagramLayout) -> String {
    var (light, dark): ([String], [String]) = ([], [])
    for box in layout.boxes where !box.shape.isFrame {
      if let corners = box.shape.outline(box.rectangle, layout.direction) {
        let points = corners.map(SVGText.point).joined(separator: " ")
        let element = "<polygon points=\"\(points)\"/>"
        if box.shape.isLearned { dark.append(element) } else { light.append(element) }
      } else if box.shape == .learn {
        dark.append(Self.rectangle(box.rectangle))
      } else {
        light.append(Self.rectangle(box.rectangle, " rx=\"2\""))
        if box.shape == .use {
          light.append(
            Self.rectangle(box.rectangle.inset(by: 2.4), " rx=\"1\" stroke-width=\"0.6\""))
        }
      }
    }
    return Self.group("fill=\"#fff\" stroke=\"#222\" stroke-width=\"1\"", light)
      + Self.group("fill=\"#1b1b1b\" stroke=\"#1b1b1b\" stroke-linejoin=\"round\"", dark)
  }

  // MARK: Signs

  private func marks(_ layout: DiagramLayout) -> String {
    Self.group(
      "fill=\"#222\" stroke=\"#222\" stroke-width=\"1.1\"",
      layout.marks.map { Self.mark($0, layout.direction) })
  }

  private static func mark(
    _ mark: DiagramLayout.Mark, _ direction: PictureDirection
  ) -> String {
    let (x, y) = (SVGText.number(mark.center.x), SVGText.number(mark.center.y))
    switch mark.kind {
    case .copy: return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"1.9\"/>"
    case .end: return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"2.2\"/>"
    case .mapped: return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"2\"/>"
    case .shared: return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"2.8\" fill=\"#fff\"/>"
    case .state:
      return polygon(mark.center, [(0, -4), (4, 0), (0, 4), (-4, 0)], isTransposed: false)
    case .back:
      return polygon(
        mark.center, [(0, -3.5), (3, 2.5), (-3, 2.5)], isTransposed: direction == .right)
    }
  }

  /// A polygon with corners relative to its middle.
  private static func polygon(
    _ center: Point, _ corners: [(Double, Double)], isTransposed: Bool
  ) -> String {
    let points = corners.map {
      SVGText.point(center.moved(isTransposed ? $0.1 : $0.0, isTransposed ? $0.0 : $0.1))
    }
    return "<polygon points=\"\(points.joined(separator: " "))\"/>"
  }

  // MARK: Texts

  private func texts(_ layout: DiagramLayout) -> String {
    var (dark, light, middle, start): ([String], [String], [String], [String]) = ([], [], [], [])
    for box in layout.boxes {
      let elements = box.lines.map { Self.text($0, isCentred: true) }
      if box.shape.isLearned { light += elements } else { dark += elements }
    }
    for label in layout.labels {
      if label.role == .end {
        middle.append(Self.text(label, isCentred: true))
      } else {
        start.append(Self.text(label, isCentred: false))
      }
    }
    return Self.group("fill=\"#111\" text-anchor=\"middle\"", dark + middle)
      + Self.group("fill=\"#fff\" text-anchor=\"middle\"", light)
      + Self.group("fill=\"#444\"", start)
  }

  static func text(_ text: DiagramLayout.Text, isCentred: Bool) -> String {
    let box = text.rectangle
    let x = SVGText.number(isCentred ? box.center.x : box.x)
    let y = SVGText.number(box.y + text.size * 0.94)
    let style = text.role == .corner ? " font-weight=\"bold\"" : ""
    return
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(SVGText.number(text.size))\"\(style)>"
      + "\(MarkupText.escaped(text.text))</text>"
  }
}

extension PictureTint.Role {
  /// The ground.
  var color: String { self == .before ? "#ffd9a0" : "#bfe3c0" }
  /// The border of the ground.
  var edge: String { self == .before ? "#b36b00" : "#2c7a36" }
}
