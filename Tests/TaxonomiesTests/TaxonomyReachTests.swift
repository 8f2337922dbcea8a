import DiagramIR
import DiagramText
import Foundation
import Rewriting
import Taxonomies
import Testing

/// The table of docs/concepts/taxonomy.md against what the rules of the library make of the roots.
@Suite("What the taxonomy of attention reaches")
struct TaxonomyReachTests {
  @Test("each row of the page's table is reached, and the way to it verifies", arguments: Root.all)
  func rows(_ root: Root) throws {
    let reach = try Reach(root)
    #expect(reach.taxonomy.isComplete)
    let rows = Row.all.filter { $0.root == root.name }
    #expect(rows.count == root.rowCount)
    let derivations = try rows.map { try reach.derivation(to: $0.node) }
    let checker = DerivationChecker(reach.environment, sharing: derivations)
    for (row, derivation) in zip(rows, derivations) {
      #expect(derivation.relation.rawValue == row.relation, "\(row.node)")
      #expect(derivation.steps.count - 1 == row.steps, "\(row.node)")
      let report = try checker.check(derivation)
      #expect(report.proved == derivation.relation, "\(row.node)")
    }
    // A way that lacks its last rule leads elsewhere.
    var cut = try #require(derivations.last)
    cut = Derivation(
      symbol: cut.symbol, source: cut.source, target: cut.target, relation: cut.relation,
      steps: Array(cut.steps.dropLast(2) + cut.steps.suffix(1)))
    #expect(throws: DerivationFault.self) { try checker.check(cut) }
    #expect(throws: Unreached.self) { try reach.derivation(to: "no_layer") }
    #expect(throws: Unreached.self) { try reach.derivation(to: "dot") }
  }

  @Test("the table has each named mechanism once for each root")
  func table() {
    #expect(Set(Row.all.map { "\($0.root) \($0.mechanism)" }).count == Row.all.count)
    #expect(Row.all.count == Root.all.map(\.rowCount).reduce(0, +))
    for name in Row.required {
      #expect(Row.all.contains { $0.mechanism.hasPrefix(name) }, "\(name)")
    }
  }
}

/// A root, and the rules that are applied to it.
struct Root: Sendable, CustomStringConvertible {
  let name: String
  let rules: [String]
  let rowCount: Int

  var description: String { name }

  static let all = [
    Root(
      name: "primordial", rules: ["taxonomy", "taxonomy_heads", "taxonomy_mixings"], rowCount: 36),
    Root(
      name: "primordial_within",
      rules: [
        "taxonomy", "taxonomy_sequences", "taxonomy_mixings", "taxonomy_blocks", "taxonomy_states",
      ], rowCount: 23),
  ]
}

/// A line of the table.
struct Row: Sendable {
  let mechanism: String
  let node: String
  let root: String
  let relation: String
  let steps: Int

  static let all: [Row] = {
    let page = TaxonomyLibrary.root.appending(path: "docs/concepts/taxonomy.md")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
      guard cells.count == 5, let steps = Int(cells[4]) else { return nil }
      return Row(
        mechanism: cells[0], node: cells[1], root: cells[2], relation: cells[3], steps: steps)
    }
  }()

  /// What the table must have, whatever else it has.
  static let required = [
    "generic attention", "Bahdanau", "Luong general", "Luong dot", "scaled dot-product",
    "multi-head", "multi-query", "grouped-query", "MLA", "linear attention", "Performer", "RFA",
    "cosFormer", "Based", "Hedgehog", "Efficient attention", "RetNet", "Mamba-2", "GLA", "DeltaNet",
    "Gated DeltaNet", "dense Synthesizer", "random Synthesizer", "MLP-Mixer", "gMLP", "FNet",
    "average pooling", "Hyena", "pooling", "AFT", "RWKV-4", "external attention", "PMA", "ISAB",
    "Luna", "Linformer", "causal", "Longformer", "ALiBi", "T5", "RoPE", "sigmoid", "ReLU",
    "sparsemax", "softmax plus one", "differential", "talking heads", "QK-norm",
  ]
}

/// That no node has a name.
struct Unreached: Error {
  let name: String
}

/// What the rules make of a root, with the names of the layers.
struct Reach {
  let environment: Environment
  let taxonomy: Taxonomy
  private let root: Definition
  private let known: [Definition]
  private let identity: MechanismIdentity

  init(_ root: Root) throws {
    let paths = TaxonomyLibrary.paths.filter { path in
      path.contains("/Layers/") || path.hasSuffix("/roots.diagram")
        || path.hasSuffix("/generic_attention.diagram") || path.hasSuffix("/linformer.diagram")
        || root.rules.contains { path == "Rules/\($0).rules" }
    }
    let environment = Program(paths: paths, provider: TaxonomyLibrary()).environment
    self.environment = environment
    self.root = try #require(environment.definitions.first { $0.symbol.name == root.name })
    let moves = try root.rules.flatMap { module in
      try environment.rules.filter { $0.symbol.module == module }.map {
        try RuleMove($0, in: environment)
      }
    }
    identity = MechanismIdentity(environment)
    taxonomy = try TaxonomySearch(moves, identity: identity).explore(self.root.diagram)
    let inputs = self.root.diagram.domain.count
    known = environment.definitions.filter { $0.diagram.domain.count == inputs }
  }

  /// The steps to the mechanism of a name, and that it was reached.
  func derivation(to name: String) throws -> Derivation {
    guard let goal = known.first(where: { $0.symbol.name == name }) else {
      throw Unreached(name: name)
    }
    let digest = try identity.digest(of: goal.diagram)
    guard let node = taxonomy.nodes.firstIndex(where: { $0.identity == digest }) else {
      throw Unreached(name: name)
    }
    let arrival = DerivationStep.reach(
      goal.symbol, modulo: LaneLaw.normalForm.rawValue, laws: [.lanes(.normalForm)])
    return Derivation(
      symbol: Symbol(module: root.symbol.module, name: "to_\(name)"), source: root.symbol,
      target: goal.symbol, relation: taxonomy.relation(to: node),
      steps: taxonomy.path(to: node).map(\.step) + [arrival])
  }
}

/// The files of the library.
struct TaxonomyLibrary: FileProvider {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The rule and diagram files, relative to the repository, sorted.
  static let paths = ["Rules", "Diagrams"].flatMap { folder in
    let all = FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []
    return all.filter { $0.hasSuffix(".rules") || $0.hasSuffix(".diagram") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  func read(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: Self.root.appending(path: path))).map { Array($0) }
  }

  func locate(import name: String, from path: String) -> String? {
    Self.paths.first { path in
      let file = URL(filePath: path)
      return file.deletingPathExtension().lastPathComponent == name
    }
  }

  func identity(of path: String) -> String { path }
}
