import DiagramIR
import Rewriting
import Testing

@Suite("The matcher agrees with trying everything")
struct MatcherOracleTests {
  /// What comparing the matcher with the oracle has met.
  private struct Count: CustomStringConvertible {
    var pairs = 0
    var matched = 0
    var nested = 0
    var matches = 0
    var notConvex = 0

    var description: String {
      "\(pairs) pairs, \(matched) with matches (\(nested) of them of nested patterns), \(matches) matches, "
        + "\(notConvex) assignments rejected by convexity"
    }
  }

  @Test("on random patterns and diagrams", arguments: Doctrine.allCases)
  func random(_ doctrine: Doctrine) throws {
    var count = Count()
    var seed: UInt64 = 0
    while count.pairs < 7_000 {
      var random = RandomDiagram(doctrine, seed: seed)
      let boxes = Int.random(in: 1...6, using: &random.generator)
      let target = random.diagram(boxes: boxes, axes: ["n", "m"])
      try target.verify()
      let matcher = Matcher(target)
      for _ in 0..<10 {
        guard let pattern = try pattern(for: target, &random) else { continue }
        try compare(pattern, target, matcher, "seed \(seed), \(doctrine)", &count)
      }
      seed += 1
    }
    print("\(doctrine), seeds below \(seed): \(count)")
    #expect(count.matched > 3000 && count.pairs - count.matched > 1000, "\(count)")
    #expect(count.nested > 500 && (doctrine == .frobenius || count.notConvex > 50), "\(count)")
  }

  private func compare(
    _ pattern: Diagram, _ target: Diagram, _ matcher: Matcher, _ place: String,
    _ count: inout Count
  ) throws {
    try pattern.verify()
    var oracle = MatchOracle(pattern, target)
    let expected = try oracle.matches()
    let found = matcher.matches(of: Pattern(pattern)).map { text($0) }
    #expect(found.count == Set(found).count, "\(place): a match was found twice")
    #expect(Set(found) == expected, "\(place)")
    count.pairs += 1
    count.matches += expected.count
    count.notConvex += oracle.notConvex
    if !expected.isEmpty { count.matched += 1 }
    if !expected.isEmpty && pattern.regionCount > 1 { count.nested += 1 }
  }

  @Test(
    "replacing a part by itself changes nothing but sharing",
    arguments: [Doctrine.symmetric, .cartesian])
  func identity(_ doctrine: Doctrine) throws {
    var applied = 0
    for seed in UInt64(0)..<400 {
      var random = RandomDiagram(doctrine, seed: seed)
      let count = Int.random(in: 1...9, using: &random.generator)
      let target = random.diagram(boxes: count, axes: ["n", "m"])
      guard let pattern = try pattern(for: target, &random) else { continue }
      let rule = Rule(symbol: symbol("same"), relation: .equal, left: pattern, right: pattern)
      guard let rewrite = try? Rewrite(rule, .forward) else { continue }
      let matcher = Matcher(target)
      for match in matcher.matches(of: rewrite.pattern, limit: 8) {
        let result = try rewrite.apply(match, in: matcher)
        try result.verify()
        applied += 1
        #expect(try normal(result).isIsomorphic(to: normal(target)), "seed \(seed), \(doctrine)")
      }
    }
    #expect(applied > 200)
  }

  /// The diagram without what sharing and discarding leave open.
  private func normal(_ diagram: Diagram) throws -> Diagram {
    guard diagram.doctrine == .cartesian else { return diagram }
    let rewriter = Rewriter(Environment())
    let laws: [Law] = [.share, .discard]
    let result = try rewriter.rewrite(diagram, by: laws, .normalize(limit: 100))
    try result.diagram.verify()
    #expect(!result.reachedLimit)
    return result.diagram
  }

  /// A part of the diagram with other size names, or an unrelated diagram; `nil` when a wire has no box.
  private func pattern(for target: Diagram, _ random: inout RandomDiagram) throws -> Diagram? {
    if Int.random(in: 0..<4, using: &random.generator) == 0 {
      let unrelated = random.diagram(boxes: 2, axes: ["a"])
      let part = Array(unrelated.boxes(in: unrelated.root))
      var extraction = Extraction(unrelated, renaming: [:])
      return part.isEmpty ? nil : try extraction.diagram(part) { _ in false }
    }
    let region = RegionID(Int.random(in: 0..<target.regionCount, using: &random.generator))
    var part = Array(target.boxes(in: region)).shuffled(using: &random.generator)
    part = part.prefix(Int.random(in: 1...3, using: &random.generator)).sorted()
    let renaming = [SizeVariable("n"): Size("a"), SizeVariable("m"): Size("b")]
    var extraction = Extraction(target, renaming: renaming)
    let isCopied = target.doctrine != .symmetric
    var generator = random.generator
    let pattern = try extraction.diagram(part) { _ in
      isCopied && Bool.random(using: &generator)
    }
    return part.isEmpty ? nil : pattern
  }

  private func text(_ match: Match) -> String {
    let boxes = match.boxes.enumerated().map { "\($0.offset)>\($0.element.index)" }
    let wires = match.wires.enumerated().compactMap { wire, image in
      image.map { "\(wire)>\($0.index)" }
    }
    return boxes.joined(separator: " ") + " | " + wires.joined(separator: " ")
  }
}
