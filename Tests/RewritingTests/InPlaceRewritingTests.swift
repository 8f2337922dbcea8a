import DiagramIR
import Rewriting
import Testing

@Suite("Rewriting in place")
struct InPlaceRewritingTests {
  /// Arrays of any shape, so that the rules apply to all wires of the random diagrams.
  private let anyShape = WireType.array(.real, [.shape(ShapeVariable("s"))])

  /// A rule between two diagrams with the same inputs.
  private func rule(
    _ name: String, _ doctrine: Doctrine, inputs: Int,
    _ left: (inout Sketch, [WireID]) -> [WireID], _ right: (inout Sketch, [WireID]) -> [WireID]
  ) -> Rule {
    let side = { (body: (inout Sketch, [WireID]) -> [WireID]) in
      var sketch = Sketch(doctrine, anyShape)
      let wires = (0..<inputs).map { sketch.input("x\($0)") }
      return sketch.builder.finish(codomain: body(&sketch, wires))
    }
    return Rule(symbol: symbol(name), relation: .equal, left: side(left), right: side(right))
  }

  private func idempotent(_ doctrine: Doctrine) -> Rule {
    rule("idempotent", doctrine, inputs: 1) {
      [$0.map("f", $0.map("f", $1[0]))]
    } _: {
      [$0.map("f", $1[0])]
    }
  }

  private func unit(_ doctrine: Doctrine, left: Bool) -> Rule {
    rule(left ? "unitL" : "unitR", doctrine, inputs: 1) {
      let one = $0.one()
      return [left ? $0.mul(one, $1[0]) : $0.mul($1[0], one)]
    } _: {
      [$1[0]]
    }
  }

  /// `g(f(x)) == f(g(x))`.
  private func swap(_ doctrine: Doctrine) -> Rule {
    rule("swap", doctrine, inputs: 1) {
      [$0.map("g", $0.map("f", $1[0]))]
    } _: {
      [$0.map("f", $0.map("g", $1[0]))]
    }
  }

  /// A copy where one of the results passes `g` and the other is multiplied: a path may lead from one to the
  /// other input.
  private func crossed(_ doctrine: Doctrine) -> Rule {
    rule("crossed", doctrine, inputs: 2) {
      let copies = $0.box("copy", $1[1], outputs: 2)
      return [$0.mul($1[0], copies[0]), $0.map("f", copies[1])]
    } _: {
      let copies = $0.box("copy", $1[1], outputs: 2)
      return [$0.mul($1[0], copies[0]), $0.map("g", copies[1])]
    }
  }

  /// `g(x) == h(f(x))`, which needs more room than it leaves.
  private func expand(_ doctrine: Doctrine) -> Rule {
    rule("expand", doctrine, inputs: 1) {
      [$0.map("g", $1[0])]
    } _: {
      [$0.map("h", $0.map("f", $1[0]))]
    }
  }

  /// A number that is dropped is nothing.
  private func vanish(_ doctrine: Doctrine) -> Rule {
    rule("vanish", doctrine, inputs: 0) { sketch, _ in
      _ = sketch.box("drop", sketch.one(), outputs: 0)
      return []
    } _: { _, _ in
      []
    }
  }

  private func rewriter(_ rules: [Rule]) -> (Rewriter, [Law]) {
    var environment = Environment()
    for rule in rules { environment.add(rule) }
    return (Rewriter(environment), rules.map { Law.rule($0.symbol) })
  }

  @Test(
    "random diagrams have the normal forms that searching everything gives",
    arguments: [Doctrine.symmetric, .cartesian])
  func normalForms(_ doctrine: Doctrine) throws {
    let units = [unit(doctrine, left: true), unit(doctrine, left: false)]
    let sets = [
      [idempotent(doctrine)], units, [Rules.assoc(doctrine, anyShape)] + units,
      [swap(doctrine), idempotent(doctrine)],
      [crossed(doctrine), Rules.rename("away", "g", "h", doctrine)],
      [expand(doctrine), idempotent(doctrine)], [expand(doctrine)] + units,
      doctrine == .symmetric ? [vanish(doctrine)] + units : units,
    ]
    var (steps, nested) = (0, 0)
    for seed in UInt64(0)..<80 {
      var random = RandomDiagram(doctrine, seed: seed)
      let count = Int.random(in: 1...14, using: &random.generator)
      let start = random.diagram(boxes: count, axes: ["n"], lanes: seed % 3 == 0 ? 1 : 0)
      for (number, rules) in sets.enumerated() {
        let (rewriter, laws) = rewriter(rules)
        let strategy = Strategy.normalize(limit: 40)
        let fast = try rewriter.rewrite(start, by: laws, strategy, recordingSteps: false)
        let slow = try rewriter.rewriteStepByStep(start, by: laws, strategy)
        try fast.diagram.verify()
        let comment = Comment(rawValue: "seed \(seed), rules \(number), \(doctrine)")
        #expect(fast.reachedLimit == slow.reachedLimit, comment)
        guard !slow.reachedLimit else { continue }
        #expect(fast.diagram.isIsomorphic(to: slow.diagram), comment)
        #expect(fast.steps.isEmpty)
        steps += fast.stepCount
        if fast.stepCount > 0 && start.regionCount > 1 { nested += 1 }
      }
    }
    #expect(steps > 100 && nested > 5, "\(steps) \(nested)")
  }

