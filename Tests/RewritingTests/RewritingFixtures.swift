import DiagramIR

/// A generator of random numbers that a seed determines (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func symbol(_ name: String) -> Symbol { Symbol(module: "test", name: name) }

/// Short names for building diagrams whose wires all have one type.
struct Sketch {
  var builder: DiagramBuilder
  var type: WireType

  init(_ doctrine: Doctrine, _ type: WireType = .scalar) {
    builder = DiagramBuilder(doctrine: doctrine)
    self.type = type
  }

  mutating func input(_ name: String = "", _ type: WireType? = nil) -> WireID {
    builder.addDomainWire(type ?? self.type, name: name)
  }

  mutating func box(_ name: String, _ inputs: WireID..., outputs: Int = 1) -> [WireID] {
    builder.addBox(
      .box(symbol(name)), inputs: inputs, outputs: Array(repeating: type, count: outputs))
  }

  mutating func mul(_ a: WireID, _ b: WireID) -> WireID { box("mul", a, b)[0] }
  mutating func one() -> WireID { box("one")[0] }
  mutating func map(_ name: String, _ a: WireID) -> WireID { box(name, a)[0] }

  mutating func finish(_ codomain: WireID...) -> Diagram { builder.finish(codomain: codomain) }
}

enum Rules {
  static func assoc(_ doctrine: Doctrine, _ type: WireType = .real(Size("s"))) -> Rule {
    var left = Sketch(doctrine, type)
    var (a, b, c) = (left.input("a"), left.input("b"), left.input("c"))
    let ab = left.mul(a, b)
    let l = left.mul(ab, c)
    var right = Sketch(doctrine, type)
    let leftSide = left.finish(l)
    (a, b, c) = (right.input("a"), right.input("b"), right.input("c"))
    let bc = right.mul(b, c)
    let r = right.mul(a, bc)
    return Rule(symbol: symbol("assoc"), relation: .equal, left: leftSide, right: right.finish(r))
  }

  static func commute(_ doctrine: Doctrine) -> Rule {
    var left = Sketch(doctrine)
    var (a, b) = (left.input("a"), left.input("b"))
    let l = left.mul(a, b)
    let leftSide = left.finish(l)
    var right = Sketch(doctrine)
    (a, b) = (right.input("a"), right.input("b"))
    let r = right.mul(b, a)
    return Rule(symbol: symbol("commute"), relation: .equal, left: leftSide, right: right.finish(r))
  }

  /// `mul(one, x) == x`.
  static func unit(_ doctrine: Doctrine) -> Rule {
    var left = Sketch(doctrine)
    var x = left.input("x")
    let one = left.one()
    let l = left.mul(one, x)
    let leftSide = left.finish(l)
    var right = Sketch(doctrine)
    x = right.input("x")
    return Rule(symbol: symbol("unit"), relation: .equal, left: leftSide, right: right.finish(x))
  }

  /// One box becomes another: `f(x) == g(x)`.
  static func rename(
    _ name: String, _ f: String, _ g: String, _ doctrine: Doctrine, relation: Relation = .equal
  ) -> Rule {
    var left = Sketch(doctrine)
    let l = left.map(f, left.input("x"))
    var right = Sketch(doctrine)
    let r = right.map(g, right.input("x"))
    return Rule(
      symbol: symbol(name), relation: relation, left: left.finish(l), right: right.finish(r))
  }
}

/// `mul(mul(mul(x0, x1), x2), …)` with this many multiplications.
func comb(_ count: Int, _ doctrine: Doctrine, _ type: WireType = .scalar) -> Diagram {
  var sketch = Sketch(doctrine, type)
  let inputs = (0...count).map { sketch.input("x\($0)") }
  var result = inputs[0]
  for input in inputs.dropFirst() { result = sketch.mul(result, input) }
  return sketch.finish(result)
}

/// The same, leaning to the right.
func rightComb(_ count: Int, _ doctrine: Doctrine) -> Diagram {
  var sketch = Sketch(doctrine)
  let inputs = (0...count).map { sketch.input("x\($0)") }
  var result = inputs[count]
  for input in inputs.dropLast().reversed() { result = sketch.mul(input, result) }
  return sketch.finish(result)
}

/// `simd axis(inputs) { body }` around a diagram whose whole domain is mapped, as the only box.
func lanes(_ body: Diagram, _ axis: String = "n") -> Diagram {
  body.simd(Size(axis)) ?? body
}
