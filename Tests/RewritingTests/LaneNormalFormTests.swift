import DiagramIR
import RandomDiagrams
import Rewriting
import Testing

@Suite("The normal form of SIMD boxes")
struct LaneNormalFormTests {
  static let rewriter = Rewriter(Environment())
  /// The laws that change no term of the index form, in the directions that need no place.
  static let laws: [(LaneLaw, Bool)] = [
    (.identity, false), (.fuse, false), (.split, false), (.beside, false), (.structure, false),
    (.hoist, false), (.sink, false), (.repetition, false),
  ]

  static func normal(_ diagram: Diagram) throws -> Diagram {
    try rewriter.apply(.normalize(name: "simd", laws: [.lanes(.normalForm)]), to: diagram)
  }

  @Test("It is well formed, means the same, and is its own normal form")
  func meaning() throws {
    for seed in 0..<40 {
      let diagram = LaneDiagrams.make(boxes: 24, seed: UInt64(seed))
      try diagram.verify()
      let normal = try Self.normal(diagram)
      try normal.verify()
      let difference = try TensorComparison.difference(diagram, normal, trials: 1)
      #expect(difference <= 1e-9, "seed \(seed)")
      #expect(try Self.normal(normal).isIsomorphic(to: normal), "seed \(seed)")
    }
  }

  @Test("Laws applied anywhere don't change it, nor what is computed")
  func confluence() throws {
    try checkConfluence(Self.laws, 0..<40, fixed: Size(2))
  }

  @Test("The law of one lane doesn't change it either")
  func singleLanes() throws {
    try checkConfluence(
      [(.one, false), (.one, true)] + Self.laws, 100..<160, fixed: .one)
  }

  @Test("An axis of size 1 leaves no lanes, and learned boxes aren't per 1")
  func singleLanesGone() throws {
    var count = 0
    for seed in 0..<40 {
      let diagram = LaneDiagrams.make(boxes: 24, seed: UInt64(seed), fixed: .one)
      let isSingle = { (operation: Operation) in
        if case .simd(let axis, _) = operation { axis == .one } else { false }
      }
      if diagram.operations.contains(where: isSingle) { count += 1 }
      let normal = try Self.normal(diagram)
      try normal.verify()
      #expect(!normal.operations.contains(where: isSingle), "seed \(seed)")
      #expect(!normal.operations.contains { $0.perAxes.contains(.one) }, "seed \(seed)")
      #expect(try Self.normal(normal).isIsomorphic(to: normal), "seed \(seed)")
      let difference = try TensorComparison.difference(diagram, normal, trials: 1)
      #expect(difference <= 1e-9, "seed \(seed)")
    }
    #expect(count > 20)
  }

