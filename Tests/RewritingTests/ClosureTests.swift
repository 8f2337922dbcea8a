import DiagramIR
import Testing

@testable import Rewriting

@Suite("Everything reachable")
struct ClosureTests {
  private func both(_ rules: Rule...) throws -> [Rewrite] {
    try rules.flatMap { [try Rewrite($0, .forward), try Rewrite($0, .backward)] }
  }

  /// Associativity over a sort, which packed states can hold.
  private var assoc: Rule { Rules.assoc(.symmetric, .scalar) }

  @Test("products of n + 1 factors: as many as the Catalan number", arguments: 1...8)
  func catalan(products: Int) throws {
    let numbers = [1, 1, 2, 5, 14, 42, 132, 429, 1430]
    let reached = try Closure(both(assoc)).explore(comb(products, .symmetric))
    #expect(reached.isPacked && reached.isComplete && !reached.reachedLimit)
    #expect(reached.count == numbers[products])
    if products <= 6 {
      let general = try Closure(both(assoc), method: .general).explore(comb(products, .symmetric))
      #expect(!general.isPacked && general.count == numbers[products])
      #expect(digests(general) == digests(reached))
    }
  }

  @Test("both ways of exploring find the same states and steps on random diagrams")
  func random() throws {
    var packed = 0
    var sizes: Set<Int> = []
    for seed in UInt64(1)...60 {
      var source = RandomDiagram(.symmetric, seed: seed)
      let diagram = source.diagram(boxes: 7, axes: [], lanes: 0)
      let rewrites = try both(assoc, duplication) + [Rewrite(crossing, .forward)]
      let fast = try Closure(rewrites, limit: 60, recordsSteps: true).explore(diagram)
      let slow = try Closure(rewrites, limit: 400, recordsSteps: true, method: .general)
        .explore(diagram)
      packed += fast.isPacked ? 1 : 0
      sizes.insert(fast.count)
      if fast.isComplete {
        #expect(digests(fast) == digests(slow), "seed \(seed)")
        #expect(stepDigests(fast) == stepDigests(slow), "seed \(seed)")
      } else {
        #expect(fast.count == 60 && slow.count >= 60, "seed \(seed)")
      }
      try checkOrigins(fast, rewrites)
    }
    #expect(packed > 20)
    #expect(sizes.count > 4)
  }

  /// `f ; g == g ; f`, which changes no number of boxes.
  private var duplication: Rule {
    var left = Sketch(.symmetric)
    let l = left.map("g", left.map("f", left.input()))
    var right = Sketch(.symmetric)
    let r = right.map("f", right.map("g", right.input()))
    return Rule(
      symbol: symbol("fg"), relation: .equal, left: left.finish(l), right: right.finish(r))
  }

  /// `(id * copy) ; (mul * f)`, of which not every occurrence is convex, with `f` taken away.
  private var crossing: Rule {
    func side(_ withF: Bool) -> Diagram {
      var sketch = Sketch(.symmetric)
      let (a, b) = (sketch.input(), sketch.input())
      let copies = sketch.box("copy", b, outputs: 2)
      let product = sketch.mul(a, copies[0])
      return sketch.finish(product, withF ? sketch.map("f", copies[1]) : copies[1])
    }
    return Rule(symbol: symbol("cross"), relation: .equal, left: side(true), right: side(false))
  }

  private func digests(_ reached: Reachability) -> Set<Digest> {
    Set((0..<reached.count).compactMap { reached.diagram(at: $0)?.digest() })
  }

  private func stepDigests(_ reached: Reachability) -> Set<[String]> {
    let digests = (0..<reached.count).compactMap { reached.diagram(at: $0)?.digest() }
    return Set(
      reached.steps.map { ["\(digests[$0.source])", "\(digests[$0.target])", "\($0.rewrite)"] })
  }

