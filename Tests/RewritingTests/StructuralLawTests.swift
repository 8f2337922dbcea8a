import DiagramIR
import RandomDiagrams
import Rewriting
import Testing

@Suite("Copying and deleting")
struct StructuralLawTests {
  private let rewriter = Rewriter(Environment())

  private func apply(
    _ law: Law, to diagram: Diagram, at place: String? = nil
  ) throws(RewritingError) -> Diagram {
    try rewriter.apply(.apply(law, isBackward: false, at: place, sizes: []), to: diagram)
  }

  /// `mul(f(f(x)), f(f(x)))` with every box written out.
  private var twice: Diagram {
    var sketch = Sketch(.cartesian)
    let x = sketch.input("x")
    let left = sketch.map("f", sketch.map("f", x))
    let right = sketch.map("f", sketch.map("f", x))
    return sketch.finish(sketch.mul(left, right))
  }

  @Test("share makes equal boxes one, and those that become equal by it")
  func share() throws {
    let shared = try apply(.share, to: twice)
    try shared.verify()
    #expect(shared.boxCount == 3)
    #expect(try apply(.share, to: shared).boxCount == 3)
    let refusal = RewritingError.doctrine(law: "share", expected: .cartesian, found: .symmetric)
    #expect(throws: refusal) {
      try apply(.share, to: comb(2, .symmetric))
    }
  }

  @Test("unshare gives each consumer a box of its own, and share takes it back")
  func unshare() throws {
    let shared = try apply(.share, to: twice)
    let inner = try #require(shared.inputs(of: BoxID(1)).first)
    let outer = try #require(shared.outputs(of: BoxID(1)).first)
    #expect(Place.name(of: inner, in: shared) != Place.name(of: outer, in: shared))
    let place = Place.name(of: outer, in: shared)
    let copied = try apply(.unshare, to: shared, at: place)
    try copied.verify()
    #expect(copied.boxCount == 4)
    #expect(try apply(.share, to: copied).isIsomorphic(to: shared))
    #expect(throws: RewritingError.needsPlace(law: "unshare")) { try apply(.unshare, to: shared) }
    #expect(throws: RewritingError.nothingToUnshare(place: "x", consumers: 0)) {
      try apply(.unshare, to: shared, at: "x")
    }
  }

  /// Two SIMD boxes over n that get x; the second has its boxes in another order, or another box.
  private func lanesTwice(_ second: String) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(Size("n")), name: "x")
    let outputs = ["f", second].map { name in
      builder.openBody()
      let lane = builder.addDomainWire(.scalar)
      if name == second { builder.addBox(.box(symbol("g")), inputs: [lane], outputs: [.scalar]) }
      let result = builder.addBox(.box(symbol(name)), inputs: [lane], outputs: [.scalar])
      if name != second { builder.addBox(.box(symbol("g")), inputs: [lane], outputs: [.scalar]) }
      return builder.closeBody(
        .simd(axis: Size("n"), mapped: 1), inputs: [x], codomain: result,
        outputs: [.real(Size("n"))])[0]
    }
    return builder.finish(codomain: outputs)
  }

  @Test("SIMD boxes with isomorphic bodies become one, and others don't")
  func shareLanes() throws {
    #expect(lanesTwice("f").boxCount == 6)
    let shared = try apply(.share, to: lanesTwice("f"))
    try shared.verify()
    #expect(shared.boxCount == 3)
    #expect(try apply(.share, to: lanesTwice("h")).boxCount == 6)
  }

  @Test("inputs of lanes that become one wire make boxes inside equal")
  func shareThroughLanes() throws {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let type = WireType.real(Size("n"))
    let x = builder.addDomainWire(type)
    let outer = (0..<2).map { _ in
      builder.addBox(.box(symbol("f")), inputs: [x], outputs: [type])[0]
    }
    builder.openBody()
    let inner = outer.map { _ in builder.addDomainWire(.scalar) }
    let values = inner.map {
      builder.addBox(.box(symbol("g")), inputs: [$0], outputs: [.scalar])[0]
    }
    let product = builder.addBox(.box(symbol("mul")), inputs: values, outputs: [.scalar])
    let result = builder.closeBody(
      .simd(axis: Size("n"), mapped: 2), inputs: outer, codomain: product, outputs: [type])
    let diagram = builder.finish(codomain: result)
    let shared = try apply(.share, to: diagram)
    try shared.verify()
    #expect(diagram.boxCount == 6 && shared.boxCount == 4)
  }

  @Test("a random diagram that stands twice on the same inputs is shared as one")
  func shareCopies() throws {
    var merged = 0
    for seed in UInt64(1)...60 {
      var random = SplitMix64(seed: seed)
      let once = RandomTensorDiagram.make(boxes: 1 + random.below(40), &random)
      var builder = DiagramBuilder(doctrine: .cartesian)
      let inputs = once.domainTypes.map { builder.addDomainWire($0) }
      let results = try (0..<2).flatMap { _ in try builder.append(once, inputs: inputs) }
      let twice = try apply(.share, to: builder.finish(codomain: results))
      let shared = try apply(.share, to: once)
      try twice.verify()
      try shared.verify()
      #expect(twice.boxCount == shared.boxCount, "seed \(seed)")
      #expect(try apply(.share, to: shared).isIsomorphic(to: shared), "seed \(seed)")
      let (first, second) = (
        twice.codomain.prefix(results.count / 2), twice.codomain.suffix(results.count / 2)
      )
      #expect(first.elementsEqual(second), "seed \(seed)")
      merged += 2 * once.boxCount - twice.boxCount
    }
    #expect(merged > 500)
  }

  @Test("learned boxes share exactly when their labels are equal")
  func shareLearned() throws {
    func pair(_ labels: [String]) -> Diagram {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.scalar)
      let outputs = labels.map { label in
        builder.addBox(
          .learned(LearnedBox(kind: .learn, label: label)), inputs: [x], outputs: [.scalar])[0]
      }
      return builder.finish(codomain: outputs)
    }
    #expect(try apply(.share, to: pair(["f", "f"])).boxCount == 1)
    #expect(try apply(.share, to: pair(["f", "g"])).boxCount == 2)
  }

  @Test("discard removes what nothing consumes, in lanes and what they alone kept")
  func discard() throws {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let type = WireType.real(Size("n"))
    let x = builder.addDomainWire(type)
    let c = builder.addBox(.number(1.0), inputs: [], outputs: [.scalar])[0]
    builder.openBody()
    let (lane, shared) = (builder.addDomainWire(.scalar), builder.addDomainWire(.scalar))
    builder.addBox(.box(symbol("f")), inputs: [shared], outputs: [.scalar])
    let kept = builder.addBox(.box(symbol("f")), inputs: [lane], outputs: [.scalar])
    let result = builder.closeBody(
      .simd(axis: Size("n"), mapped: 1), inputs: [x, c], codomain: kept, outputs: [type])
    let diagram = builder.finish(codomain: result)
    let cleaned = try apply(.discard, to: diagram)
    try cleaned.verify()
    #expect(diagram.boxCount == 4 && cleaned.boxCount == 2)
    #expect(throws: RewritingError.irreversible(law: "discard")) {
      try rewriter.apply(.apply(.discard, isBackward: true, at: nil, sizes: []), to: diagram)
    }
  }

  @Test("share and discard take a chain of 20,000 boxes")
  func largeChains() throws {
    var sketch = Sketch(.cartesian)
    let x = sketch.input()
    var (a, b) = (x, x)
    for _ in 0..<10_000 { (a, b) = (sketch.map("f", a), sketch.map("f", b)) }
    let diagram = sketch.finish(a, b)
    #expect(try apply(.share, to: diagram).boxCount == 10_000)
    #expect(try apply(.discard, to: diagram).boxCount == 20_000)
  }

  @Test("on random diagrams the laws change no result, and leave nothing to share or discard")
  func random() throws {
    var (shared, discarded, copied) = (0, 0, 0)
    for seed in UInt64(0)..<250 {
      var random = RandomDiagram(.cartesian, seed: seed)
      let diagram = random.diagram(boxes: 14, axes: ["n", "m"], lanes: 2)
      let results = TermSemantics.results(diagram)
      let merged = try apply(.share, to: diagram)
      let cleaned = try apply(.discard, to: merged)
      for result in [merged, cleaned] {
        try result.verify()
        #expect(TermSemantics.results(result) == results, "seed \(seed)")
      }
      #expect(!hasTwins(merged), "seed \(seed)")
      #expect(!hasDeadBoxes(cleaned), "seed \(seed)")
      shared += diagram.boxCount - merged.boxCount
      discarded += merged.boxCount - cleaned.boxCount
      copied += try unshareAll(cleaned, results, seed)
    }
    #expect(shared > 250 && discarded > 250 && copied > 100, "\(shared) \(discarded) \(copied)")
  }

  /// Unshares at every wire that allows it, one at a time; how many those are.
  private func unshareAll(_ diagram: Diagram, _ results: [UInt64], _ seed: UInt64) throws -> Int {
    var count = 0
    for wire in 0..<diagram.wireCount {
      let place = Place.name(of: WireID(wire), in: diagram)
      guard let copied = try? apply(.unshare, to: diagram, at: place) else { continue }
      try copied.verify()
      #expect(copied.boxCount > diagram.boxCount)
      #expect(TermSemantics.results(copied) == results, "seed \(seed), at \(place)")
      count += 1
    }
    return count
  }

  /// Whether two boxes without bodies do the same to the same wires.
  private func hasTwins(_ diagram: Diagram) -> Bool {
    var seen: Set<[Int]> = []
    let regions = diagram.regionsOfBoxes()
    for box in (0..<diagram.boxCount).map({ BoxID($0) }) where diagram.body(of: box) == nil {
      let types = diagram.outputs(of: box).map { diagram.typeID(of: $0).index }
      let key = [regions[box.index].index, diagram.operationID(of: box).index] + types
      if !seen.insert(key + diagram.inputs(of: box).map(\.index)).inserted { return true }
    }
    return false
  }

  private func hasDeadBoxes(_ diagram: Diagram) -> Bool {
    let consumers = diagram.consumerCounts()
    return (0..<diagram.boxCount).contains { box in
      diagram.outputs(of: BoxID(box)).allSatisfy { consumers[$0.index] == 0 }
    }
  }
}
