import DiagramIR
import Taxonomies

/// A taxonomy whose mechanisms are called after known diagrams.
struct NamedTaxonomy {
  let taxonomy: Taxonomy
  let root: Definition
  let names: MechanismNames

  /// The known diagrams that draw a mechanism.
  func symbols(of node: Int) -> [Symbol] { names[taxonomy.nodes.identity(of: node)] }

  /// The names of a mechanism, each once; none when it has none.
  func names(of node: Int) -> [String] {
    var names: [String] = []
    for symbol in symbols(of: node) where !names.contains(symbol.name) { names.append(symbol.name) }
    return names
  }

  /// The nearest mechanism with a name on a path from the root, and the rules since then.
  func description(by path: [Taxonomy.Edge]) -> (name: String, rules: [String]) {
    var rules: [String] = []
    for edge in path.reversed() {
      rules.append(edge.rule.name)
      if let name = names(of: edge.source).first { return (name, rules.reversed()) }
    }
    return (root.symbol.name, rules.reversed())
  }

  /// What a mechanism is called: its names, or the nearest name on the way from the root and the rules since.
  func title(of node: Int) -> String {
    let names = names(of: node)
    guard names.isEmpty else { return names.joined(separator: " = ") }
    let (name, rules) = description(by: taxonomy.path(to: node))
    return ([name] + rules).joined(separator: " + ")
  }
}
