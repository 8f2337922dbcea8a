import DiagramIR
import Drawing
import Interchange
import Rewriting
import Taxonomies

/// A taxonomy with the names of its mechanisms.
struct TaxonomyReport {
  let taxonomy: Taxonomy
  let root: Definition
  let names: MechanismNames
  let workspace: Workspace
  let path: String
  let limit: Int
  /// The rules by which drawings are compared, besides the laws of lanes.
  let laws: [Law]

  /// What was found, in a line.
  var summary: String {
    let named = taxonomy.nodes.count { !names[$0.identity].isEmpty }
    let (nodes, steps) = (taxonomy.nodes.count, taxonomy.edges.count)
    return "\(nodes) mechanism\(nodes == 1 ? "" : "s"), \(named) of them named, "
      + "\(steps) step\(steps == 1 ? "" : "s")"
  }

  /// The names of a mechanism; none when it has none.
  private func names(of node: Int) -> [String] {
    var names: [String] = []
    for symbol in self.names[taxonomy.nodes[node].identity] where !names.contains(symbol.name) {
      names.append(symbol.name)
    }
    return names
  }

  /// The nearest mechanism with a name on the way to a node, and the rules since then.
  private func description(of node: Int) -> (name: String, rules: [String]) {
    var rules: [String] = []
    for edge in taxonomy.path(to: node).reversed() {
      rules.append(edge.rule.name)
      if let name = names(of: edge.source).first { return (name, rules.reversed()) }
    }
    return (root.symbol.name, rules.reversed())
  }

  // MARK: Forms

  /// What is drawn of it.
  func graph(_ edges: [Taxonomy.Edge]) -> RelationGraph {
    let nodes = taxonomy.nodes.indices.map { node in
      let names = names(of: node)
      let rules = taxonomy.path(to: node).map(\.rule.name).joined(separator: ", ")
      let tooltip =
        node == 0
        ? root.symbol.name
        : "\(root.symbol.name) \(taxonomy.relation(to: node).rawValue) this, by \(rules)"
      guard names.isEmpty else {
        return RelationGraph.Node(lines: names, tooltip: tooltip, isNamed: true)
      }
      let (name, steps) = description(of: node)
      return RelationGraph.Node(
        lines: [name] + steps.map { "+ \($0)" }, tooltip: tooltip, isNamed: false)
    }
    return RelationGraph(
      nodes: nodes,
      edges: edges.map { edge in
        RelationGraph.Edge(
          source: edge.source, target: edge.target, relation: edge.relation,
          label: edge.rule.name + (edge.citation == nil ? "" : " (cited)"))
      }, isPartial: !taxonomy.isComplete)
  }

  /// For programs.
  func json(_ edges: [Taxonomy.Edge]) -> JSONValue {
    let nodes = taxonomy.nodes.enumerated().map { number, node -> JSONValue in
      .object([
        "number": .integer(number), "names": .array(names(of: number).map { .string($0) }),
        "identity": .string("\(node.identity)"),
        "relation": .string(taxonomy.relation(to: number).rawValue),
        "path": .array(taxonomy.path(to: number).map { .string("\($0.step)") }),
      ])
    }
    let steps = edges.map { edge -> JSONValue in
      .object([
        "source": .integer(edge.source), "target": .integer(edge.target),
        "rule": .string(edge.rule.name), "relation": .string(edge.relation.rawValue),
        "step": .string("\(edge.step)"),
        "citation": edge.citation.map { .string($0) } ?? .null,
      ])
    }
    return .object([
      "root": .string(root.symbol.name), "complete": .bool(taxonomy.isComplete),
      "mechanisms": .array(nodes), "steps": .array(steps),
    ])
  }

  // MARK: Derivations

  /// A file with the derivation that leads to the mechanism of a name, replayed before.
  func derivation(to name: String, _ place: String?) throws(CommandFailure) -> String {
    guard let node = taxonomy.nodes.indices.first(where: { names(of: $0).contains(name) }),
      let symbol = names[taxonomy.nodes[node].identity].first(where: { $0.name == name }),
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
