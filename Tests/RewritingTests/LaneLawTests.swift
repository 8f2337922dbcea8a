import DiagramIR
import DiagramText
import RandomDiagrams
import Rewriting
import Testing

/// One application of a law to a diagram that a text gives.
struct LaneCase: Sendable, CustomTestStringConvertible {
  let law: LaneLaw
  var isBackward = false
  var place: String?
  var sizes: [String] = []
  let before: String
  /// What comes out; for a refusal, its wording.
  let after: String

  var testDescription: String { "\(law.rawValue)\(isBackward ? " backward" : ""): \(before)" }

  var step: DerivationStep {
    .apply(
      .lanes(law), isBackward: isBackward, at: place,
      sizes: zip(["n", "m"], sizes).map { SizeAssignment(SizeVariable($0), Size($1)) })
  }
}

@Suite("Laws of SIMD and scan boxes")
struct LaneLawTests {
  static let cases: [LaneCase] = [
    LaneCase(
      law: .identity, before: "(x: [n]) -> [n] { exp[n](simd n(x) { x }) }",
      after: "(x: [n]) -> [n] { exp[n](x) }"),
    LaneCase(
      law: .identity, isBackward: true, place: "x", before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "(x: [n]) -> [n] { exp[n](simd n(x) { x }) }"),
    LaneCase(
      law: .fuse, before: "(x: [n], c: []) -> [n] { y = tanh[n](x)\n simd n(y) { mul(y, c) } }",
      after: "(x: [n], c: []) -> [n] { simd n(x) { mul(tanh(x), c) } }"),
    LaneCase(
      law: .split, place: "y",
      before: "(x: [n], c: []) -> [n] { simd n(x) { y = tanh(x)\n mul(y, c) } }",
      after: "(x: [n], c: []) -> [n] { y = tanh[n](x)\n simd n(y) { mul(y, c) } }"),
    LaneCase(
      law: .beside, place: "y",
      before: "(x: [n], z: [n]) -> [n], [n] { y = tanh[n](x)\n w = exp[n](z)\n y, w }",
      after: "(x: [n], z: [n]) -> [n], [n] { y, w = simd n(x, z) { tanh(x), exp(z) }\n y, w }"),
    LaneCase(
      law: .beside, isBackward: true, place: "y",
      before: "(x: [n], z: [n]) -> [n], [n] { y, w = simd n(x, z) { tanh(x), exp(z) }\n y, w }",
      after: "(x: [n], z: [n]) -> [n], [n] { y = tanh[n](x)\n w = exp[n](z)\n y, w }"),
    LaneCase(
      law: .structure,
      before: "(x: [n]) -> [n], [n] { a, b = simd n(x) { y = exp(x)\n y, y }\n a, b }",
      after: "(x: [n]) -> [n], [n] { a = exp[n](x)\n a, a }"),
    LaneCase(
      law: .structure, isBackward: true, place: "y",
      before: "(x: [n]) -> [n], [], [n] { y = exp[n](x)\n y, sum(y), y }",
      after: """
        (x: [n]) -> [n], [], [n] {
          a, b, c = simd n(x) { y = exp(x)\n return y, y, y }
          b, sum(a), c
        }
        """),
    LaneCase(
      law: .scanSIMD, isBackward: true, place: "_5",
      before: "(x: [n], c: []) -> [n] { simd n(x) { mul(x, c) } }",
      after: "(x: [n], c: []) -> [n] { h, y = scan n(h = c; x) { return h, mul(x, h) }\n y }"),
    LaneCase(
      law: .hoist, place: "t",
      before: "(x: [n], c: []) -> [n] { simd n(x) { t = exp(c)\n mul(x, t) } }",
      after: "(x: [n], c: []) -> [n] { t = exp(c)\n simd n(x) { mul(x, t) } }"),
    LaneCase(
      law: .sink,
      before: "(x: [n], c: []) -> [n] { t = exp(c)\n simd n(x) { mul(x, t) } }",
      after: "(x: [n], c: []) -> [n] { simd n(x) { mul(x, exp(c)) } }"),
    LaneCase(
      law: .repetition, before: "(x: []) -> [n] { exp[n](repeat<n>(x)) }",
      after: "(x: []) -> [n] { repeat<n>(exp(x)) }"),
    LaneCase(
      law: .repetition, before: "(x: []) -> [n] { simd n() { exp(x) } }",
      after: "(x: []) -> [n] { repeat<n>(exp(x)) }"),
    LaneCase(
      law: .repetition, isBackward: true, place: "y",
      before: "(x: []) -> [n] { y = repeat<n>(exp(x))\n y }",
      after: "(x: []) -> [n] { simd n() { exp(x) } }"),
    LaneCase(
      law: .exchange, place: "y",
      before: "(x: [n m], z: [m]) -> [n m] { y = simd n(x) { simd m(x, z) { mul(x, z) } }\n y }",
      after: """
        (x: [n m], z: [m]) -> [n m] {
          t = transpose(x)
          transpose(simd m(t, z) { simd n(t) { mul(t, z) } })
        }
        """),
    LaneCase(
      law: .merge, before: "(x: [n m]) -> [n*m] { exp[n*m](merge(x)) }",
      after: "(x: [n m]) -> [n*m] { merge(exp[n m](x)) }"),
    LaneCase(
      law: .merge, place: "y", sizes: ["n", "m"],
      before: "(x: [n*m]) -> [n*m] { y = exp[n*m](x)\n y }",
      after: "(x: [n*m]) -> [n*m] { merge(exp[n m](split<n, m>(x))) }"),
    LaneCase(
      law: .merge, isBackward: true, place: "y",
      before: "(x: [n m], c: [n]) -> [n m] { y = simd n(x, c) { simd m(x) { mul(x, c) } }\n y }",
      after: """
        (x: [n m], c: [n]) -> [n m] {
          w = merge(x)
          r = merge(simd n(c) { repeat<m>(c) })
          split<n, m>(mul[n*m](w, r))
        }
        """),
    LaneCase(
      law: .concat, before: "(x: [n], y: [m]) -> [n+m] { exp[n+m](concat(x, y)) }",
      after: "(x: [n], y: [m]) -> [n+m] { concat(exp[n](x), exp[m](y)) }"),
    LaneCase(
      law: .concat, isBackward: true, place: "z",
      before: "(x: [n], y: [m]) -> [n+m] { z = concat(exp[n](x), exp[m](y))\n z }",
      after: "(x: [n], y: [m]) -> [n+m] { exp[n+m](concat(x, y)) }"),
    LaneCase(
      law: .reindex, before: "(x: [n], r: index n [m]) -> [m] { exp[m](reindex(x, r)) }",
      after: "(x: [n], r: index n [m]) -> [m] { reindex(exp[n](x), r) }"),
    LaneCase(
      law: .reindex, isBackward: true, place: "y",
      before: "(x: [n], r: index n [m]) -> [m] { y = reindex(exp[n](x), r)\n y }",
      after: "(x: [n], r: index n [m]) -> [m] { exp[m](reindex(x, r)) }"),
    LaneCase(
      law: .one, before: "(x: [1]) -> [1] { exp[1](x) }",
      after: "(x: [1]) -> [1] { repeat<1>(exp(sum(x))) }"),
    LaneCase(
      law: .one, isBackward: true, place: "y", before: "(x: []) -> [] { y = exp(x)\n y }",
      after: "(x: []) -> [] { sum(exp[1](repeat<1>(x))) }"),
    LaneCase(
      law: .zero, before: "(x: [0]) -> [0] { exp[0](x) }", after: "(x: [0]) -> [0] { repeat<0>(0) }"
    ),
    LaneCase(
      law: .linearSum, before: "(x: [n], c: []) -> [] { sum(simd n(x) { div(neg(x), c) }) }",
      after: "(x: [n], c: []) -> [] { div(neg(sum(x)), c) }"),
    LaneCase(
      law: .linearSum, before: "(x: [n]) -> [] { mean(simd n(x) { add(x, 1) }) }",
      after: "(x: [n]) -> [] { add(mean(x), 1) }"),
    LaneCase(
      law: .linearSum, isBackward: true, place: "y",
      before: "(x: [n], c: []) -> [] { y = mul(sum(x), c)\n y }",
      after: "(x: [n], c: []) -> [] { sum(simd n(x) { mul(x, c) }) }"),
    LaneCase(
      law: .scanSIMD,
      before: "(h: [], x: [n]) -> [n] { g, y = scan n(h; x) { return exp(x), tanh(x) }\n y }",
      after: "(h: [], x: [n]) -> [n] { tanh[n](x) }"),
    LaneCase(
      law: .scanFuse, place: "y",
      before: """
        (h: [], k: [], x: [n]) -> [], [] {
          a, y = scan n(h; x) { s = add(h, x)\n return s, s }
          b, z = scan n(k; v = y) { t = mul(k, v)\n return t, t }
          a, b
        }
        """,
      after: """
        (h: [], k: [], x: [n]) -> [], [] {
          a, b, z = scan n(h, k; x) { s = add(h, x)\n t = mul(k, s)\n return s, t, t }
          a, b
        }
        """),
    LaneCase(
      law: .scanFuse, place: "y",
      before: """
        (h: [], x: [n]) -> [] {
          y = exp[n](x)
          a, z = scan n(h; v = y) { s = add(h, v)\n return s, s }
          a
        }
        """,
      after: """
        (h: [], x: [n]) -> [] {
          a, z = scan n(h; x) { s = add(h, exp(x))\n return s, s }
          a
        }
        """),
  ]

