import DiagramIR
import Rewriting
import Testing

@Suite("Folding and derivations")
struct DefinitionTests {
  /// `twice(x) = mul(f(x), g(x))`.
  private var twice: Definition {
    var sketch = Sketch(.cartesian)
    let x = sketch.input("x")
    let diagram = sketch.finish(sketch.mul(sketch.map("f", x), sketch.map("g", x)))
    return Definition(symbol: symbol("twice"), diagram: diagram, resultNames: [])
  }

  /// A learned map into an open size r and out of it, in lanes over h with their own weights.
  private var learned: Definition {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(Size("d")), name: "x")
    builder.openBody()
    let inner = builder.addDomainWire(.real(Size("d")))
    let up = builder.addBox(
      .learned(LearnedBox(kind: .linear, label: "up", per: [Size("h")])), inputs: [inner],
      outputs: [.real(Size("r"))])
    let down = builder.addBox(
      .learned(LearnedBox(kind: .linear, label: "down")), inputs: up, outputs: [.real(Size("d"))])
    let heads = builder.closeBody(
      .simd(axis: Size("h"), mapped: 0), inputs: [x], codomain: down,
      outputs: [.real(Size("h"), Size("d"))])
    let sum = builder.addBox(.box(symbol("sum")), inputs: heads, outputs: [.real(Size("d"))])
    return Definition(
      symbol: symbol("learned"), diagram: builder.finish(codomain: sum), resultNames: [])
  }

  private func use(
    _ definition: Definition, label: String = "", per: [Size] = [], sizes: [Size] = []
  ) -> Operation {
    .use(
      DiagramUse(
        definition: definition.symbol, content: definition.content(), label: label,
        per: per, openSizes: sizes))
  }

  private func environment() -> Environment {
    var environment = Environment()
    environment.add(twice)
    environment.add(learned)
    environment.add(Rules.assoc(.cartesian, .scalar))
    let combs = [("left", comb(5, .cartesian)), ("right", rightComb(5, .cartesian))]
    for (name, diagram) in combs {
      environment.add(Definition(symbol: symbol(name), diagram: diagram, resultNames: []))
    }
    return environment
  }

  @Test("unfolding, then folding, gives the diagram back")
  func folding() throws {
    let rewriter = Rewriter(environment())
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.scalar)
    var wires = [x]
    for _ in 0..<3 { wires = builder.addBox(use(twice), inputs: wires, outputs: [.scalar]) }
    let diagram = builder.finish(codomain: wires)
    let unfolded = try rewriter.apply(.unfold(symbol("twice"), at: nil), to: diagram)
    #expect(unfolded.boxCount == 9)
    let folded = try rewriter.apply(.fold(symbol("twice"), at: nil), to: unfolded)
    try folded.verify()
    #expect(folded.isIsomorphic(to: diagram))
    #expect(throws: RewritingError.noUse(name: "twice", place: nil)) {
      try rewriter.apply(.unfold(symbol("twice"), at: nil), to: unfolded)
    }
    #expect(throws: RewritingError.self) {
      try rewriter.apply(.fold(symbol("twice"), at: nil), to: comb(3, .cartesian))
    }
  }

  @Test("folding a learned diagram finds the label, the axes and the open sizes of the use")
  func foldingLearned() throws {
    let rewriter = Rewriter(environment())
    #expect(learned.openSizes.count == 2)
    let sizes = learned.openSizes.map { $0 == SizeVariable("h") ? Size("heads") : Size(7) }
    let label = use(learned, label: "a.b", per: [Size("l")], sizes: sizes)
    let one = Diagram.box(
      label, [.real(Size("e"))], [.real(Size("e"))], doctrine: .cartesian)
    let diagram = try #require(one.simd(Size("l")))
    try diagram.verify()
    let unfolded = try rewriter.apply(.unfold(symbol("learned"), at: nil), to: diagram)
    try unfolded.verify()
    let folded = try rewriter.apply(.fold(symbol("learned"), at: nil), to: unfolded)
    #expect(folded.operations.contains(label))
    #expect(folded.boxCount == 2 && folded.isIsomorphic(to: diagram))
  }

  @Test("labels without a common prefix don't fold")
  func differentPrefixes() throws {
    let rewriter = Rewriter(environment())
    let sizes = learned.openSizes.map { Size($0) }
    let diagram = Diagram.box(
      use(learned, label: "a", sizes: sizes), [.real(Size("d"))], [.real(Size("d"))],
      doctrine: .cartesian)
    let unfolded = try rewriter.apply(.unfold(symbol("learned"), at: nil), to: diagram)
    let renamed = DiagramTransform { operation in
      guard case .learned(var box) = operation, box.label == "a.up" else { return operation }
      box.label = "b.up"
      return .learned(box)
    }
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(Size("d")))
    let other = builder.finish(
      codomain: try builder.append(unfolded, inputs: [x], transform: renamed))
    #expect(try rewriter.apply(.fold(symbol("learned"), at: nil), to: unfolded).boxCount == 1)
    #expect(throws: RewritingError.self) {
      try rewriter.apply(.fold(symbol("learned"), at: nil), to: other)
    }
  }

  private func derivation(
    _ steps: [DerivationStep], to target: String = "right", _ relation: Relation = .equal
  ) -> Derivation {
    Derivation(
      symbol: symbol("d"), source: symbol("left"), target: symbol(target), relation: relation,
      steps: steps)
  }

  @Test("a derivation is replayed step by step, and every fault names its step")
  func derivations() throws {
    let checker = DerivationChecker(environment())
    let assoc = Law.rule(symbol("assoc"))
    let normalize = DerivationStep.normalize(name: "assoc", laws: [assoc])
    let apply = DerivationStep.apply(assoc, isBackward: false, at: nil, sizes: [])
    let report = try checker.check(derivation([normalize, .expect(symbol("right"))]))
    #expect(report.proved == .equal && report.steps.map(\.boxesAfter) == [5, 5])
    #expect(try checker.check(derivation([normalize], .expresses)).proved == .equal)
    func fault(_ derivation: Derivation) -> DerivationFault? {
      do throws(DerivationFault) { _ = try checker.check(derivation) } catch { return error }
      return nil
    }
    #expect(fault(derivation([apply])) == .target(symbol("right"), boxes: 5, expected: 5))
    #expect(
      fault(derivation([apply, .expect(symbol("left"))]))
        == .expectation(index: 1, symbol("left"), boxes: 5, expected: 5))
    #expect(
      fault(derivation([normalize, apply]))
        == .step(
          index: 1, text: "apply assoc",
          .noMatch(law: "assoc", head: "mul", count: 5, place: nil)))
    #expect(fault(derivation([normalize], to: "none")) == .undeclared(symbol("none")))
  }

  @Test("diagrams are compared after normalizing")
  func comparing() throws {
    let rewriter = Rewriter(environment())
    let (left, right) = (comb(6, .cartesian), rightComb(6, .cartesian))
    #expect(try rewriter.compare(left, right, modulo: [.rule(symbol("assoc"))]).isEqual)
    #expect(try !rewriter.compare(left, right, modulo: []).isEqual)
    let early = try rewriter.compare(left, right, modulo: [.rule(symbol("assoc"))], limit: 1)
    #expect(!early.isEqual && early.reachedLimit)
  }
}
