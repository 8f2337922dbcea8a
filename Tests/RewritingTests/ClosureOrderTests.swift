import DiagramIR
import Testing

@testable import Rewriting

@Suite("The order of everything reachable")
struct ClosureOrderTests {
  private func both(_ rules: Rule...) throws -> [Rewrite] {
    try rules.flatMap { [try Rewrite($0, .forward), try Rewrite($0, .backward)] }
  }

  private var assoc: Rule { Rules.assoc(.symmetric, .scalar) }

  /// `f ; g == g ; f ; f`, which changes the number of boxes.
  private var duplication: Rule {
    var left = Sketch(.symmetric)
    let l = left.map("g", left.map("f", left.input()))
    var right = Sketch(.symmetric)
    let r = right.map("f", right.map("f", right.map("g", right.input())))
    return Rule(
      symbol: symbol("fg"), relation: .equal, left: left.finish(l), right: right.finish(r))
  }

  /// The states and their origins, in order.
  private func states(_ reached: Reachability) -> [String] {
    (0..<reached.count).map { state in
      let origin = reached.origin(of: state).map { " \($0.state) \($0.rewrite)" }
      return (reached.diagram(at: state)?.digest().description ?? "-") + (origin ?? "")
    }
  }

  /// A hash of the states, their origins and the steps, in order.
  private func trace(_ reached: Reachability) -> String {
    let steps = reached.steps.map { "\($0.source) \($0.target) \($0.rewrite)" }
    let text = (states(reached) + steps).map { $0 + "\n" }.joined()
    return String(Digest(Array(text.utf8)).description.prefix(16))
  }

  /// Kept from the first implementation, whose encodings lay in memory in another way.
  private static let traces = [
    17: "15dc12d15ad246f1", 31: "ff9be075171cb539", 36: "1cfa9c86d6bdf271", 45: "c5875f9e2c9739b5",
    58: "ef7843646744fce2",
  ]

  @Test("it doesn't depend on how states are kept")
  func pinned() throws {
    let reached = try Closure(both(assoc), recordsSteps: true).explore(comb(7, .symmetric))
    #expect(trace(reached) == "9bfd26aa94472088")
    for (seed, trace) in Self.traces {
      var source = RandomDiagram(.symmetric, seed: UInt64(seed))
      let diagram = source.diagram(boxes: 9, axes: [], lanes: 0)
      let rewrites = try both(assoc, duplication)
      let reached = try Closure(rewrites, limit: 300, recordsSteps: true).explore(diagram)
      #expect(self.trace(reached) == trace, "seed \(seed)")
    }
  }

  @Test("matches that only lead back are left out without a difference", arguments: 1...4)
  func unrecorded(threads: Int) throws {
    var sketch = Sketch(.symmetric)
    var wire = sketch.input()
    for place in 0..<9 { wire = sketch.map(place % 3 == 0 ? "g" : "f", wire) }
    let chain = sketch.finish(wire)
    for (start, rules) in [(comb(7, .symmetric), [assoc]), (chain, [duplication])] {
      let rewrites = try rules.flatMap { try both($0) }
      let slow = try Closure(rewrites, limit: 300, recordsSteps: true).explore(start)
      let fast = try Closure(rewrites, limit: 300, threads: threads).explore(start)
      #expect(fast.count > 20 && fast.isComplete == slow.isComplete)
      #expect(states(fast) == states(slow))
      #expect(fast.steps.isEmpty && !slow.steps.isEmpty)
      var part = try Closure(rewrites, limit: 40).explore(start)
      for limit in [41, 100, 300] { part = Closure(rewrites, limit: limit).resume(part) }
      #expect(states(part) == states(slow))
    }
  }

  @Test("a diagram that is wide, of boxes with many ports")
  func wide() throws {
    var sketch = Sketch(.symmetric)
    let inputs = (0..<300).map { _ in sketch.input() }
    let spread = sketch.builder.addBox(
      .box(symbol("spread")), inputs: inputs, outputs: Array(repeating: .scalar, count: 40))
    let last = Array(spread.dropFirst(3).reversed())
    let product = sketch.mul(sketch.mul(sketch.mul(spread[0], spread[1]), spread[2]), last[0])
    let diagram = sketch.builder.finish(codomain: [product] + last.dropFirst())
    let reached = try Closure(both(assoc)).explore(diagram)
    #expect(reached.isPacked && reached.count == 5)
    let general = try Closure(both(assoc), method: .general).explore(diagram)
    func digests(_ reached: Reachability) -> Set<Substring> {
      Set(states(reached).map { $0.prefix(64) })
    }
    #expect(digests(reached) == digests(general))
  }
}
