import DiagramIR
import RandomDiagrams
import Testing

@Suite("Canonical form")
struct CanonicalFormTests {
  @Test("Order and names don't matter", arguments: Doctrine.allCases)
  func shuffling(doctrine: Doctrine) throws {
    try forEachSeed(250) { random in
      let diagram = Diagram.random(doctrine, &random)
      let shuffled = DiagramSketch(diagram).shuffled(&random).diagram()
      try shuffled.verify()
      try requireEqual(diagram, shuffled, "\(diagram.boxCount) boxes")
    }
  }

  @Test("Structure does", arguments: Doctrine.allCases)
  func mutations(doctrine: Doctrine) throws {
    var applied: [Mutation: Int] = [:]
    try forEachSeed(250) { random in
      let diagram = Diagram.random(doctrine, &random)
      let digest = diagram.digest()
      for mutation in Mutation.allCases {
        guard let other = DiagramSketch(diagram).mutated(mutation, &random) else { continue }
        applied[mutation, default: 0] += 1
        try require(other.shuffled(&random).diagram().digest() != digest, mutation.rawValue)
      }
    }
    #expect((applied[.relabel] ?? 0) > 100 && (applied[.insertScalar] ?? 0) > 100)
    if doctrine == .cartesian {
      #expect(Mutation.allCases.allSatisfy { (applied[$0] ?? 0) > 20 }, "\(applied)")
    }
  }

  @Test("The canonical order leads to the same boxes and wires", arguments: Doctrine.allCases)
  func order(doctrine: Doctrine) throws {
    try forEachSeed(60) { random in
      let diagram = Diagram.random(doctrine, &random)
      let shuffled = DiagramSketch(diagram).shuffled(&random).diagram()
      let (a, b) = (diagram.canonicalOrder(), shuffled.canonicalOrder())
      try require(a.boxes.count == diagram.boxCount, "every box is in it")
      try require(Set(a.boxes).count == a.boxes.count, "once")
      try require(a.wires.count == b.wires.count, "wires")
      try require(
        diagram.connections(in: a) == shuffled.connections(in: b), "connections differ")
    }
  }

  @Test("Closed components count, in any order")
  func closedComponents() throws {
    let doctrine = Doctrine.symmetric
    let h = RandomSignature.h
    func box(_ name: String, _ domain: [WireType], _ codomain: [WireType]) -> Diagram {
      .box(.box(Symbol(module: "hopf", name: name)), domain, codomain, doctrine: doctrine)
    }
    let loop = try box("unit", [], [h]).then(box("counit", [h], []))
    let longer = try box("unit", [], [h]).then(box("antipode", [h], [h])).then(
      box("counit", [h], []))
    let wire = Diagram.identity([h], doctrine: doctrine)
    try requireEqual(loop.beside(longer), longer.beside(loop), "side by side")
    try requireEqual(loop.beside(wire).beside(longer), wire.beside(longer).beside(loop), "scalars")
    #expect(try loop.beside(loop).digest() != loop.digest())
    #expect(try loop.beside(longer).digest() != loop.beside(loop).digest())
    #expect(try loop.beside(longer).digest() != longer.beside(longer).digest())
  }

  @Test("A label is bound: which boxes share it matters, its name doesn't")
  func labels() throws {
    func chain(_ labels: [String]) throws -> Diagram {
      var diagram = Diagram.identity([.scalar], doctrine: .cartesian)
      for label in labels {
        let box = LearnedBox(kind: .learn, label: label)
        diagram = try diagram.then(
          .box(.learned(box), [.scalar], [.scalar], doctrine: .cartesian))
      }
      return diagram
    }
    try requireEqual(chain(["a", "b", "a"]), chain(["x", "y", "x"]))
    #expect(try chain(["a", "b", "a"]).digest() != chain(["a", "b", "b"]).digest())
    #expect(try chain(["a", "b", "a"]).digest() != chain(["a", "b", "c"]).digest())
  }

  @Test("Size variables are bound, together with where they occur")
  func sizes() throws {
    func identity(_ types: WireType...) -> Diagram { .identity(types, doctrine: .cartesian) }
    let (n, m) = (Size("n"), Size("m"))
    try requireEqual(identity(.real(n, m)), identity(.real(m, n)))
    try requireEqual(identity(.real(n * m), .real(n)), identity(.real(m * n), .real(m)))
    try requireEqual(
      identity(.real(n * m * m), .real(m)), identity(.real(n * n * m), .real(n)))
    #expect(identity(.real(n, m)).digest() != identity(.real(n, n)).digest())
    #expect(
      try identity(.real(n * m * m), .real(m)).digest()
        != identity(.real(n * m * m), .real(n)).digest())
  }
}

extension Diagram {
  /// What each box in an order is connected to, by places in the order; ranks of unnamed things only.
  fileprivate func connections(in order: CanonicalOrder) -> [[Int]] {
    var rank: [WireID: Int] = [:]
    for (place, wire) in order.wires.enumerated() { rank[wire] = place }
    return order.boxes.map { box in
      let inputs = inputs(of: box).map { rank[$0] ?? -1 }
      let outputs = outputs(of: box).map { rank[$0] ?? -1 }
      guard operation(of: box).hasBody, doctrine != .frobenius else {
        return [0] + inputs + [-2] + outputs
      }
      return [1] + inputs.sorted() + [-2] + outputs
    }
  }
}
