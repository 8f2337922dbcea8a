import DiagramIR
import RandomDiagrams
import Testing

@Suite("Frobenius")
struct FrobeniusTests {
  private let h = RandomSignature.h

  private func spider(_ inputs: Int, _ outputs: Int) -> Diagram {
    .spider(h, inputs: inputs, outputs: outputs)
  }

  @Test("Connected spiders are one spider")
  func fusion() throws {
    for a in 0..<4 {
      for b in 1..<4 {
        for c in 0..<4 {
          try requireEqual(spider(a, b).then(spider(b, c)), spider(a, c), "\(a) \(b) \(c)")
        }
      }
    }
    #expect(spider(1, 2).digest() != spider(2, 1).digest())
    #expect(try spider(1, 1).beside(spider(1, 1)).digest() != spider(2, 2).digest())
  }

  @Test("A wire without ends is not nothing")
  func scalars() throws {
    let none = Diagram.identity([], doctrine: .frobenius)
    let circle = spider(0, 0)
    let other = Diagram.spider(RandomSignature.k, inputs: 0, outputs: 0)
    #expect(circle.digest() != none.digest())
    #expect(try circle.beside(circle).digest() != circle.digest())
    #expect(circle.digest() != other.digest())
    #expect(!circle.isIsomorphic(to: none))
    try requireEqual(circle.beside(other), other.beside(circle))
    try requireEqual(spider(0, 1).then(spider(1, 0)), circle)
  }

  @Test("The snake is a wire")
  func snake() throws {
    let wire = Diagram.identity([h], doctrine: .frobenius)
    let snake = try wire.beside(spider(0, 2)).then(spider(2, 0).beside(wire))
    try requireEqual(snake, wire)
  }

  @Test("Which box a body returns first matters")
  func bodies() throws {
    func make(_ swapped: Bool) -> Diagram {
      var builder = DiagramBuilder(doctrine: .frobenius)
      builder.openBody()
      let f = builder.addBox(
        .box(Symbol(module: "z", name: "f")), inputs: [], outputs: [.scalar])
      let g = builder.addBox(
        .box(Symbol(module: "z", name: "g")), inputs: [], outputs: [.scalar])
      let wires = builder.closeBody(
        .simd(axis: Size("n"), mapped: 0), inputs: [], codomain: swapped ? g + f : f + g,
        outputs: [.real(Size("n")), .real(Size("n"))])
      return builder.finish(codomain: wires)
    }
    #expect(make(true).digest() != make(false).digest())
    try requireEqual(make(true), make(true))
  }

  @Test("A repeated domain wire stays one wire in copies, inside and outside")
  func repeatedDomain() throws {
    var builder = DiagramBuilder(doctrine: .frobenius)
    let x = builder.addDomainWire(.real(Size("n")))
    builder.openBody()
    let a = builder.addDomainWire(.scalar)
    let b = builder.addDomainWire(.scalar)
    builder.identify(a, b)
    let wires = builder.closeBody(
      .simd(axis: Size("n"), mapped: 2), inputs: [x, x], codomain: [a], outputs: [.real(Size("n"))])
    let diagram = builder.finish(codomain: wires)
    try diagram.verify()
    let identity = Diagram.identity(diagram.domainTypes, doctrine: .frobenius)
    try requireEqual(identity.then(diagram), diagram, "append")
    try requireEqual(diagram.replacing([]), diagram, "replacing")
    let spider = self.spider(2, 1)
    try requireEqual(spider.replacing([]), spider, "replacing a spider")
  }
}
