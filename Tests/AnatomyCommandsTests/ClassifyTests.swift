import AnatomyCommands
import Testing

/// `anatomy classify` finds the place of diagrams that nobody named, and what it prints verifies.
struct ClassifyTests {
  /// What a run printed, and what verifying that came to.
  private struct Answer {
    let run: Tool.Run
    let saved: String
    let verified: Tool.Run
  }

  private static let layers = "\(Repository.root)/Diagrams/Layers/cross_layers.diagram"

  /// Rules of two steps only, so that the taxonomy is small.
  private static let few = """
    import tensor
    rule readout_passes_on(own: [d], read: [e]) {
      learn readout: [d], [e] -> [e]
      readout(own, read) >= read
    }

    """

  private static let subjects =
    "import tensor\nimport dot_product_attention\nimport retention\n"
    + MechanismDrawingTests.softmaxDrawings[1] + MechanismDrawingTests.softmaxMisses[0]
    + MechanismDrawingTests.softmaxMisses[2] + """
      diagram novel(x: [n d], c: [m d]) -> [n e] {
        learn mix: [d], [d], [d] -> []
        linear value: [d] -> [e]
        simd n(x) {
          s = simd m(c) { mix(x, c, x) }
          weighted_sum(sigmoid[m](s), value[m](c))
        }
      }
      diagram within(x: [t w]) -> [t w] {
        linear query, key: [w] -> [h]
        simd t(own = x) {
          s = simd t(x) { tanh(dot(query(own), key(x))) }
          weighted_sum(softmax(s), x)
        }
      }
      diagram matrices(x: [n d], c: [m d]) -> [n e] {
        linear query, key: [d] -> [k]
        linear value: [d] -> [e]
        dot_product_attention_matrix(query[n](x), key[m](c), value[m](c))
      }
      diagram kept(a: [n k], b: [n k], c: [n e], g: []) -> [n e] { retention_recurrent(a, b, c, g) }

      """

  private func classify(
    _ name: String, rules: String = "few.rules", names: String = layers, _ options: String...
  ) throws -> Answer {
    let folder = try TemporaryFolder()
    let path = try folder.write("subjects.diagram", Self.subjects)
    let few = try folder.write("few.rules", Self.few)
    let out = "\(folder.path)/found.diagram"
    let words =
      ["classify", path, name, "--rules", rules == "few.rules" ? few : rules, "--names", names]
      + options
    let run = Tool.run(words + ["-o", out])
    return Answer(run: run, saved: Repository.text(out), verified: Tool.run("verify", out))
  }

  @Test("a drawing with other names is the library's mechanism, with the way from the root")
  func drawing() throws {
    let answer = try classify("other_names", rules: "taxonomy")
    #expect(answer.run.code == .success, "\(answer.run.errors)")
    let lines = answer.run.output.split(separator: "\n")
    #expect(lines.first == "other_names: [t w], [s w] -> [t o]")
    #expect(lines.dropFirst().first == "is dot_product_layer (\(Self.layers))")
    #expect(answer.run.output.contains("in the taxonomy: primordial >= other_names, by readout_"))
    #expect(answer.verified.code == .success, "\(answer.verified.errors)")
    #expect(answer.verified.output.contains("other_names == dot_product_layer: proved =="))
    #expect(answer.verified.output.contains(">= other_names: proved >="))
  }

  @Test("with the scale left out it is another mechanism: a special case, with its derivation")
  func nearMiss() throws {
    let answer = try classify("unscaled", "--limit", "30")
    #expect(answer.run.code == .success, "\(answer.run.errors)")
    #expect(!answer.run.output.contains("is dot_product_layer"))
    #expect(answer.run.output.contains("is none of the known mechanisms"))
    #expect(answer.run.output.contains("is a special case of kernel_layer (\(Self.layers))"))
    #expect(answer.run.output.contains("nearest: bilinear_layer (\(Self.layers)), 1 box apart"))
    #expect(answer.verified.code == .success, "\(answer.verified.errors)")
    #expect(answer.verified.output.contains("kernel_layer >= unscaled: proved >="))
  }

