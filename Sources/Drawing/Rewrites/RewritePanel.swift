/// The two pictures of a step with the relation between them, or one where nothing changes.
///
/// They stand side by side, as equations do; one above the other in a derivation where some are too wide for that and
/// fit a page better so, but for steps with small pictures.
struct RewritePanel {
  /// The elements of the picture, to stand in a larger one.
  let content: String
  let size: Point

  /// How the two pictures stand.
  enum Arrangement {
    case beside, below

    /// The one for all steps of a derivation.
    init(of steps: [RewritePicture]) {
      let changes = steps.filter { !$0.difference.isEmpty }
      let widest = changes.map { RewritePanel.size($0, .beside).x }.max() ?? 0
      let reductions = [Arrangement.beside, .below].map { arrangement in
        changes.map { RewritePanel.reduction(RewritePanel.size($0, arrangement)) }.max() ?? 0
      }
      let isReadable = widest <= RewritePanel.readableWidth
      self = isReadable || reductions[0] <= reductions[1] ? .beside : .below
    }
  }

  /// Up to which width pictures stand side by side, and the shape of a page.
  private static let (readableWidth, pageHeight) = (1100.0, 1.4)
  /// The room for the relation.
  private static let (gap, lineHeight) = (52.0, 20.0)

  /// The size of a step's picture.
  private static func size(_ step: RewritePicture, _ arrangement: Arrangement) -> Point {
    let (first, second) = (step.before, step.after)
    return arrangement == .beside
      ? Point(x: first.width + gap + second.width, y: max(first.height, second.height))
      : Point(x: max(first.width, second.width), y: first.height + lineHeight + second.height)
  }

  /// Puts the pictures of a step together.
  init(_ step: RewritePicture, _ arrangement: Arrangement) {
    let (first, second) = (step.before, step.after)
    guard !step.difference.isEmpty else {
      content = SVGDrawing().content(second)
      size = Point(x: second.width, y: second.height)
      return
    }
    let isSmall = Self.size(step, .beside).x <= Self.readableWidth / 2
    let arrangement = isSmall ? .beside : arrangement
    size = Self.size(step, arrangement)
    let (middle, far) = (Point(x: size.x / 2, y: size.y / 2), (size.x, size.y))
    let places =
      arrangement == .beside
      ? (
        Point(x: 0, y: middle.y - first.height / 2), Point(x: first.width, y: middle.y - 10),
        Point(x: far.0 - second.width, y: middle.y - second.height / 2)
      )
      : (
        Point(x: middle.x - first.width / 2, y: 0),
        Point(x: middle.x - Self.gap / 2, y: first.height),
        Point(x: middle.x - second.width / 2, y: far.1 - second.height)
      )
    content =
      Self.placed(SVGDrawing(tint: step.difference.before).content(first), places.0)
      + Self.sign(step.relation, places.1)
      + Self.placed(SVGDrawing(tint: step.difference.after).content(second), places.2)
  }

  /// How much smaller pictures of a size get to fit a page.
  private static func reduction(_ size: Point) -> Double { max(size.x, size.y / pageHeight) }

  private static func placed(_ content: String, _ place: Point) -> String {
    "<g transform=\"translate(\(SVGText.number(place.x)) \(SVGText.number(place.y)))\">\n\(content)</g>\n"
  }

  private static func sign(_ relation: String, _ place: Point) -> String {
    let text = DiagramLayout.Text(
      text: relation, role: .corner,
      rectangle: Rectangle(x: place.x, y: place.y, width: gap, height: lineHeight), size: 16)
    return "<g text-anchor=\"middle\" fill=\"#444\">\n"
      + "\(SVGDrawing.text(text, isCentred: true))\n</g>\n"
  }
}
