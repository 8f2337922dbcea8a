import DiagramIR

extension TaxonomyPage {
  static let (cardWidth, pictureHeight) = (200.0, 96.0)
  /// How many lines stand on a card at most.
  private static let lineLimit = 5
  private static let (lineHeight, smallLineHeight, padding, leastHeight) = (17.0, 15.0, 8.0, 62.0)
  /// The width of a letter in the widest of the fonts asked for, by its size.
  private static let letterWidth = 0.66

  /// The graph, as it is drawn.
  func graph() -> String {
    let steps = shownSteps.enumerated().filter { $0.element.source != $0.element.target }
    let layout = PageLayout(
      sizes: mechanisms.map { (Self.cardWidth, height(of: $0)) },
      edges: steps.map { edge($0.element) })
    let (wide, high) = (PageText.number(layout.width), PageText.number(layout.height))
    let edges = zip(steps, layout.routes).map { drawn($0.offset, $0.element, $1) }
    let labels = zip(steps, layout.routes).map { label($0.offset, $0.element, $1) }
    let cards = zip(mechanisms, layout.cards).enumerated().map {
      card($0.offset, $0.element.0, $0.element.1)
    }
    return """
      <div id="scene" style="width:\(wide)px;height:\(high)px">
      <svg class="edges" width="\(wide)" height="\(high)" viewBox="0 0 \(wide) \(high)" aria-hidden="true">
      \(web(steps.map(\.element), layout.routes))
      \(edges.joined(separator: "\n"))
      </svg>
      \(labels.joined(separator: "\n"))
      \(cards.joined(separator: "\n"))
      </div>
      """
  }

  // MARK: Cards

  private func height(of mechanism: Mechanism) -> Double {
    let small = (mechanism.source.isEmpty ? 0 : 1) + (mechanism.growth.isEmpty ? 0 : 1)
    let lines =
      Self.padding * 2 + Double(shownLines(mechanism).count) * Self.lineHeight
      + Double(small) * Self.smallLineHeight
    return max(lines, Self.leastHeight) + (mechanism.picture == nil ? 0 : Self.pictureHeight)
  }

  private func shownLines(_ mechanism: Mechanism) -> [String] {
    let lines = mechanism.lines
    if lines.count <= Self.lineLimit { return lines }
    let kept = Self.lineLimit - 1
    return lines.prefix(kept) + ["and \(lines.count - kept) more"]
  }

  private func card(_ number: Int, _ mechanism: Mechanism, _ place: PageLayout.Card) -> String {
    let style =
      "left:\(PageText.number(place.x))px;top:\(PageText.number(place.y))px;"
      + "width:\(PageText.number(place.width))px;height:\(PageText.number(place.height))px"
    var kind = number == 0 ? "card root" : mechanism.isNamed ? "card" : "card unnamed"
    if mechanism.picture != nil { kind += " pictured" }
    var parts = shownLines(mechanism).enumerated().map { place, line in
      "<span class=\"\(place == 0 ? "name" : "more")\">\(MarkupText.escaped(line))</span>"
    }
    if !mechanism.source.isEmpty {
      parts.append("<span class=\"source\">\(MarkupText.escaped(mechanism.source))</span>")
    }
    if mechanism.picture != nil { parts.append("<span class=\"picture\"></span>") }
    if !mechanism.growth.isEmpty {
      let growth = MarkupText.escaped(mechanism.growth)
      parts.append(
        "<span class=\"growth d\(min(max(mechanism.degree, 0), 3))\">work grows as <b>\(growth)</b></span>"
      )
    }
    let label = MarkupText.escaped(spoken(number, mechanism))
    return "<button type=\"button\" class=\"\(kind)\" id=\"n\(number)\" data-node=\"\(number)\""
      + " aria-pressed=\"false\" aria-label=\"\(label)\" style=\"\(style)\">"
      + "<span class=\"full\">\(parts.joined())</span>\(bigName(mechanism))</button>"
  }

  /// What is seen of a card from far away: its name in letters as large as its height allows.
  private func bigName(_ mechanism: Mechanism) -> String {
    let text = mechanism.isNamed ? mechanism.lines.first : mechanism.lines.last
    let words = (text ?? "").split { $0 == "_" || $0 == " " }.map(String.init)
    let height = height(of: mechanism) - (mechanism.picture == nil ? 0 : Self.pictureHeight)
    let size =
      stride(from: 24.0, to: 13, by: -1).first { size in
        let lines = Self.lines(words, letters: (Self.cardWidth - 14) / (Self.letterWidth * size))
        return lines.map { Double($0) * size * 1.05 <= height - 4 } ?? false
      } ?? 13
    let broken = MarkupText.escaped(words.joined(separator: " "))
    return "<span class=\"big\" style=\"font-size:\(PageText.number(size))px\">\(broken)</span>"
  }

  /// How many lines words take, each with so many letters at most; `nil` when a word is longer.
  private static func lines(_ words: [String], letters: Double) -> Int? {
    var (lines, filled) = (1, 0.0)
    for word in words {
      let count = Double(word.count)
      guard count <= letters else { return nil }
      let isFirst = filled == 0
      if !isFirst, filled + 1 + count > letters {
        lines += 1
        filled = count
      } else {
        filled += isFirst ? count : 1 + count
      }
    }
    return lines
  }

  private func spoken(_ number: Int, _ mechanism: Mechanism) -> String {
    var parts = [mechanism.title]
    if !mechanism.source.isEmpty { parts.append(mechanism.source) }
    if number > 0, let root = mechanisms.first {
      parts.append("\(root.title) \(mechanism.relation.words) it")
    }
    if !mechanism.growth.isEmpty { parts.append("work grows as \(mechanism.growth)") }
    return parts.joined(separator: "; ")
  }
}
