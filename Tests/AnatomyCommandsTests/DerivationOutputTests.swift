import Foundation
import Testing

@Suite("Derivations as diagrams and as tables")
struct DerivationOutputTests {
  private static let derivations = "\(Repository.root)/Diagrams/Derivations"
  private static let file = "\(derivations)/linear_attention_reassociated.diagram"

  private static func write(_ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "own.diagram")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private static let wrong = """
    import tensor_laws

    diagram left(a: [n k], b: [k m], c: [m e]) -> [n e] { matmul(matmul(a, b), c) }
    diagram right(a: [n k], b: [k m], c: [m e]) -> [n e] { matmul(a, matmul(b, c)) }

    derivation twice: left == right {
      apply matmul_assoc
      apply matmul_assoc
    }

    """

  @Test("All diagrams of a derivation are one file, from its source to its target")
  func text() throws {
    let run = Tool.run("show", Self.file, "reassociate_linear_attention")
    #expect(run.code == .success && run.errors == "")
    #expect(run.output.contains("\n# linear_attention_quadratic\n"))
    #expect(run.output.contains("\n# 1. apply matmul_assoc [==]\n"))
    let copy = try Self.write(run.output)
    let checked = Tool.run("check", copy)
    #expect(checked.code == .success, "\(checked.errors)")
    let ends = [("0", "linear_attention_quadratic"), ("3", "linear_attention")]
    for (number, end) in ends {
      let name = "reassociate_linear_attention_\(number)"
      let stage = Tool.run("show", copy, name, "--as", "digest")
      let original = Tool.run("show", Self.file, end, "--as", "digest")
      #expect(stage.output == original.output && stage.output.count == 65)
    }
  }

  @Test("Graphs follow one another; JSON is one array; costs have their steps in front")
  func forms() throws {
    let name = "reassociate_linear_attention"
    let graphs = Tool.run("show", Self.file, name, "--as", "dot").output
    #expect(graphs.split(separator: "\n").count { $0.hasPrefix("digraph ") } == 4)
    #expect(graphs.contains("// 3. "))
    let json = Tool.run("show", Self.file, name, "--as", "json").output
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8))
    let array = try #require(document as? [[String: Any]])
    #expect(array.count == 4)
    #expect(array.map { $0["step"] as? String }.first == "linear_attention_quadratic")
    let costs = Tool.run("show", Self.file, name, "--as", "cost").output
    #expect(costs.split(separator: "\n").count { $0.hasPrefix("# ") } == 4)
  }

  @Test("Of a derivation that fails, the diagrams up to the failing step are printed")
  func failing() throws {
    let path = try Self.write(Self.wrong)
    let run = Tool.run("show", path, "twice", "--as", "digest")
    #expect(run.code == .failure)
    #expect(run.output.split(separator: "\n").count == 4)
    #expect(run.errors.contains("step 2 (apply matmul_assoc): 'matmul_assoc' doesn't match"))
    let out = path + ".out"
    #expect(Tool.run("show", path, "twice", "-o", out).code == .failure)
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test("A diagram comes before a derivation of the same name")
  func names() throws {
    let path = try Self.write(Self.wrong.replacingOccurrences(of: "twice", with: "left"))
    let run = Tool.run("show", path, "left")
    #expect(run.code == .success && run.output.contains("diagram left("))
  }

  @Test("A table has a row for each derivation, and numbers what they cite")
  func table() throws {
    let run = Tool.run(
      "verify", "\(Self.derivations)/bahdanau_to_vaswani.diagram", "--as", "markdown")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(run.code == .success && lines.count == 10)
    #expect(
      lines[5]
        == "| bahdanau_to_vaswani | bahdanau_within | `<>` | vaswani_within | 16 | 0 | 1 |")
    #expect(lines[8].hasPrefix("1. Altabaa and Lafferty"))
    let latex = Tool.run("verify", Self.file, "--as", "latex").output
    #expect(latex.contains("reassociate\\_linear\\_attention"))
    #expect(latex.contains(" & $=$ & linear\\_attention & 3 & "))
  }

  @Test("A refused derivation is a row that says so, and its fault is reported")
  func refusedRow() throws {
    let run = Tool.run("verify", try Self.write(Self.wrong), "--as", "markdown")
    #expect(run.code == .failure)
    #expect(run.output.hasSuffix("| twice | left | refused | right |  |  |  |\n"))
    #expect(run.errors.contains("[derivation-step]"))
  }

  @Test("What a table can't be is refused")
  func usage() {
    #expect(Tool.run("verify", Self.file, "--as", "word").code == .usage)
    #expect(Tool.run("verify", Self.file, "--as", "latex", "--steps").code == .usage)
    #expect(Tool.run("show", Self.file, "linear_attention", "--as", "word").code == .usage)
  }
}
