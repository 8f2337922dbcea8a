import DiagramIR
import DiagramText
import Drawing
import Rewriting
import Taxonomies
import TensorInterpretation

extension TaxonomyReport {
  /// More mechanisms than these are shown without pictures, and diagrams with more boxes.
  private static let (picturedMechanisms, picturedBoxes) = (1000, 200)

  /// The taxonomy as a web page.
  ///
  /// - Parameter edges: the numbers of the edges that are drawn.
  func page(_ edges: [Int]) -> TaxonomyPage {
    var page = TaxonomyPage(title: named.root.symbol.name)
    (page.summary, page.isPartial) = (summary, !taxonomy.isComplete)
    let notes = SourceNotes(workspace)
    page.mechanisms = taxonomy.nodes.indices.map { mechanism($0, notes) }
    var numbers: [Symbol: Int] = [:]
    for number in edges {
      let edge = taxonomy.edges[number]
      let law = numbers[edge.rule] ?? page.laws.count
      if law == page.laws.count {
        page.laws.append(self.law(edge.rule, notes))
        numbers[edge.rule] = law
      }
      page.steps.append(
        .init(
          source: edge.source, target: edge.target, relation: edge.relation, law: law,
          step: "\(edge.step)"))
    }
    return page
  }

  // MARK: Mechanisms

  private func mechanism(_ node: Int, _ notes: SourceNotes) -> TaxonomyPage.Mechanism {
    let (names, path) = (named.names(of: node), taxonomy.path(to: node))
    let nearest = named.description(by: path)
    var mechanism = TaxonomyPage.Mechanism(
      title: names.first ?? ([nearest.name] + nearest.rules).joined(separator: " + "),
      lines: names.isEmpty ? [nearest.name] + nearest.rules.map { "+ \($0)" } : names,
      isNamed: !names.isEmpty, relation: taxonomy.relation(to: node))
    mechanism.otherNames = Array(names.dropFirst())
    let drawn = named.root.with(
      taxonomy.nodes[node].diagram, named: names.first ?? "mechanism_\(node)")
    let known = named.symbols(of: node).compactMap { workspace.environment.definition($0) }
    mechanism.drawnText = text(of: drawn)
    mechanism.text = known.map { notes.declaration(of: $0.symbol, .callables) }
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
    if mechanism.text.isEmpty { swap(&mechanism.text, &mechanism.drawnText) }
    mechanism.note = known.map { notes.note(on: $0.symbol, .callables) }
      .filter { !$0.isEmpty }.joined(separator: " ")
    // The later files are those of layers, which say more of mechanisms.
    mechanism.sources = known.reversed().reduce(into: []) { works, definition in
      works += notes.works(of: definition).filter { !works.contains($0) }
    }
    mechanism.source = mechanism.sources.first.map(SourceNotes.short) ?? ""
    mechanism.picture = picture(of: known.first ?? drawn)
    addCosts(of: known.first ?? drawn, to: &mechanism)
    return mechanism
  }

  private func text(of definition: Definition) -> String {
    let printer = DiagramPrinter(
      environment: workspace.environment, spelling: { workspace.spelling(of: $0, in: path) })
    return (try? printer.print(definition)) ?? ""
  }

  /// The string diagram, from left to right, as cards are wide; `nil` where it would be too large or isn't drawn.
  private func picture(of definition: Definition) -> String? {
    let diagram = definition.diagram
    guard taxonomy.nodes.count <= Self.picturedMechanisms, diagram.boxCount <= Self.picturedBoxes,
      let layout = try? DiagramLayout(diagram, direction: .right)
    else { return nil }
    return SVGDrawing().draw(layout, title: definition.symbol.name)
  }

  /// Adds what evaluating a mechanism takes; nothing where that isn't defined.
  private func addCosts(of definition: Definition, to mechanism: inout TaxonomyPage.Mechanism) {
    guard let function = try? TensorDiagram(definition.diagram, in: workspace.environment),
      let cost = try? DiagramCost(function)
    else { return }
    mechanism.costs = CostReport(cost: cost).rows
    let tokens = definition.diagram.domainTypes.compactMap { type -> SizeVariable? in
      guard type.shape.count > 1, case .size(let axis)? = type.shape.first else { return nil }
      return axis.variable
    }
    let growth = CostGrowth(cost.operations.multiplyAdds, in: Set(tokens))
    (mechanism.growth, mechanism.degree) = (growth.text, growth.degree)
  }

  // MARK: Rules

  private func law(_ symbol: Symbol, _ notes: SourceNotes) -> TaxonomyPage.Law {
    let text = notes.declaration(of: symbol, .rules)
    return TaxonomyPage.Law(
      name: symbol.name, text: text, certificate: certificate(of: symbol))
  }

  /// What a rule rests on, in words.
  private func certificate(of symbol: Symbol) -> String {
    guard let rule = workspace.environment.rule(symbol) else { return "" }
    let certificate = RuleCertificate(rule, in: workspace.environment)
    let used = certificate.rules.map(\.name).joined(separator: ", ")
    switch certificate.standing {
    case .exact: return "an equation, which verify --rules evaluates on random tensors"
    case .certified:
      return "certified by diagrams for its learned boxes" + (used.isEmpty ? "" : ", with \(used)")
    case .cited: return "cited: \(rule.citation ?? "")"
    case .refused: return "nothing justifies it"
    }
  }
}
