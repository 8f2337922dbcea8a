import DiagramIR
import Rewriting
import Testing

/// Rules of expressivity, their certificates, and the steps for learned boxes.
struct LearnedRuleTests {
  static let rules = LibraryProgram.environment.rules.filter {
    $0.symbol.description.contains("expressivity")
  }
  static let cited = ["score_is_dot", "set_is_sum"]

  @Test("every rule of expressivity.rules is certified, but for the two that cite their proof")
  func library() {
    #expect(Self.rules.count >= 22)
    for rule in Self.rules {
      let certificate = RuleCertificate(rule, in: LibraryProgram.environment)
      let expected: RuleCertificate.Standing =
        Self.cited.contains(rule.symbol.name) ? .cited : .certified
      #expect(certificate.standing == expected, "\(rule.symbol)")
    }
  }

  @Test("the reverse of a rule that only goes one way has no certificate")
  func reversed() {
    var count = 0
    for rule in Self.rules where rule.relation == .expresses || rule.relation == .expressed {
      let opposite = Rule(
        symbol: rule.symbol, relation: rule.relation.reversed, left: rule.left, right: rule.right)
      let standing = RuleCertificate(opposite, in: LibraryProgram.environment).standing
      #expect(standing == .refused, "\(rule.symbol)")
      count += 1
    }
    #expect(count >= 15)
  }

  static let diagrams = """
    import tensor
    import expressivity
    diagram one(x: [n d]) -> [n d] {
      learn f, g: [d] -> [d]
      simd n(x) {
        y = f(x)
        z = g(y)
        f(z)
      }
    }
    diagram heads(x: [n d]) -> [h n d] {
      learn f, g: [d] -> [d] per h
      learn common: [d] -> [d]
      linear w: [d] -> [d]
      simd h() {
        simd n(x) {
          y = f(x)
          z = g(y)
          u = common(z)
          w(u)
        }
      }
    }
    diagram turned(x: [n d], z: [n d]) -> [d n], [n d], [n] {
      learn f, g, h: [n d] -> [n d]
      learn k: [d n] -> [n d]
      t = f(x)
      s = transpose(z)
      c = h(x)
      b = abs[n d](c)
      transpose(t), k(s), row_sums(b)
    }
    rule lie(x: [..s]) {
      linear w: [..s] -> [..t]
      learn f: [..s] -> [..t]
      w(x) >= f(x)
    }
    """

  private func outcome(
    _ step: String, on name: String
  ) throws -> (outcome: LearnedOutcome?, words: String) {
    let text = Self.diagrams + "\nderivation d: \(name) <> \(name) {\n  \(step)\n}\n"
    let program = LibraryProgram.program(text)
    let faults = program.files.flatMap(\.diagnostics).map(\.message)
    try #require(faults == [], "\(faults)")
    let environment = program.environment
    let derivation = try #require(environment.derivations.first { $0.symbol.name == "d" })
    let source = try #require(environment.definition(derivation.source)).diagram
    do {
      return (try Rewriter(environment).outcome(of: derivation.steps[0], from: source), "")
    } catch { return (nil, "\(error)") }
  }

  @Test(
    "a step has the relation that its certificates show",
    arguments: [
      ("tie g to f", "one", Relation.expresses),
      ("tie f to g", "heads", .expresses),
      ("tie f to common", "heads", .expresses),
      ("untie f at y", "one", .expressed),
      ("absorb at y", "one", .expressed),
      // The linear map may be the identity.
      ("absorb at u", "heads", .equivalent),
      ("absorb at t", "turned", .equivalent),
      ("absorb at s", "turned", .equivalent),
      ("absorb at c", "turned", .expressed),
      ("apply merge_narrowing at z", "heads", .equivalent),
      // f occurs twice: as one learner, its other use would be lost.
      ("apply merge_narrowing at z", "one", .expressed),
      ("apply learn_linear at y", "one", .expresses),
      ("apply learn_identity at z", "one", .expresses),
      ("apply absorb_after", "heads", .expressed),
    ])
  func relations(_ step: String, _ diagram: String, _ relation: Relation) throws {
    let (outcome, words) = try outcome(step, on: diagram)
    #expect(outcome?.relation == relation, "\(step): \(words)")
  }

