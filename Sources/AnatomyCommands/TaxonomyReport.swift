import DiagramIR
import Drawing
import Interchange
import Rewriting
import Taxonomies

/// What is said and written of a taxonomy.
struct TaxonomyReport {
  let named: NamedTaxonomy
  let workspace: Workspace
  let path: String
  let limit: Int
  /// The rules by which drawings are compared, besides the laws of lanes.
  let laws: [Law]
  /// Why the file of `--checkpoint` could not be written; it was said.
  let checkpointFailure: InterchangeError?

  var taxonomy: Taxonomy { named.taxonomy }
  private var root: Definition { named.root }

  /// What was found, in a line.
  var summary: String {
    let count = taxonomy.nodes.indices.count { !named.symbols(of: $0).isEmpty }
    let (nodes, steps) = (taxonomy.nodes.count, taxonomy.edges.count)
    return "\(nodes) mechanism\(nodes == 1 ? "" : "s"), \(count) of them named, "
      + "\(steps) step\(steps == 1 ? "" : "s")"
  }

  // MARK: Forms

  /// Writes what is drawn of it.
  ///
  /// - Parameter edges: the numbers of the edges that are drawn.
  func writeDOT(_ edges: [Int], to output: TextOutput) throws(InterchangeError) {
    try output.write(RelationGraph.opening(name: root.symbol.name))
    for node in taxonomy.nodes.indices { try output.write(graphNode(node).line(node)) }
    for edge in DrawnEdges(taxonomy, edges) { try output.write(edge.line) }
    try output.write(RelationGraph.closing(isPartial: !taxonomy.isComplete))
  }

  private func graphNode(_ node: Int) -> RelationGraph.Node {
    let (names, path) = (named.names(of: node), taxonomy.path(to: node))
    let relation = path.reduce(Relation.equal) { $0.then($1.relation) }
    let rules = path.map(\.rule.name).joined(separator: ", ")
    let tooltip =
      node == 0
      ? root.symbol.name : "\(root.symbol.name) \(relation.rawValue) this, by \(rules)"
    guard names.isEmpty else {
      return RelationGraph.Node(lines: names, tooltip: tooltip, isNamed: true)
    }
    let (name, steps) = named.description(by: path)
    return RelationGraph.Node(
      lines: [name] + steps.map { "+ \($0)" }, tooltip: tooltip, isNamed: false)
  }

  /// Writes it for programs.
  ///
  /// - Parameter edges: the numbers of the edges that are listed.
  func writeJSON(_ edges: [Int], to output: TextOutput) throws(InterchangeError) {
    let name = JSONValue.string(root.symbol.name).compactText
    try output.write("{\"root\":\(name),\"complete\":\(taxonomy.isComplete),\"mechanisms\":[")
    for node in taxonomy.nodes.indices {
      try output.write((node == 0 ? "" : ",") + json(ofNode: node).compactText)
    }
    try output.write("],\"steps\":[")
    for (position, edge) in edges.enumerated() {
      let text = json(of: taxonomy.edges[edge]).compactText
      try output.write((position == 0 ? "" : ",") + text)
    }
    try output.write("]}\n")
  }

  private func json(ofNode node: Int) -> JSONValue {
    let path = taxonomy.path(to: node)
    let relation = path.reduce(Relation.equal) { $0.then($1.relation) }
    return .object([
      "number": .integer(node), "names": .array(named.names(of: node).map { .string($0) }),
      "identity": .string("\(taxonomy.nodes.identity(of: node))"),
      "relation": .string(relation.rawValue),
      "path": .array(path.map { .string("\($0.step)") }),
    ])
  }

  private func json(of edge: Taxonomy.Edge) -> JSONValue {
    .object([
      "source": .integer(edge.source), "target": .integer(edge.target),
      "rule": .string(edge.rule.name), "relation": .string(edge.relation.rawValue),
      "step": .string("\(edge.step)"),
      "citation": edge.citation.map { .string($0) } ?? .null,
    ])
  }

  // MARK: Derivations

  /// A file with the derivation that leads to the mechanism of a name, replayed before.
  func derivation(to name: String, _ place: String?) throws(CommandFailure) -> String {
    guard let node = taxonomy.nodes.indices.first(where: { named.names(of: $0).contains(name) }),
      let symbol = named.symbols(of: node).first(where: { $0.name == name }),
      let goal = workspace.environment.definition(symbol)
    else {
      throw .failure(
        "'\(name)' was not reached from \(root.symbol.name)"
          + (taxonomy.isComplete ? " by these rules" : " within the limit"))
    }
    let way = taxonomy.path(to: node)
    let expectation = DrawingLaws.expectation(of: goal.symbol, laws)
    let derivation = Derivation(
      symbol: Symbol(module: root.symbol.module, name: "\(root.symbol.name)_to_\(name)"),
      source: root.symbol, target: goal.symbol, relation: taxonomy.relation(to: node),
      steps: way.map(\.step) + [expectation])
    do { _ = try DerivationChecker(workspace.environment).check(derivation) } catch {
      throw .failure("the way to \(name) doesn't replay: \(error)")
    }
    return try DerivationText(workspace, path: path, place: place ?? path)
      .file([root, goal], [derivation])
  }
}
