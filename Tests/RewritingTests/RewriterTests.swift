import DiagramIR
import Rewriting
import Testing

@Suite("Rewriting")
struct RewriterTests {
  private func environment(_ doctrine: Doctrine) -> Environment {
    var environment = Environment()
    let rules = [
      Rules.assoc(doctrine, .scalar), Rules.commute(doctrine), Rules.unit(doctrine),
      Rules.rename("weaker", "f", "g", doctrine, relation: .expresses),
    ]
    for rule in rules { environment.add(rule) }
    return environment
  }

  private let assoc = Law.rule(symbol("assoc"))
  private let unit = Law.rule(symbol("unit"))

  private func step(_ law: Law, backward: Bool = false, at place: String? = nil) -> DerivationStep {
    .apply(law, isBackward: backward, at: place, sizes: [])
  }

  @Test("normalizing a comb gives the comb on the other side, recorded step by step")
  func normalize() throws {
    for doctrine in [Doctrine.symmetric, .cartesian] {
      let rewriter = Rewriter(environment(doctrine))
      let result = try rewriter.rewrite(comb(40, doctrine), by: [assoc], .normalize(limit: 1000))
      #expect(!result.reachedLimit)
      #expect(result.diagram.isIsomorphic(to: rightComb(40, doctrine)))
      #expect(!result.diagram.isIsomorphic(to: comb(40, doctrine)))
      var replayed = comb(40, doctrine)
      for step in result.steps {
        replayed = try rewriter.apply(step, to: replayed)
        try replayed.verify()
      }
      #expect(replayed.isIsomorphic(to: result.diagram))
    }
  }

  @Test("a strategy stops where it says, and tells whether it could go on")
  func strategies() throws {
    let rewriter = Rewriter(environment(.cartesian))
    let start = comb(10, .cartesian)
    let once = try rewriter.rewrite(start, by: [assoc], .once)
    #expect(once.steps.count == 1 && once.reachedLimit)
    #expect(try rewriter.rewrite(start, by: [assoc], .steps(3)).steps.count == 3)
    let loop = try rewriter.rewrite(start, by: [.rule(symbol("commute"))], .normalize(limit: 25))
    #expect(loop.reachedLimit && loop.steps.count == 25)
    let none = try rewriter.rewrite(start, by: [unit], .normalize(limit: 25))
    #expect(none.steps.isEmpty && !none.reachedLimit)
  }

