import DiagramIR
import RandomDiagrams
import Testing

@Suite("Composition")
struct CompositionLawTests {
  @Test("Random diagrams are well formed", arguments: Doctrine.allCases)
  func wellFormed(doctrine: Doctrine) throws {
    let environment = RandomSignature.environment(doctrine)
    try forEachSeed(120) { random in
      try environment.verify(Diagram.random(doctrine, &random))
    }
  }

  @Test("Identities are neutral", arguments: Doctrine.allCases)
  func identity(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let f = Diagram.random(doctrine, &random)
      let before = Diagram.identity(f.domainTypes, doctrine: doctrine)
      let after = Diagram.identity(f.codomainTypes, doctrine: doctrine)
      try requireEqual(before.then(f), f, "left")
      try requireEqual(f.then(after), f, "right")
    }
  }

  @Test("Composition is associative", arguments: Doctrine.allCases)
  func associativity(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let f = Diagram.random(doctrine, upTo: 60, &random)
      let g = Diagram.random(doctrine, domain: f.codomainTypes, upTo: 60, &random)
      let h = Diagram.random(doctrine, domain: g.codomainTypes, upTo: 60, &random)
      let left = try f.then(g).then(h)
      try left.verify()
      try requireEqual(left, f.then(g.then(h)))
      try require(left.boxCount == f.boxCount + g.boxCount + h.boxCount, "boxes")
    }
  }

  @Test("The tensor product is associative and has a unit", arguments: Doctrine.allCases)
  func tensor(doctrine: Doctrine) throws {
    let unit = Diagram.identity([], doctrine: doctrine)
    try forEachSeed(70) { random in
      let f = Diagram.random(doctrine, upTo: 60, &random)
      let g = Diagram.random(doctrine, upTo: 60, &random)
      let h = Diagram.random(doctrine, upTo: 60, &random)
      try requireEqual(f.beside(g).beside(h), f.beside(g.beside(h)), "associative")
      try requireEqual(unit.beside(f), f, "left unit")
      try requireEqual(f.beside(unit), f, "right unit")
    }
  }

  @Test("Interchange: (f ; g) * (h ; k) = (f * h) ; (g * k)", arguments: Doctrine.allCases)
  func interchange(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let f = Diagram.random(doctrine, upTo: 60, &random)
      let g = Diagram.random(doctrine, domain: f.codomainTypes, upTo: 60, &random)
      let h = Diagram.random(doctrine, upTo: 60, &random)
      let k = Diagram.random(doctrine, domain: h.codomainTypes, upTo: 60, &random)
      try requireEqual(f.then(g).beside(h.then(k)), f.beside(h).then(g.beside(k)))
    }
  }

  @Test("The swap is natural and its own inverse", arguments: Doctrine.allCases)
  func swap(doctrine: Doctrine) throws {
    try forEachSeed(70) { random in
      let f = Diagram.random(doctrine, upTo: 60, &random)
      let g = Diagram.random(doctrine, upTo: 60, &random)
      let before = Diagram.swap(f.domainTypes, g.domainTypes, doctrine: doctrine)
      let after = Diagram.swap(f.codomainTypes, g.codomainTypes, doctrine: doctrine)
      try requireEqual(f.beside(g).then(after), before.then(g.beside(f)), "natural")
      let back = Diagram.swap(g.domainTypes, f.domainTypes, doctrine: doctrine)
      let identity = Diagram.identity(f.domainTypes + g.domainTypes, doctrine: doctrine)
      try requireEqual(before.then(back), identity, "involution")
    }
  }

  @Test("A swap of two equal types is not the identity")
  func swapIsNotIdentity() {
    let (h, doctrine) = (RandomSignature.h, Doctrine.symmetric)
    #expect(
      Diagram.swap([h], [h], doctrine: doctrine).digest()
        != Diagram.identity([h, h], doctrine: doctrine).digest())
    #expect(
      Diagram.swap([h], [h], doctrine: .cartesian).digest()
        != Diagram.swap([h], [h], doctrine: doctrine).digest(), "the doctrine counts")
  }

  @Test("Diagrams that don't fit don't compose, and the error has both types")
  func mismatch() {
    let h = Diagram.identity([RandomSignature.h], doctrine: .symmetric)
    let k = Diagram.identity([RandomSignature.k], doctrine: .symmetric)
    let other = Diagram.identity([RandomSignature.h], doctrine: .cartesian)
    #expect(
      throws: CompositionError.types(codomain: [RandomSignature.h], domain: [RandomSignature.k])
    ) { try h.then(k) }
    #expect(throws: CompositionError.doctrines(.symmetric, .cartesian)) { try h.then(other) }
    #expect(throws: CompositionError.doctrines(.symmetric, .cartesian)) { try h.beside(other) }
    #expect(
      CompositionError.types(codomain: [RandomSignature.h], domain: []).description
        == "the codomain (H) is not the domain () that follows")
  }
}