  @Test("steps replay to the same result", arguments: [Doctrine.symmetric, .cartesian])
  func replay(_ doctrine: Doctrine) throws {
    let (rewriter, laws) = rewriter([
      Rules.assoc(doctrine, anyShape), unit(doctrine, left: true), idempotent(doctrine),
      crossed(doctrine),
    ])
    var taken = 0
    for seed in UInt64(1000)..<1080 {
      var random = RandomDiagram(doctrine, seed: seed)
      let start = random.diagram(boxes: 14, axes: ["n"], lanes: Int(seed % 3))
      let strategy = Strategy.normalize(limit: 15)
      let recorded = try rewriter.rewrite(start, by: laws, strategy)
      let bare = try rewriter.rewrite(start, by: laws, strategy, recordingSteps: false)
      #expect(recorded.steps.count == recorded.stepCount && bare.steps.isEmpty)
      #expect(recorded.stepCount == bare.stepCount)
      #expect(recorded.diagram.isIsomorphic(to: bare.diagram))
      var replayed = start
      for step in recorded.steps { replayed = try rewriter.apply(step, to: replayed) }
      #expect(replayed.isIsomorphic(to: recorded.diagram), "seed \(seed), \(doctrine)")
      taken += recorded.stepCount
    }
    #expect(taken > 25, "\(taken)")
  }

  @Test("places are called by names where wires have their own, and steps replay there")
  func named() throws {
    var (named, numbered, refused) = (0, 0, 0)
    for seed in UInt64(0)..<60 {
      let doctrine = seed % 2 == 0 ? Doctrine.symmetric : .cartesian
      let (rewriter, laws) = rewriter([
        Rules.assoc(doctrine, anyShape), unit(doctrine, left: true), swap(doctrine),
      ])
      var random = RandomDiagram(doctrine, seed: seed)
      let start = restored(
        random.diagram(boxes: 14, axes: [], lanes: 0), &random.generator,
        names: seed % 5 == 0 ? 4 : 1000)
      let result = try rewriter.rewrite(start, by: laws, .normalize(limit: 12))
      var replayed = start
      for step in result.steps {
        guard case .apply(_, _, let place, _) = step else { continue }
        if place?.hasPrefix("w") == true { named += 1 } else { numbered += 1 }
        replayed = try rewriter.apply(step, to: replayed)
      }
      #expect(replayed.isIsomorphic(to: result.diagram), "seed \(seed)")
      let elsewhere = DerivationStep.apply(laws[0], isBackward: false, at: "w2000", sizes: [])
      if (try? rewriter.apply(elsewhere, to: start)) == nil { refused += 1 }
    }
    #expect(named > 25 && numbered > 5 && refused == 60, "\(named) \(numbered) \(refused)")
  }

  @Test(
    "a diagram that no rule matches comes back as it was, names and all",
    arguments: [Doctrine.symmetric, .cartesian])
  func unchanged(_ doctrine: Doctrine) throws {
    let (rewriter, laws) = rewriter([Rules.rename("never", "absent", "h", doctrine)])
    for seed in UInt64(0)..<40 {
      var random = RandomDiagram(doctrine, seed: seed)
      let lanes = doctrine == .symmetric ? Int(seed % 3) : 0
      var start = random.diagram(boxes: 20, axes: ["n"], lanes: lanes)
      if lanes == 0 { start = restored(start, &random.generator) }
      let result = try rewriter.rewrite(start, by: laws, .normalize(limit: 5))
      try result.diagram.verify()
      #expect(result.diagram.isIsomorphic(to: start), "seed \(seed), \(doctrine)")
      #expect(names(of: result.diagram) == names(of: start))
      #expect(result.diagram.regionCount == start.regionCount)
      #expect(Set(result.diagram.operations) == Set(start.operations))
      #expect(Set(result.diagram.types) == Set(start.types))
      #expect(names(of: comb(3, doctrine)) != names(of: start))
    }
  }

