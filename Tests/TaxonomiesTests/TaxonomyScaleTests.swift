import DiagramIR
import Rewriting
import Taxonomies
import Testing

@Suite("Larger taxonomies")
struct TaxonomyScaleTests {
  private static let products = SourceProgram(
    """
    theory products: symmetric
    sort M
    box mul: M, M -> M
    rule assoc(a: M, b: M, c: M) { mul(mul(a, b), c) == mul(a, mul(b, c)) }
    rule comm(a: M, b: M) { mul(a, b) == mul(b, a) }
    diagram root(a: M, b: M, c: M, d: M) -> M { mul(mul(mul(a, b), c), d) }
    """)

  @Test("the products of four factors are those that the closure finds")
  func closure() throws {
    let program = Self.products
    let root = try program.definition("root").diagram
    let rules = [try program.rule("assoc"), try program.rule("comm")]
    let search = TaxonomySearch(
      try rules.map { try RuleMove($0, in: program.environment) },
      identity: MechanismIdentity(program.environment), limit: 200)
    let taxonomy = try search.explore(root)
    let packed = try Closure(try rules.map { try Rewrite($0, .forward) }).explore(root)
    #expect(taxonomy.isComplete && taxonomy.nodes.count == 120)
    #expect(packed.count == 120)
    let states = Set((0..<packed.count).compactMap { packed.diagram(at: $0)?.digest() })
    #expect(Set(taxonomy.nodes.map(\.identity)) == states)
    #expect(taxonomy.edges.allSatisfy { $0.relation == .equal })
  }

  @Test("beyond the limit of the reduction only paths of two edges are looked at")
  func reduction() throws {
    let program = SourceProgram(
      """
      \(TaxonomyTests.rules)
      diagram root(x: [n d]) -> [n d] {
        learn f, g: [d] -> [d]
        simd n(x) { g(shift(f(x))) }
      }
      """)
    let moves = try ["to_linear", "to_identity", "linear_to_identity"].map {
      try RuleMove(program.rule($0), in: program.environment)
    }
    let search = TaxonomySearch(moves, identity: MechanismIdentity(program.environment))
    let taxonomy = try search.explore(program.definition("root").diagram)
    let (all, isThorough) = taxonomy.reducedEdges()
    let short = taxonomy.reducedEdges(limit: 0)
    #expect(taxonomy.nodes.count == 9 && taxonomy.edges.count == 18)
    #expect(all.count == 12 && short.numbers == all)
    #expect(isThorough && !short.isThorough)
    #expect(taxonomy.reduced().map(\.target) == all.map { taxonomy.edges[$0].target })
  }
}