  private func checkConfluence(
    _ laws: [(LaneLaw, Bool)], _ seeds: Range<Int>, fixed: Size
  ) throws {
    var counts: [LaneLaw: Int] = [:]
    for seed in seeds {
      var random = SplitMix64(seed: UInt64(seed))
      let diagram = LaneDiagrams.make(boxes: 20, seed: UInt64(seed), fixed: fixed)
      let normal = try Self.normal(diagram)
      var current = diagram
      for _ in 0..<6 {
        guard let (law, isBackward) = random.pick(laws), current.wireCount > 0 else {
          continue
        }
        let wire = WireID(random.below(current.wireCount))
        let place = random.chance(60) ? nil : Place.name(of: wire, in: current)
        let step = DerivationStep.apply(
          .lanes(law), isBackward: isBackward, at: place, sizes: [])
        guard let next = try? Self.rewriter.apply(step, to: current) else { continue }
        try next.verify()
        if !next.isIsomorphic(to: current) { counts[law, default: 0] += 1 }
        let same = try Self.normal(next).isIsomorphic(to: normal)
        #expect(same, "seed \(seed), \(step)")
        let difference = try TensorComparison.difference(current, next, trials: 1)
        #expect(difference <= 1e-9, "seed \(seed), \(step)")
        guard same else { break }
        current = next
      }
    }
    for (law, _) in laws { #expect(counts[law, default: 0] > 3, "\(law.rawValue)") }
  }

  @Test("Diagrams that compute different things have different normal forms")
  func difference() throws {
    var count = 0
    for seed in 0..<20 {
      let a = LaneDiagrams.make(boxes: 12, seed: UInt64(seed))
      let b = LaneDiagrams.make(boxes: 12, seed: UInt64(seed + 1000))
      if try !Self.normal(a).isIsomorphic(to: Self.normal(b)) { count += 1 }
    }
    #expect(count >= 19)
  }

  /// A chain of SIMD boxes, every seventh of which is a result too.
  private static func stack(_ count: Int) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wire = builder.addDomainWire(.real(Size("n")), name: "x")
    var results: [WireID] = []
    for number in 0..<count {
      builder.openBody()
      let lane = builder.addDomainWire(.scalar)
      let box = Operation.box(RandomSignature.tensor(number % 2 == 0 ? "tanh" : "neg"))
      let made = builder.addBox(box, inputs: [lane], outputs: [.scalar])
      wire =
        builder.closeBody(
          .simd(axis: Size("n"), mapped: 1), inputs: [wire], codomain: made,
          outputs: [.real(Size("n"))])[0]
      if number % 7 == 6 { results.append(wire) }
    }
    return builder.finish(codomain: results + [wire])
  }

  @Test("A stack of SIMD boxes becomes one box in one step, and comes apart again")
  func fusion() throws {
    let stack = Self.stack(2_000)
    let result = try Self.rewriter.rewrite(
      stack, by: [.lanes(.fuse)], .normalize(limit: 10))
    try result.diagram.verify()
    #expect(result.steps.count == 1 && !result.reachedLimit)
    #expect(result.diagram.boxes(in: result.diagram.root).count == 1)
    #expect(result.diagram.boxCount == 2_001)
    #expect(try Self.normal(result.diagram).isIsomorphic(to: Self.normal(stack)))
    let small = Self.stack(20)
    let fused = try Self.rewriter.rewrite(small, by: [.lanes(.fuse)], .normalize(limit: 10))
    #expect(try TensorComparison.difference(small, fused.diagram) <= 1e-12)
    let again = try Self.rewriter.apply(fused.steps[0], to: small)
    #expect(again.isIsomorphic(to: fused.diagram))
  }

  @Test("Fusing at once gives what fusing pair by pair gives")
  func fusionOracle() throws {
    for count in [2, 7, 15] {
      let stack = Self.stack(count)
      let fused = try Self.rewriter.rewrite(stack, by: [.lanes(.fuse)], .normalize(limit: 100))
      let oracle = try Self.rewriter.rewriteStepByStep(
        stack, by: [.lanes(.fuse)], .normalize(limit: 100))
      #expect(oracle.stepCount == count - 1 && !oracle.reachedLimit)
      #expect(fused.diagram.isIsomorphic(to: oracle.diagram))
      #expect(!fused.diagram.isIsomorphic(to: stack))
    }
  }

  @Test("Fusing random diagrams leaves no pair, and keeps what is computed")
  func randomFusion() throws {
    var count = 0
    for seed in 0..<30 {
      let diagram = LaneDiagrams.make(boxes: 20, seed: UInt64(seed))
      let result = try Self.rewriter.rewrite(
        diagram, by: [.lanes(.fuse)], .normalize(limit: 100))
      try result.diagram.verify()
      count += result.steps.count
      let difference = try TensorComparison.difference(diagram, result.diagram, trials: 1)
      #expect(difference <= 1e-9, "seed \(seed)")
      #expect(
        throws: RewritingError.lanes(law: "simd.fuse", .nowhere), "seed \(seed)"
      ) {
        try Self.rewriter.apply(
          .apply(.lanes(.fuse), isBackward: false, at: nil, sizes: []), to: result.diagram)
      }
    }
    #expect(count > 5)
  }
}
