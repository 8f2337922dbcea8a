import DiagramIR
import Rewriting
import Taxonomies
import Testing

@Suite("Enumeration of terms")
struct TermEnumerationTests {
  private static func symbol(_ name: String) -> Symbol { Symbol(module: "r", name: name) }
  private static let tokens = WireType.sort(symbol("tokens"))
  private static let weights = WireType.sort(symbol("weights"))
  private static let summary = WireType.sort(symbol("summary"))

  private static let read = generator("read", [tokens, summary], tokens)
  private static let summarise = generator("summarise", [tokens, tokens], summary)
  private static let apply = generator("apply", [weights, tokens], tokens)
  private static let score = generator("score", [tokens, tokens], weights)
  private static let multiply = generator("multiply", [weights, weights], weights)
  private static let attention = [read, summarise, apply, score]

  private static func generator(
    _ name: String, _ domain: [WireType], _ codomain: WireType
  ) -> TermSignature.Generator {
    TermSignature.Generator(symbol(name), domain, codomain)
  }

  private static func signature(_ generators: [TermSignature.Generator]) -> TermSignature {
    TermSignature(generators, variables: [("x", tokens)])
  }

  /// apply(multiply(a, b), v) == apply(a, apply(b, v)).
  private static let product: Rule = {
    var left = DiagramBuilder(doctrine: .cartesian)
    let (a, b, v) = (
      left.addDomainWire(weights), left.addDomainWire(weights), left.addDomainWire(tokens)
    )
    let ab = left.addBox(.box(multiply.box), inputs: [a, b], outputs: [weights])
    let result = left.addBox(.box(apply.box), inputs: ab + [v], outputs: [tokens])
    var right = DiagramBuilder(doctrine: .cartesian)
    let (c, d, w) = (
      right.addDomainWire(weights), right.addDomainWire(weights), right.addDomainWire(tokens)
    )
    let inner = right.addBox(.box(apply.box), inputs: [d, w], outputs: [tokens])
    let outer = right.addBox(.box(apply.box), inputs: [c] + inner, outputs: [tokens])
    return Rule(
      symbol: symbol("product"), relation: .equal, left: left.finish(codomain: result),
      right: right.finish(codomain: outer))
  }()

  private static func enumeration(
    _ generators: [TermSignature.Generator], isReduced: Bool = false, limit: Int = 100_000
  ) -> TermEnumeration {
    var environment = Environment()
    environment.add(product)
    return TermEnumeration(
      signature(generators), goal: tokens, laws: isReduced ? [.rule(product.symbol)] : [],
      in: environment, limit: limit)
  }

  @Test("the generators of attention make 2, 14 and 110 mechanisms of 2, 4 and 6 boxes")
  func counts() throws {
    let enumeration = Self.enumeration(Self.attention)
    #expect(try enumeration.terms(boxes: 0).count == 0)
    #expect(try enumeration.terms(boxes: 2).count == 2)
    #expect(try enumeration.terms(boxes: 4).count == 14)
    #expect(try enumeration.terms(boxes: 5).count == 14)
    #expect(try enumeration.terms(boxes: 6).count == 110)
  }

  @Test("the order is by boxes, then by prefix notation")
  func order() throws {
    let signature = Self.signature(Self.attention)
    let terms = try Self.enumeration(Self.attention).terms(boxes: 4).map { $0.text(in: signature) }
    #expect(
      terms.prefix(3) == [
        "read(x, summarise(x, x))", "apply(score(x, x), x)",
        "read(read(x, summarise(x, x)), summarise(x, x))",
      ])
    #expect(Set(terms).count == 14)
  }

  @Test("products of weights are redundant by their rule, and not without it")
  func redundancy() throws {
    let generators = Self.attention + [Self.multiply]
    let reduced = try Self.enumeration(generators, isReduced: true).terms(boxes: 4)
    #expect(reduced == (try Self.enumeration(Self.attention).terms(boxes: 4)))
    #expect(try Self.enumeration(generators).terms(boxes: 4).count == 15)
    #expect(try Self.enumeration(generators, isReduced: true).terms(boxes: 6).count == 110)
  }

  @Test("a term is the diagram that it draws")
  func roundTrip() throws {
    let signature = Self.signature(Self.attention)
    for term in try Self.enumeration(Self.attention).terms(boxes: 6) {
      let diagram = term.diagram(in: signature)
      #expect(diagram.boxCount == term.boxCount)
      #expect(Term(diagram, in: signature) == term)
    }
    let other = Self.signature([Self.read])
    let term = try #require(try Self.enumeration(Self.attention).terms(boxes: 2).last)
    #expect(Term(term.diagram(in: signature), in: other) == nil)
  }

  @Test("too many terms are an error that says so")
  func limit() {
    #expect(throws: TermEnumerationError.self) {
      try Self.enumeration(Self.attention, limit: 100).terms(boxes: 8)
    }
  }
}
