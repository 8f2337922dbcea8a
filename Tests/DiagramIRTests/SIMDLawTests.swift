import DiagramIR
import RandomDiagrams
import Testing

@Suite("SIMD boxes")
struct SIMDLawTests {
  private let axis = Size("lanes")

  private func lifted(_ diagram: Diagram) throws -> Diagram {
    guard let result = diagram.simd(axis) else { throw LawBroken(description: "no simd") }
    try result.verify()
    return result
  }

  private func tensor(
    domain: [WireType]? = nil, upTo limit: Int = 60, _ random: inout SplitMix64
  ) -> Diagram {
    RandomTensorDiagram.make(boxes: random.boxCount(upTo: limit), domain: domain, &random)
  }

  @Test("Equal diagrams have equal lifts, different ones different lifts")
  func respectsEquality() throws {
    try forEachSeed(70) { random in
      let f = tensor(&random)
      let same = DiagramSketch(f).shuffled(&random).diagram()
      try requireEqual(lifted(f), lifted(same), "equal")
      guard let other = DiagramSketch(f).mutated(.relabel, &random)?.diagram() else { return }
      try require(lifted(f).digest() != lifted(other).digest(), "different")
    }
  }

  @Test("The lift of a composite is the same for both associations")
  func liftOfComposites() throws {
    try forEachSeed(70) { random in
      let f = tensor(&random)
      let g = tensor(domain: f.codomainTypes, &random)
      let h = tensor(domain: g.codomainTypes, &random)
      try requireEqual(lifted(f.then(g).then(h)), lifted(f.then(g.then(h))), "inside")
      let chain = try lifted(f).then(lifted(g)).then(lifted(h))
      try requireEqual(chain, lifted(f).then(lifted(g).then(lifted(h))), "outside")
    }
  }

  @Test("Fusing lifts is a rewrite, not an equality by construction")
  func fusionIsARule() throws {
    let exp = Diagram.box(
      .box(RandomSignature.tensor("exp")), [.scalar], [.scalar], doctrine: .cartesian)
    let fused = try lifted(exp.then(exp))
    let chain = try lifted(exp).then(lifted(exp))
    #expect(fused.digest() != chain.digest())
    #expect(fused.domainTypes == chain.domainTypes && fused.codomainTypes == chain.codomainTypes)
  }

  @Test("What the lanes don't use doesn't enter, and what enters twice enters once")
  func normalForm() throws {
    let add = Operation.box(RandomSignature.tensor("add"))
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(axis), name: "x")
    let y = builder.addDomainWire(.real(axis), name: "y")
    builder.openBody()
    let a = builder.addDomainWire(.scalar)
    let b = builder.addDomainWire(.scalar)
    _ = builder.addDomainWire(.scalar)
    let c = builder.addDomainWire(.scalar)
    let inner = builder.addBox(add, inputs: [b, a], outputs: [.scalar])
    let sum = builder.addBox(add, inputs: [inner[0], c], outputs: [.scalar])
    let outputs = builder.closeBody(
      .simd(axis: axis, mapped: 4), inputs: [x, y, x, x], codomain: sum, outputs: [.real(axis)])
    let diagram = builder.finish(codomain: outputs)
    try diagram.verify()
    let box = diagram.boxes(in: diagram.root)[0]
    #expect(diagram.operation(of: box) == .simd(axis: axis, mapped: 2))
    #expect(diagram.inputs(of: box).map { diagram.name(of: $0) } == ["y", "x"])
  }

  @Test("An abstract sort has no lanes")
  func sorts() {
    #expect(Diagram.identity([RandomSignature.h], doctrine: .cartesian).simd(axis) == nil)
  }

  @Test("A wire that is mapped differs from one that is shared")
  func mappedOrShared() throws {
    let type = WireType.real(axis, axis)
    func make(mapped: Int) -> Diagram {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(type)
      builder.openBody()
      let inner = builder.addDomainWire(mapped == 1 ? .real(axis) : type)
      let reduced = builder.addBox(
        .box(Symbol(module: "m", name: "f")), inputs: [inner], outputs: [.scalar])
      let out = builder.closeBody(
        .simd(axis: axis, mapped: mapped), inputs: [x], codomain: reduced, outputs: [.real(axis)])
      return builder.finish(codomain: out)
    }
    #expect(make(mapped: 0).digest() != make(mapped: 1).digest())
    #expect(make(mapped: 1).digest() == make(mapped: 1).digest())
  }
}
