import DiagramIR
import Interchange
import Taxonomies

extension Classification {
  /// The answer in lines.
  var words: [String] {
    var lines = ["\(name): \(setting.subject.diagram.interfaceText)"]
    if isEqual { lines += equalWords } else { lines += comparedWords }
    lines.append(scope)
    return lines
  }

  private var equalWords: [String] {
    var lines = same.map { "is \(title($0))" }
    if let proved { lines.append("is equal to \(title(proved.known)) by exact rules") }
    guard let node, let report else { return lines }
    let root = report.root.symbol.name
    let path = report.taxonomy.path(to: node)
    if path.isEmpty { return lines.isEmpty ? ["is \(root), the root of the taxonomy"] : lines }
    let way = path.map(\.rule.name).joined(separator: ", ")
    let relation = report.taxonomy.relation(to: node).rawValue
    if lines.isEmpty {
      lines.append("is a mechanism of the taxonomy without a name: \(title(node))")
    }
    lines.append("in the taxonomy: \(root) \(relation) \(name), by \(way)")
    return lines + citations(path)
  }

  private func citations(_ path: [Taxonomy.Edge]) -> [String] {
    path.compactMap { edge in edge.citation.map { "\(edge.rule.name) rests on \($0)" } }
  }

  private var comparedWords: [String] {
    var lines = [
      isPlaced
        ? "is none of the known mechanisms"
        : "is none of the known mechanisms, nor related to one as far as was found"
    ]
    for found in general {
      let parts = found.images.keys.sorted().joined(separator: ", ")
      lines.append(
        "is a special case of \(title(found.node)): \(parts) \(found.images.count == 1 ? "is" : "are") chosen"
      )
    }
    for found in generalKnown { lines.append("is a special case of \(title(found.known))") }
    for found in special { lines.append("can express \(title(found.known))") }
    for (known, distance) in nearest {
      lines.append(
        "nearest: \(title(known)), \(distance) box\(distance == 1 ? "" : "es") apart (a hint)")
    }
    return lines
  }

  private var scope: String {
    let library =
      "\(setting.known.count) diagram\(setting.known.count == 1 ? "" : "s") of the same interface"
    guard let report else { return "compared with \(library); no root of a taxonomy has it" }
    let count = report.taxonomy.nodes.count
    let partial = report.taxonomy.isComplete ? "" : ", of which not all were made"
    return
      "compared with \(count) mechanism\(count == 1 ? "" : "s") made of \(report.root.symbol.name)\(partial), and \(library)"
  }

  func title(_ known: Known) -> String {
    "\(known.definition.symbol.name) (\(file(of: known)))"
  }

  /// The path of the file that declares a diagram.
  private func file(of known: Known) -> String {
    let module = known.definition.symbol.module
    return setting.workspace.files.first { $0.name == module }?.source.path ?? module
  }

  /// What a mechanism of the taxonomy is called.
  func title(_ node: Int) -> String { report?.title(of: node) ?? "" }
}

// MARK: - JSON

extension Classification {
  /// For programs.
  func json(_ derivations: String) -> JSONValue {
    let taxonomy = report.map { report -> JSONValue in
      .object([
        "root": .string(report.root.symbol.name),
        "mechanisms": .integer(report.taxonomy.nodes.count),
        "complete": .bool(report.taxonomy.isComplete),
      ])
    }
    let nearest = nearest.map { near -> JSONValue in
      .object([
        "name": .string(near.known.definition.symbol.name), "file": .string(file(of: near.known)),
        "distance": .integer(near.distance),
      ])
    }
    let general = general.map { json($0.node) } + generalKnown.map { json($0.known) }
    let special = special.map { json($0.known) }
    let equal = proved.map { json($0.known) }
    return .object([
      "name": .string(name), "interface": .string(setting.subject.diagram.interfaceText),
      "taxonomy": taxonomy ?? .null, "node": node.map { json($0) } ?? .null,
      "same": .array(same.map { json($0) }), "equal": equal ?? .null,
      "special_of": .array(general), "expresses": .array(special), "nearest": .array(nearest),
      "derivations": .string(derivations),
    ])
  }

  private func json(_ known: Known) -> JSONValue {
    .object([
      "name": .string(known.definition.symbol.name), "file": .string(file(of: known)),
    ])
  }

  private func json(_ node: Int) -> JSONValue {
    guard let report else { return .null }
    return .object([
      "number": .integer(node), "names": .array(report.names(of: node).map { .string($0) }),
      "relation": .string(report.taxonomy.relation(to: node).rawValue),
      "rules": .array(report.taxonomy.path(to: node).map { .string($0.rule.name) }),
    ])
  }
}
