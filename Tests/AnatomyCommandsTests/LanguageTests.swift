import AnatomyCommands
import Foundation
import Testing

/// The examples of the language's description: they check, format to themselves, are shown and evaluated.
struct LanguageTests {
  static let folder = "\(Repository.fixtures)/Language"
  static let files = ["first_look.diagram", "hopf_algebra.rules", "sentences.diagram"]

  @Test("each example checks, and says what it holds")
  func check() {
    let summaries = Self.files.map { file in
      let run = Tool.run("check", "\(Self.folder)/\(file)")
      #expect(run.code == .success && run.errors.isEmpty, "\(run.errors)")
      return run.output.replacingOccurrences(of: "\(Self.folder)/", with: "")
    }
    #expect(
      summaries == [
        "first_look.diagram: ok: 5 diagrams\n",
        "hopf_algebra.rules: ok: 1 sort, 5 boxes, 5 rules\n",
        "sentences.diagram: ok: 15 diagrams\n",
      ])
  }

  @Test("formatting changes white space only, and nothing the second time", arguments: files)
  func format(_ file: String) throws {
    let folder = try TemporaryFolder()
    let original = Repository.text("\(Self.folder)/\(file)")
    let path = try folder.write(file, original)
    #expect(Tool.run("format", path).code == .success)
    let formatted = Repository.text(path)
    #expect(formatted.filter { !$0.isWhitespace } == original.filter { !$0.isWhitespace })
    #expect(Tool.run("format", "--check", path).code == .success)
    try folder.write(file, formatted.replacingOccurrences(of: " -> ", with: "  ->"))
    let changed = Tool.run("format", "--check", path)
    #expect(changed.code == .failure && changed.output == "\(path)\n")
  }

  @Test("the text, JSON and DOT of each diagram stand for it", arguments: files)
  func show(_ file: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(Self.folder)/\(file)"
    for name in diagramNames(in: path) {
      expectRoundTrip(path, name, in: folder, file: "shown.diagram")
      expectRoundTrip(path, name, ["--unfold", "all"], in: folder, file: "shown.diagram")
      expectOtherForms(path, name, in: folder)
    }
  }

  /// Two diagrams that the sentences call the same, and the words that evaluate each.
  struct Twins: Sendable {
    var left: (name: String, words: [String])
    var right: (name: String, words: [String])
    var isEqual = true
  }

  static let twins = [
    Twins(
      left: ("lifted", ["--input", "x=random", "y=random", "--size", "n=2", "d=3"]),
      right: ("lanes", ["--input", "x=random", "y=random", "--size", "n=2", "d=3"])),
    // One loop or two: the functoriality of SIMD is a law, and no isomorphism.
    Twins(
      left: ("peeled", ["--input", "a=random", "b=random", "c=random", "--size", "n=3"]),
      right: ("peeled_again", ["--input", "x=random", "y=random", "z=random", "--size", "w=3"]),
      isEqual: false),
    Twins(
      left: ("counted", ["--input", "x=random"]),
      right: ("counted_by_name", ["--input", "x=random"])),
    Twins(
      left: ("running_sums", ["--input", "x=random", "--size", "n=4"]),
      right: ("running_sums_again", ["--input", "x=random", "--size", "n=4"])),
    Twins(
      left: (
        "looked_up", ["--input", "table=random", "tokens=random", "--size", "v=5", "d=2", "n=3"]
      ),
      right: (
        "looked_up_one_by_one",
        ["--input", "table=random", "tokens=random", "--size", "v=5", "d=2", "n=3"]
      ), isEqual: false),
  ]

  @Test("what the sentences call the same is equal, or has equal results", arguments: twins)
  func sentences(_ twins: Twins) {
    let path = "\(Self.folder)/sentences.diagram"
    let equal = Tool.run("equal", path, twins.left.name, twins.right.name)
    #expect(equal.output == (twins.isEqual ? "equal\n" : "not equal\n"))
    #expect(Tool.run("equal", path, twins.left.name, "constants").output == "not equal\n")
    let results = [twins.left, twins.right].map { name, words in
      let run = Tool.run(["evaluate", path, name] + words)
      #expect(run.code == .success, "\(name): \(run.errors)")
      return run.output.split(separator: "\n").filter { $0.hasPrefix(" ") }
    }
    #expect(results[0] == results[1] && !results[0].isEmpty)
    let other = Tool.run(
      ["evaluate", path, twins.left.name] + twins.left.words + ["--seed", "7"])
    #expect(other.output.split(separator: "\n").filter { $0.hasPrefix(" ") } != results[0])
  }

  @Test(
    "each tensor diagram is evaluated on random tensors",
    arguments: [
      (
        "dot_product_attention", ["q", "k", "v"], ["n=2", "m=3", "k=2", "e=2"],
        "result [2 2] float32"
      ),
      ("self_attention", ["x"], ["n=2", "d=3", "k=2", "e=4"], "result [2 3] float32"),
      ("multi_head", ["x"], ["n=2", "d=3", "k=2", "h=2"], "result [2 3] float32"),
      ("multi_head_again", ["x"], ["n=2", "d=3", "k=2", "e=4", "h=2"], "result [2 3] float32"),
      ("stack", ["x"], ["n=2", "d=3", "k=2", "h=2", "l=3"], "result [2 3] float32"),
    ])
  func evaluate(_ name: String, _ inputs: [String], _ sizes: [String], _ head: String) {
    let path = "\(Self.folder)/first_look.diagram"
    let words = ["evaluate", path, name, "--input"] + inputs.map { "\($0)=random" }
    let run = Tool.run(words + ["--size"] + sizes)
    #expect(run.code == .success && run.output.hasPrefix(head), "\(run.errors)")
    #expect(!run.output.contains("nan") && !run.output.contains("inf"))
    // A size that nothing gives is asked for by its name.
    let open = Tool.run(words + ["--size"] + sizes.dropLast())
    let missing = sizes.last.map { String($0.prefix(1)) } ?? ""
    #expect(open.code == .failure && open.errors.contains(missing), "\(open.errors)")
  }

  @Test("sentences about sizes, tokens and learned boxes are evaluated")
  func evaluateSentences() {
    let path = "\(Self.folder)/sentences.diagram"
    let cases: [(String, [String], [String], String)] = [
      ("merged", ["x"], ["h=2", "k=3"], "result [7] float32"),
      ("constants", ["x"], ["k=3"], "result [3] float32"),
      ("looked_up", ["table", "tokens"], ["v=5", "d=2", "n=3"], "result [3 2] float32"),
      ("twice", ["x"], ["n=2", "d=3", "k=2", "e=2"], "result [2 3] float32"),
      ("head_of_sixteen", ["x"], ["n=2", "d=3", "e=2"], "result [2 3] float32"),
      ("learned", ["x", "y"], ["n=2", "d=3", "e=2", "m=4"], "result [2] float32"),
    ]
    for (name, inputs, sizes, head) in cases {
      let words = ["evaluate", path, name, "--input"] + inputs.map { "\($0)=random" }
      let run = Tool.run(words + ["--size"] + sizes)
      #expect(run.code == .success && run.output.hasPrefix(head), "\(name): \(run.errors)")
    }
  }
}