  @Test("what is more general than a known mechanism can express it")
  func novel() throws {
    let answer = try classify("novel")
    #expect(answer.run.code == .success)
    #expect(answer.run.output.contains("is a special case of primordial + readout_passes_on: "))
    #expect(answer.run.output.contains("can express sigmoid_layer (\(Self.layers))"))
    #expect(!answer.run.output.contains("can express dot_product_layer"))
    #expect(answer.verified.code == .success, "\(answer.verified.errors)")
    #expect(answer.verified.output.contains("novel >= sigmoid_layer: proved >="))
  }

  @Test("within one sequence the root is the one of one sequence")
  func within() throws {
    let answer = try classify("within")
    #expect(answer.run.code == .success)
    #expect(
      answer.run.output.contains("is a special case of primordial_within + readout_passes_on"))
    #expect(answer.verified.code == .success, "\(answer.verified.errors)")
    #expect(answer.saved.contains("diagram primordial_within_for_within(x: [t w]) -> [t w]"))
  }

  @Test("products of matrices are attention by exact rules")
  func rules() throws {
    let answer = try classify("matrices")
    #expect(answer.run.code == .success)
    #expect(answer.run.output.contains("is equal to dot_product_layer (\(Self.layers)) by exact"))
    #expect(answer.verified.output.contains("matrices == dot_product_layer: proved =="))
  }

  @Test("where no root fits, diagrams of the same interface are compared")
  func library() throws {
    let names = "\(Repository.root)/Diagrams/Recurrences/retention.diagram"
    let answer = try classify("kept", names: names)
    #expect(answer.run.code == .success)
    #expect(answer.run.output.contains("is retention_recurrent (\(names))"))
    #expect(answer.run.output.contains("2 diagrams of the same interface; no root of a taxonomy"))
    #expect(answer.verified.output.contains("kept == retention_recurrent: proved =="))
  }

  @Test("softmax over the other axis has no place: exit code 1, the nearest as a hint, no file")
  func hint() throws {
    let answer = try classify("other_axis", "--limit", "6")
    #expect(answer.run.code == .failure && answer.saved.isEmpty)
    #expect(answer.run.output.contains("nor related to one as far as was found"))
    #expect(answer.run.output.contains("nearest: dot_product_layer (\(Self.layers)), 1 box apart"))
    #expect(answer.run.errors.contains("within 6 candidates a comparison, which proves nothing"))
    let json = try classify("other_axis", "--limit", "6", "--json")
    #expect(json.run.code == .failure)
    #expect(json.run.output.contains(#""node":null,"same":[],"equal":null,"special_of":[]"#))
  }

  @Test("as JSON, and as a file on stdout; the same bytes on every run")
  func forms() throws {
    let names = "\(Repository.root)/Diagrams/Recurrences/retention.diagram"
    let json = try classify("kept", names: names, "--json")
    #expect(json.run.output.contains(#""same":[{"name":"retention_recurrent","file":"#))
    #expect(json.run.output == (try classify("kept", names: names, "--json")).run.output)
    let folder = try TemporaryFolder()
    let path = try folder.write("subjects.diagram", Self.subjects)
    let run = Tool.run(
      "classify", path, "kept", "--names", names, "--rules", try folder.write("few.rules", Self.few)
    )
    #expect(run.output.hasPrefix("# kept: [n k], [n k], [n e], [] -> [n e]\n# is retention_rec"))
    #expect(Tool.run("verify", try folder.write("out.diagram", run.output)).code == .success)
  }

  @Test("^C ends it with 130, and nothing is written")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("subjects.diagram", Self.subjects)
    let few = try folder.write("few.rules", Self.few)
    var (output, errors) = ("", "")
    let console = Console(
      output: { output += $0 }, error: { errors += $0 },
      interruption: Interruption(isRequested: { true }))
    let code = AnatomyTool.run(
      [
        "classify", path, "novel", "--rules", few, "--names", Self.layers, "-o", "\(folder.path)/o",
      ],
      console: console)
    #expect(code == .interrupted && output.isEmpty)
    #expect(errors.contains("stopped by ^C after"), "\(errors)")
    #expect(Repository.bytes("\(folder.path)/o").isEmpty)
  }
}
