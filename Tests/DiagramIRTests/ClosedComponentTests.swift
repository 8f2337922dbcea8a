import DiagramIR
import RandomDiagrams
import Testing

/// Components that nothing connects with the interface.
@Suite("Closed components")
struct ClosedComponentTests {
  /// `count` copies of `unit; antipode; …; counit`, with as many antipodes as `lengths` says in turn, without an
  /// interface. The boxes come in an order that `seed` decides.
  private func scalars(
    _ count: Int, _ doctrine: Doctrine, lengths: [Int] = [1], seed: UInt64 = 0
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine)
    let type = builder.typeID(RandomSignature.h)
    func operation(_ name: String) -> OperationID {
      builder.operationID(.box(Symbol(module: "hopf", name: name)))
    }
    let (unit, antipode, counit) = (operation("unit"), operation("antipode"), operation("counit"))
    var boxes: [(operation: OperationID, inputs: [WireID], outputs: [WireID])] = []
    for index in 0..<count {
      var wire = builder.addWire(type)
      boxes.append((unit, [], [wire]))
      for _ in 0..<lengths[index % lengths.count] {
        let next = builder.addWire(type)
        boxes.append((antipode, [wire], [next]))
        wire = next
      }
      boxes.append((counit, [wire], []))
    }
    var random = SplitMix64(seed: seed)
    if seed != 0 { boxes.shuffle(using: &random) }
    for box in boxes {
      builder.attachBox(box.operation, inputs: box.inputs, outputs: box.outputs)
    }
    return builder.finish(codomain: [])
  }

  /// Lanes whose body only drops: of each pair of a mapped and a shared input the product.
  private func dropping(_ pairs: [(mapped: Int, shared: Int)]) -> Diagram {
    var builder = DiagramBuilder(doctrine: .symmetric)
    let (mul, drop) = (Symbol(module: "t", name: "mul"), Symbol(module: "t", name: "drop"))
    let mapped = pairs.map { _ in builder.addDomainWire(.real(Size("n"))) }
    let shared = pairs.map { _ in builder.addDomainWire(.scalar) }
    builder.openBody()
    let inner = (mapped + shared).map { _ in builder.addDomainWire(.scalar) }
    for pair in pairs {
      let inputs = [inner[pair.mapped], inner[pairs.count + pair.shared]]
      let product = builder.addBox(.box(mul), inputs: inputs, outputs: [.scalar])
      builder.addBox(.box(drop), inputs: product, outputs: [])
    }
    builder.closeBody(
      .simd(axis: Size("n"), mapped: pairs.count), inputs: mapped + shared, codomain: [],
      outputs: [WireType]())
    return builder.finish(codomain: [])
  }

  @Test("Components inside lanes are told apart by what enters them")
  func enteringLanes() throws {
    let diagram = dropping([(0, 0), (1, 1), (2, 2)])
    try diagram.verify()
    for pairs in [[(1, 1), (0, 0), (2, 2)], [(2, 2), (1, 1), (0, 0)]] {
      #expect(dropping(pairs).isIsomorphic(to: diagram))
    }
    for pairs in [[(0, 0), (1, 2), (2, 1)], [(1, 0), (0, 1), (2, 2)], [(0, 1), (1, 2), (2, 0)]] {
      #expect(!dropping(pairs).isIsomorphic(to: diagram))
    }
  }

  @Test(
    "Thousands of equal components take a fixed number of steps each", arguments: Doctrine.allCases)
  func linear(doctrine: Doctrine) {
    let work = [1000, 2000, 4000].map { scalars($0, doctrine).canonicalWork() }
    #expect(work[0] >= 3 * 1000, "every box is visited")
    #expect(work[1] - work[0] <= 1000 * 16, "\(work)")
    #expect(work[2] - work[1] == 2 * (work[1] - work[0]), "\(work)")
  }

  @Test(
    "A component of another kind costs a search of its own, and changes the digest",
    arguments: Doctrine.allCases)
  func distinct(doctrine: Doctrine) {
    let equal = scalars(300, doctrine)
    let mixed = scalars(300, doctrine, lengths: [1, 2, 3])
    #expect(mixed.canonicalWork() > equal.canonicalWork())
    #expect(mixed.digest() != equal.digest())
    #expect(mixed.digest() != scalars(300, doctrine, lengths: [1, 2, 2]).digest())
  }

  @Test("Their order doesn't matter", arguments: Doctrine.allCases, [1, 2, 3] as [UInt64])
  func order(doctrine: Doctrine, seed: UInt64) {
    let lengths = [2, 1, 3, 1, 0]
    let shuffled = scalars(500, doctrine, lengths: lengths, seed: seed)
    #expect(shuffled.isIsomorphic(to: scalars(500, doctrine, lengths: lengths)))
    #expect(!shuffled.isIsomorphic(to: scalars(500, doctrine, lengths: [2, 1, 3, 1, 1])))
  }
}
