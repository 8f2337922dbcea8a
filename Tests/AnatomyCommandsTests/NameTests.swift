import AnatomyCommands
import Foundation
import Testing

/// What names mean across files: imports, `--library`, shadowing, qualified names.
struct NameTests {
  private func digest(_ path: String, _ name: String, _ options: [String] = []) -> String {
    Tool.run(["show", path, name, "--as", "digest", "--unfold", "all"] + options).output
  }

  @Test("imports are found beside the file, in --library folders, and in the standard library")
  func imports() throws {
    let folder = try TemporaryFolder()
    try folder.write("near/helper.diagram", "diagram help(x: []) -> [] { neg(x) }\n")
    try folder.write("far/deep/helper.diagram", "diagram help(x: []) -> [] { exp(x) }\n")
    let text = "import helper\nimport products\ndiagram f(x: []) -> [] { help(x) }\n"
    let near = try folder.write("near/main.diagram", text)
    let alone = try folder.write("alone/main.diagram", text)
    let library = ["--library", "\(folder.path)/far"]
    #expect(Tool.run("check", near).code == .success)
    #expect(Tool.run("check", alone).errors.contains("[unknown-import]"))
    #expect(Tool.run(["check", alone] + library).code == .success)
    // What stands beside the file comes first.
    #expect(digest(near, "f") == digest(near, "f", library))
    #expect(digest(near, "f") != digest(alone, "f", library))
  }

  @Test("a file may declare softmax again; the library's is then tensor.softmax")
  func shadowing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "own.diagram",
      """
      diagram softmax(x: [n]) -> [n] { neg[n](x) }
      diagram own(x: [n]) -> [n] { softmax(x) }
      diagram library(x: [n]) -> [n] { tensor.softmax(x) }
      diagram both(x: [n]) -> [n] { tensor.softmax(own.softmax(x)) }
      diagram elsewhere(x: [n m]) -> [n m] { row_softmax(x) }

      """)
    #expect(Tool.run("check", path).code == .success)
    #expect(digest(path, "own") != digest(path, "library"))
    let tensor = "\(Repository.root)/Rules/tensor.rules"
    #expect(digest(path, "library") == digest(tensor, "softmax"))
    #expect(digest(path, "elsewhere") == digest(tensor, "row_softmax"))
    try folder.write("shown/own.diagram", "")
    for name in diagramNames(in: path) {
      expectRoundTrip(path, name, in: folder, file: "shown/own.diagram")
      expectRoundTrip(path, name, ["--unfold", "all"], in: folder, file: "shown/own.diagram")
    }
    let record = "\(folder.path)/record/own.diagram"
    try folder.write("record/own.diagram", "")
    let run = Tool.run("rewrite", path, "both", "--unfold", "softmax", "--derivation", record)
    #expect(run.code == .success, "\(run.errors)")
    #expect(Tool.run("verify", record).code == .success, "\(Repository.text(record))")
  }

  @Test("two files with one base name are two modules")
  func sameBaseName() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("a/same.diagram", "diagram f(x: []) -> [] { neg(x) }\n")
    let second = try folder.write("b/same.rules", "diagram f(x: []) -> [] { exp(x) }\n")
    let run = Tool.run("check", first, second)
    #expect(run.output == "\(first): ok: 1 diagram\n\(second): ok: 1 diagram\n")
    let third = try folder.write(
      "c/main.diagram", "rule r(x: []) { neg(x) == reciprocal(x) }\n")
    let rewritten = Tool.run("rewrite", first, "f", "--rules", third, second)
    #expect(rewritten.output.contains("reciprocal(x)"), "\(rewritten.errors)")
    let twice = Tool.run("check", first, "\(folder.path)/c/../a/same.diagram")
    #expect(twice.code == .success)
  }

  @Test("labels with dots, of unfolded diagrams, are read back and name the same parameters")
  func dottedLabels() throws {
    let folder = try TemporaryFolder()
    let path = "\(Repository.root)/Diagrams/Attention/transformer.diagram"
    let out = "\(folder.path)/unfolded.diagram"
    let words = ["--input", "x=random", "--size", "n=2", "d=4", "k=2", "h=2", "f=3", "l=2"]
    #expect(
      Tool.run("show", path, "transformer_encoder", "--unfold", "all", "-o", out).code == .success)
    #expect(Repository.text(out).contains("layer.attention_norm.gain"))
    let parameters = "\(folder.path)/parameters.safetensors"
    let folded = Tool.run(
      ["evaluate", path, "transformer_encoder"] + words + ["--parameters-out", parameters])
    let unfolded = Tool.run(
      ["evaluate", out, "transformer_encoder"] + words + ["--parameters", parameters])
    #expect(folded.code == .success && folded.output.contains("[2 4]"), "\(folded.errors)")
    #expect(unfolded.output == folded.output, "\(unfolded.errors)")
    #expect(!unfolded.errors.contains("not used"))
    let other = Tool.run(["evaluate", out, "transformer_encoder", "--seed", "3"] + words)
    #expect(other.output != folded.output)
  }
}
