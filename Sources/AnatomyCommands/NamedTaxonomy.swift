import DiagramIR
import Taxonomies

/// A taxonomy whose mechanisms are called after known diagrams.
struct NamedTaxonomy {
  let taxonomy: Taxonomy
  let root: Definition
  let names: MechanismNames

  /// The names of a mechanism, each once; none when it has none.
  func names(of node: Int) -> [String] {
    var names: [String] = []
    for symbol in self.names[taxonomy.nodes[node].identity] where !names.contains(symbol.name) {
      names.append(symbol.name)
    }
    return names
  }

  /// What a mechanism is called: its names, or the nearest name on the way from the root and the rules since.
  func title(of node: Int) -> String {
    let names = names(of: node)
    guard names.isEmpty else { return names.joined(separator: " = ") }
    var rules: [String] = []
    for edge in taxonomy.path(to: node).reversed() {
      rules.insert(edge.rule.name, at: 0)
      guard let name = self.names(of: edge.source).first else { continue }
      return ([name] + rules).joined(separator: " + ")
    }
    return ([root.symbol.name] + rules).joined(separator: " + ")
  }
}
