/// A step of a derivation: the diagram before it and the one after it.
public struct RewritePicture: Sendable {
  /// What the step does.
  public var caption: String
  /// How the diagram before compares with the one after: `==`, `>=` and so on.
  public var relation: String
  /// The diagram before.
  public var before: DiagramLayout
  /// The diagram after.
  public var after: DiagramLayout
  /// What is set off in them.
  public var difference: DiagramDifference

  /// A step.
  public init(
    caption: String, relation: String, before: DiagramLayout, after: DiagramLayout,
    difference: DiagramDifference
  ) {
    (self.caption, self.relation) = (caption, relation)
    (self.before, self.after, self.difference) = (before, after, difference)
  }
}

/// The pictures of a derivation.
///
/// In each step, what it takes away stands on an orange ground, and what it puts in place on a green one; the grounds
/// have borders, so that they show in black and white. A step that changes nothing has one picture.
public struct RewriteSequence: Sendable {
  /// What it is called.
  public var title: String
  /// The steps in order.
  public var steps: [RewritePicture]

  /// A sequence of steps.
  public init(title: String, steps: [RewritePicture]) { (self.title, self.steps) = (title, steps) }

  private static let gap = 52.0
  private static let captionHeight = 26.0
  private static let captionSize = 12.0

  /// All steps, one below the other, as one SVG file.
  public func svg() -> String {
    var (content, top, width) = ("", 0.0, 0.0)
    for step in steps {
      let (panel, size) = Self.panel(step)
      let caption = DiagramLayout.Text(
        text: step.caption, role: .name,
        rectangle: Rectangle(
          x: LayoutAssembly.margin, y: top + 8, width: 0, height: Self.captionSize),
        size: Self.captionSize)
      content += SVGDrawing.text(caption, isCentred: false) + "\n"
      content += "<g transform=\"translate(0 \(SVGText.number(top + Self.captionHeight)))\">\n"
      content += panel + "</g>\n"
      width = max(
        width, size.x,
        TextMetrics.width(step.caption, size: Self.captionSize) + 2 * LayoutAssembly.margin)
      top += Self.captionHeight + size.y
    }
    return SVGDrawing.file(
      width: max(width, 20), height: max(top, 20), title: title, content: content)
  }

  /// The elements of a step's two pictures side by side, with the relation between them, and their size; one picture where nothing changes.
  private static func panel(_ step: RewritePicture) -> (text: String, size: Point) {
    let (left, right) = (step.before, step.after)
    guard !step.difference.isEmpty else {
      return (SVGDrawing().content(right), Point(x: right.width, y: right.height))
    }
    let height = max(left.height, right.height)
    let sign = DiagramLayout.Text(
      text: step.relation, role: .corner,
      rectangle: Rectangle(
        x: left.width, y: height / 2 - 10, width: gap, height: 20),
      size: 16)
    let before = SVGDrawing(tint: step.difference.before).content(left)
    let after = SVGDrawing(tint: step.difference.after).content(right)
    let text =
      placed(before, x: 0, y: (height - left.height) / 2)
      + "<g text-anchor=\"middle\" fill=\"#444\">\n\(SVGDrawing.text(sign, isCentred: true))\n</g>\n"
      + placed(after, x: left.width + gap, y: (height - right.height) / 2)
    return (text, Point(x: left.width + gap + right.width, y: height))
  }

  private static func placed(_ content: String, x: Double, y: Double) -> String {
    "<g transform=\"translate(\(SVGText.number(x)) \(SVGText.number(y)))\">\n\(content)</g>\n"
  }

  /// A page to step through with buttons and arrow keys. It needs no network; without scripts, and in print, it
  /// shows all steps.
  public func html() -> String {
    let sections = steps.enumerated().map { number, step in
      let (panel, size) = Self.panel(step)
      let picture = SVGDrawing.file(
        width: size.x, height: size.y, title: step.caption, content: panel)
      return
        "<section aria-label=\"step \(number + 1)\">\n<h2>\(SVGText.escaped(step.caption))</h2>\n"
        + "<figure>\n\(picture)</figure>\n</section>\n"
    }
    return PicturePage.page(title: title, sections: sections)
  }
}
