import DiagramIR
import DiagramText

/// Derivations as a text that stands for itself, with the diagrams and rules that they name.
struct DerivationText {
  private let workspace: Workspace
  private let path: String
  private let place: String

  /// Prints derivations with the names that the file at `path` uses, to stand at `place`.
  init(_ workspace: Workspace, path: String, place: String) {
    (self.workspace, self.path, self.place) = (workspace, path, place)
  }

  /// The text of a file that holds diagrams and derivations.
  func file(
    _ definitions: [Definition], _ derivations: [Derivation]
  ) throws(CommandFailure) -> String {
    var rules: [Rule] = []
    for symbol in derivations.flatMap(\.steps).flatMap(\.usedRules) {
      guard let rule = workspace.environment.rule(symbol),
        !rules.contains(where: { $0.symbol == symbol })
      else { continue }
      rules.append(rule)
    }
    let file = try StandaloneText(workspace, path: path, place: place).file(
      definitions, rules: rules)
    let own = Set(definitions.map(\.symbol))
    return file + derivations.map { block($0, own) }.joined()
  }

  private func block(_ derivation: Derivation, _ own: Set<Symbol>) -> String {
    let steps = derivation.steps.map { step in
      "  \(step.text { own.contains($0) ? $0.name : spelling(of: $0) })\n"
    }.joined()
    let claim =
      "\(derivation.source.name) \(derivation.relation.rawValue) \(derivation.target.name)"
    return "\nderivation \(derivation.symbol.name): \(claim) {\n\(steps)}\n"
  }

  /// How a step writes a symbol: rules by their name alone, unless several rules have it.
  private func spelling(of symbol: Symbol) -> String {
    if symbol.module == workspace.moduleName(of: path) { return symbol.name }
    guard workspace.environment.rule(symbol) != nil else {
      return workspace.spelling(of: symbol, in: path)
    }
    let isUnique = workspace.environment.rules.count { $0.symbol.name == symbol.name } == 1
    return isUnique ? symbol.name : symbol.description
  }
}

extension DerivationStep {
  /// The rules that the step names, itself or by the name of their file.
  fileprivate var usedRules: [Symbol] {
    let laws: [Law]
    switch self {
    case .apply(let law, _, _, _): laws = [law]
    case .reach(_, _, let used), .normalize(_, let used): laws = used
    default: laws = []
    }
    return laws.compactMap { if case .rule(let symbol) = $0 { symbol } else { nil } }
  }
}