  /// Each state is what its origin's rewrite makes of its origin somewhere.
  private func checkOrigins(_ reached: Reachability, _ rewrites: [Rewrite]) throws {
    for state in 1..<max(1, min(reached.count, 12)) {
      let origin = try #require(reached.origin(of: state))
      #expect(origin.state < state)
      let matcher = Matcher(try #require(reached.diagram(at: origin.state)))
      let rewrite = rewrites[origin.rewrite]
      let results = try matcher.matches(of: rewrite.pattern).map {
        try rewrite.apply($0, in: matcher).digest()
      }
      let diagram = try #require(reached.diagram(at: state))
      try diagram.verify()
      #expect(results.contains(diagram.digest()))
    }
  }

  @Test("the limit is kept and reported, and going on gives what one run gives")
  func limits() throws {
    let diagram = comb(8, .symmetric)
    for method in [Closure.Method.automatic, .general] {
      let products = method == .general ? 5 : 8
      let start = method == .general ? comb(products, .symmetric) : diagram
      func closure(_ limit: Int) throws -> Closure {
        Closure(try both(assoc), limit: limit, recordsSteps: true, method: method)
      }
      let whole = try closure(10_000).explore(start)
      var part = try closure(10).explore(start)
      #expect(part.reachedLimit && !part.isComplete && part.count == 10)
      for limit in [20, 33, 33, 10_000] { part = try closure(limit).resume(part) }
      #expect(part.isComplete && !part.reachedLimit)
      #expect(part.steps == whole.steps)
      #expect(
        (0..<part.count).map { part.origin(of: $0) }
          == (0..<whole.count).map { whole.origin(of: $0) })
      let exact = try closure(whole.count).explore(start)
      #expect(exact.isComplete && !exact.reachedLimit)
    }
  }

  @Test("an exploration stops when it is told to, and can go on")
  func cancellation() throws {
    let closure = Closure(try both(assoc))
    var calls = 0
    let part = try closure.explore(comb(7, .symmetric)) { progress in
      calls += 1
      return progress.found < 20
    }
    #expect(calls > 1 && !part.isComplete && !part.reachedLimit)
    #expect(closure.resume(part).count == 429)
  }

  @Test("states and their order don't depend on threads")
  func threads() throws {
    let one = try Closure(both(assoc), recordsSteps: true, threads: 1).explore(comb(9, .symmetric))
    let three = try Closure(both(assoc), recordsSteps: true, threads: 3)
      .explore(comb(9, .symmetric))
    #expect(one.count == 4862 && three.count == 4862)
    #expect(one.steps == three.steps)
  }

  @Test("where packing can't be, the general way is taken")
  func fallback() throws {
    let cartesian = try Closure(both(Rules.assoc(.cartesian, .scalar))).explore(comb(4, .cartesian))
    #expect(!cartesian.isPacked && cartesian.count == 14)
    let sizes = Rules.assoc(.symmetric)
    let variable = try Closure(both(sizes)).explore(comb(4, .symmetric, .real(Size("n"))))
    #expect(!variable.isPacked && variable.count == 14)
    // `f == drop * one` closes off what came before.
    var left = Sketch(.symmetric)
    let l = left.map("f", left.input())
    var right = Sketch(.symmetric)
    _ = right.box("drop", right.input(), outputs: 0)
    let r = right.one()
    let cut = Rule(
      symbol: symbol("cut"), relation: .equal, left: left.finish(l), right: right.finish(r))
    var sketch = Sketch(.symmetric)
    let chain = sketch.map("f", sketch.map("f", sketch.input()))
    let reached = try Closure([Rewrite(cut, .forward)]).explore(sketch.finish(chain))
    #expect(!reached.isPacked && reached.isComplete && reached.count == 4)
  }

  @Test("rules that can't be used are refused")
  func refusals() throws {
    let unit = try Rewrite(Rules.unit(.symmetric), .backward)
    #expect(throws: RewritingError.bareWires(law: "unit")) {
      try Closure([unit]).explore(comb(2, .symmetric))
    }
    #expect(throws: RewritingError.self) {
      try Closure(both(assoc)).explore(comb(2, .cartesian))
    }
  }

  @Test("a diagram with more ends than a byte can number")
  func large() throws {
    var sketch = Sketch(.symmetric)
    var wire = sketch.input()
    for step in 0..<400 { wire = sketch.map(step == 200 ? "f" : "g", wire) }
    let reached = try Closure(both(duplication)).explore(sketch.finish(wire))
    #expect(reached.isPacked && reached.count == 400)
    #expect(reached.diagram(at: 399)?.boxCount == 400)
    #expect(reached.diagram(at: 400) == nil && reached.diagram(at: -1) == nil)
  }
}
