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

  @Test("a file whose name says something else is refused, and nothing is written")
  func refused() throws {
    let folder = try TemporaryFolder()
    let old = try folder.write("old.png", "old")
    let commands = [
      Self.taxonomy + [old], ["show", Self.path, "stack", "-o", old],
      ["show", Self.path, "stack", "--as", "svg", "-o", old],
      Self.taxonomy + ["\(folder.path)/new.pdf"],
      ["show", Self.path, "stack", "--as", "dot", "-o", "\(folder.path)/new.html"],
    ]
    for words in commands { #expect(Tool.run(words).code == .usage, "\(words)") }
    #expect(Repository.text(old) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.png"])
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
