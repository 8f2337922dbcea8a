import DiagramIR

/// What verifying derivations has shown, as a table for a paper.
struct VerdictTable {
  /// How tables are written.
  enum Form: String {
    case markdown, latex
  }

  private let verdicts: [Verdict]

  /// The table of these verdicts on derivations, in their order.
  init(_ verdicts: [Verdict]) { self.verdicts = verdicts }

  /// The table; cited proofs are numbered, and follow it.
  func text(_ form: Form) -> String {
    var citations: [String] = []
    let cells = verdicts.map { verdict -> [String] in
      let numbers = verdict.citations.map { citation -> Int in
        if let known = citations.firstIndex(of: citation) { return known + 1 }
        citations.append(citation)
        return citations.count
      }
      return [
        Self.escape(verdict.name, form), Self.escape(verdict.source, form),
        verdict.isAccepted ? Self.sign(verdict.proved, form) : "refused",
        Self.escape(verdict.target, form), verdict.isAccepted ? "\(verdict.steps.count)" : "",
        verdict.largestDifference.map(Verdict.short) ?? "",
        numbers.map(String.init).joined(separator: ", "),
      ]
    }
    let header = ["derivation", "from", "", "to", "steps", "difference", "cites"]
    let notes = citations.enumerated().map { number, citation in
      "\(number + 1). \(Self.escape(citation, form))"
    }
    switch form {
    case .markdown: return Self.markdown(header, cells, notes)
    case .latex: return Self.latex(header, cells, notes)
    }
  }

  private static func markdown(
    _ header: [String], _ cells: [[String]], _ notes: [String]
  ) -> String {
    let rules = header.indices.map { $0 == 4 || $0 == 5 ? "---:" : "---" }
    let lines = ([header, rules] + cells).map { "| " + $0.joined(separator: " | ") + " |\n" }
    let list = notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined()
    return lines.joined() + list
  }

  private static func latex(
    _ header: [String], _ cells: [[String]], _ notes: [String]
  ) -> String {
    let lines = cells.map { $0.joined(separator: " & ") + " \\\\\n" }.joined()
    let list = notes.isEmpty ? "" : notes.map { "\n\\noindent " + $0 + "\n" }.joined()
    return "\\begin{tabular}{llclrrl}\n\\hline\n" + header.joined(separator: " & ")
      + " \\\\\n\\hline\n" + lines + "\\hline\n\\end{tabular}\n" + list
  }

  private static func sign(_ relation: Relation, _ form: Form) -> String {
    switch (form, relation) {
    case (.markdown, _): "`\(relation.rawValue)`"
    case (.latex, .equal): "$=$"
    case (.latex, .equivalent): "$\\simeq$"
    case (.latex, .expresses): "$\\geq$"
    case (.latex, .expressed): "$\\leq$"
    case (.latex, .connected): "$\\lessgtr$"
    }
  }

  /// The text with the characters that mean something to the form written so that they don't.
  private static func escape(_ text: String, _ form: Form) -> String {
    text.map { character in
      switch (form, character) {
      case (.markdown, "|"): "\\|"
      case (.latex, "\\"): "\\textbackslash{}"
      case (.latex, "_"), (.latex, "&"), (.latex, "%"), (.latex, "#"), (.latex, "$"),
        (.latex, "{"), (.latex, "}"):
        "\\\(character)"
      case (.latex, "~"): "\\textasciitilde{}"
      case (.latex, "^"): "\\textasciicircum{}"
      default: String(character)
      }
    }.joined()
  }
}
