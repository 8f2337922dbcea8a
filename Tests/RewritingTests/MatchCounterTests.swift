import DiagramIR
import Rewriting
import Testing

@Suite("Counting matches")
struct MatchCounterTests {
  @Test(
    "random patterns have as many matches in random diagrams as searching finds",
    arguments: [Doctrine.symmetric, .cartesian], 0..<5 as Range<UInt64>)
  func random(_ doctrine: Doctrine, _ part: UInt64) throws {
    var (pairs, walked, found, blocked) = (0, 0, 0, 0)
    for seed in (22 * part)..<(22 * part + 22) {
      var random = RandomDiagram(doctrine, seed: seed)
      let axes = seed % 2 == 0 ? ["n"] : []
      let diagrams = try (0..<3).map { _ in
        let diagram = random.diagram(
          boxes: Int.random(in: 2...9, using: &random.generator), axes: axes, lanes: 1)
        try diagram.verify()
        return diagram
      }
      let patterns = try diagrams.flatMap { try parts(of: $0, &random, count: 12) }
      for diagram in diagrams {
        let (counter, matcher) = (MatchCounter(diagram), Matcher(diagram))
        for pattern in patterns {
          let count = counter.count(of: pattern)
          let expected = matcher.matches(of: pattern).count
          #expect(count.matches == expected, "seed \(seed), \(doctrine)")
          pairs += 1
          found += expected
          if count.candidates > 0 { walked += 1 }
          if count.candidates > 0 && expected == 0 { blocked += 1 }
        }
      }
    }
    #expect(pairs > 2_000 && walked > 600, "\(pairs) \(walked)")
    #expect(found > 1_000 && blocked > 100, "\(found) \(blocked)")
  }

  /// Some boxes of a region each, with what they need from outside as inputs.
  private func parts(
    of diagram: Diagram, _ random: inout RandomDiagram, count: Int
  ) throws -> [Pattern] {
    var patterns: [Pattern] = []
    for _ in 0..<count {
      let region = RegionID(Int.random(in: 0..<diagram.regionCount, using: &random.generator))
      let boxes = Array(diagram.boxes(in: region))
      guard let first = boxes.randomElement(using: &random.generator) else { continue }
      let size = Int.random(in: 1...4, using: &random.generator)
      var part = [first]
      for box in boxes.shuffled(using: &random.generator)
      where part.count < size && !part.contains(box) {
        let touches = part.contains { isLinked(box, $0, diagram) }
        if touches || Int.random(in: 0..<8, using: &random.generator) == 0 { part.append(box) }
      }
      var extraction = Extraction(diagram, renaming: [SizeVariable("n"): Size("a")])
      patterns.append(Pattern(try extraction.diagram(part.sorted()) { _ in false }))
    }
    return patterns
  }

  private func isLinked(_ a: BoxID, _ b: BoxID, _ diagram: Diagram) -> Bool {
    diagram.outputs(of: a).contains { diagram.inputs(of: b).contains($0) }
      || diagram.outputs(of: b).contains { diagram.inputs(of: a).contains($0) }
  }

  @Test("the random diagram of 10³ boxes has the matches that searching finds")
  func counted() throws {
    let diagram = WorkloadDiagram.random(1000)
    let counter = MatchCounter(diagram)
    let counts = WorkloadDiagram.patterns.map { counter.count(of: Pattern($0)) }
    let searched = WorkloadDiagram.patterns.map { Matcher(diagram).matches(of: Pattern($0)).count }
    #expect(counts.map(\.matches) == searched)
  }

  @Test("the random diagram of 10⁴ boxes has the counts that other engines find")
  func workload() throws {
    let counter = MatchCounter(WorkloadDiagram.random(10_000))
    let counts = WorkloadDiagram.patterns.map { counter.count(of: Pattern($0)) }
    #expect(counts.map(\.matches) == [102, 89, 89])
    #expect(counts.allSatisfy { $0.candidates < 4_000 })
  }
}

/// The random diagrams of the rewriting benchmarks, from the same generator: boxes `f` and `g` with one input
/// and output, `m` with two inputs, `d` with two outputs, and a width between 8 and 32 wires.
enum WorkloadDiagram {
  static func random(_ count: Int, seed: UInt64 = 1) -> Diagram {
    var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(count))
    var builder = DiagramBuilder(doctrine: .symmetric)
    var open = (0..<16).map { _ in builder.addDomainWire(.scalar) }
    for _ in 0..<count {
      var name = ["f", "g", "m", "d"][Int(generator.next() % 4)]
      if name == "m" && open.count <= 8 { name = "d" }
      if name == "d" && open.count >= 32 { name = "m" }
      let inputs = (0..<(name == "m" ? 2 : 1)).map { _ in
        open.remove(at: Int(generator.next() % UInt64(open.count)))
      }
      open += builder.addBox(
        .box(symbol(name)), inputs: inputs,
        outputs: Array(repeating: .scalar, count: name == "d" ? 2 : 1))
    }
    return builder.finish(codomain: open)
  }

  /// Two boxes behind a copy; a copy that is multiplied, where convexity matters; three in a row.
  static let patterns: [Diagram] = {
    var (first, second, third) = (Sketch(.symmetric), Sketch(.symmetric), Sketch(.symmetric))
    let copies = first.box("d", first.input(), outputs: 2)
    let (f, g) = (first.map("f", copies[0]), first.map("g", copies[1]))
    let x = second.input()
    let others = second.box("d", second.input(), outputs: 2)
    let (m, h) = (second.box("m", x, others[0])[0], second.map("f", others[1]))
    let chain = third.map("f", third.map("g", third.map("f", third.input())))
    return [first.finish(f, g), second.finish(m, h), third.finish(chain)]
  }()
}
