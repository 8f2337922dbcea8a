import Foundation
import Testing

/// `anatomy show --as svg`, `html` and `tikz`, and the pictures of the documentation.
struct PictureTests {
  private static let attention =
    "\(Repository.root)/Diagrams/Attention/dot_product_attention.diagram"
  private static let derivations =
    "\(Repository.root)/Diagrams/Derivations/linear_attention_reassociated.diagram"

  /// The commands of docs/contributing.md that make pictures, each as its words and the file it writes.
  private static let commands: [(words: [String], file: String)] =
    Repository.text("\(Repository.root)/docs/contributing.md").components(separatedBy: "\n")
    .filter { $0.hasPrefix("anatomy show ") && $0.contains(" -o docs/images/") }
    .map { line in
      let words = line.split(separator: " ").map(String.init)
      return (Array(words.dropFirst().dropLast(2)), words.last ?? "")
    }

  @Test("the pictures of the documentation are what the listed commands print")
  func documentation() {
    #expect(Self.commands.count >= 5)
    for command in Self.commands {
      let words = command.words.map {
        $0.hasSuffix(".diagram") ? "\(Repository.root)/\($0)" : $0
      }
      let run = Tool.run(words)
      #expect(run.code == .success, "\(run.errors)")
      #expect(
        run.output == Repository.text("\(Repository.root)/\(command.file)"), "\(command.file)")
    }
    let made = Set(Self.commands.map { "\(Repository.root)/\($0.file)" })
    for file in Repository.files(in: "docs/images", endings: ["svg"]) {
      #expect(made.contains(file), "no command makes \(file)")
    }
  }

  @Test("each picture of the documentation is shown on a page")
  func shown() {
    let pages =
      Repository.files(in: "docs", endings: ["md"]).filter { !$0.hasSuffix("contributing.md") }
      + ["\(Repository.root)/README.md"]
    let text = pages.map { Repository.text($0) }.joined()
    for command in Self.commands {
      let name = command.file.split(separator: "/").last ?? ""
      #expect(text.contains("images/\(name))"), "\(name)")
    }
  }

  @Test("--unfold draws a frame with the name, and --left-to-right another picture")
  func options() {
    let plain = Tool.run("show", Self.attention, "multi_head", "--as", "svg")
    #expect(plain.code == .success && plain.output.hasPrefix("<svg "))
    #expect(!plain.output.contains("stroke-dasharray=\"5 2.5\""))
    let unfolded = Tool.run(
      "show", Self.attention, "multi_head", "--as", "svg", "--unfold", "dot_product_attention")
    #expect(unfolded.output.contains("stroke-dasharray=\"5 2.5\""))
    #expect(unfolded.output.contains(">softmax<") && !unfolded.output.contains(">exp<"))
    let all = Tool.run("show", Self.attention, "multi_head", "--as", "svg", "--unfold", "all")
    #expect(all.output.contains(">exp<") && all.output.contains(">softmax<"))
    let right = Tool.run("show", Self.attention, "multi_head", "--as", "svg", "--left-to-right")
    #expect(right.output != plain.output && right.output.contains(">query<"))
    let missing = Tool.run(
      "show", Self.attention, "multi_head", "--as", "svg", "--unfold", "nothing")
    #expect(missing.code == .failure && missing.output.isEmpty)
    #expect(missing.errors.contains("there is no diagram 'nothing'"))
  }

  @Test("a derivation is a numbered sequence, or a page with one section a step")
  func derivation() {
    let words = ["show", Self.derivations, "reassociate_linear_attention", "--as"]
    let svg = Tool.run(words + ["svg"])
    #expect(svg.code == .success && svg.output.contains(">1. ") && svg.output.contains(">2. "))
    #expect(svg.output.contains("#ffd9a0") && svg.output.contains("#bfe3c0"))
    let page = Tool.run(words + ["html"])
    #expect(page.code == .success && page.output.hasPrefix("<!DOCTYPE html>"))
    #expect(page.output.components(separatedBy: "<section").count == 4)
    #expect(page.output.components(separatedBy: "<script>").count == 2)
    #expect(!page.output.contains("src=") && !page.output.contains("href="))
    let tikz = Tool.run(words + ["tikz"])
    #expect(tikz.code == .success)
    #expect(tikz.output.components(separatedBy: "\\begin{tikzpicture}").count == 5)
  }

  /// How many rectangles stand on a ground of a colour.
  private static func grounds(_ color: String, in svg: String) -> Int {
    svg.components(separatedBy: "<g fill=\"\(color)\"").dropFirst().reduce(0) { count, group in
      count
        + (group.components(separatedBy: "</g>").first ?? "").components(separatedBy: "<rect ")
        .count
        - 1
    }
  }

  @Test(
    "a step by a rule sets off what it matched and what replaced it, where comparing would find less"
  )
  func match() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rules = "theory own: cartesian\n\nsort H\n\nbox f: H -> H\n\nrule idem: f ; f == f\n"
    let diagrams = """
      import own

      diagram three(x: H) -> H { f(f(f(x))) }
      diagram two(x: H) -> H { f(f(x)) }

      derivation shorter: three == two {
        apply idem
        expect two
      }

      """
    try Data(rules.utf8).write(to: folder.appending(path: "own.rules"))
    let file = folder.appending(path: "chains.diagram")
    try Data(diagrams.utf8).write(to: file)
    let run = Tool.run("show", file.path, "shorter", "--as", "svg")
    #expect(run.code == .success, "\(run.errors)")
    // Compared, the diagrams differ in one box of the first.
    #expect(Self.grounds("#ffd9a0", in: run.output) == 2)
    #expect(Self.grounds("#bfe3c0", in: run.output) == 1)
    let law = Tool.run(
      "show", Self.derivations, "reassociate_linear_attention", "--as", "svg")
    #expect(Self.grounds("#ffd9a0", in: law.output) >= 2)
  }

  @Test("TikZ and a page of one diagram")
  func others() {
    let tikz = Tool.run("show", Self.attention, "multi_head", "--as", "tikz")
    #expect(tikz.code == .success && tikz.output.contains("\\node [style=linear, minimum width="))
    #expect(tikz.output.contains("dot\\_product\\_attention"))
    let page = Tool.run("show", Self.attention, "multi_head", "--as", "html")
    #expect(page.code == .success && page.output.contains("<h2>folded</h2>"))
    #expect(page.output.contains("<h2>dot_product_attention unfolded</h2>"))
    #expect(page.output.components(separatedBy: "<svg ").count >= 4)
    let one = Tool.run("show", Self.attention, "multi_head", "--as", "html", "--unfold", "all")
    #expect(one.output.components(separatedBy: "<svg ").count == 2)
    #expect(!one.output.contains("<script"))
  }
}
