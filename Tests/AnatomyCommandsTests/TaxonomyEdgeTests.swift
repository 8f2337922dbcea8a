import DiagramIR
import Rewriting
import Taxonomies
import Testing

/// Every edge of the library's taxonomies verifies, and no two of their nodes are alike.
struct TaxonomyEdgeTests {
  private static func taxonomy(
    of root: String, by modules: [String], _ identity: MechanismIdentity
  ) throws -> Taxonomy {
    let environment = identity.environment
    let moves = try environment.rules.filter { modules.contains($0.symbol.module) }
      .map { try RuleMove($0, in: environment) }
    let definition = try #require(environment.definition(Symbol(module: "roots", name: root)))
    return try TaxonomySearch(moves, identity: identity).explore(definition.diagram)
  }

  private static func node(_ number: Int) -> Symbol {
    Symbol(module: "test", name: "node_\(number)")
  }

  /// An edge as a derivation between diagrams of the nodes; with laws, modulo these.
  private static func derivation(
    _ edge: Taxonomy.Edge, to target: Int, _ relation: Relation, modulo laws: [Law] = []
  ) -> Derivation {
    let reach = DerivationStep.reach(node(target), modulo: "simd, drawings", laws: laws)
    return Derivation(
      symbol: Symbol(module: "test", name: "edge"), source: node(edge.source),
      target: node(target), relation: relation, steps: [edge.step] + (laws.isEmpty ? [] : [reach]))
  }

  @Test(
    "the steps of the taxonomies are derivations, and their mechanisms differ",
    arguments: [
      ("primordial", ["taxonomy"]), ("primordial_within", ["taxonomy", "taxonomy_sequences"]),
    ])
  func edges(_ root: String, _ modules: [String]) throws {
    let identity = try MechanismDrawingTests.identity(LibraryProgram.environment)
    let taxonomy = try Self.taxonomy(of: root, by: modules, identity)
    #expect(taxonomy.isComplete && taxonomy.nodes.count > 30)
    #expect(taxonomy.edges.count >= taxonomy.nodes.count - 1)
    #expect(Set(taxonomy.nodes.map(\.identity)).count == taxonomy.nodes.count)
    #expect(Set(taxonomy.nodes.map { $0.diagram.digest() }).count == taxonomy.nodes.count)

    var environment = identity.environment
    for (number, node) in taxonomy.nodes.enumerated() {
      environment.add(
        Definition(
          symbol: Self.node(number), diagram: node.diagram,
          resultNames: node.diagram.codomain.map { _ in "" }))
    }
    let laws = [Law.lanes(.normalForm)] + identity.drawings.laws
    let derivations = taxonomy.edges.enumerated().map { number, edge in
      let isOrigin = taxonomy.nodes[edge.target].origin == number
      return Self.derivation(edge, to: edge.target, edge.relation, modulo: isOrigin ? [] : laws)
    }
    let checker = DerivationChecker(environment, sharing: derivations)
    for (edge, derivation) in zip(taxonomy.edges, derivations) {
      let report = try checker.check(derivation)
      #expect(report.proved == edge.relation, "\(edge.rule.name)")
      #expect(report.steps.first?.citation == edge.citation, "\(edge.rule.name)")
    }
    for edge in taxonomy.edges.prefix(8) where edge.relation != .equal {
      #expect(throws: DerivationFault.self) {
        try checker.check(Self.derivation(edge, to: edge.target, .equal))
      }
      #expect(throws: DerivationFault.self) {
        try checker.check(Self.derivation(edge, to: edge.source, edge.relation))
      }
    }
  }
}
