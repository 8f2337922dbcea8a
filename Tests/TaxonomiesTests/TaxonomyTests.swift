import DiagramIR
import DiagramText
import Rewriting
import Taxonomies
import Testing

@Suite("Taxonomies")
struct TaxonomyTests {
  /// A theory of rows, and what a learned box may become.
  static let rules = """
    theory rows: cartesian
    box shift: [..s] -> [..s]
    rule to_linear(x: [d]) {
      learn f: [d] -> [d]
      linear w: [d] -> [d]
      f(x) >= w(x)
    }
    rule to_identity(x: [d]) {
      learn f: [d] -> [d]
      f(x) >= x
    }
    rule linear_to_identity(x: [d]) {
      linear w: [d] -> [d]
      w(x) >= x
    }
    rule two_layers(x: [d]) {
      learn f, g, h: [d] -> [d]
      f(x) >= h(g(x))
    }
    """

  private static func taxonomy(
    of body: String, by names: [String], limit: Int = 100, threads: Int = 2
  ) throws -> (taxonomy: Taxonomy, search: TaxonomySearch, program: SourceProgram) {
    let program = SourceProgram("\(rules)\ndiagram root(x: [n d]) -> [n d] {\n\(body)\n}\n")
    let moves = try names.map { try RuleMove(program.rule($0), in: program.environment) }
    let search = TaxonomySearch(
      moves, identity: MechanismIdentity(program.environment), limit: limit, threads: threads)
    return (try search.explore(program.definition("root").diagram), search, program)
  }

  private static let learner = """
    learn f: [d] -> [d]
    f[n](x)
    """

  @Test("a learner, a linear map and the identity, in a chain once reduced")
  func chain() throws {
    let (taxonomy, _, _) = try Self.taxonomy(
      of: Self.learner, by: ["to_linear", "to_identity", "linear_to_identity"])
    #expect(taxonomy.isComplete)
    #expect(taxonomy.nodes.count == 3)
    #expect(taxonomy.edges.map(\.rule.name) == ["to_linear", "to_identity", "linear_to_identity"])
    #expect(taxonomy.edges.allSatisfy { $0.relation == .expresses })
    let reduced = taxonomy.reduced()
    #expect(reduced.map(\.rule.name) == ["to_linear", "linear_to_identity"])
    #expect(reduced.map { [$0.source, $0.target] } == [[0, 1], [1, 2]])
    #expect(Set(taxonomy.nodes.map(\.identity)).count == 3)
  }

  @Test("the way to a mechanism replays as a derivation")
  func way() throws {
    let (taxonomy, _, program) = try Self.taxonomy(
      of: Self.learner, by: ["to_linear", "linear_to_identity"])
    var diagram = try program.definition("root").diagram
    let rewriter = Rewriter(program.environment)
    for edge in taxonomy.path(to: 2) {
      let outcome = try rewriter.outcome(of: edge.step, from: diagram)
      #expect(outcome.relation == edge.relation)
      diagram = outcome.diagram
    }
    #expect(diagram.isIsomorphic(to: taxonomy.nodes[2].diagram))
    #expect(taxonomy.relation(to: 2) == .expresses)
    #expect(taxonomy.relation(to: 0) == .equal)
  }

  @Test("rules that never stop growing end at the limit, and go on from there")
  func limit() throws {
    let (partial, _, _) = try Self.taxonomy(of: Self.learner, by: ["two_layers"], limit: 5)
    #expect(partial.reachedLimit)
    #expect(!partial.isComplete)
    #expect(partial.nodes.count <= 5)
    let (more, search, _) = try Self.taxonomy(of: Self.learner, by: ["two_layers"], limit: 9)
    let resumed = search.resume(partial)
    #expect(resumed.nodes.map(\.identity) == more.nodes.map(\.identity))
    #expect(resumed.edges.count == more.edges.count)
  }

  @Test("the number of threads makes no difference")
  func threads() throws {
    let names = ["two_layers", "to_linear", "to_identity", "linear_to_identity"]
    let (one, _, _) = try Self.taxonomy(of: Self.learner, by: names, limit: 40, threads: 1)
    let (four, _, _) = try Self.taxonomy(of: Self.learner, by: names, limit: 40, threads: 4)
    #expect(one.nodes.map(\.identity) == four.nodes.map(\.identity))
    #expect(one.edges.map { "\($0.step)" } == four.edges.map { "\($0.step)" })
  }

  @Test("drawings of one mechanism have one identity, and others don't")
  func identity() throws {
    let program = SourceProgram(
      """
      \(Self.rules)
      diagram twice(y: [d]) -> [d] { shift(shift(y)) }
      diagram fused(x: [n d]) -> [n d] { simd n(x) { shift(shift(x)) } }
      diagram split(x: [n d]) -> [n d] {
        first = shift[n](x)
        simd n(first) { shift(first) }
      }
      diagram folded(input: [m k]) -> [m k] { twice[m](input) }
      diagram once(x: [n d]) -> [n d] { shift[n](x) }
      """)
    let identity = MechanismIdentity(program.environment)
    let digests = try ["fused", "split", "folded", "once"].map {
      try identity.digest(of: program.definition($0).diagram)
    }
    #expect(Set(digests.prefix(3)).count == 1)
    #expect(digests[3] != digests[0])
  }

  @Test("a rule that nothing certifies can't be used")
  func uncertified() throws {
    let program = SourceProgram(
      """
      \(Self.rules)
      rule wrong(x: [d]) {
        linear w: [d] -> [d]
        w(x) >= shift(x)
      }
      """)
    #expect(throws: RewritingError.self) {
      try RuleMove(program.rule("wrong"), in: program.environment)
    }
  }
}

/// A file in memory.
struct SourceProgram: FileProvider {
  private let text: String
  private let path = "test.diagram"

  init(_ text: String) {
    self.text = text
    let faults = program.files.flatMap(\.diagnostics).map(\.message)
    #expect(faults == [])
  }

  private var program: Program { Program(paths: [path], provider: self) }

  var environment: Environment { program.environment }

  func definition(_ name: String) throws -> Definition {
    try #require(program.definition(name, in: path))
  }

  func rule(_ name: String) throws -> Rule { try #require(program.rule(name, in: path)) }

  func read(_ path: String) -> [UInt8]? { path == self.path ? Array(text.utf8) : nil }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }
}
