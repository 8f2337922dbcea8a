import AnatomyCommands
import Foundation
import Testing

/// What verify and rewrite say of steps that can't be taken: what, where, why, and what to do.
struct StepFailureTests {
  /// A derivation whose last line fails, and what must be said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let derivation: String
    let message: String
    var id = "derivation-step"

    init(_ derivation: String, _ message: String, id: String = "derivation-step") {
      (self.derivation, self.message, self.id) = (derivation, message, id)
    }

    var testDescription: String { derivation }
  }

  static let declarations = """
    import tensor_laws
    import scalar_laws
    import commutativity
    import learned_attention
    import expressivity

    diagram sums(x: [], y: [], z: []) -> [] { add(add(x, y), add(y, z)) }
    diagram lanes(x: [n], c: []) -> [n] {
      w = exp[n](x)
      simd n(w) { mul(w, c) }
    }
    diagram twice(x: [d]) -> [d], [d] {
      learn f, g: [d] -> [d]
      linear w: [d] -> [d]
      y = f(x)
      z = f(y)
      y2 = g(w(z))
      y, y2
    }
    diagram same(x: [d]) -> [d] {
      learn f: [d], [d] -> [d]
      learn g: [d] -> [d]
      f(x, g(x))
    }
    diagram bend(x: [d]) -> [d] { exp[d](x) }
    rule lie(x: [..s]) {
      linear w: [..s] -> [..t]
      learn f: [..s] -> [..t]
      w(x) >= f(x)
    }

    """

  static let cases = [
    // Rules.
    Case("sums == sums { apply mul_assoc }", "'mul_assoc' doesn't match: the diagram has 0 boxes"),
    Case("sums == sums { apply add_assoc at x }", "'add_assoc' doesn't match at 'x'"),
    Case("sums == sums { apply add_assoc at nowhere }", "the diagram has no wire 'nowhere'"),
    Case("lanes == lanes { apply log_exp at w }", "several wires are called 'w': say"),
    Case("sums == sums { apply add_assoc with q = 3 }", "'add_assoc' has no size 'q'"),
    Case("sums == sums { apply mul_zero_left backward at x }", "needs the input 'x'"),
    Case("sums == sums { apply add_zero_left backward }", "say where with 'at NAME'"),
    Case(
      "sums == sums { normalize commutativity }", "still apply after 10000 steps",
      id: "derivation-limit"),
    Case("sums == sums { apply unshare }", "'unshare' needs a place: say where with 'at NAME'"),
    Case("sums == sums { apply share at x }", "applies to the whole diagram and takes no place"),
    Case("sums == sums { apply discard backward }", "can't be used backward: nothing says which"),
    // Lanes.
    Case("lanes == lanes { apply simd.fuse at _1 }", "'simd.fuse' can't be applied"),
    Case("lanes == lanes { apply simd.hoist }", "it applies nowhere in this diagram"),
    Case("lanes == lanes { apply simd.one backward }", "'simd.one' needs a place"),
    Case("lanes == lanes { apply simd backward }", "a normal form doesn't say what it was made of"),
    Case("lanes == lanes { apply simd.merge with k = 2 }", "'simd.merge' has no size 'k'"),
    // Learned boxes.
    Case(
      "twice >= twice { specialise f to sums }", "'f' has type [d] -> [d], and what should take"),
    Case(
      "twice >= twice { specialise w to bend }", "'w' is linear, and what should take its place"),
    Case("twice >= twice { specialise h to bend }", "the diagram has no learned box 'h'"),
    Case("twice >= twice { specialise f to bend with m = 3 }", "has no size 'm'"),
    Case("twice >= twice { tie w to f }", "'w' is linear"),
    Case("twice <= twice { untie g at y2 }", "has one box only, so there is nothing to untie"),
    Case("twice <= twice { untie f at y2 }", "the box that makes the wire is no learned box 'f'"),
    Case("bend <= bend { absorb at x }", "must lead from one box to one other"),
    Case("twice >= twice { apply lie }", "correct it, or cite a proof with 'cited"),
    // The whole.
    Case("sums == lanes2 { apply add_assoc }", "the steps don't lead to", id: "derivation-target"),
    Case(
      "sums == sums { expect lanes2 }", "the diagram is another one", id: "derivation-expectation"),
    Case(
      "two_layers == one_layer { apply merge_narrowing }", "weaker than the claimed '=='",
      id: "derivation-claim"),
    Case(
      "two_maps ~= one_map { tie right to left }", "the steps prove '>='", id: "derivation-claim"),
    Case(
      "one_map >= two_maps { untie map at b }", "the steps prove '<='", id: "derivation-claim"),
  ]

  @Test(
    "a step that can't be taken is said with its place, and verify exits with 1", arguments: cases)
  func verification(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let lines =
      Self.declarations + "diagram lanes2(x: [], y: [], z: []) -> [] { add(x, add(y, z)) }\n"
    let path = try folder.write("steps.diagram", "\(lines)derivation d: \(test.derivation)\n")
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    #expect(run.errors.contains(test.message), "\(run.errors)")
    #expect(run.errors.contains("[\(test.id)]"), "\(run.errors)")
    let line = lines.split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(run.errors.hasPrefix("\(path):\(line):"), "\(run.errors)")
    #expect(run.output.contains("d: ") && run.output.contains(": refused"))
  }

  @Test(
    "rewriting that can't go on says why, exits with 1, and writes nothing",
    arguments: [
      ("sums --rules commutativity --limit 20", "after 20 steps rules still apply"),
      ("sums --rules commutativity --limit 3", "take fewer rules with --only"),
      ("same --rules expressivity --only own_context", "would give the same diagram again"),
      ("twice --rules expressivity --only learn_nothing", "there is no rule 'learn_nothing'"),
      ("twice --only simd.fuze", "there is no rule 'simd.fuze'"),
      ("twice --rules HERE --only lie", "cite a proof with 'cited"),
      ("twice --rules HERE", "rules of other relations are applied when --only names them"),
      ("twice --only unshare", "'unshare' needs a place"),
    ])
  func rewriting(_ words: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("steps.diagram", Self.declarations)
    let rules = try folder.write(
      "lies.rules",
      """
      rule lie(x: [..s]) {
        linear w: [..s] -> [..t]
        learn f: [..s] -> [..t]
        w(x) >= f(x)
      }

      """)
    let old = try folder.write("old.diagram", "old")
    let arguments = words.split(separator: " ").map { $0 == "HERE" ? rules : String($0) }
    let run = Tool.run(
      ["rewrite", path] + arguments + ["-o", old, "--derivation", "\(old).steps"])
    #expect(run.code == .failure && run.output.isEmpty)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(Repository.text(old) == "old" && Repository.bytes("\(old).steps").isEmpty)
  }

  @Test("rules of every relation are applied by name, and what is recorded verifies")
  func relations() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("steps.diagram", Self.declarations)
    let recorded = "\(folder.path)/recorded.diagram"
    for (name, rule, claim) in [
      ("twice", "learn_linear", ">="), ("two_layers", "merge_narrowing", "~="),
      ("two_layers", "merge", "<="), ("scored", "score_is_dot", "~="),
      ("generic_attention", "score_as_dot,learn_linear", ">="),
    ] {
      let library = "\(Repository.root)/Diagrams/Derivations/learned_attention.diagram"
      let run = Tool.run(
        "rewrite", name == "twice" ? path : library, name, "--rules", "expressivity", "--only",
        rule,
        "--derivation", recorded)
      #expect(run.code == .success, "\(run.errors)")
      #expect(run.errors.contains("; \(name) \(claim) the result"), "\(run.errors)")
      let verified = Tool.run("verify", recorded)
      #expect(verified.code == .success, "\(verified.errors)")
      #expect(verified.output.contains("proved \(claim) in"))
      let forged = Repository.text(recorded).replacingOccurrences(
        of: "\(name) \(claim) \(name)_rewritten", with: "\(name) == \(name)_rewritten")
      let refused = Tool.run("verify", try folder.write("forged.diagram", forged))
      #expect(refused.code == .failure && refused.errors.contains("[derivation-claim]"))
    }
  }

  @Test("a certificate that uses a false rule is refused")
  func falseRules() throws {
    let folder = try TemporaryFolder()
    func file(_ name: String, _ undone: String) throws -> String {
      try folder.write(
        "\(name).rules",
        """
        import tensor
        rule undoing(x: []) { \(undone) == x }
        rule \(name)(x: [d]) {
          learn f, h: [d] -> []
          relu(f(x)) ~= h(x)
        }
        diagram a(x: [d]) -> [] {
          learn f: [d] -> []
          y = f(x)
          relu(y)
        }
        diagram b(x: [d]) -> [] {
          learn f: [d] -> []
          f(x)
        }
        derivation d: a ~= b { absorb at y }

        """)
    }
    let lying = try file("lying", "relu(exp(x))")
    for words in [["verify", "--rules", lying], ["verify", lying]] {
      let run = Tool.run(words)
      #expect(run.code == .failure)
      #expect(run.errors.contains("its certificate uses 'undoing'"), "\(run.errors)")
    }
    let honest = try file("honest", "neg(neg(x))")
    #expect(Tool.run("verify", honest).errors.contains("weaker than the claimed '~='"))
  }
}
