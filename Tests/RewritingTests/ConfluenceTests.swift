import DiagramIR
import DiagramText
import Rewriting
import Testing

@Suite("Confluence")
struct ConfluenceTests {
  private func rules(_ text: String) throws -> [Rule] {
    let program = Program(paths: ["test.rules"], provider: OneFile(text: text))
    let faults = program.files.flatMap(\.diagnostics).map(\.message)
    #expect(faults == [])
    return program.environment.rules
  }

  private struct OneFile: FileProvider {
    let text: String
    func read(_ path: String) -> [UInt8]? { path == "test.rules" ? Array(text.utf8) : nil }
    func locate(import name: String, from path: String) -> String? { nil }
    func identity(of path: String) -> String { path }
  }

  private static let monoid = """
    theory monoid: symmetric
    sort M
    box mul: M, M -> M
    box unit: -> M
    rule assoc: (mul * id) ; mul == (id * mul) ; mul
    rule unit_left: (unit * id) ; mul == id
    rule unit_right: (id * unit) ; mul == id

    """

  private func environment(_ text: String) throws -> Environment {
    Program(paths: ["test.rules"], provider: OneFile(text: text)).environment
  }

  /// A chain of `mul` boxes, each the first input of the next.
  private func comb(_ count: Int) throws -> Diagram {
    let names = (0...count).map { "x\($0)" }
    let product = names.dropFirst().reduce(names[0]) { "mul(\($0), \($1))" }
    let inputs = names.map { "\($0): M" }.joined(separator: ", ")
    let environment = try environment(
      Self.monoid + "diagram comb(\(inputs)) -> M { \(product) }\n")
    return try #require(environment.definitions.first).diagram
  }

  /// The sum that weights by position say of a diagram of boxes with one output.
  private func weight(of diagram: Diagram, _ weights: PositionWeights) -> Int {
    var currents: [WireID: Int] = [:]
    for wire in diagram.domain { currents[wire] = 1 }
    var sum = 0
    for box in diagram.topologicalOrder(of: diagram.root, producers: diagram.producers()) ?? [] {
      let inputs = diagram.inputs(of: box).map { currents[$0] ?? 1 }
      for wire in diagram.outputs(of: box) { currents[wire] = 1 + inputs.reduce(0, +) }
      guard let own = weights.weights.first(where: { $0.name == "mul" }) else { continue }
      sum += own.constant + zip(own.factors, inputs).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return sum
  }

  private func outcomes(_ report: ConfluenceReport) -> [String] {
    report.pairs.map { "\($0.first.name) \($0.second.name) \($0.outcome)" }
  }

  @Test("the critical pairs of monoids are the known five, and all join")
  func monoid() throws {
    let report = ConfluenceCheck().check(try rules(Self.monoid), doctrine: .symmetric)
    #expect(
      outcomes(report) == [
        "assoc assoc joins", "assoc unit_left joins", "assoc unit_right joins",
        "assoc unit_right joins", "unit_left unit_right joins",
      ])
    #expect(report.isFine && report.loops.isEmpty && report.notConnected.isEmpty)
    let overlap = report.pairs[0].overlap.diagram
    #expect(isComb(overlap, of: 3), "\(overlap)")
    #expect(!isComb(report.pairs[1].overlap.diagram, of: 3))
  }

  private let sort = Symbol(module: "test", name: "M")

  /// Whether a diagram is a chain of this many `mul` boxes, each the first input of the next.
  private func isComb(_ diagram: Diagram, of count: Int) -> Bool {
    let boxes = diagram.boxes(in: diagram.root)
    let chained = boxes.filter { box in
      boxes.contains { diagram.inputs(of: $0).first == diagram.outputs(of: box).first }
    }
    return boxes.count == count && chained.count == count - 1
      && boxes.allSatisfy {
        diagram.operation(of: $0) == .box(Symbol(module: "test", name: "mul"))
      }
  }

  @Test("associativity in both orientations loops")
  func loop() throws {
    let back = "rule back: (id * mul) ; mul == (mul * id) ; mul\n"
    let report = ConfluenceCheck().check(
      try rules(Self.monoid + back), doctrine: .symmetric)
    #expect(!report.isFine)
    let found = report.loops.contains { loop in
      if case .cycle(let rule, period: 2) = loop { rule.name == "assoc" } else { false }
    }
    #expect(found, "\(report.loops)")
  }

