import DiagramIR

/// Diagrams made by hand, for what the library doesn't have.
enum DiagramSamples {
  static let all: [(environment: Environment, definition: Definition)] =
    [frobenius, symmetric, nestedFrobenius, numbers, empty] + written

  /// Diagrams of a text in the language: scans, indices, shapes, labels, open sizes.
  static let written: [(environment: Environment, definition: Definition)] = {
    let environment = DiagramSource(text: text).environment
    return environment.definitions.map { (environment, $0) }
  }()

  private static let text = """
    theory sample: cartesian
    sort A, B
    box add: [], [] -> []
    box sum: [n ..s] -> [..s]
    box concat: [n ..s], [m ..s] -> [n+m ..s]
    box merge: [n m ..s] -> [n*m ..s]
    box gather: [v ..s], index v [] -> [..s]
    box iota: -> [n]
    box f: A, B -> B, A
    box drop: A ->

    diagram head(x: [d]) -> [e] {
      linear up: [d] -> [k]
      linear down: [k] -> [e]
      state bias: [e]
      add[e](down(up(x)), bias)
    }
    diagram heads(x: [n d]) -> [n e] {
      learn mix: [e], [d] -> [e] per h
      simd n(x) { sum(simd h() { mix(head<k = 2*r+1>(x) as inner per [h n], x) }) }
    }
    diagram both(x: [n d]) -> [n e] { simd n(x) { add[e](heads(simd 1() { x }) as a; 0) } }
    diagram pair(x: [d]) -> first: [e], second: [e] { return head(x) as one, head(x) as one }
    diagram running(x: [n d], y: [n]) -> last: [d], sums: [n d] {
      last, sums = scan n(s = simd d() { 0 }; x) {
        t = add[d](s, x)
        return t, simd d(t) { add(t, size n) }
      }
      return last, sums
    }
    diagram joined(a: [n d], b: [m d]) -> [n*d+m*d] { merge(concat(a, b)) }
    diagram row(table: [v d], i: index v []) -> [d] { gather(table, i) }
    diagram sorts(a: A, b: B) -> b: B, A { return f(a, b) }
    """

  // MARK: Other doctrines

  private static let module = "hand"
  private static let sort = WireType.sort(Symbol(module: module, name: "H"))

  private static func symbol(_ name: String) -> Symbol { Symbol(module: module, name: name) }

  private static func declarations(_ doctrine: Doctrine) -> Environment {
    var environment = Environment()
    environment.add(Theory(symbol: symbol("theory"), doctrine: doctrine))
    environment.add(sort: symbol("H"))
    for (name, inputs, outputs) in [("mul", 2, 1), ("comul", 1, 2), ("unit", 0, 1)] {
      environment.add(
        BoxDeclaration(
          symbol: symbol(name), doctrine: doctrine,
          domain: Array(repeating: sort, count: inputs),
          codomain: Array(repeating: sort, count: outputs)))
    }
    return environment
  }

  private static func definition(_ name: String, _ diagram: Diagram) -> Definition {
    Definition(symbol: symbol(name), diagram: diagram, resultNames: [])
  }

  /// `comul ; swap ; mul`, used twice.
  static let symmetric: (environment: Environment, definition: Definition) = {
    var environment = declarations(.symmetric)
    var builder = DiagramBuilder(doctrine: .symmetric)
    let x = builder.addDomainWire(sort, name: "x")
    let copies = builder.addBox(.box(symbol("comul")), inputs: [x], outputs: [sort, sort])
    let y = builder.addBox(.box(symbol("mul")), inputs: copies.reversed(), outputs: [sort])
    let inner = definition("twist", builder.finish(codomain: y))
    environment.add(inner)
    let use = Operation.use(
      DiagramUse(definition: inner.symbol, content: inner.diagram.digest()))
    builder = DiagramBuilder(doctrine: .symmetric)
    let a = builder.addDomainWire(sort, name: "a")
    let b = builder.addBox(use, inputs: [a], outputs: [sort])
    builder.setName("middle", of: b[0])
    let c = builder.addBox(use, inputs: b, outputs: [sort])
    let u = builder.addBox(.box(symbol("unit")), inputs: [], outputs: [sort])
    return (environment, definition("twice", builder.finish(codomain: u + c)))
  }()