  @Test("learning one box for each lane stays so: the merged learner is per h")
  func lanes() throws {
    let (outcome, _) = try outcome("apply merge_narrowing at z", on: "heads")
    let diagram = try #require(outcome).diagram
    let learned = diagram.operations.compactMap { operation -> LearnedBox? in
      if case .learned(let box) = operation { box } else { nil }
    }
    #expect(learned.contains { $0.label == "whole" && $0.per == [Size("h")] })
  }

  @Test(
    "what a step can't do, it says",
    arguments: [
      ("tie common to f", "heads", "'f' has weights for each lane of h, and 'common'"),
      ("tie w to common", "heads", "'w' is linear"),
      ("tie f to nobody", "one", "no learned box 'nobody'"),
      ("untie g at z", "one", "has one box only"),
      ("untie g at y", "one", "no learned box 'g'"),
      ("absorb at x", "one", "several wires are called 'x'"),
      ("specialise f to dot", "one", "has type"),
      ("apply lie", "heads", "no substitution for its learned boxes was found"),
    ])
  func refusals(_ step: String, _ diagram: String, _ excerpt: String) throws {
    let (outcome, words) = try outcome(step, on: diagram)
    #expect(outcome == nil && words.contains(excerpt), "\(step): \(words)")
  }

  @Test(
    "certificates hold modulo lanes, and modulo rules that say that one map undoes another",
    arguments: [
      ("x: [n d]", "simd n(x) { exp[d](f(x)) } >= { y = h[n](x)\n exp[n d](y) }", true),
      ("x: [n d]", "{ y = f[n](x)\n exp[n d](y) } >= simd n(x) { exp[d](h(x)) }", true),
      ("x: [d]", "repeat<n>(f(x)) >= simd n() { h(x) }", true),
      ("x: [d]", "reverse(f(x)) ~= h(x)", true),
      ("x: [d]", "f(reverse(x)) ~= h(x)", true),
      ("x: [d]", "neg[d](f(x)) ~= h(x)", true),
      ("x: [d]", "log[d](f(x)) ~= h(x)", true),
      ("x: [d]", "exp[d](f(x)) ~= h(x)", false),
      ("x: [d]", "abs[d](f(x)) ~= h(x)", false),
      ("x: [d]", "f(abs[d](x)) ~= h(x)", false),
      ("x: [d]", "f(exp[d](x)) ~= h(x)", true),
      ("x: [d]", "mul[d](x, f(x)) ~= h(x)", false),
      ("x: [n d]", "simd n(x) { exp[d](f(x)) } >= { y = h[n](x)\n abs[n d](y) }", false),
    ])
  func certificates(_ inputs: String, _ sides: String, _ isCertified: Bool) throws {
    let program = LibraryProgram.program(
      """
      import tensor_laws
      import scalar_laws
      rule r(\(inputs)) {
        learn f, h: [d] -> [d]
        \(sides)
      }
      """)
    let faults = program.files.flatMap(\.diagnostics).map(\.message)
    try #require(faults == [], "\(faults)")
    let rule = try #require(program.environment.rules.first { $0.symbol.name == "r" })
    let certificate = RuleCertificate(rule, in: program.environment)
    #expect(certificate.standing == (isCertified ? .certified : .refused))
    for (sigma, general, special) in [
      (certificate.forward, rule.left, rule.right), (certificate.backward, rule.right, rule.left),
    ] {
      guard let sigma else { continue }
      #expect(sigma.makes(special, of: general, program.environment))
    }
  }

  @Test("verify names the citations, and a header that claims too much is refused")
  func commands() throws {
    let folder = try TemporaryFolder()
    let text = """
      import learned_attention
      import expressivity
      derivation cites: scored ~= multiplied { apply score_is_dot }
      derivation overclaims: generic_attention ~= softmax_attention {
        specialise weigh to softmax
        apply score_as_dot
        apply learn_linear
        apply learn_linear
        apply learn_linear
      }
      rule lie(x: [..s]) {
        linear w: [..s] -> [..t]
        learn f: [..s] -> [..t]
        w(x) ~= f(x)
      }
      """
    let path = try folder.write("claims.diagram", text)
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    #expect(run.output.contains("proved ~= in 1 step; cites \"Altabaa and Lafferty"))
    #expect(run.errors.contains("[derivation-claim]"))
    #expect(Tool.run("verify", "--json", path).output.contains("\"cites\":[\"Altabaa"))
    let rules = Tool.run("verify", "--rules", path)
    #expect(rules.code == .failure && rules.output.contains("lie: ~=: refused"))
  }
}
