/// The styles that pictures in TikZ use; they need no library of TikZ.
enum TikZStyles {
  /// The options of a picture, one a line.
  static func options(_ direction: PictureDirection) -> [String] {
    let font = { (size: Int) in "font=\\sffamily\\fontsize{\(size)}{\(size + 1)}\\selectfont" }
    let node = "inner sep=0pt, outer sep=0pt, align=center"
    return [
      layers,
      "none/.style={inner sep=0pt, outer sep=0pt}",
      "box/.style={draw, fill=white, rounded corners=1.5pt, \(node), \(font(9))}",
      "use/.style={draw, fill=white, double, double distance=1.2pt, line width=0.5pt, \(node), \(font(9))}",
      "learn/.style={fill=black, text=white, \(node), \(font(9))}",
      "linear/.style={text=white, \(node), \(font(9)), "
        + "path picture={\\fill[black] \(polygon(.linear, direction));}}",
      "state/.style={text=white, \(node), \(font(9)), \(roof(.state, direction)), "
        + "path picture={\\fill[black] \(polygon(.state, direction));}}",
      "constant/.style={\(node), \(font(9)), \(roof(.constant, direction)), "
        + "path picture={\\draw[line width=0.8pt] \(polygon(.constant, direction));}}",
      "lanes/.style={draw=black!60, double=black!12, double distance=1.5pt, line width=0.8pt, "
        + "rounded corners=7pt, inner sep=0pt}",
      "scan/.style={lanes}",
      "unfolded/.style={draw=black!60, dashed, inner sep=0pt}",
      "corner/.style={anchor=west, inner sep=0pt, \(font(8))\\bfseries}",
      "type/.style={anchor=west, inner sep=0pt, text=black!70, \(font(7))}",
      "end/.style={inner sep=0pt, \(font(8))}",
      "copy/.style={circle, fill=black, inner sep=0pt, minimum size=3.4pt}",
      "discard/.style={copy}",
      "mapped/.style={copy}",
      "shared/.style={circle, draw, fill=white, inner sep=0pt, minimum size=4.6pt}",
      "feedback mark/.style={fill=black, rotate=45, inner sep=0pt, minimum size=5pt}",
      "arrow/.style={inner sep=0pt, minimum size=6pt, path picture={\\fill \(arrow(direction));}}",
      "wire/.style={draw}",
      "feedback/.style={draw, dashed}",
    ]
  }

  /// Declares the layers that tikzit draws on, unless the document does.
  private static let layers =
    "/utils/exec={\\ifcsname pgf@layerbox@nodelayer\\endcsname\\else"
    + "\\pgfdeclarelayer{edgelayer}\\pgfdeclarelayer{nodelayer}"
    + "\\pgfsetlayers{edgelayer,nodelayer,main}"
    + "\\expandafter\\global\\expandafter\\let\\csname pgf@layerlist\\expandafter\\endcsname"
    + "\\csname pgf@layerlist\\endcsname\\fi}"

  /// Has the text of a box keep clear of its pointed end: by a line that is higher, or by room before it.
  private static func roof(_ shape: BoxShape, _ direction: PictureDirection) -> String {
    let ascent = 7.0
    let room =
      direction == .down
      ? "\\rule{0pt}{\(TikZText.length(shape.roof + ascent))}" : roofRoom(shape)
    return "execute at begin node={\(room)}"
  }

  /// The room before a line of text that a pointed end takes, in pictures that run to the right.
  static func roofRoom(_ shape: BoxShape) -> String {
    "\\hspace*{\(TikZText.length(shape.roof))}"
  }

  /// A path between corners of the node, moved inwards by lengths of the layout.
  private static func path(_ corners: [(name: String, x: Double, y: Double)]) -> String {
    let places = corners.map { corner in
      let shift =
        corner.x == 0 && corner.y == 0
        ? ""
        : "[xshift=\(TikZText.length(corner.x)),yshift=\(TikZText.length(corner.y))]"
      return "(\(shift)path picture bounding box.\(corner.name))"
    }
    return places.joined(separator: " -- ") + " -- cycle"
  }

  private static func polygon(_ shape: BoxShape, _ direction: PictureDirection) -> String {
    let (slant, roof) = (5.0, shape.roof)
    switch (shape, direction) {
    case (.linear, .down):
      return path([
        ("north west", slant, 0), ("north east", -slant, 0), ("south east", 0, 0),
        ("south west", 0, 0),
      ])
    case (.linear, .right):
      return path([
        ("north west", 0, -slant), ("north east", 0, 0), ("south east", 0, 0),
        ("south west", 0, slant),
      ])
    case (_, .down):
      return path([
        ("north", 0, 0), ("north east", 0, -roof), ("south east", 0, 0), ("south west", 0, 0),
        ("north west", 0, -roof),
      ])
    case (_, .right):
      return path([
        ("west", 0, 0), ("south west", roof, 0), ("south east", 0, 0), ("north east", 0, 0),
        ("north west", roof, 0),
      ])
    }
  }

  private static func arrow(_ direction: PictureDirection) -> String {
    direction == .down
      ? path([("north", 0, 0), ("south east", 0, 0), ("south west", 0, 0)])
      : path([("west", 0, 0), ("north east", 0, 0), ("south east", 0, 0)])
  }
}