  private func names(of diagram: Diagram) -> [String] {
    (0..<diagram.wireCount).map { diagram.name(of: WireID($0)) }.sorted()
  }

  @Test("a chain of n boxes takes n-1 steps, and looks at few boxes more")
  func chain() throws {
    for doctrine in [Doctrine.symmetric, .cartesian] {
      let (rewriter, laws) = rewriter([idempotent(doctrine)])
      var sketch = Sketch(doctrine)
      var wire = sketch.input("x")
      for _ in 0..<1500 { wire = sketch.map("f", wire) }
      let start = sketch.finish(wire)
      let result = try rewriter.rewrite(
        start, by: laws, .normalize(limit: 5000), recordingSteps: false)
      #expect(result.stepCount == 1499 && result.diagram.boxCount == 1)
      #expect(result.candidates <= 4 * 1500, "\(result.candidates)")
    }
  }

  @Test("a comb of n boxes leans to the other side in n-1 steps")
  func combs() throws {
    for doctrine in [Doctrine.symmetric, .cartesian] {
      let (rewriter, laws) = rewriter([Rules.assoc(doctrine, anyShape)])
      let result = try rewriter.rewrite(
        comb(300, doctrine), by: laws, .normalize(limit: 5000), recordingSteps: false)
      #expect(result.stepCount == 299 && result.candidates <= 5 * 300, "\(result.candidates)")
      #expect(result.diagram.isIsomorphic(to: rightComb(300, doctrine)))
      #expect(!result.diagram.isIsomorphic(to: comb(300, doctrine)))
    }
  }

  @Test("rules that loop stop at the limit, and one step fewer is told apart")
  func loops() throws {
    for doctrine in [Doctrine.symmetric, .cartesian] {
      let (rewriter, laws) = rewriter([Rules.commute(doctrine)])
      let result = try rewriter.rewrite(
        comb(9, doctrine), by: laws, .normalize(limit: 700), recordingSteps: false)
      #expect(result.stepCount == 700 && result.reachedLimit)
      let (ending, ends) = self.rewriter([Rules.assoc(doctrine, anyShape)])
      let exact = try ending.rewrite(comb(9, doctrine), by: ends, .normalize(limit: 8))
      #expect(exact.stepCount == 8 && !exact.reachedLimit)
      let short = try ending.rewrite(comb(9, doctrine), by: ends, .normalize(limit: 7))
      #expect(short.stepCount == 7 && short.reachedLimit)
    }
  }

  @Test("where several places are possible, the choice doesn't depend on storage or names")
  func storage() throws {
    var (taken, different) = (0, 0)
    for seed in UInt64(0)..<60 {
      let doctrine = seed % 2 == 0 ? Doctrine.symmetric : .cartesian
      let (rewriter, laws) = rewriter([Rules.assoc(doctrine, anyShape), swap(doctrine)])
      var random = RandomDiagram(doctrine, seed: seed)
      let start = random.diagram(boxes: 14, axes: [], lanes: 0)
      let other = restored(start, &random.generator)
      #expect(other.isIsomorphic(to: start))
      for steps in 1...3 {
        let first = try rewriter.rewrite(start, by: laws, .steps(steps), recordingSteps: false)
        let second = try rewriter.rewrite(other, by: laws, .steps(steps), recordingSteps: false)
        #expect(first.diagram.isIsomorphic(to: second.diagram), "seed \(seed)")
        taken += first.stepCount
        if first.stepCount > 0 && !first.diagram.isIsomorphic(to: start) { different += 1 }
      }
    }
    #expect(taken > 30 && different > 15, "\(taken) \(different)")
  }

  /// The same diagram with boxes and wires in another order, and other names.
  private func restored(
    _ diagram: Diagram, _ generator: inout SeededGenerator, names: Int = 1000
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: diagram.doctrine)
    var copies: [WireID: WireID] = [:]
    for wire in diagram.domain { copies[wire] = builder.addDomainWire(diagram.type(of: wire)) }
    for wire in diagram.wires(in: diagram.root).shuffled(using: &generator)
    where copies[wire] == nil {
      copies[wire] = builder.addWire(
        builder.typeID(diagram.type(of: wire)), name: "w\(wire.index % names)")
    }
    for box in diagram.boxes(in: diagram.root).shuffled(using: &generator) {
      builder.attachBox(
        builder.operationID(diagram.operation(of: box)),
        inputs: diagram.inputs(of: box).compactMap { copies[$0] },
        outputs: diagram.outputs(of: box).compactMap { copies[$0] })
    }
    return builder.finish(codomain: diagram.codomain.compactMap { copies[$0] })
  }
}
