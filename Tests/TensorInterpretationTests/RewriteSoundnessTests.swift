import DiagramIR
import Rewriting
import TensorInterpretation
import Testing

@Suite("Rewriting by exact rules leaves evaluation unchanged")
struct RewriteSoundnessTests {
  /// What applying a rule in random hosts has shown.
  private struct Count {
    var hosts = 0
    var steps = 0
    var inLanes = 0
    var kept = 0
    var difference = Difference()
  }

  private static let seed: UInt64 = 11

  /// Applies a rule at matches in random hosts, in lanes and outside, and evaluates before and after.
  private func apply(
    _ rule: Rule, _ direction: Direction, in environment: Environment, hosts: Int
  ) throws -> Count {
    var count = Count()
    guard let rewrite = try? Rewrite(rule, direction), rewrite.pattern.diagram.boxCount > 0 else {
      return count
    }
    let check = EquationCheck(environment: environment, seed: Self.seed, trials: 2)
    for number in 0..<hosts {
      let side = direction == .forward ? rule.left : rule.right
      let host = try RewriteHost.make(
        side, inLanes: number % 2 == 1, seed: Self.seed &+ UInt64(number))
      try environment.verify(host)
      count.hosts += 1
      let matcher = Matcher(host)
      for match in matcher.matches(of: rewrite.pattern, limit: 2) {
        guard let result = try? rewrite.apply(match, in: matcher) else { continue }
        try environment.verify(result)
        count.difference.include(try check.difference(host, result))
        count.steps += 1
        if match.region != host.root { count.inLanes += 1 }
        if result.boxCount > host.boxCount { count.kept += 1 }
      }
    }
    return count
  }

  @Test("every rule of the library, at random matches in random diagrams")
  func library() throws {
    let environment = Library.program.environment
    var (rules, total, without) = (0, Count(), [String]())
    for rule in RuleTests.rules {
      for direction in [Direction.forward, .backward] {
        let count = try apply(
          rule, direction, in: environment, hosts: direction == .forward ? 4 : 2)
        guard count.hosts > 0 else { continue }
        rules += 1
        total.steps += count.steps
        total.inLanes += count.inLanes
        total.kept += count.kept
        if count.steps == 0 { without.append("\(rule.symbol) \(direction)") }
        #expect(
          count.difference.relative <= 1e-9,
          "\(rule.symbol) \(direction), seed \(Self.seed): \(count.difference)")
      }
    }
    print(
      "seed \(Self.seed): \(rules) rules and directions, \(total.steps) steps, "
        + "\(total.inLanes) of them in lanes, \(total.kept) beside boxes that stay")
    #expect(without == [])
    #expect(rules >= 180 && total.steps >= 500 && total.inLanes >= 200 && total.kept >= 50)
  }

  @Test(
    "A false rule changes evaluation, in lanes and outside",
    arguments: [
      "rule r(a: [], b: []) { sub(a, b) == sub(b, a) }",
      "rule r(x: [n ..s]) { reverse(reverse(x)) == reverse(x) }",
      "rule r(x: [n]) { softmax(x) == normalize(x) }",
      "rule r(a: [n k], b: [k n]) { transpose(matmul(a, b)) == matmul(a, b) }",
    ])
  func falseRules(_ text: String) throws {
    let source = Source(text)
    let rule = try #require(source.program.rule("r", in: "test.diagram"))
    let count = try apply(rule, .forward, in: source.environment, hosts: 6)
    #expect(count.steps >= 6 && count.inLanes >= 3)
    #expect(count.difference.relative > 1e-3)
  }
}