  /// A spider with several ends, a closed component, and a wire that stands alone.
  static let frobenius: (environment: Environment, definition: Definition) = {
    var builder = DiagramBuilder(doctrine: .frobenius)
    let ends = ["a", "b", "c"].map { builder.addDomainWire(sort, name: $0) }
    builder.identify(ends[0], ends[2])
    let lone = builder.addWire(builder.typeID(sort), name: "lone")
    let product = builder.addBox(.box(symbol("mul")), inputs: [lone, ends[1]], outputs: [sort])
    builder.identify(product[0], ends[2])
    let closed = builder.addBox(.box(symbol("unit")), inputs: [], outputs: [sort])
    builder.addBox(.box(symbol("mul")), inputs: [closed[0], closed[0]], outputs: [sort])
    let result = builder.finish(codomain: [ends[2], ends[1], ends[0], lone])
    return (declarations(.frobenius), definition("spiders", result))
  }()

  /// A SIMD box whose body joins two of its inputs.
  static let nestedFrobenius: (environment: Environment, definition: Definition) = {
    let n = Size("n")
    var builder = DiagramBuilder(doctrine: .frobenius)
    let outer = [builder.addDomainWire(.real(n)), builder.addDomainWire(.real(n), name: "y")]
    builder.openBody()
    let inner = [builder.addDomainWire(.scalar, name: "p"), builder.addDomainWire(.scalar)]
    builder.identify(inner[0], inner[1])
    let results = builder.closeBody(
      .simd(axis: n, mapped: 2), inputs: outer, codomain: [inner[1], inner[0]],
      outputs: [.real(n), .real(n)])
    return (Environment(), definition("lanes", builder.finish(codomain: results)))
  }()

  // MARK: Tables and numbers

  static let patterns: [UInt64] =
    [
      0, -0.0, 1, -1.5, 0.1, 1e300, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      .infinity, -.infinity, .nan,
    ].map { (value: Double) in value.bitPattern } + [0x7ff0_0000_0000_0001, 0xfff8_dead_beef_0001]

  /// Constants of all kinds, sizes, and entries of tables that nothing uses.
  static let numbers: (environment: Environment, definition: Definition) = {
    var builder = DiagramBuilder(doctrine: .cartesian)
    _ = builder.typeID(.array(.index(Size("v")), [.shape(ShapeVariable("s"))]))
    _ = builder.operationID(.size(Size("unused")))
    var wires = patterns.flatMap {
      builder.addBox(.number($0), inputs: [], outputs: [.scalar])
    }
    let size = (try? Size("h") * Size("k") + Size(Int.max)) ?? .one
    wires += builder.addBox(.size(size), inputs: [], outputs: [.scalar])
    return (Environment(), definition("numbers", builder.finish(codomain: wires)))
  }()

  /// Nothing at all.
  static let empty: (environment: Environment, definition: Definition) = {
    var builder = DiagramBuilder(doctrine: .symmetric)
    return (Environment(), definition("empty", builder.finish(codomain: [])))
  }()

  /// Scan boxes inside each other, this deep.
  static func nested(_ depth: Int) -> Definition {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wires = [builder.addDomainWire(.scalar, name: "s")]
    for _ in 0..<depth {
      builder.openBody()
      wires.append(builder.addDomainWire(.scalar))
    }
    var results = wires.suffix(1).map { $0 }
    for wire in wires.dropLast().reversed() {
      results = builder.closeBody(
        .scan(axis: Size("n"), states: 1, mapped: 0), inputs: [wire], codomain: results,
        outputs: [.scalar])
    }
    return definition("nested", builder.finish(codomain: results))
  }
}