  @Test("a wire alone matches only at a place, where its consumers get what is put in")
  func bareWires() throws {
    for doctrine in [Doctrine.symmetric, .cartesian] {
      let rewriter = Rewriter(environment(doctrine))
      let start = comb(2, doctrine)
      #expect(throws: RewritingError.bareWires(law: "unit")) {
        try rewriter.apply(step(unit, backward: true), to: start)
      }
      for place in ["x0", "x2"] {
        let grown = try rewriter.apply(step(unit, backward: true, at: place), to: start)
        try grown.verify()
        #expect(grown.boxCount == 4)
        let back = try rewriter.apply(step(unit), to: grown)
        #expect(back.isIsomorphic(to: start))
      }
    }
  }

  @Test("what a step can't do is said with its reason")
  func errors() throws {
    let rewriter = Rewriter(environment(.cartesian))
    let start = comb(1, .cartesian)
    func error(_ step: DerivationStep) -> RewritingError? {
      do throws(RewritingError) { _ = try rewriter.apply(step, to: start) } catch { return error }
      return nil
    }
    #expect(error(step(assoc)) == .noMatch(law: "assoc", head: "mul", count: 1, place: nil))
    #expect(error(step(unit)) == .noMatch(law: "unit", head: "one", count: 0, place: nil))
    #expect(error(step(.rule(symbol("weaker")))) == .unjustified(law: "weaker", .expresses))
    #expect(error(step(.rule(symbol("missing")))) == .undeclaredRule(symbol("missing")))
    #expect(error(step(assoc, at: "nowhere")) == .place(.unknown(name: "nowhere")))
    #expect(error(.unfold(symbol("d"), at: nil)) == .undeclaredDiagram(symbol("d")))
    let size = SizeAssignment(SizeVariable("k"), Size(3))
    let sized = DerivationStep.apply(assoc, isBackward: false, at: nil, sizes: [size])
    #expect(error(sized) == .unknownSize(law: "assoc", name: "k"))
    #expect("\(error(step(assoc)) ?? .needsPlace(law: ""))".contains("1 box 'mul'"))
    let refusal = RewritingError.doctrine(law: "assoc", expected: .cartesian, found: .symmetric)
    #expect(throws: refusal) {
      try rewriter.apply(step(assoc), to: comb(3, .symmetric))
    }
  }

  @Test("an input or a learned box that only the other side has is refused")
  func otherSide() throws {
    var left = Sketch(.cartesian)
    _ = left.input("x")
    let zero = left.finish(left.map("f", left.one()))
    var right = Sketch(.cartesian)
    let product = right.mul(right.input("x"), right.one())
    let rule = Rule(
      symbol: symbol("r"), relation: .equal, left: zero, right: right.finish(product))
    #expect(throws: RewritingError.unusedInput(law: "r", name: "x")) {
      try Rewrite(rule, .forward)
    }
    let rewrite = try Rewrite(rule, .backward)
    let matcher = Matcher(rule.right)
    let match = try #require(matcher.firstMatch(of: rewrite.pattern))
    let result = try rewrite.apply(match, in: matcher)
    try result.verify()
    #expect(result.boxCount == 2 && result.domain.count == 1)
    let learned = Diagram.box(
      .learned(LearnedBox(kind: .learn, label: "w")), [.scalar], [.scalar], doctrine: .cartesian)
    let fresh = Rule(
      symbol: symbol("r"), relation: .equal,
      left: Rules.rename("f", "f", "g", .cartesian).left, right: learned)
    #expect(throws: RewritingError.freshLabel(law: "r", label: "w")) {
      try Rewrite(fresh, .forward)
    }
  }

  @Test("a size that only the other side has is given, or stays a size of the diagram")
  func freeSizes() throws {
    func side(_ box: String, through size: String) -> Diagram {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.scalar)
      let middle = builder.addBox(.box(symbol(box)), inputs: [x], outputs: [.real(Size(size))])
      return builder.finish(
        codomain: builder.addBox(.box(symbol("sum")), inputs: middle, outputs: [.scalar]))
    }
    let rule = Rule(
      symbol: symbol("r"), relation: .equal,
      left: Rules.rename("x", "f", "f", .cartesian).left, right: side("repeat", through: "r"))
    func apply(_ sizes: [SizeAssignment]) throws -> Diagram {
      let rewrite = try Rewrite(rule, .forward, sizes: sizes)
      let matcher = Matcher(rule.left)
      return try rewrite.apply(try #require(matcher.firstMatch(of: rewrite.pattern)), in: matcher)
    }
    let given = try apply([SizeAssignment(SizeVariable("r"), Size(5))])
    #expect(given.types.contains(.real(Size(5))))
    #expect(try apply([]).types.contains(.real(Size("r"))))
  }

  @Test("names of places are unique, stable, and resolve to their wires")
  func places() throws {
    var sketch = Sketch(.cartesian)
    let (x, y) = (sketch.input("x"), sketch.input("_0"))
    sketch.builder.setName("x", of: y)
    let product = sketch.mul(x, y)
    sketch.builder.setName("_3", of: product)
    let diagram = sketch.finish(sketch.map("f", product))
    for index in 0..<diagram.wireCount {
      let name = Place.name(of: WireID(index), in: diagram)
      #expect(try Place.resolve(name, in: diagram) == WireID(index))
    }
    #expect(Place.name(of: product, in: diagram) == "_3")
    #expect(throws: PlaceError.ambiguous(name: "x", candidates: ["__0", "__1"])) {
      try Place.resolve("x", in: diagram)
    }
    #expect(throws: PlaceError.unknown(name: "__9")) { try Place.resolve("__9", in: diagram) }
    #expect(throws: PlaceError.unknown(name: "__")) { try Place.resolve("__", in: diagram) }
  }

  @Test("recorded steps replay on random diagrams", arguments: [Doctrine.symmetric, .cartesian])
  func recorded(_ doctrine: Doctrine) throws {
    let rewriter = Rewriter(environment(doctrine))
    var taken = 0
    for seed in UInt64(0)..<40 {
      var random = RandomDiagram(doctrine, seed: seed)
      let start = random.diagram(boxes: 20, axes: ["n"], lanes: 2)
      let laws = [assoc, unit, .rule(symbol("commute"))]
      let result = try rewriter.rewrite(start, by: laws, .steps(5))
      taken += result.steps.count
      var replayed = start
      for step in result.steps { replayed = try rewriter.apply(step, to: replayed) }
      try result.diagram.verify()
      #expect(replayed.isIsomorphic(to: result.diagram), "seed \(seed), \(doctrine)")
    }
    #expect(taken > 50)
  }
}
