import DiagramIR

extension TaxonomyPage {
  /// The page: HTML whose tags are those of XML, too.
  ///
  /// - Complexity: near linear in the mechanisms, steps and texts.
  public func html() -> String {
    let script = PageScript.text
    let policy =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
      + "script-src \(Digest(Array(script.utf8)).policySource)"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="\(policy)" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>\(MarkupText.escaped(title)): a taxonomy</title>
      <style>\(PageStyle.text)</style>
      </head>
      <body>
      \(header)
      <main>
      <div id="viewport" role="application" aria-roledescription="graph" \
      aria-label="Mechanisms below \(MarkupText.escaped(title)). Arrows move between mechanisms, Enter chooses one, Escape lets go.">
      \(graph())
      \(Self.controls)
      </div>
      <aside id="panel" aria-label="What is chosen">
      <div id="chosen">\(Self.introduction)</div>
      </aside>
      </main>
      \(tables())
      <p id="live" role="status" aria-live="polite" class="unseen"></p>
      <script type="application/json" id="data">\(data)</script>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private var header: String {
    let partial = isPartial ? " <strong>Partial: the limit was reached.</strong>" : ""
    return """
      <header>
      <h1>\(MarkupText.escaped(title))</h1>
      <p class="summary">\(MarkupText.escaped(summary))\(partial)</p>
      <div id="search" role="search">
      <input type="search" id="words" placeholder="Search names, authors, rules ( / )" autocomplete="off" \
      role="combobox" aria-label="Search mechanisms" aria-expanded="false" aria-controls="found" aria-autocomplete="list" />
      <ul id="found" role="listbox" aria-label="Mechanisms found" hidden="hidden"></ul>
      </div>
      <a class="skip" href="#tables">Tables</a>
      </header>
      """
  }

  private static let controls = """
    <div id="controls" role="group" aria-label="View">
    <button type="button" id="closer" title="Closer (+)" aria-label="Closer">+</button>
    <button type="button" id="farther" title="Farther (-)" aria-label="Farther">&#8722;</button>
    <button type="button" id="whole" title="The whole graph (0)" aria-label="The whole graph">&#10530;</button>
    </div>
    """

  /// What the panel shows while nothing is chosen.
  private static let introduction = """
    <h2>Reading the graph</h2>
    <p>A card is a mechanism, a line is a step by a rule. What is more general stands at the tail of an arrow.</p>
    <ul class="legend">
    \(legend(.equal, "the same function for the same learned functions"))
    \(legend(.equivalent, "equally expressive"))
    \(legend(.expresses, "the upper can express the lower"))
    \(legend(.expressed, "the upper is a case of the lower"))
    </ul>
    <p>Mechanisms without a name of their own have a dashed frame, and are called after the nearest named one and the \
    rules since. Choose a mechanism to see its diagram, sources and cost, and a second one for the way between them.</p>
    <table class="keys">
    <tr><td>drag, two fingers</td><td>move</td></tr>
    <tr><td>wheel, pinch, <kbd>+</kbd> <kbd>&#8722;</kbd> <kbd>0</kbd></td><td>zoom</td></tr>
    <tr><td><kbd>/</kbd></td><td>search</td></tr>
    <tr><td>arrows</td><td>from card to card</td></tr>
    <tr><td><kbd>Enter</kbd></td><td>choose</td></tr>
    <tr><td><kbd>Escape</kbd></td><td>let go</td></tr>
    </table>
    """

  private static func legend(_ relation: Relation, _ meaning: String) -> String {
    let head: String
    switch relation {
    case .expresses: head = "<path class=\"head\" d=\"M42 8l-9 -4.5v9z\"/>"
    case .expressed: head = "<path class=\"head\" d=\"M2 8l9 -4.5v9z\"/>"
    default: head = ""
    }
    let core = relation == .equal ? "<path class=\"core\" d=\"M2 8H42\"/>" : ""
    return
      "<li><svg class=\"edge \(relation.styleName)\" width=\"44\" height=\"16\" viewBox=\"0 0 44 16\""
      + " aria-hidden=\"true\"><path class=\"line\" d=\"M4 8H40\"/>\(core)\(head)</svg>"
      + "<code>\(MarkupText.escaped(relation.rawValue))</code> \(meaning)</li>"
  }
}
