import DiagramIR
import RandomDiagrams
import Testing

@Suite("Unfolding")
struct UnfoldingTests {
  private let n = Size("n")
  private let d = Size("d")
  private let k = Size("k")
  private let inner = Symbol(module: "m", name: "inner")

  private func learned(
    _ label: String, _ domain: WireType, _ codomain: WireType, per: [Size] = []
  ) -> Diagram {
    .box(
      .learned(LearnedBox(kind: .linear, label: label, per: per)), [domain], [codomain],
      doctrine: .cartesian)
  }

  private func environment(_ diagram: Diagram, symbol: Symbol? = nil) -> Environment {
    var environment = Environment()
    environment.add(
      Definition(symbol: symbol ?? inner, diagram: diagram, resultNames: []))
    return environment
  }

  private func use(
    _ environment: Environment, label: String, per: [Size] = [], open: [Size] = [],
    _ domain: [WireType], _ codomain: [WireType]
  ) -> Diagram {
    let use = DiagramUse(
      definition: inner, content: environment.definition(inner)?.content() ?? Digest([]),
      label: label, per: per, openSizes: open)
    return .box(.use(use), domain, codomain, doctrine: .cartesian)
  }

  @Test("Labels get the label of the use in front, open sizes what the use says")
  func labelsAndSizes() throws {
    let body = try learned("q", .real(d), .real(k)).then(learned("o", .real(k), .real(d)))
    let environment = environment(body)
    #expect(environment.definition(inner)?.openSizes == [SizeVariable("k")])
    let folded = use(environment, label: "head", open: [Size(16)], [.real(n)], [.real(n)])
    let unfolded = try environment.unfoldingAll(folded)
    try unfolded.verify()
    #expect(unfolded.operations.compactMap(\.label) == ["head.q", "head.o"])
    #expect(unfolded.types == [.real(n), .real(Size(16))])
    #expect(unfolded.usedDefinitions.isEmpty, "the use is gone from the tables")
    let expected = try learned("a", .real(n), .real(Size(16))).then(
      learned("b", .real(Size(16)), .real(n)))
    try requireEqual(unfolded, expected)
  }

  @Test("A use per an axis puts the axis in front of every parameter")
  func perAxes() throws {
    let h = Size("h")
    let environment = environment(learned("q", .real(d), .real(d)))
    let lane = use(environment, label: "head", per: [h], [.real(d)], [.real(d)])
    let diagram = try #require(lane.simd(h))
    let unfolded = try environment.unfoldingAll(diagram)
    #expect(
      unfolded.operations.contains(
        .learned(LearnedBox(kind: .linear, label: "head.q", per: [h]))))
    try unfolded.verify()
  }

  @Test("Axes that become one are refused")
  func axisClash() throws {
    let m = Size("m")
    let lane = learned("q", .real(d), .real(d), per: [m])
    let environment = environment(try #require(lane.simd(n)?.simd(m)))
    let fine = [WireType.real(Size(3), Size(2), d)]
    let folded = use(environment, label: "u", fine, fine)
    #expect(try environment.unfoldingAll(folded).operations.count == 3)
    let same = [WireType.real(n, n, d)]
    #expect(throws: UnfoldingError.axes(label: "u.q", axis: n)) {
      try environment.unfoldingAll(use(environment, label: "u", same, same))
    }
  }

  @Test("What is not declared, or has other types, is refused")
  func faults() {
    let environment = environment(learned("q", .real(d), .real(d)))
    let wrong = use(environment, label: "u", [.real(d)], [.real(k)])
    #expect(throws: UnfoldingError.types(inner)) { try environment.unfoldingAll(wrong) }
    #expect(throws: UnfoldingError.undeclared(inner)) { try Environment().unfoldingAll(wrong) }
    let open = use(environment, label: "u", open: [k], [.real(d)], [.real(d)])
    #expect(throws: UnfoldingError.types(inner)) { try environment.unfoldingAll(open) }
  }

  /// Definitions of which each uses the one before several times.
  private func tower(_ levels: Int, uses: Int) -> Environment {
    var environment = environment(
      .box(.box(RandomSignature.tensor("exp")), [.scalar], [.scalar], doctrine: .cartesian),
      symbol: Symbol(module: "m", name: "d0"))
    for level in 1...levels {
      let last = Symbol(module: "m", name: "d\(level - 1)")
      let use = Operation.use(DiagramUse(definition: last, content: Digest([UInt8(level)])))
      var builder = DiagramBuilder(doctrine: .cartesian)
      var wire = [builder.addDomainWire(.scalar)]
      for _ in 0..<uses { wire = builder.addBox(use, inputs: wire, outputs: [.scalar]) }
      environment.add(
        Definition(
          symbol: Symbol(module: "m", name: "d\(level)"), diagram: builder.finish(codomain: wire),
          resultNames: []))
    }
    return environment
  }

  @Test("Unfolding goes down all levels, until it is too large")
  func depth() throws {
    let environment = tower(6, uses: 2)
    func top(_ level: Int) -> Diagram {
      let symbol = Symbol(module: "m", name: "d\(level)")
      return .box(
        .use(DiagramUse(definition: symbol, content: Digest([]))), [.scalar], [.scalar],
        doctrine: .cartesian)
    }
    #expect(try environment.unfoldingAll(top(6)).boxCount == 64)
    #expect(try environment.unfolding(top(6)) { _, _ in true }.boxCount == 2)
    let wide = tower(2, uses: 3000)
    #expect(try wide.unfoldingAll(top(1)).boxCount == 3000)
    #expect(throws: UnfoldingError.tooLarge) { try wide.unfoldingAll(top(2)) }
  }

  @Test("Definitions that count their open sizes differently have different contents")
  func contents() {
    func definition(_ sizes: [String]) -> Definition {
      let types = sizes.map { WireType.real(Size($0)) }
      var builder = DiagramBuilder(doctrine: .cartesian)
      for type in types { _ = builder.typeID(type) }
      let a = builder.addBox(.box(RandomSignature.tensor("f")), inputs: [], outputs: [types[0]])
      let b = builder.addBox(.box(RandomSignature.tensor("f")), inputs: [], outputs: [types[1]])
      let order = sizes[0] == "x" ? a + b : b + a
      let c = builder.addBox(.box(RandomSignature.tensor("g")), inputs: order, outputs: [.scalar])
      return Definition(symbol: inner, diagram: builder.finish(codomain: c), resultNames: [])
    }
    let (first, second) = (definition(["x", "y"]), definition(["y", "x"]))
    #expect(first.diagram.digest() == second.diagram.digest())
    #expect(first.content() != second.content())
    #expect(first.content() == definition(["x", "y"]).content())
  }
}