  @Test("a rule that applies to its own right side loops")
  func containment() throws {
    let swap = "rule swap(a: M, b: M) { mul(a, b) == mul(b, a) }\n"
    let report = ConfluenceCheck().check(try rules(Self.monoid + swap), doctrine: .symmetric)
    let expected = RuleLoop.containsItself(Symbol(module: "test", name: "swap"))
    #expect(report.loops.contains(expected), "\(report.loops)")
    let plain = ConfluenceCheck().check(try rules(Self.monoid), doctrine: .symmetric)
    #expect(plain.loops.isEmpty)
  }

  @Test("two rules that take one box to different normal forms don't join")
  func difference() throws {
    let text = """
      theory maps: symmetric
      sort M
      box f: M -> M
      box g: M -> M
      box h: M -> M
      rule first: f ; g == h
      rule second: g ; f == id

      """
    let report = ConfluenceCheck().check(try rules(text), doctrine: .symmetric)
    // f;g;f is h;f or f, and g;f;g is g;h or g.
    #expect(outcomes(report) == ["first second differs", "first second differs"])
    #expect(report.termination == .boxes && !report.isConfluent && !report.isFine)
    let completed =
      text + "rule third: h ; f == f\nrule fourth: g ; h == g\nrule fifth: h ; h == h\n"
    let again = ConfluenceCheck().check(try rules(completed), doctrine: .symmetric)
    #expect(again.isConfluent && again.pairs.count > 2, "\(outcomes(again))")
  }

  private static let bialgebra =
    monoid + """
      box comul: M -> M, M
      box counit: M ->
      rule coassoc: comul ; (comul * id) == comul ; (id * comul)
      rule counit_left: comul ; (counit * id) == id
      rule counit_right: comul ; (id * counit) == id
      rule bialgebra: mul ; comul == (comul * comul) ; (id * swap * id) ; (mul * mul)
      rule unit_comul: unit ; comul == unit * unit
      rule mul_counit: mul ; counit == counit * counit

      """

  @Test("all pairs of bialgebras join exactly when the counit of the unit is nothing")
  func bialgebra() throws {
    var rules = try rules(Self.bialgebra)
    let report = ConfluenceCheck().check(rules, doctrine: .symmetric)
    let open = report.pairs.filter { $0.outcome != .joins }
    #expect(open.count == 4 && report.pairs.count == 22, "\(outcomes(report))")
    #expect(open.allSatisfy { $0.outcome == .differs })
    rules = try self.rules(Self.bialgebra + "rule unit_counit: unit ; counit == id[]\n")
    let complete = ConfluenceCheck().check(rules, doctrine: .symmetric)
    #expect(complete.isFine && complete.pairs.count >= 22, "\(outcomes(complete))")
  }

  @Test("cartesian rules overlap as terms do, with sizes solved for, and inside lanes")
  func cartesian() throws {
    let text = """
      theory t: cartesian
      box f: [] -> []
      box g: [] -> []
      box h: [] -> []
      box fold: [n] -> []
      box turn: [n] -> [n]
      rule inner(x: []) { g(f(x)) == h(x) }
      rule outer(x: [k]) { fold(simd k(x) { g(f(x)) }) == fold(turn(x)) }
      rule turning(x: [m]) { turn(turn(x)) == x }

      """
    let report = ConfluenceCheck().check(try rules(text), doctrine: .cartesian)
    #expect(outcomes(report) == ["inner outer differs", "turning turning joins"])
    let lanes = try #require(report.pairs.first)
    #expect(lanes.overlap.first.region != lanes.overlap.diagram.root)
    #expect(lanes.overlap.second.region == lanes.overlap.diagram.root)
    #expect(report.termination == .boxes)
  }

