import DiagramIR
import Rewriting
import Testing

@Suite("The matcher agrees with trying everything")
struct MatcherOracleTests {
  @Test("on random patterns and diagrams", arguments: [Doctrine.symmetric, .cartesian])
  func random(_ doctrine: Doctrine) throws {
    var (matched, missed, nested) = (0, 0, 0)
    for seed in UInt64(0)..<1200 {
      var random = RandomDiagram(doctrine, seed: seed)
      let count = Int.random(in: 1...6, using: &random.generator)
      let target = random.diagram(boxes: count, axes: ["n", "m"])
      try target.verify()
      guard let pattern = try pattern(for: target, &random) else { continue }
      try pattern.verify()
      let expected = try MatchOracle(pattern, target).matches()
      let found = Matcher(target).matches(of: Pattern(pattern)).map { text($0) }
      #expect(found.count == Set(found).count, "seed \(seed): a match was found twice")
      #expect(Set(found) == expected, "seed \(seed), \(doctrine)")
      if expected.isEmpty { missed += 1 } else { matched += 1 }
      if !expected.isEmpty && pattern.regionCount > 1 { nested += 1 }
    }
    #expect(matched > 300 && missed > 100 && nested > 80, "\(matched) \(missed) \(nested)")
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
    let isCartesian = target.doctrine == .cartesian
    var generator = random.generator
    let pattern = try extraction.diagram(part) { _ in
      isCartesian && Bool.random(using: &generator)
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
