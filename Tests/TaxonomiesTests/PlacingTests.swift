import DiagramIR
import Rewriting
import Taxonomies
import Testing

@Suite("Placing mechanisms")
struct PlacingTests {
  private static let program = SourceProgram(
    """
    theory rows: cartesian
    box shift: [..s] -> [..s]
    box turn: [..s] -> [..s]
    rule turned_back(x: [d]) { turn(turn(x)) == x }
    rule to_linear(x: [d]) {
      learn f: [d] -> [d]
      linear w: [d] -> [d]
      f(x) >= w(x)
    }
    rule linear_to_identity(x: [d]) {
      linear w: [d] -> [d]
      w(x) >= x
    }
    diagram root(x: [n d]) -> [n d] {
      learn f: [d] -> [d]
      f[n](x)
    }
    diagram once(x: [n d]) -> [n d] { shift[n](x) }
    diagram twice(x: [n d]) -> [n d] { shift[n](shift[n](x)) }
    diagram turned(x: [d]) -> [d] { turn(turn(shift(x))) }
    diagram wide(x: [n d]) -> [n d] {
      linear up: [d] -> [k]
      linear down: [k] -> [d]
      down[n](up[n](x))
    }
    diagram general(x: [n d]) -> [n d] {
      linear first: [d] -> [k]
      learn last: [k] -> [d]
      last[n](first[n](x))
    }
    diagram special(x: [n d]) -> [n d] {
      linear a: [d] -> [r]
      linear b: [r] -> [d]
      shift[n](b[n](a[n](x)))
    }
    """)

  private func diagram(_ name: String) throws -> Diagram {
    try Self.program.definition(name).diagram
  }

  @Test("the distance counts boxes that only one of two has, learned ones by kind")
  func distance() throws {
    let counts = try ["root", "once", "twice", "wide"].map { BoxCounts(try diagram($0)) }
    #expect(counts[1].distance(to: counts[2]) == 1)
    #expect(counts[0].distance(to: counts[1]) == 2)
    #expect(counts[0].distance(to: counts[3]) == 3)
    #expect(counts.allSatisfy { $0.distance(to: $0) == 0 })
  }

  @Test("sizes are identified in every way, those of one name first")
  func sizes() {
    let (k, r, s) = (SizeVariable("k"), SizeVariable("r"), SizeVariable("s"))
    let fewer = ChoiceSearch.renamings(of: [k, r], to: [k], besides: [k, r])
    #expect(fewer == [[k: k], [r: k, k: SizeVariable("k_2")]])
    #expect(ChoiceSearch.renamings(of: [k], to: [r, s], besides: [k]) == [[k: r], [k: s]])
    #expect(ChoiceSearch.renamings(of: [], to: [r], besides: []) == [[:]])
    let many = (0..<6).map { SizeVariable("a\($0)") }
    let ways = ChoiceSearch.renamings(of: many, to: many, besides: Set(many))
    #expect(ways.count == ChoiceSearch.sizeLimit)
  }

  @Test("a choice is found although sizes have other names, and not the other way round")
  func choices() throws {
    let identity = MechanismIdentity(Self.program.environment)
    let search = ChoiceSearch(RelationSearch(Self.program.environment, rules: [], limit: 50))
    let (general, special) = (
      try MechanismForm(diagram("general"), identity),
      try MechanismForm(diagram("special"), identity)
    )
    let found = try #require(search.choices(making: special, of: general))
    #expect(found.keys.sorted() == ["first", "last"])
    var substitution = LearnedSubstitution()
    for (label, image) in found { substitution[label] = image }
    let made = try substitution.applied(to: general.form, in: Self.program.environment)
    #expect(try identity.digest(of: made) == special.identity)
    #expect(search.choices(making: general, of: special) == nil)
  }

  @Test("of a chain of mechanisms the last is the most special")
  func order() throws {
    let environment = Self.program.environment
    let moves = try ["to_linear", "linear_to_identity"].map {
      try RuleMove(Self.program.rule($0), in: environment)
    }
    let taxonomy = try TaxonomySearch(moves, identity: MechanismIdentity(environment)).explore(
      diagram("root"))
    #expect(taxonomy.expressed(by: [0, 1, 2]) == [[0, 1, 2], [1, 2], [2]])
    #expect(taxonomy.mostSpecial(of: [0, 1, 2]) == [2])
    #expect(taxonomy.mostSpecial(of: [0, 1]) == [1])
    #expect(taxonomy.mostSpecial(of: []) == [])
  }

  @Test("a diagram gets the sizes of an interface, and its own keep apart from them")
  func interface() throws {
    let (n, k) = (Size("n"), Size("k"))
    let types = [WireType.array(.real, [.size(n), .size(k)])]
    let wide = try diagram("wide")
    let instance = try #require(wide.instance(domain: types, codomain: types))
    #expect(instance.domainTypes == types && instance.isIsomorphic(to: wide))
    #expect(Set(instance.sizeVariables.map(\.name)) == ["n", "k", "k_2"])
    #expect(wide.instance(domain: [.scalar], codomain: types) == nil)
  }

  @Test("drawing rules are exact and have boxes, and normalize index forms")
  func drawings() throws {
    let rule = try Self.program.rule("turned_back")
    let identity = MechanismIdentity(
      Self.program.environment, drawings: try DrawingRules([rule]))
    let turned = try identity.representative(of: diagram("turned"))
    #expect(turned.boxCount == 1)
    let plain = MechanismIdentity(Self.program.environment)
    #expect(try plain.representative(of: diagram("turned")).boxCount == 3)
    #expect(throws: RewritingError.self) {
      try DrawingRules([Self.program.rule("to_linear")])
    }
  }
}
