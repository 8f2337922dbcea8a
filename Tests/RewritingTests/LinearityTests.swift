import DiagramIR
import DiagramText
import Foundation
import Rewriting
import Testing

/// Boxes that are declared linear, and what is shown from it.
@Suite("Linearity by declaration")
struct LinearityTests {
  /// A box of the tensor theory, and inputs in which it may be linear together.
  struct Claim: CustomTestStringConvertible, Sendable {
    let box: BoxDeclaration
    let inputs: [Int]
    var testDescription: String { "\(box.symbol.name) in \(inputs.map { $0 + 1 })" }

    /// f(x + c y) - f(x) - c f(y), whose inputs outside the group are held: as two diagrams.
    var texts: String {
      let names = ["u", "v", "w"]
      var (parameters, sums, firsts, seconds): ([String], [String], [String], [String]) =
        (["c: []"], [], [], [])
      for (place, type) in box.domain.enumerated() {
        let (name, text) = (names[place], Self.concrete(type))
        parameters.append("\(name): \(text)")
        firsts.append(name)
        guard inputs.contains(place) else {
          sums.append(name)
          seconds.append(name)
          continue
        }
        parameters.append("\(name)2: \(text)")
        sums.append(Self.combined(name, "\(name)2", text))
        seconds.append("\(name)2")
      }
      let result = Self.concrete(box.codomain[0])
      let call = { (list: [String]) in "\(box.symbol.name)(\(list.joined(separator: ", ")))" }
      let head = "(\(parameters.joined(separator: ", "))) -> \(result)"
      return """
        diagram a\(head) { \(call(sums)) }
        diagram b\(head) {
          p1 = \(call(firsts))
          p2 = \(call(seconds))
          \(Self.combined("p1", "p2", result))
        }
        """
    }

    private static func concrete(_ type: WireType) -> String {
      "\(type)".replacingOccurrences(of: "..s", with: "p")
    }

    /// first + c second, for arrays.
    private static func combined(_ first: String, _ second: String, _ type: String) -> String {
      let axes = type.dropFirst().dropLast().split(separator: " ")
      let lanes = axes.enumerated().map { depth, axis in
        "simd \(axis)(a = \(depth == 0 ? first : "a"), b = \(depth == 0 ? second : "b")) { "
      }
      return lanes.joined()
        + (axes.isEmpty ? "add(\(first), mul(c, \(second)))" : "add(a, mul(c, b))")
        + String(repeating: " }", count: axes.count)
    }
  }

  private static let boxes = TensorTheory.environment.boxes.filter { box in
    box.symbol.module == "tensor" && !box.domain.isEmpty
      && (box.domain + box.codomain).allSatisfy { type in
        if case .array(.real, _) = type { true } else { false }
      }
  }

  static let declared = boxes.flatMap { box in
    box.linear.map { Claim(box: box, inputs: $0) }
  }
  /// Those in which a box is not declared linear; without all three of `where`, in which only a zero condition shows it.
  static let undeclared = boxes.flatMap { box in
    Set(box.domain.indices.map { [$0] } + [Array(box.domain.indices)])
      .sorted { $0.lexicographicallyPrecedes($1) }
      .filter { group in !box.linear.contains { Set(group).isSubset(of: $0) } }
      .filter { box.symbol.name != "where" || $0.count == 1 }
      .map { Claim(box: box, inputs: $0) }
  }

  private static func difference(_ claim: Claim) throws -> Double {
    let program = TensorTheory.program(claim.texts)
    #expect(program.files.flatMap(\.diagnostics).map(\.message) == [], "\(claim.texts)")
    let (a, b) = (
      try #require(program.definition("a", in: "test.diagram")).diagram,
      try #require(program.definition("b", in: "test.diagram")).diagram
    )
    let environment = program.environment
    return try TensorComparison.difference(
      environment.unfoldingAll(a), environment.unfoldingAll(b), trials: 12)
  }

  @Test("boxes of the tensor theory are linear where it says so", arguments: declared)
  func linear(_ claim: Claim) throws {
    #expect(try Self.difference(claim) <= 1e-9)
  }

  @Test("they are not linear where it doesn't say so", arguments: undeclared)
  func notLinear(_ claim: Claim) throws {
    let difference = try Self.difference(claim)
    #expect(!(difference <= 1e-3))
  }

