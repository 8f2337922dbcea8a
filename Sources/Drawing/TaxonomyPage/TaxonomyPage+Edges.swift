import DiagramIR

// How the steps of a page are drawn: once all together, in short pieces, of which a browser draws only those that are
// seen; and each by itself, which is shown when it is chosen and takes clicks.
extension TaxonomyPage {
  func edge(_ step: Step) -> PageGraph.Edge {
    let group = Relation.allCases.firstIndex(of: downward(step)) ?? 0
    return PageGraph.Edge(
      source: min(step.source, step.target), target: max(step.source, step.target), group: group)
  }

  /// How what is drawn above compares with what is drawn below.
  func downward(_ step: Step) -> Relation {
    step.source < step.target ? step.relation : step.relation.reversed
  }

  /// All edges: for each relation the pieces of its edges, shared ones once.
  func web(_ steps: [Step], _ routes: [PageLayout.Route]) -> String {
    Relation.allCases.map { relation in
      var (known, pieces): (Set<String>, [String]) = ([], [])
      var heads: [String] = []
      for (step, route) in zip(steps, routes) where downward(step) == relation {
        for piece in Self.pieces(route.points, relation) where known.insert(piece).inserted {
          pieces.append(piece)
        }
        if let head = Self.head(route.points, relation), known.insert(head).inserted {
          heads.append("<path class=\"head\" d=\"\(head)\"/>")
        }
      }
      guard !pieces.isEmpty else { return "" }
      var paths = pieces.map { "<path class=\"line\" d=\"\($0)\"/>" }
      if relation == .equal { paths += pieces.map { "<path class=\"core\" d=\"\($0)\"/>" } }
      return "<g class=\"web edge \(relation.styleName)\">\((paths + heads).joined())</g>"
    }.joined(separator: "\n")
  }

  /// An edge by itself.
  func drawn(_ number: Int, _ step: Step, _ route: PageLayout.Route) -> String {
    let relation = downward(step)
    let path = Self.pieces(route.points, relation).joined()
    var parts = [
      "<title>\(MarkupText.escaped(sentence(step)))</title>",
      "<path class=\"touch\" d=\"\(path)\"/>", "<path class=\"line\" d=\"\(path)\"/>",
    ]
    if relation == .equal { parts.append("<path class=\"core\" d=\"\(path)\"/>") }
    if let head = Self.head(route.points, relation) {
      parts.append("<path class=\"head\" d=\"\(head)\"/>")
    }
    return
      "<g class=\"single edge \(relation.styleName)\" data-edge=\"\(number)\">\(parts.joined())</g>"
  }

  func label(_ number: Int, _ step: Step, _ route: PageLayout.Route) -> String {
    let relation = downward(step)
    let (x, y, width) = route.label
    let style =
      "left:\(PageText.number(x - width / 2))px;top:\(PageText.number(y - PageLayout.labelHeight))px;"
      + "width:\(PageText.number(width))px"
    let text =
      "<b>\(MarkupText.escaped(relation.rawValue))</b> \(MarkupText.escaped(laws[step.law].name))"
    return "<span class=\"rule \(relation.styleName)\" data-edge=\"\(number)\" aria-hidden=\"true\""
      + " style=\"\(style)\" title=\"\(MarkupText.escaped(sentence(step)))\"><span>\(text)</span></span>"
  }

  private func sentence(_ step: Step) -> String {
    let (source, target) = (mechanisms[step.source].title, mechanisms[step.target].title)
    let law = laws[step.law]
    return "\(source) \(step.relation.rawValue) \(target), by \(law.name): \(law.certificate)"
  }

  /// The curve through points that are met from above, in pieces: straight within layers, bending between them.
  private static func pieces(
    _ points: [(x: Double, y: Double)], _ relation: Relation
  ) -> [String] {
    var points = points
    let headLength = 7.0
    if relation == .expresses { points[points.count - 1].y -= headLength }
    if relation == .expressed { points[0].y += headLength }
    return zip(points, points.dropFirst()).map { from, to in
      let (x0, x1) = (PageText.number(from.x), PageText.number(to.x))
      let (y0, y1) = (PageText.number(from.y), PageText.number(to.y))
      if x0 == x1 { return "M\(x0) \(y0)V\(y1)" }
      let middle = PageText.number((from.y + to.y) / 2)
      return "M\(x0) \(y0)C\(x0) \(middle) \(x1) \(middle) \(x1) \(y1)"
    }
  }

  /// The head of an arrow, at the more special end.
  private static func head(_ points: [(x: Double, y: Double)], _ relation: Relation) -> String? {
    guard let first = points.first, let last = points.last else { return nil }
    switch relation {
    case .expresses:
      return "M\(PageText.number(last.x)) \(PageText.number(last.y))l-4.5 -9h9z"
    case .expressed:
      return "M\(PageText.number(first.x)) \(PageText.number(first.y))l-4.5 9h9z"
    default: return nil
    }
  }
}
