/// Writes layouts as TikZ pictures, for papers.
///
/// The text is one `tikzpicture` that compiles in a document with `\usepackage{tikz}` and nothing else, and that
/// tikzit opens: nodes with style names on `nodelayer`, edges between nodes on `edgelayer`. Styles stand in the
/// picture's options, so that a document can give others by the same names. One unit is 32 points of the layout.
///
/// The same layout gives the same bytes.
public struct TikZDrawing: Sendable {
  /// A way of drawing.
  public init() {}

  /// The picture, with its title in a comment.
  public func draw(_ layout: DiagramLayout, title: String) -> String {
    var picture = TikZPicture(layout)
    picture.add()
    let options = TikZStyles.options(layout.direction).joined(separator: ",\n\t")
    return """
      % \(TikZText.escaped(title))
      \\begin{tikzpicture}[
      \t\(options)]
      \t\\begin{pgfonlayer}{nodelayer}
      \(picture.nodes.map { "\t\t\($0)\n" }.joined())\t\\end{pgfonlayer}
      \t\\begin{pgfonlayer}{edgelayer}
      \(picture.edges.map { "\t\t\($0)\n" }.joined())\t\\end{pgfonlayer}
      \\end{tikzpicture}

      """
  }
}

/// The nodes and edges of a picture.
private struct TikZPicture {
  private(set) var nodes: [String] = []
  private(set) var edges: [String] = []
  private let layout: DiagramLayout
  private var vertices: [String: Int] = [:]
  private var marks: [String: String] = [:]

  init(_ layout: DiagramLayout) { self.layout = layout }

  mutating func add() {
    for mark in layout.marks where mark.kind != .back {
      marks[TikZText.coordinates(mark.center)] = mark.kind.style
    }
    for box in layout.boxes where box.shape.isFrame { add(box, text: "") }
    for box in layout.boxes where !box.shape.isFrame { add(box, text: text(in: box)) }
    for label in layout.labels { add(label) }
    for mark in layout.marks where mark.kind == .back {
      addNode("style=arrow", at: TikZText.coordinates(mark.center), "")
    }
    for wire in layout.wires { add(wire.path, style: "wire") }
    for back in layout.feedback { add(back.path, style: "feedback") }
    for mark in layout.marks where mark.kind != .back { _ = vertex(mark.center) }
  }

  // MARK: Nodes

  private mutating func addNode(_ options: String, at place: String, _ text: String) {
    nodes.append("\\node [\(options)] (\(nodes.count)) at \(place) {\(text)};")
  }

  private mutating func add(_ box: DiagramLayout.Box, text: String) {
    let size =
      "minimum width=\(TikZText.length(box.rectangle.width)), "
      + "minimum height=\(TikZText.length(box.rectangle.height))"
    addNode(
      "style=\(box.shape.rawValue), \(size)", at: TikZText.coordinates(box.rectangle.center), text)
  }

  /// The lines of a box, one below the other; the style has the first one keep clear of a pointed end.
  private func text(in box: DiagramLayout.Box) -> String {
    let isBeside = layout.direction == .right && box.shape.roof > 0
    let lines = box.lines.enumerated().map { place, line in
      let text = TikZText.escaped(line.text)
      let sized = line.role == .note ? "\\fontsize{7}{8}\\selectfont \(text)" : text
      return isBeside && place > 0 ? TikZStyles.roofRoom(box.shape) + sized : sized
    }
    return lines.joined(separator: "\\\\")
  }

  private mutating func add(_ label: DiagramLayout.Text) {
    let (room, text) = (label.rectangle, TikZText.escaped(label.text))
    guard !text.isEmpty else { return }
    let place =
      label.role == .end
      ? room.center : Point(x: room.x, y: room.center.y)
    let style = label.role == .wire ? "type" : label.role.rawValue
    addNode("style=\(style)", at: TikZText.coordinates(place), text)
  }

  /// The node at a place where wires begin, end or change their direction: a sign, or nothing.
  private mutating func vertex(_ place: Point) -> Int {
    let coordinates = TikZText.coordinates(place)
    if let known = vertices[coordinates] { return known }
    vertices[coordinates] = nodes.count
    addNode("style=\(marks[coordinates] ?? "none")", at: coordinates, "")
    return nodes.count - 1
  }

  // MARK: Edges

  private mutating func add(_ path: WirePath, style: String) {
    var (from, start) = (vertex(path.start), path.start)
    for piece in path.pieces {
      let to = vertex(piece.end)
      // An edge without length would be a loop for tikzit, which drops it.
      guard to != from else { continue }
      var options = "style=\(style)"
      if case .curve(let first, let second, let end) = piece {
        options += ", \(Self.bend(start, first, second, end))"
      }
      edges.append("\\draw [\(options)] (\(from).center) to (\(to).center);")
      (from, start) = (to, piece.end)
    }
  }

  /// The angles of a curve and how far its control points are.
  private static func bend(
    _ start: Point, _ first: Point, _ second: Point, _ end: Point
  ) -> String {
    let reach = max(abs(first.x - start.x), abs(first.y - start.y))
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let distance = (dx * dx + dy * dy).squareRoot()
    let looseness = distance > 0 ? reach / (0.3915 * distance) : 1
    return "in=\(angle(from: end, to: second)), out=\(angle(from: start, to: first)), "
      + "looseness=\(TikZText.number(looseness))"
  }

  /// The angle of a direction along an axis.
  private static func angle(from start: Point, to end: Point) -> Int {
    if abs(end.x - start.x) > abs(end.y - start.y) { return end.x > start.x ? 0 : 180 }
    return end.y > start.y ? -90 : 90
  }
}

extension DiagramLayout.Mark.Kind {
  /// The style of a sign on a wire.
  fileprivate var style: String {
    switch self {
    case .copy: "copy"
    case .end: "discard"
    case .mapped: "mapped"
    case .shared: "shared"
    case .state: "feedback mark"
    case .back: "arrow"
    }
  }
}
