import DiagramIR
import Rewriting
import Testing

@Suite("Overlaps of random rules")
struct OverlapTests {
  private func rule(_ name: String, _ random: inout RandomDiagram, _ doctrine: Doctrine) -> Rule? {
    let diagram = random.diagram(boxes: 4, axes: ["n"])
    return rule(name, Array(diagram.boxes(in: diagram.root).prefix(3)), of: diagram)
  }

  /// A rule from a part of a diagram to one box with the same interface.
  private func rule(_ name: String, _ part: [BoxID], of diagram: Diagram) -> Rule? {
    var extraction = Extraction(diagram, renaming: [:])
    guard !part.isEmpty, let left = try? extraction.diagram(part, alsoReturning: { _ in false })
    else { return nil }
    let right = Diagram.box(
      .box(symbol(name)), left.domainTypes, left.codomainTypes, doctrine: diagram.doctrine)
    return Rule(symbol: symbol(name), relation: .equal, left: left, right: right)
  }

  @Test(
    "hold both left sides, share a box, and rewrite to both results",
    arguments: [Doctrine.symmetric, .cartesian])
  func overlaps(_ doctrine: Doctrine) throws {
    var (count, nested, apart, kept) = (0, 0, 0, 0)
    for seed in UInt64(0)..<40 {
      var random = RandomDiagram(doctrine, seed: seed)
      guard let first = rule("first", &random, doctrine),
        let second = rule("second", &random, doctrine)
      else { continue }
      let report = ConfluenceCheck(limit: 0).check([first, second], doctrine: doctrine)
      apart += report.notConvex
      for pair in report.pairs {
        let overlap = pair.overlap.diagram
        try overlap.verify()
        try pair.results.0.verify()
        try pair.results.1.verify()
        count += 1
        if pair.overlap.first.region != pair.overlap.second.region { nested += 1 }
        let names = [pair.first.name, pair.second.name]
        for (name, result) in zip(names, [pair.results.0, pair.results.1]) {
          let used = [first, second].first { $0.symbol.name == name }
          let rewrite = try Rewrite(try #require(used), .forward)
          let matcher = Matcher(overlap)
          let reached = try matcher.matches(of: rewrite.pattern).contains { match in
            try rewrite.apply(match, in: matcher).isIsomorphic(to: result)
          }
          #expect(reached, "seed \(seed), \(names)")
        }
        let (one, two) = (Set(pair.overlap.first.boxes), Set(pair.overlap.second.boxes))
        if pair.overlap.first.region == pair.overlap.second.region {
          #expect(!one.isDisjoint(with: two), "seed \(seed), \(names)")
        }
        // No box of the overlap is outside both, unless it is around them.
        let size = overlap.boxes(in: overlap.root).count
        #expect(one.union(two).count >= size, "seed \(seed), \(names)")
        kept += 1
      }
    }
    print("\(doctrine): \(count) overlaps, \(nested) nested, \(apart) not convex")
    #expect(count > 20 && kept == count, "\(count)")
  }

  @Test("every pair of matches that share a box in a random diagram comes from an overlap")
  func complete() throws {
    var (met, missed) = (0, 0)
    for seed in UInt64(0)..<120 {
      var random = RandomDiagram(.symmetric, seed: seed)
      let host = random.diagram(boxes: 7, axes: ["n"])
      var generator = random.generator
      func part() -> [BoxID] {
        Array(host.boxes(in: host.root).shuffled(using: &generator).prefix(3)).sorted()
      }
      let parts = (part(), part())
      let common = Set(parts.0).intersection(parts.1).count
      guard let first = rule("first", parts.0, of: host), common > 0, !hasDeadLanes(host),
        parts.0 != parts.1,
        let second = rule("second", parts.1, of: host), isMatched(first, parts.0, host),
        isMatched(second, parts.1, host)
      else { continue }
      let report = ConfluenceCheck(limit: 0).check([first, second], doctrine: .symmetric)
      met += 1
      let found = report.pairs.contains { pair in
        let (one, two) = (pair.overlap.first, pair.overlap.second)
        return pair.first != pair.second && one.region == two.region
          && Set(one.boxes).intersection(two.boxes).count >= common
      }
      if !found { missed += 1 }
      #expect(found, "seed \(seed): \(parts)")
    }
    print("\(met) pairs of matches share a box")
    #expect(met > 20 && missed == 0, "\(met), \(missed)")
  }

  /// Whether a body has a box that no result of the lanes depends on, which overlaps leave out.
  private func hasDeadLanes(_ host: Diagram) -> Bool {
    (0..<host.boxCount).map { BoxID($0) }.contains { box in
      host.operation(of: box) == .box(symbol("drop")) && !host.boxes(in: host.root).contains(box)
    }
  }

  /// Whether a left side occurs where it was taken from: it may not be convex there.
  private func isMatched(_ rule: Rule, _ part: [BoxID], _ host: Diagram) -> Bool {
    let boxes = rule.left.boxes(in: rule.left.root)
    return Matcher(host).matches(of: Pattern(rule.left)).contains { match in
      Set(boxes.map { match.boxes[$0.index] }) == Set(part)
    }
  }
}
