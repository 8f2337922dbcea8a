import AnatomyCommands
import Testing

/// What `taxonomy`, `enumerate` and `classify` say when they fail, and what they leave behind.
struct TaxonomyFailureTests {
  private static let grow = "taxonomy HERE/grow.diagram root --names HERE/grow.diagram"
  private static let growing = "\(grow) --rules HERE/grow.rules"
  private static let classify = "--names HERE/grow.diagram --rules HERE/grow.rules"

  static let cases: [CommandFailureTests.Case] = [
    .init("taxonomy HERE/grow.diagram", "give a file and the name of a diagram", .usage),
    .init(grow, "give rules with --rules", .usage),
    .init("\(growing) --limit many", "takes a whole number", .usage),
    .init("taxonomy HERE/grow.diagram nothing --rules HERE/grow.rules", "no diagram 'nothing'"),
    .init("\(grow) --rules nowhere", "there is no rule file 'nowhere'"),
    .init("\(growing) --only nothing", "there is no rule 'nothing' in the files of --rules"),
    .init("\(growing) --modulo nothing", "--modulo: there is no exact rule 'nothing'"),
    .init("\(growing) --modulo two_layers", "--modulo: there is no exact rule 'two_layers'"),
    .init("\(growing) HERE/nowhere.rules", "there is no rule file"),
    .init("\(growing) --only to_linear --path nothing", "'nothing' was not reached from root by"),
    .init("\(growing) --limit 4 --path nothing", "'nothing' was not reached from root within the"),
    .init("\(growing) --only to_linear -o HERE/no/folder/out.dot", "cannot write the file"),
    .init("enumerate MIX", "give a file and the name of an enumeration", .usage),
    .init("enumerate MIX nothing", "there is no enumeration 'nothing'"),
    .init("enumerate MIX nothing", "; it has fourteen, "),
    .init("enumerate HERE/grow.diagram root", "there is no enumeration 'root'"),
    .init("enumerate MIX fourteen --names MIX --boxes many", "takes a whole number", .usage),
    .init("enumerate MIX fourteen --names MIX --limit 3", "there are more than 3 terms"),
    .init("enumerate MIX fourteen --names HERE/nowhere.diagram", "can't read"),
    .init("classify HERE/grow.diagram", "give a file and the name of a diagram", .usage),
    .init("classify HERE/grow.diagram root --root roots", "--root takes FILE:NAME", .usage),
    .init("classify HERE/grow.diagram root --limit many", "takes a whole number", .usage),
    .init("classify HERE/grow.diagram nothing \(classify)", "there is no diagram 'nothing'"),
    .init("classify HERE/grow.diagram root --rules nowhere", "there is no rule file 'nowhere'"),
    .init("classify HERE/grow.diagram root --names HERE/nowhere.diagram", "can't read"),
    .init(
      "classify HERE/grow.diagram root \(classify) --root HERE/grow.diagram:nothing",
      "there is no diagram 'nothing'"),
    .init(
      "classify HERE/grow.diagram odd \(classify)",
      "it takes and gives [n] -> [n], [n], but 'primordial' takes and gives [n d], [m d] -> [n e]"),
    .init(
      "classify HERE/grow.diagram root \(classify) --root HERE/grow.diagram:odd",
      "it takes and gives [n d] -> [n d], but 'odd' takes and gives [n] -> [n], [n]"),
    .init("classify HERE/products.diagram mine \(classify)", "'mine' is a symmetric diagram"),
    .init(
      "classify HERE/grow.diagram root \(classify) -o HERE/no/folder/out", "cannot write the file"),
  ]

  private static func material() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "grow.diagram",
      """
      import tensor
      diagram root(x: [n d]) -> [n d] {
        learn f: [d] -> [d]
        f[n](x)
      }
      diagram odd(x: [n]) -> [n], [n] { return x, x }

      """)
    try folder.write(
      "grow.rules",
      """
      import tensor
      rule two_layers(x: [d]) {
        learn f, g, h: [d] -> [d]
        f(x) >= h(g(x))
      }
      rule to_linear(x: [d]) {
        learn f: [d] -> [d]
        linear w: [d] -> [d]
        f(x) >= w(x)
      }

      """)
    try folder.write(
      "products.diagram", "import monoid\ndiagram mine(x: M) -> M { mul(x, unit()) }\n")
    return folder
  }

  @Test("a failing command says why, with its exit code, and writes no data", arguments: cases)
  func failures(_ test: CommandFailureTests.Case) throws {
    let folder = try Self.material()
    let words = test.words.split(separator: " ").map { word in
      String(word).replacing("HERE", with: folder.path).replacing(
        "MIX", with: "\(Repository.root)/Diagrams/recombination.diagram")
    }
    let run = Tool.run(words)
    #expect(run.code == test.code, "\(run.output)\(run.errors)")
    #expect(run.errors.contains(test.message), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("usage: anatomy") == (test.code == .usage))
  }

  @Test("rules that never stop growing end at the limit, with a graph that is marked as partial")
  func growing() throws {
    let folder = try Self.material()
    let (path, rules) = ("\(folder.path)/grow.diagram", "\(folder.path)/grow.rules")
    let words = ["taxonomy", path, "root", "--rules", rules, "--names", path]
    let message = "the rules make more mechanisms than the limit of 6: what was found is marked as"
    let dot = Tool.run(words + ["--limit", "6"])
    #expect(dot.code == .failure && dot.errors.contains(message), "\(dot.errors)")
    #expect(dot.output.contains("partial [label=\"partial: the limit was reached\""))
    let out = "\(folder.path)/out.json"
    let json = Tool.run(words + ["--limit", "6", "-o", out])
    #expect(json.code == .failure && json.errors.contains(message))
    #expect(Repository.text(out).contains(#""complete":false"#))
    let whole = Tool.run(words + ["--limit", "6", "--only", "to_linear", "-o", out])
    #expect(whole.code == .success)
    #expect(Repository.text(out).contains(#""complete":true"#))
  }

  @Test("Graphviz that fails is quoted, and none is asked for")
  func graphviz() throws {
    let folder = try Self.material()
    try folder.write("bin/dot", "#!/bin/sh\necho 'no layout today' >&2\nexit 3\n")
    let command = """
      chmod +x $TMPDIR/bin/dot
      tool=$(command -v anatomy)
      draw="taxonomy $TMPDIR/grow.diagram root --rules $TMPDIR/grow.rules --only to_linear"
      draw="$draw --names $TMPDIR/grow.diagram -o $TMPDIR/out.svg"
      """
    let failing = try Shell.run("\(command)\nPATH=$TMPDIR/bin:$PATH $tool $draw", in: folder)
    #expect(failing.code == 1)
    #expect(failing.errors.contains("failed with exit code 3, and printed 'no layout today'"))
    #expect(!failing.errors.contains("can't be run"))
    let missing = try Shell.run("\(command)\nPATH=$TMPDIR $tool $draw", in: folder)
    #expect(missing.code == 1)
    #expect(missing.errors.contains("'dot' can't be run, because there is none: install it"))
    #expect(Repository.bytes("\(folder.path)/out.svg").isEmpty)
  }
}
