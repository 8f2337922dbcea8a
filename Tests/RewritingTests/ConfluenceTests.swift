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
    let module = "test"
    var builder = DiagramBuilder(doctrine: .symmetric)
    let unit = Operation.box(Symbol(module: module, name: "unit"))
    let wires = builder.addBox(unit, inputs: [], outputs: [.sort(sort)])
    builder.addBox(.box(Symbol(module: module, name: "counit")), inputs: wires, outputs: [])
    rules.append(
      Rule(
        symbol: Symbol(module: module, name: "unit_counit"), relation: .equal,
        left: builder.finish(codomain: []), right: .identity([], doctrine: .symmetric)))
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