  @Test("A law gives what the table of laws says, and computes the same", arguments: cases)
  func table(_ law: LaneCase) throws {
    let program = TensorTheory.program("diagram a\(law.before)\ndiagram b\(law.after)")
    #expect(program.files.flatMap(\.diagnostics).map(\.message) == [])
    let (before, after) = (
      try #require(program.definition("a", in: "test.diagram")).diagram,
      try #require(program.definition("b", in: "test.diagram")).diagram
    )
    let rewriter = Rewriter(program.environment)
    let result = try rewriter.apply(law.step, to: before)
    try result.verify()
    let clean = DerivationStep.normalize(name: "discard", laws: [.discard])
    #expect(
      try rewriter.apply(clean, to: result).isIsomorphic(to: rewriter.apply(clean, to: after)))
    let difference = try TensorComparison.difference(before, result)
    #expect(difference <= 1e-9)
  }

  static let refusals: [LaneCase] = [
    LaneCase(
      law: .linearSum, place: "y", before: "(x: [n]) -> [] { y = sum(exp[n](x))\n y }",
      after: "the lanes are not known to be linear in what they map"),
    LaneCase(
      law: .linearSum, place: "y",
      before: "(x: [n]) -> [] { y = sum(simd n(x) { add(x, 1) })\n y }",
      after: "the lanes are not known to be linear in what they map"),
    LaneCase(
      law: .linearSum, place: "y", before: "(x: [n]) -> [] { y = mean(mul[n](x, x))\n y }",
      after: "the lanes are not known to be affine in what they map"),
    LaneCase(
      law: .linearSum, place: "y",
      before: "(x: [n]) -> [] { linear w: [] -> [] per n\n y = sum(simd n(x) { w(x) })\n y }",
      after: "a learned box inside has its own weights for each lane of 'n'"),
    LaneCase(
      law: .hoist, place: "t", before: "(x: [n]) -> [n] { simd n(x) { t = exp(x)\n tanh(t) } }",
      after: "what makes 't' depends on the lane"),
    LaneCase(
      law: .fuse, place: "y",
      before:
        "(x: [n], z: [n]) -> [n] { y = exp[n](x)\n c = sum(y)\n simd n(v = y) { mul(v, c) } }",
      after: "a box depends on the one and feeds the other"),
    LaneCase(
      law: .fuse, place: "x", before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "'x' is not what the lanes of a SIMD box return"),
    LaneCase(
      law: .split, place: "t", before: "(x: [n]) -> [n] { simd n(x) { t = exp(x)\n t } }",
      after: "nothing would be left on one side of 't'"),
    LaneCase(
      law: .scanSIMD, place: "y",
      before: "(h: [], x: [n]) -> [n] { g, y = scan n(k = h; x) { return add(k, x), k }\n y }",
      after: "the lanes use the state 'k'"),
    LaneCase(
      law: .scanSIMD, place: "y",
      before: "(h: [], x: [n]) -> [], [n] { g, y = scan n(h; x) { return exp(x), x }\n g, y }",
      after: "the last state 'g' is used"),
    LaneCase(
      law: .merge, place: "y", before: "(x: [n*m]) -> [n*m] { y = exp[n*m](x)\n y }",
      after: "say which sizes with 'with n = …, m = …'"),
    LaneCase(
      law: .merge, place: "y", sizes: ["n", "n"],
      before: "(x: [n*m]) -> [n*m] { y = exp[n*m](x)\n y }",
      after: "the lanes have different axes"),
    LaneCase(
      law: .concat, isBackward: true, place: "z",
      before: "(x: [n], y: [m]) -> [n+m] { z = concat(exp[n](x), tanh[m](y))\n z }",
      after: "the two lanes don't do the same"),
    LaneCase(
      law: .zero, place: "y", before: "(x: [n]) -> [n] { y = exp[n](x)\n y }",
      after: "'y' is not made by a SIMD box over an axis of size 0"),
    LaneCase(
      law: .scanSIMD, isBackward: true, before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "'scan.simd' needs a place"),
    LaneCase(
      law: .scanSIMD, isBackward: true, place: "x", before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "'x' is not inside a SIMD box"),
    LaneCase(
      law: .scanSIMD, isBackward: true, place: "a",
      before: "(x: [n]) -> [n] { simd n(a = x) { exp(a) } }",
      after: "'a' is not shared by the lanes of a SIMD box"),
    LaneCase(
      law: .zero, isBackward: true, place: "x", before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "'simd.zero' can't be used backward: all maps into empty arrays are equal"),
    LaneCase(
      law: .normalForm, isBackward: true, before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "'simd' can't be used backward: a normal form"),
    LaneCase(
      law: .structure, isBackward: true, place: "y",
      before: "(x: [n]) -> [n] { y = exp[n](x)\n y }",
      after: "'y' is not a result of lanes with several consumers"),
    LaneCase(
      law: .exchange, before: "(x: [n]) -> [n] { exp[n](x) }",
      after: "it applies nowhere in this diagram"),
  ]

  @Test("A condition that fails is an error that says which", arguments: refusals)
  func refusal(_ law: LaneCase) throws {
    let program = TensorTheory.program("diagram a\(law.before)")
    #expect(program.files.flatMap(\.diagnostics).map(\.message) == [])
    let before = try #require(program.definition("a", in: "test.diagram")).diagram
    do {
      _ = try Rewriter(program.environment).apply(law.step, to: before)
      Issue.record("nothing is refused")
    } catch { #expect("\(error)".contains(law.after), "\(error)") }
  }

  @Test("What sum.linear refuses is false")
  func falseSum() throws {
    let program = TensorTheory.program(
      """
      diagram a(x: [n]) -> [] { sum(exp[n](x)) }
      diagram b(x: [n]) -> [] { exp(sum(x)) }
      """)
    let (a, b) = (
      try #require(program.definition("a", in: "test.diagram")).diagram,
      try #require(program.definition("b", in: "test.diagram")).diagram
    )
    #expect(try TensorComparison.difference(a, b, trials: 4) > 1e-3)
  }

  @Test("Every law, wherever it applies in random diagrams, keeps what is computed")
  func soundness() throws {
    var counts: [LaneLaw: Int] = [:]
    for seed in 0..<60 {
      var random = SplitMix64(seed: UInt64(seed))
      let diagram = LaneDiagrams.make(boxes: 20, seed: UInt64(seed) + 500)
      for _ in 0..<12 {
        guard let law = random.pick(LaneLaw.allCases) else { continue }
        let wire = WireID(random.below(max(1, diagram.wireCount)))
        let place = random.chance(40) ? nil : Place.name(of: wire, in: diagram)
        let step = DerivationStep.apply(
          .lanes(law), isBackward: place != nil && random.chance(50), at: place, sizes: [])
        guard let next = try? Rewriter(Environment()).apply(step, to: diagram) else { continue }
        try next.verify()
        counts[law, default: 0] += 1
        let difference = try TensorComparison.difference(diagram, next, trials: 1)
        #expect(difference <= 1e-9, "seed \(seed), \(step)")
      }
    }
    #expect(counts.count >= 11, "\(counts)")
  }
}
