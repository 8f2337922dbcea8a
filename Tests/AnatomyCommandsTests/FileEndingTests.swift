import Foundation
import Testing

/// What files are called that commands write.
struct FileEndingTests {
  private static let path =
    "\(Repository.root)/Diagrams/Attention/dot_product_attention.diagram"
  private static let taxonomy = [
    "taxonomy", "\(Repository.root)/Diagrams/Derivations/learned_attention.diagram", "two_layers",
    "--rules", "expressivity", "--only", "merge", "--names",
    "\(Repository.root)/Diagrams/Derivations/learned_attention.diagram", "-o",
  ]

  /// Commands that write a file, `DOT` standing for a file of the library and `FILE` for what they write; its name;
  /// and what they say of it.
  private static let refusals = [
    ("show DOT stack -o FILE", "x.png", "--as text writes .diagram, and not .png"),
    ("show DOT stack -o FILE", "x.json", "and not .json, which is --as json"),
    ("show DOT stack --as svg -o FILE", "x.png", "--as svg writes .svg, and not .png"),
    ("show DOT stack --as svg -o FILE", "x.sgv", "--as svg writes .svg, and not .sgv"),
    (
      "show DOT stack --as svg -o FILE", "x.pdf",
      "the endings that say a form are .diagram, .dot, .gv, .svg, .html, .htm, .tikz, .tex or .json"
    ),
    ("show DOT stack --as dot -o FILE", "x.SVG", "and not .svg, which is --as svg"),
    ("show DOT stack --as cost -o FILE", "x.html", "--as cost writes plain text, and not .html"),
    ("show DOT stack --as digest -o FILE", "x.npy", "writes plain text, and not .npy"),
    ("rewrite DOT stack --only share -o FILE", "x.png", "rewrite writes .diagram, and not .png"),
    ("rewrite DOT stack --only share -o FILE", "x.npz", "rewrite writes .diagram, and not .npz"),
    (
      "rewrite DOT stack --only share --derivation FILE", "x.svg",
      "--derivation writes .diagram, and not .svg"
    ),
    ("relate DOT stack stack -o FILE", "x.html", "relate writes .diagram, and not .html"),
    ("relate DOT stack stack --json -o FILE", "x.json", "relate writes .diagram, and not .json"),
    ("classify DOT stack -o FILE", "x.tex", "classify writes .diagram, and not .tex"),
    ("enumerate DOT stack -o FILE", "x.pdf", "enumerate writes .diagram, and not .pdf"),
    (
      "taxonomy DOT stack --rules attention -o FILE", "x.png",
      "taxonomy writes .dot, .json, .html or .svg, and not .png"
    ),
    ("taxonomy DOT stack --rules attention -o FILE", "x.JPEG", "and not .jpeg"),
    ("taxonomy DOT stack --rules attention -o FILE", "x.diagram", "and not .diagram"),
    (
      "taxonomy DOT stack --rules attention --path x -o FILE", "x.svg",
      "--path writes .diagram, and not .svg"
    ),
    ("taxonomy DOT stack --rules attention --path x -o FILE", "x.png", "and not .png"),
    (
      "taxonomy DOT stack --rules attention --checkpoint FILE", "x.svg",
      "--checkpoint writes what was found, and not .svg"
    ),
  ]

  @Test("a file whose name says something else is refused, and nothing is written")
  func refused() throws {
    let folder = try TemporaryFolder()
    for (line, name, message) in Self.refusals {
      let old = try folder.write(name, "old")
      let words = line.split(separator: " ").map {
        $0 == "DOT" ? Self.path : $0 == "FILE" ? old : String($0)
      }
      let run = Tool.run(words)
      #expect(run.code == .usage && run.output.isEmpty, "\(line)")
      #expect(run.errors.contains(message), "\(line): \(run.errors)")
      #expect(Repository.text(old) == "old", "\(line)")
      try FileManager.default.removeItem(atPath: old)
      #expect(Tool.run(words).code == .usage, "\(line)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("derivations and diagrams go to files of the language, and of names that say nothing")
  func languageFiles() throws {
    let folder = try TemporaryFolder()
    for name in ["a.diagram", "b.rules", "c.txt", "d", "E.DIAGRAM"] {
      let (out, steps) = ("\(folder.path)/\(name)", "\(folder.path)/steps_\(name)")
      let words = ["rewrite", Self.path, "stack", "--only", "share"]
      let run = Tool.run(words + ["-o", out, "--derivation", steps])
      #expect(run.code == .success, "\(name): \(run.errors)")
      #expect(Repository.text(out).contains("diagram stack("), "\(name)")
      #expect(Repository.text(steps).contains("derivation "), "\(name)")
      let relation = Tool.run("relate", Self.path, "stack", "stack", "-o", out)
      #expect(relation.code == .success && Repository.text(out).contains("derivation "), "\(name)")
    }
  }

  @Test("endings of a form in any letters, no ending, and endings that say nothing are written")
  func written() throws {
    let folder = try TemporaryFolder()
    let files: [(words: [String], name: String, beginning: String)] = [
      (Self.taxonomy, "a.DOT", "digraph "), (Self.taxonomy, "a", "digraph "),
      (Self.taxonomy, ".dots", "digraph "), (Self.taxonomy, "a.json", "{"),
      (["show", Self.path, "stack", "-o"], "notes.v2.txt", "import tensor"),
      (["show", Self.path, "stack", "--as", "svg", "-o"], "picture", "<svg "),
      (["show", Self.path, "stack", "--as", "svg", "-o"], "picture.Svg", "<svg "),
      (["show", Self.path, "stack", "--as", "tikz", "-o"], "stack.tex", "% stack"),
      (["show", Self.path, "stack", "--as", "digest", "-o"], "stack.sha", ""),
    ]
    for file in files {
      let out = "\(folder.path)/\(file.name)"
      let run = Tool.run(file.words + [out])
      #expect(run.code == .success, "\(file.name): \(run.errors)")
      #expect(Repository.text(out).hasPrefix(file.beginning), "\(file.name)")
    }
  }
}
