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

  private static let captionSize = 12.0
  /// Captions have lines at least this long before they go on in the next one.
  private static let leastCaption = 400.0

  /// Up to which width two pictures stand side by side in print: there they get three quarters as large.
  private static let printedWidth = 850.0

  /// All steps, one below the other, as one SVG file.
  public func svg() -> String {
    var (content, top, width) = ("", 0.0, 0.0)
    let arrangement = RewritePanel.Arrangement(of: steps)
    for step in steps {
      let panel = RewritePanel(step, arrangement)
      let margin = LayoutAssembly.margin
      let room = max(panel.size.x - 2 * margin, Self.leastCaption)
      let lines = TextMetrics.lines(step.caption, size: Self.captionSize, within: room)
      for (number, line) in lines.enumerated() {
        let text = DiagramLayout.Text(
          text: line, role: .name,
          rectangle: Rectangle(
            x: margin + (number > 0 ? Self.captionSize : 0), y: top + 8, width: 0,
            height: Self.captionSize),
          size: Self.captionSize)
        content += SVGDrawing.text(text, isCentred: false) + "\n"
        width = max(width, text.rectangle.x + TextMetrics.width(line, size: Self.captionSize))
        top += Self.captionSize * 1.25
      }
      top += 11
      content += "<g transform=\"translate(0 \(SVGText.number(top)))\">\n"
      content += panel.content + "</g>\n"
      width = max(width, panel.size.x - margin)
      top += panel.size.y
    }
    return SVGDrawing.file(
      width: max(width + LayoutAssembly.margin, 20), height: max(top, 20), title: title,
      content: content)
  }

  /// A page to step through with buttons and arrow keys, with the two pictures of a step beside each other where
  /// there is room. It needs no network; without scripts, and in print, it shows all steps.
  public func html() -> String {
    PicturePage.page(
      title: title,
      pictures: steps.map { (caption: $0.caption, picture: Self.figure($0)) })
  }

  /// The pictures of a step as elements of a page.
  private static func figure(_ step: RewritePicture) -> String {
    guard !step.difference.isEmpty else {
      return SVGDrawing().draw(step.after, title: step.caption)
    }
    let before = SVGDrawing(tint: step.difference.before)
      .draw(step.before, title: "\(step.caption): before")
    let after = SVGDrawing(tint: step.difference.after)
      .draw(step.after, title: "\(step.caption): after")
    let isWide = step.before.width + step.after.width > Self.printedWidth
    return "<div class=\"\(isWide ? "pair wide" : "pair")\">\n\(before)"
      + "<span>\(MarkupText.escaped(step.relation))</span>\n\(after)</div>\n"
  }
}
