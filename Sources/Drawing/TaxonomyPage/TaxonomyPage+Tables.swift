import DiagramIR

extension TaxonomyPage {
  /// What the graph shows, as tables.
  func tables() -> String {
    """
    <section id="tables" aria-label="Tables">
    <h2>Mechanisms</h2>
    <div class="wide"><table>
    <thead><tr><th scope="col">number</th><th scope="col">mechanism</th><th scope="col">source</th>\
    <th scope="col">the root</th><th scope="col">multiply-adds</th><th scope="col">work grows as</th></tr></thead>
    <tbody>
    \(mechanisms.indices.map(row).joined(separator: "\n"))
    </tbody></table></div>
    <h2>Steps</h2>
    <div class="wide"><table>
    <thead><tr><th scope="col">from</th><th scope="col">relation</th><th scope="col">to</th>\
    <th scope="col">rule</th><th scope="col">rests on</th></tr></thead>
    <tbody>
    \(shownSteps.map(row).joined(separator: "\n"))
    </tbody></table></div>
    </section>
    """
  }

  private func row(_ number: Int) -> String {
    let mechanism = mechanisms[number]
    let cost = mechanism.costs.first { $0.name == "multiply-adds" }?.value ?? ""
    let cells = [
      "\(number)", link(number), MarkupText.escaped(mechanism.source),
      "<code>\(MarkupText.escaped(mechanism.relation.rawValue))</code>",
      "<code>\(MarkupText.escaped(cost))</code>", MarkupText.escaped(mechanism.growth),
    ]
    return Self.row(cells)
  }

  private func row(_ step: Step) -> String {
    let law = laws[step.law]
    return Self.row([
      link(step.source), "<code>\(MarkupText.escaped(step.relation.rawValue))</code>",
      link(step.target), MarkupText.escaped(law.name), MarkupText.escaped(law.certificate),
    ])
  }

  private static func row(_ cells: [String]) -> String {
    "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
  }

  private func link(_ number: Int) -> String {
    "<a href=\"#n\(number)\">\(MarkupText.escaped(mechanisms[number].title))</a>"
  }
}
