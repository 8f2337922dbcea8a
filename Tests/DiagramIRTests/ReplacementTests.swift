import DiagramIR
import RandomDiagrams
import Testing

@Suite("Replacement")
struct ReplacementTests {
  private func box(_ name: String) -> Operation { .box(RandomSignature.tensor(name)) }

  private func chain(_ names: [String], _ doctrine: Doctrine = .cartesian) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    var wire = [builder.addDomainWire(.scalar)]
    for name in names { wire = builder.addBox(box(name), inputs: wire, outputs: [.scalar]) }
    return builder.finish(codomain: wire)
  }

  @Test("Replacing nothing gives the diagram back", arguments: Doctrine.allCases)
  func nothing(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let diagram = Diagram.random(doctrine, upTo: 60, &random)
      let shuffled = DiagramSketch(diagram).shuffled(&random).diagram()
      let copy = try shuffled.replacing([])
      try copy.verify()
      try requireEqual(copy, diagram)
    }
  }

  @Test("A box replaced by itself gives the diagram back", arguments: Doctrine.allCases)
  func sameBox(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let diagram = Diagram.random(doctrine, upTo: 60, &random)
      let regions = diagram.regionsOfBoxes()
      let parts = (0..<diagram.boxCount).map { BoxID($0) }.filter {
        diagram.body(of: $0) == nil && random.chance(50)
      }.map { box in
        let types = diagram.portTypes(of: box)
        return Replacement(
          region: regions[box.index], removed: [box],
          diagram: .box(
            diagram.operation(of: box), types.domain, types.codomain, doctrine: doctrine),
          inputs: Array(diagram.inputs(of: box)), outputs: Array(diagram.outputs(of: box)))
      }
      try requireEqual(diagram.replacing(parts), diagram, "\(parts.count) boxes")
    }
  }

  @Test("Boxes are replaced by a diagram, and by a wire")
  func boxes() throws {
    let diagram = chain(["a", "b", "c"])
    let b = diagram.boxes(in: diagram.root)[1]
    func replacing(by names: [String]) throws -> Diagram {
      try diagram.replacing([
        Replacement(
          region: diagram.root, removed: [b], diagram: chain(names),
          inputs: Array(diagram.inputs(of: b)), outputs: Array(diagram.outputs(of: b)))
      ])
    }
    try requireEqual(replacing(by: ["x", "y"]), chain(["a", "x", "y", "c"]))
    try requireEqual(replacing(by: []), chain(["a", "c"]))
    #expect(try replacing(by: ["x"]).digest() != diagram.digest())
  }

  @Test("A diagram is inserted into a wire", arguments: [Doctrine.cartesian, .symmetric])
  func insertion(doctrine: Doctrine) throws {
    let diagram = chain(["a", "b"], doctrine)
    let middle = diagram.outputs(of: BoxID(0))[...]
    let part = Replacement(
      region: diagram.root, removed: [], diagram: chain(["x"], doctrine),
      inputs: Array(middle), outputs: Array(middle))
    try requireEqual(diagram.replacing([part]), chain(["a", "x", "b"], doctrine))
    let ends = Array(diagram.domain)
    let front = Replacement(
      region: diagram.root, removed: [], diagram: chain(["x"], doctrine), inputs: ends,
      outputs: ends)
    try requireEqual(diagram.replacing([front, part]), chain(["x", "a", "x", "b"], doctrine))
  }

  @Test("A circle is refused, and a lost producer")
  func faults() {
    let diagram = chain(["a", "b", "c"])
    let (a, c) = (BoxID(0), BoxID(2))
    let backwards = Replacement(
      region: diagram.root, removed: [a], diagram: chain(["x"]),
      inputs: Array(diagram.outputs(of: BoxID(1))), outputs: Array(diagram.outputs(of: a)))
    #expect(throws: ReplacementError.cycle) { try diagram.replacing([backwards]) }
    let cut = Replacement(
      region: diagram.root, removed: [a, c], diagram: chain(["x"]),
      inputs: Array(diagram.domain), outputs: Array(diagram.outputs(of: c)))
    #expect(throws: ReplacementError.dangling(name: "")) { try diagram.replacing([cut]) }
  }

  /// A box inside this many bodies, no wires anywhere.
  private func nested(_ depth: Int) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    for _ in 0..<depth { builder.openBody() }
    builder.addBox(box("hole"), inputs: [], outputs: [])
    for _ in 0..<depth {
      builder.closeBody(
        .simd(axis: Size("n"), mapped: 0), inputs: [], codomain: [], outputs: [WireType]())
    }
    return builder.finish(codomain: [])
  }

  @Test("Bodies are not nested too deep", arguments: [212, 213])
  func nesting(depth: Int) throws {
    let (deep, outer) = (nested(300), nested(depth))
    #expect(deep.nesting == 300)
    try deep.verify()
    let hole = Replacement(
      region: RegionID(0), removed: [BoxID(0)], diagram: deep, inputs: [], outputs: [])
    if depth + 300 <= DiagramBuilder.maximumNesting {
      try requireEqual(outer.replacing([hole]), nested(depth + 300))
    } else {
      #expect(throws: ReplacementError.nesting) { try outer.replacing([hole]) }
    }
  }
}
