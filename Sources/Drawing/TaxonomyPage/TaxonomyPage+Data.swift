import DiagramIR

extension TaxonomyPage {
  /// What the script works on, as JSON that can stand in a script element.
  var data: String {
    let mechanisms = mechanisms.map(json).joined(separator: ",\n")
    let steps = shownSteps.map(json).joined(separator: ",\n")
    let laws = laws.map(json).joined(separator: ",\n")
    return """
      {"title":\(PageText.quoted(title)),
      "relations":{\(Relation.allCases.map(Self.json).joined(separator: ","))},
      "mechanisms":[\(mechanisms)],
      "steps":[\(steps)],
      "laws":[\(laws)]}
      """
  }

  /// What the script knows of a relation: how it is read backward, what it implies, and what it makes with another.
  private static func json(_ relation: Relation) -> String {
    let quoted = { (relation: Relation) in PageText.quoted(relation.rawValue) }
    let implied = Relation.allCases.filter { relation.implies($0) }.map(quoted)
    let chains = Relation.allCases.map { "\(quoted($0)):\(quoted(relation.then($0)))" }
    return "\(quoted(relation)):{\"reversed\":\(quoted(relation.reversed))"
      + ",\"words\":\(PageText.quoted(relation.words))"
      + ",\"implies\":[\(implied.joined(separator: ","))]"
      + ",\"then\":{\(chains.joined(separator: ","))}}"
  }

  private func json(_ mechanism: Mechanism) -> String {
    let costs = mechanism.costs.map {
      "[\(PageText.quoted($0.name)),\(PageText.quoted($0.value))]"
    }
    let strings = { (texts: [String]) in texts.map(PageText.quoted).joined(separator: ",") }
    return "{\"title\":\(PageText.quoted(mechanism.title))"
      + ",\"relation\":\(PageText.quoted(mechanism.relation.rawValue))"
      + ",\"named\":\(mechanism.isNamed),\"note\":\(PageText.quoted(mechanism.note))"
      + ",\"others\":[\(strings(mechanism.otherNames))]"
      + ",\"sources\":[\(strings(mechanism.sources))]"
      + ",\"text\":\(PageText.quoted(mechanism.text))"
      + ",\"drawn\":\(PageText.quoted(mechanism.drawnText))"
      + ",\"growth\":\(PageText.quoted(mechanism.growth))"
      + ",\"picture\":\(mechanism.picture.map(PageText.quoted) ?? "null")"
      + ",\"costs\":[\(costs.joined(separator: ","))]}"
  }

  private func json(_ step: Step) -> String {
    "{\"source\":\(step.source),\"target\":\(step.target),\"law\":\(step.law)"
      + ",\"relation\":\(PageText.quoted(step.relation.rawValue))"
      + ",\"step\":\(PageText.quoted(step.step))}"
  }

  private func json(_ law: Law) -> String {
    "{\"name\":\(PageText.quoted(law.name)),\"text\":\(PageText.quoted(law.text))"
      + ",\"certificate\":\(PageText.quoted(law.certificate))}"
  }
}
