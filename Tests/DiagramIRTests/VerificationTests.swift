import DiagramIR
import RandomDiagrams
import Testing

@Suite("Verification")
struct VerificationTests {
  private let h = RandomSignature.h
  private let n = Size("n")

  private func fault(of diagram: Diagram) -> DiagramFault? {
    do { try diagram.verify() } catch { return error }
    return nil
  }

  private func operation(_ name: String) -> Operation { .box(RandomSignature.tensor(name)) }

  @Test("A wire of nowhere")
  func foreignWire() {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(h)
    #expect(fault(of: builder.finish(codomain: [x])) == nil)
    var broken = DiagramBuilder(doctrine: .cartesian)
    broken.addBox(operation("exp"), inputs: [WireID(7)], outputs: [])
    #expect(fault(of: broken.finish(codomain: [])) == .foreignWire(WireID(7)))
    #expect(
      DiagramFault.foreignWire(WireID(7)).description
        == "wire 7 is used outside the region it belongs to")
  }

  @Test("A wire without producer, and one with two")
  func producers() {
    var none = DiagramBuilder(doctrine: .cartesian)
    let x = none.addWire(none.typeID(h), name: "x")
    #expect(fault(of: none.finish(codomain: [x])) == .noProducer(x, name: "x"))
    var two = DiagramBuilder(doctrine: .cartesian)
    let y = two.addDomainWire(h, name: "y")
    two.attachBox(two.operationID(operation("unit")), inputs: [], outputs: [y])
    #expect(fault(of: two.finish(codomain: [y])) == .severalProducers(y, name: "y"))
    var spider = DiagramBuilder(doctrine: .frobenius)
    let z = spider.addWire(spider.typeID(h))
    #expect(fault(of: spider.finish(codomain: [z, z])) == nil, "frobenius allows both")
  }

  @Test("In a symmetric theory, a wire used twice or never", arguments: [0, 1, 2, 3])
  func consumers(count: Int) {
    var builder = DiagramBuilder(doctrine: .symmetric)
    let x = builder.addDomainWire(h, name: "x")
    let found = fault(of: builder.finish(codomain: Array(repeating: x, count: count)))
    #expect(found == (count == 1 ? nil : .consumers(x, name: "x", count: count)))
  }

  @Test("Boxes in a circle")
  func cycle() {
    func ring(_ doctrine: Doctrine) -> Diagram {
      var builder = DiagramBuilder(doctrine: doctrine)
      let type = builder.typeID(h)
      let (x, y) = (builder.addWire(type), builder.addWire(type))
      let f = builder.operationID(operation("f"))
      builder.attachBox(f, inputs: [x], outputs: [y])
      builder.attachBox(f, inputs: [y], outputs: [x])
      return builder.finish(codomain: [])
    }
    for doctrine in Doctrine.allCases {
      let diagram = ring(doctrine)
      #expect(fault(of: diagram) == (doctrine == .frobenius ? nil : .cycle(diagram.root)))
    }
  }

  @Test("A body where none belongs, and none where one does")
  func bodies() {
    var without = DiagramBuilder(doctrine: .cartesian)
    without.addBox(.simd(axis: n, mapped: 0), inputs: [], outputs: [])
    #expect(fault(of: without.finish(codomain: [])) == .body(BoxID(0)))
    var with = DiagramBuilder(doctrine: .symmetric)
    with.openBody()
    with.closeBody(operation("f"), inputs: [], codomain: [], outputs: [WireType]())
    #expect(fault(of: with.finish(codomain: [])) == .body(BoxID(0)))
  }

  private func lanes(
    _ operation: Operation, outer: [WireType], inner: [WireType], outputs: [WireType],
    returned: [Int]? = nil
  ) -> DiagramFault? {
    var builder = DiagramBuilder(doctrine: .frobenius)
    let inputs = outer.map { builder.addDomainWire($0) }
    builder.openBody()
    let wires = inner.map { builder.addDomainWire($0) }
    let results = builder.closeBody(
      operation, inputs: inputs, codomain: (returned ?? Array(wires.indices)).map { wires[$0] },
      outputs: outputs)
    return fault(of: builder.finish(codomain: results))
  }

  @Test("A body that doesn't fit its box")
  func laneInterface() {
    let simd = Operation.simd(axis: n, mapped: 1)
    let (one, row) = (WireType.scalar, WireType.real(n))
    #expect(lanes(simd, outer: [row], inner: [one], outputs: [row]) == nil)
    func reason(_ text: String) -> DiagramFault { .laneInterface(BoxID(0), text) }
    #expect(
      lanes(simd, outer: [row], inner: [one, one], outputs: [row, row])
        == reason("1 inputs for 2 domain wires"))
    #expect(
      lanes(simd, outer: [one], inner: [one], outputs: [row])
        == reason("input 0 is [], the lanes see []"))
    #expect(
      lanes(simd, outer: [row], inner: [one], outputs: [one])
        == reason("output 0 is [], the lanes return []"))
    #expect(
      lanes(simd, outer: [row], inner: [one], outputs: [])
        == reason("0 outputs for 1 codomain wires"))
    #expect(
      lanes(
        .scan(axis: n, states: 1, mapped: 1), outer: [one, row], inner: [one, one],
        outputs: [one, row]) == nil)
    #expect(
      lanes(
        .scan(axis: n, states: 1, mapped: 1), outer: [one, .real(n, n)], inner: [one, row],
        outputs: [row], returned: [1])
        == reason("state 0 is [] and becomes [n]"))
  }

  @Test("A learned box per an axis that isn't around it")
  func noLane() throws {
    let box = Operation.learned(LearnedBox(kind: .learn, label: "w", per: [n]))
    let single = Diagram.box(box, [.scalar], [.scalar], doctrine: .cartesian)
    #expect(fault(of: single) == .noLane(label: "w", axis: n))
    let lifted = try #require(single.simd(n))
    #expect(fault(of: lifted) == nil)
    let wrong = try #require(single.simd(Size("m")))
    #expect(fault(of: wrong) == .noLane(label: "w", axis: n))
    let use = Operation.use(
      DiagramUse(
        definition: Symbol(module: "m", name: "d"), content: Digest([]), label: "d", per: [n]))
    #expect(
      fault(of: .box(use, [], [], doctrine: .cartesian)) == .noLane(label: "d", axis: n))
  }

  @Test("Constants that aren't scalars, maps without inputs, boxes of other types")
  func portTypes() throws {
    let scalar = Diagram.box(.number(1.0), [], [.scalar], doctrine: .cartesian)
    #expect(fault(of: scalar) == nil)
    let row = Diagram.box(.number(1.0), [], [.real(n)], doctrine: .cartesian)
    #expect(fault(of: row) == .portTypes(BoxID(0), "a constant is a scalar"))
    let map = Operation.learned(LearnedBox(kind: .linear, label: "w"))
    #expect(
      fault(of: .box(map, [], [.scalar], doctrine: .cartesian))
        == .portTypes(BoxID(0), "linear 'w' has 0 inputs"))
    let state = Operation.learned(LearnedBox(kind: .state, label: "c"))
    #expect(fault(of: .box(state, [], [.scalar], doctrine: .cartesian)) == nil)
    #expect(
      fault(of: .box(state, [.scalar], [.scalar], doctrine: .cartesian))
        == .portTypes(BoxID(0), "state 'c' has 1 inputs"))
    let environment = RandomSignature.environment(.cartesian)
    let add = operation("add")
    try environment.verify(.box(add, [.scalar, .scalar], [.scalar], doctrine: .cartesian))
    #expect(throws: DiagramFault.portTypes(BoxID(0), "\(add)")) {
      try environment.verify(.box(add, [.scalar, .real(n)], [.scalar], doctrine: .cartesian))
    }
  }

  @Test("A box that nobody declares")
  func undeclared() {
    let environment = RandomSignature.environment(.cartesian)
    #expect(throws: DiagramFault.undeclared(.mutant)) {
      try environment.verify(.box(.box(.mutant), [], [], doctrine: .cartesian))
    }
    #expect(DiagramFault.undeclared(.mutant).description == "'mutant.mutant' is not declared")
  }

  @Test("A broken diagram has a fault, whichever box is broken", arguments: Doctrine.allCases)
  func randomFaults(doctrine: Doctrine) throws {
    let environment = RandomSignature.environment(doctrine)
    try forEachSeed(100) { random in
      let sketch = DiagramSketch(Diagram.random(doctrine, upTo: 30, &random))
      guard let broken = sketch.mutated(.relabel, &random)?.diagram() else { return }
      do {
        try environment.verify(broken)
        throw LawBroken(description: "no fault")
      } catch let fault as DiagramFault {
        try require(fault == .undeclared(.mutant), fault.description)
      }
    }
  }
}