  @Test("an overlap in which an occurrence is not convex is none")
  func convexity() throws {
    let text = """
      theory maps: symmetric
      sort M
      box f: M -> M
      box g: M -> M
      box h: M -> M
      rule apart: f * h == id * id
      rule chain: f ; g ; h == id

      """
    let report = ConfluenceCheck().check(try rules(text), doctrine: .symmetric)
    #expect(report.notConvex == 1)
    #expect(report.pairs.count { $0.first != $0.second } == 2)
    #expect(report.notConnected.map(\.name) == ["apart"] && !report.isConfluent)
  }

  private func termination(_ text: String, _ doctrine: Doctrine) throws -> TerminationArgument {
    ConfluenceCheck().check(try rules(text), doctrine: doctrine).termination
  }

  @Test("associativity ends since less lies before the first inputs, and monoids are confluent")
  func positions() throws {
    let report = ConfluenceCheck().check(try rules(Self.monoid), doctrine: .symmetric)
    guard case .positions(let weights) = report.termination else {
      Issue.record("\(report.termination)")
      return
    }
    #expect(!weights.isReversed && report.isConfluent)
    let mul = try #require(weights.weights.first { $0.name == "mul" })
    #expect(mul.factors.count == 1 || mul.factors[0] > mul.factors[1])
    // In a comb of n boxes to the left, the weight falls with every step.
    let rewriter = Rewriter(try environment(Self.monoid))
    let assoc = try #require(rewriter.environment.rules.first { $0.symbol.name == "assoc" })
    var diagram = try comb(8)
    var sums = [weight(of: diagram, weights)]
    let step = DerivationStep.apply(.rule(assoc.symbol), isBackward: false, at: nil, sizes: [])
    while let next = try? rewriter.apply(step, to: diagram) {
      diagram = next
      sums.append(weight(of: diagram, weights))
    }
    #expect(sums.count > 7 && zip(sums, sums.dropFirst()).allSatisfy { $0 > $1 }, "\(sums)")
  }

  @Test(
    "comonoids end by what lies after the outputs; both orientations, and swaps, are not known to end"
  )
  func otherPositions() throws {
    let comonoid = """
      theory comonoid: symmetric
      sort C
      box comul: C -> C, C
      rule coassoc: comul ; (comul * id) == comul ; (id * comul)

      """
    guard case .positions(let weights) = try termination(comonoid, .symmetric) else {
      Issue.record("no argument for comonoids")
      return
    }
    #expect(weights.isReversed)
    for rule in [
      "rule back: (id * mul) ; mul == (mul * id) ; mul\n",
      "rule swapped(a: M, b: M) { mul(a, b) == mul(b, a) }\n",
    ] {
      #expect(try !termination(Self.monoid + rule, .symmetric).isKnown)
    }
  }

  @Test("definitions end by an order of kinds, and circles of definitions are not known to")
  func kinds() throws {
    let theory = """
      theory t: cartesian
      box f: [] -> []
      box g: [], [] -> []
      box h: [] -> []

      """
    let unfolding = "rule one(x: []) { f(x) == g(h(x), x) }\nrule two(x: []) { h(x) == g(x, x) }\n"
    guard case .kinds(let order) = try termination(theory + unfolding, .cartesian) else {
      Issue.record("no argument for definitions")
      return
    }
    #expect(order.names == ["f", "h"])
    let circle = unfolding + "rule three(x: [], y: []) { g(x, y) == g(f(x), y) }\n"
    #expect(try !termination(theory + circle, .cartesian).isKnown)
  }

  @Test("weights are found where the number of boxes alone says nothing")
  func weights() throws {
    let text = """
      theory maps: symmetric
      sort M
      box f: M -> M
      box g: M -> M
      rule one: f == g ; g
      rule two: g ; g ; g == f

      """
    let report = ConfluenceCheck().check(try rules(text), doctrine: .symmetric)
    guard case .weightedBoxes(let weights) = report.termination else {
      Issue.record("\(report.termination)")
      return
    }
    let weight = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.weight) })
    let (f, g) = (weight["f"] ?? 0, weight["g"] ?? 0)
    #expect(f > 2 * g && 3 * g > f)
    let more = ConfluenceCheck().check(
      try rules(text + "rule three: g == f\n"), doctrine: .symmetric)
    #expect(!more.termination.isKnown)
  }
}
