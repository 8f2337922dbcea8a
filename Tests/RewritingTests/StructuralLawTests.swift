import DiagramIR
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
    #expect(throws: RewritingError.doctrine(law: "share", expected: .cartesian, found: .symmetric)) {
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
}