  @Test("the declarations are many")
  func counts() {
    #expect(Self.declared.count == 17 && Self.undeclared.count == 30)
  }

  /// Whether `sum.linear` applies where `y` is made in a file with boxes of its own.
  private func applies(_ text: String) throws -> String? {
    let program = TensorTheory.program("theory own: cartesian\n\(text)")
    #expect(program.files.flatMap(\.diagnostics).map(\.message) == [])
    let diagram = try #require(program.definition("a", in: "test.diagram")).diagram
    let step = DerivationStep.apply(.lanes(.linearSum), isBackward: false, at: "y", sizes: [])
    do {
      let result = try Rewriter(program.environment).apply(step, to: diagram)
      try result.verify()
      return nil
    } catch { return "\(error)" }
  }

  @Test("a box of a file is linear if it is declared to be, in what it is declared to be")
  func ownBoxes() throws {
    let body = "diagram a(x: [n k], c: [k]) -> [k] { y = sum(simd n(x) { turn(x, c) })\n y }"
    #expect(try applies("box turn: [k], [k] -> [k] linear\n\(body)") != nil)
    #expect(try applies("box turn: [k], [k] -> [k] linear in 1\n\(body)") == nil)
    #expect(try applies("box turn: [k], [k] -> [k] linear in 1, 2\n\(body)") == nil)
    for clause in ["", "linear in 2"] {
      let refusal = try #require(try applies("box turn: [k], [k] -> [k] \(clause)\n\(body)"))
      #expect(refusal.contains("'y' is made by 'turn'") || refusal.contains("is made by 'turn'"))
    }
  }

  @Test("a diagram used as a box is as linear as its body, at any depth up to a limit")
  func uses() throws {
    func chain(_ depth: Int, _ box: String) -> String {
      let links = (1..<max(depth, 1)).map { "diagram f\($0)(x: []) -> [] { f\($0 - 1)(x) }\n" }
      return "diagram f0(x: []) -> [] { \(box)(x) }\n" + links.joined()
        + "diagram a(x: [n]) -> [] { y = sum(f\(depth - 1)[n](x))\n y }"
    }
    #expect(try applies(chain(3, "neg")) == nil)
    #expect(try applies(chain(50, "neg")) == nil)
    #expect(try applies(chain(3, "exp")) != nil)
    #expect(try applies(chain(5000, "neg")) != nil)
  }

  /// What `specialise w to g` comes to in a diagram with a learned linear map.
  private func specialise(_ text: String) throws -> (LearnedOutcome?, String) {
    let program = TensorTheory.program(
      "diagram a(x: [n]) -> [n] { linear w: [n] -> [n]\n w(x) }\n\(text)")
    #expect(program.files.flatMap(\.diagnostics).map(\.message) == [])
    let diagram = try #require(program.definition("a", in: "test.diagram")).diagram
    let image = try #require(program.definition("g", in: "test.diagram")).symbol
    do {
      return (
        try Rewriter(program.environment).outcome(
          of: .specialise(label: "w", to: image, sizes: []), from: diagram), ""
      )
    } catch { return (nil, "\(error)") }
  }

  @Test("anything linear may take the place of a learned linear box, and nothing else")
  func substitution() throws {
    let linear = [
      "simd n(x) { mul(2, x) }", "reverse(x)", "scale(3, x)", "state c: [n]\n mul[n](c, x)",
      "linear u: [n] -> [k]\n linear v: [k] -> [n]\n v(u(x))", "add[n](x, reverse(x))",
      "s = sum(x)\n repeat<n>(s)", "learn f: [] -> []\n c = f(2)\n simd n(x) { mul(x, c) }",
    ]
    for body in linear {
      let (outcome, error) = try specialise("diagram g(x: [n]) -> [n] { \(body) }")
      #expect(outcome?.relation == .expresses, "\(body): \(error)")
    }
    let others = [
      "exp[n](x)", "simd n(x) { add(x, 1) }", "mul[n](x, x)", "state c: [n]\n c",
      "learn f: [n] -> [n]\n f(x)", "softmax(x)",
    ]
    for body in others {
      let (outcome, error) = try specialise("diagram g(x: [n]) -> [n] { \(body) }")
      #expect(outcome == nil)
      #expect(error.contains("'w' is linear, and what should take its place is not known to be"))
    }
  }
}
