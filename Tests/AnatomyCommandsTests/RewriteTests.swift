import AnatomyCommands
import Foundation
import Testing

/// Rewriting from the command line, recorded derivations, and comparing modulo rules.
struct RewriteTests {
  /// A diagram and the options that rewrite it.
  struct Case: Sendable, CustomStringConvertible {
    var file: String
    var name: String
    var options: [String]

    var description: String { "\(name) \(options.joined(separator: " "))" }
  }

  static let own = """
    diagram waste(x: [n]) -> [n] {
      unused = exp[n](x)
      add[n](neg[n](x), neg[n](x))
    }

    diagram nested(x: [n m]) -> [n] {
      simd n(x) {
        a = sum(mul[m](x, x))
        b = sum(mul[m](x, x))
        sub(a, b)
      }
    }

    """

  static let cases = [
    Case(
      file: "Diagrams/Attention/linear_attention.diagram", name: "linear_attention_quadratic",
      options: ["--rules", "tensor_laws", "--only", "matmul_assoc,row_sums_matmul"]),
    Case(
      file: "Diagrams/Attention/linear_attention.diagram", name: "linear_attention",
      options: ["--only", "simd.fuse", "--rules", "tensor_laws", "--unfold", "all"]),
    Case(
      file: "Diagrams/Algebra/products.diagram", name: "comb_with_units",
      options: ["--rules", "monoid"]),
    Case(
      file: "Diagrams/Attention/linear_attention.diagram", name: "linear_attention_normalized",
      options: ["--unfold", "row_normalize", "--rules", "attention", "tensor_laws", "--steps", "2"]),
    Case(
      file: "Diagrams/Attention/dot_product_attention.diagram", name: "self_attention",
      options: ["--unfold", "dot_product_attention,softmax", "--fold", "softmax"]),
    Case(
      file: "Diagrams/Attention/transformer.diagram", name: "transformer_encoder_layer",
      options: ["--unfold", "multi_head,layer_norm,feed_forward"]),
    Case(
      file: "Diagrams/Attention/additive_attention.diagram", name: "bahdanau_decoder",
      options: ["--unfold", "gated_recurrent_unit", "--rules", "definitions"]),
    Case(
      file: "Rules/tensor.rules", name: "rms_norm", options: ["--rules", "definitions", "--once"]),
    Case(file: "own", name: "waste", options: ["--only", "share,discard"]),
    Case(file: "own", name: "nested", options: ["--only", "share"]),
    Case(file: "own", name: "nested", options: ["--rules", "definitions"]),
  ]

  private func path(_ file: String, in folder: TemporaryFolder) throws -> String {
    file == "own" ? try folder.write("own.diagram", Self.own) : "\(Repository.root)/\(file)"
  }

  @Test("a recorded derivation verifies, and its end is what was printed", arguments: cases)
  func derivations(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let record = "\(folder.path)/record.diagram"
    let file = try path(test.file, in: folder)
    let run = Tool.run(["rewrite", file, test.name] + test.options + ["--derivation", record])
    #expect(run.code == .success, "\(run.errors)")
    let verified = Tool.run("verify", record)
    #expect(verified.code == .success, "\(verified.errors)\n\(Repository.text(record))")
    #expect(verified.output.contains("proved =="))
    let printed = try folder.write("printed.diagram", run.output)
    let digest = Tool.run("show", printed, test.name, "--as", "digest").output
    #expect(digest.count == 65)
    #expect(
      Tool.run("show", record, "\(test.name)_rewritten", "--as", "digest").output == digest)
    #expect(Tool.run("show", file, test.name, "--as", "digest").output != digest)
  }

  @Test("a tampered derivation is refused", arguments: cases)
  func tampering(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let record = "\(folder.path)/record.diagram"
    let words = ["rewrite", try path(test.file, in: folder), test.name] + test.options
    #expect(Tool.run(words + ["--derivation", record]).code == .success)
    var lines = Repository.text(record).components(separatedBy: "\n")
    // The last step is left out: the others lead elsewhere.
    let last = try #require(lines.lastIndex { $0.hasPrefix("  ") })
    lines.remove(at: last)
    let tampered = try folder.write("tampered.diagram", lines.joined(separator: "\n"))
    let run = Tool.run("verify", tampered)
    #expect(run.code == .failure && run.output.contains("refused"))
    let errors = ExpectedError.reported(in: run.errors)
    #expect(errors.map(\.id) == ["derivation-target"])
  }

  @Test("derivations with a wrong step, a wrong end or a false claim fail where they do")
  func wrongDerivations() throws {
    let folder = try TemporaryFolder()
    let text = """
      import linear_attention
      import tensor_laws
      import attention
      rule wider(x: []) { relu(x) >= gelu(x) }
      diagram rectified(x: []) -> [] { relu(x) }
      diagram smooth(x: []) -> [] { gelu(x) }
      derivation wrong_step: linear_attention_quadratic == linear_attention {
        apply matmul_assoc
        apply matmul_identity_left  # expected-error {{derivation-step: doesn't match}}
      }
      derivation wrong_end: linear_attention_quadratic == linear_attention {  # expected-error {{derivation-target: the steps don't lead to 'linear_attention'}}
        apply matmul_assoc
      }
      derivation wrong_expectation: linear_attention_quadratic == linear_attention {
        apply matmul_assoc
        expect linear_attention  # expected-error {{derivation-expectation}}
        apply row_sums_matmul
      }
      derivation wrong_place: linear_attention_quadratic == linear_attention {
        apply matmul_assoc at total  # expected-error {{derivation-step: 'total'}}
        apply row_sums_matmul
      }
      derivation not_a_use: linear_attention_quadratic == linear_attention {
        unfold softmax  # expected-error {{derivation-step: no use of 'softmax'}}
      }
      derivation nothing_done: linear_attention_quadratic == linear_attention {  # expected-error {{derivation-target}}
      }
      derivation fine: linear_attention_quadratic <> linear_attention {
        apply matmul_assoc
        apply row_sums_matmul
      }

      """
    let path = try folder.write("wrong.diagram", text)
    #expect(Tool.run("check", path).code == .success)
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    let differences = ExpectedError.differences(
      expected: ExpectedError.announced(in: path), reported: ExpectedError.reported(in: run.errors))
    #expect(differences == [])
    #expect(run.output.split(separator: "\n").count == 7)
    #expect(run.output.contains("fine: linear_attention_quadratic <> linear_attention: proved =="))
  }

  @Test(
    "a claim that the steps don't support is refused, and a true one of != rules is not evaluated away"
  )
  func claims() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "claims.rules",
      """
      import tensor
      rule false_law(x: [n]) { reverse(x) == x }
      diagram turned(x: [n]) -> [n] { reverse(x) }
      diagram straight(x: [n]) -> [n] { x }
      derivation lie: turned == straight { apply false_law }

      """)
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    #expect(run.errors.contains("before and after step 1 (apply false_law) differ on random"))
    let rules = Tool.run("verify", "--rules", path)
    #expect(rules.code == .failure && rules.output.contains("false_law: ==: refused"))
    #expect(
      Tool.run("verify", "--rules", "\(Repository.root)/Rules/comonoid.rules").code == .success)
  }

  @Test("rewriting that doesn't end says so, and leaves its outputs alone")
  func limit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "endless.diagram",
      """
      rule turn(a: [], b: []) { add(a, b) == add(b, a) }
      diagram f(x: [], y: []) -> [] { add(x, y) }

      """)
    let out = try folder.write("out.diagram", "as it was")
    let record = try folder.write("record.diagram", "as it was")
    let words = ["rewrite", path, "f", "--rules", path]
    let run = Tool.run(words + ["--limit", "20", "-o", out, "--derivation", record])
    #expect(run.code == .failure && run.errors.contains("after 20 steps rules still apply"))
    #expect(Repository.text(out) == "as it was" && Repository.text(record) == "as it was")
    #expect(Tool.run(words + ["--steps", "3"]).code == .success)
    let equal = Tool.run("equal", path, "f", "f", "--modulo", path, "--limit", "20")
    #expect(equal.code == .failure && equal.errors.contains("nothing is known"))
  }

  @Test("equal compares up to isomorphism, and modulo rules")
  func equal() {
    let products = "\(Repository.root)/Diagrams/Algebra/products.diagram"
    let plain = Tool.run("equal", products, "left_comb", "right_comb")
    #expect(plain.output == "not equal\n" && plain.code == .failure)
    let modulo = Tool.run("equal", products, "left_comb", "right_comb", "--modulo", "monoid")
    #expect(modulo.output == "equal\n" && modulo.code == .success)
    let json = Tool.run("equal", products, "left_comb", "left_comb", "--json")
    #expect(json.output == "{\"equal\":true}\n")
    let unknown = Tool.run("equal", products, "left_comb", "middle_comb")
    #expect(
      unknown.code == .failure && unknown.errors.contains("there is no diagram 'middle_comb'"))
    #expect(unknown.errors.contains("left_comb, right_comb"))
  }
}
