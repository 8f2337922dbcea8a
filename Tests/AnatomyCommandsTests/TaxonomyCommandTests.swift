import AnatomyCommands
import Foundation
import Testing

/// `anatomy taxonomy` when it is stopped, goes on, or ends at its limit.
struct TaxonomyCommandTests {
  /// A folder with rules and a diagram that never stop growing.
  private final class Desk {
    let folder: TemporaryFolder
    var (output, errors) = ("", "")
    /// What happens whenever the command asks whether ^C was pressed.
    var meanwhile: () -> Void = {}

    init() throws {
      folder = try TemporaryFolder()
      try folder.write(
        "growth.rules",
        """
        import tensor
        rule deeper(x: [d]) {
          learn f, g, h: [d] -> [d]
          f(x) >= h(g(x))
        }
        rule squashed(x: [d]) {
          learn f: [d] -> [d]
          f(x) >= tanh[d](x)
        }
        """)
      try folder.write(
        "other.rules",
        """
        import tensor
        rule squashed(x: [d]) {
          learn f: [d] -> [d]
          f(x) >= tanh[d](x)
        }
        """)
      try folder.write(
        "root.diagram",
        """
        import tensor
        diagram root(x: [n d]) -> [n d] {
          learn f: [d] -> [d]
          f[n](x)
        }
        """)
    }

    /// Runs the command, with ^C pressed after so many questions.
    func run(
      _ words: String..., rules: String = "growth", stopAfter: Int = .max, isTerminal: Bool = false
    ) -> ExitCode {
      (output, errors) = ("", "")
      var (questions, time) = (0, Duration.zero)
      let terminal = Terminal {
        time += .seconds(1)
        return time
      }
      let console = Console(
        output: { self.output += $0 }, error: { self.errors += $0 },
        terminal: isTerminal ? terminal : nil,
        interruption: Interruption(isRequested: {
          questions += 1
          self.meanwhile()
          return questions > stopAfter
        }))
      let path = folder.path
      return AnatomyTool.run(
        [
          "taxonomy", "\(path)/root.diagram", "root", "--rules", "\(path)/\(rules).rules",
          "--names", "\(path)/root.diagram",
        ] + words, console: console)
    }

    func text(_ name: String) -> String { Repository.text("\(folder.path)/\(name)") }
    func bytes(_ name: String) -> [UInt8] { Repository.bytes("\(folder.path)/\(name)") }
  }

  @Test("rules that never stop growing end at the limit, with a message and a partial graph")
  func limit() throws {
    let desk = try Desk()
    #expect(desk.run("--limit", "40") == .failure)
    #expect(desk.output.contains("partial: the limit was reached"))
    #expect(desk.errors.contains("more mechanisms than the limit of 40"))
    #expect(desk.run("--limit", "40", "-o", "\(desk.folder.path)/graph.json") == .failure)
    #expect(desk.text("graph.json").hasPrefix("{\"root\":\"root\",\"complete\":false,"))
    #expect(desk.run(rules: "other") == .success)
    #expect(!desk.output.contains("partial"))
    #expect(desk.run("-o", "\(desk.folder.path)/graph.json", rules: "other") == .success)
    #expect(desk.text("graph.json").hasPrefix("{\"root\":\"root\",\"complete\":true,"))
  }

  @Test("^C keeps what was found, and the same command goes on to the same bytes")
  func interruption() throws {
    let desk = try Desk()
    let (file, graph) = ("\(desk.folder.path)/found", "\(desk.folder.path)/graph.dot")
    #expect(desk.run("--limit", "60", "--all", "-o", graph) == .failure)
    let expected = desk.text("graph.dot")
    #expect(desk.run("--limit", "60", "--all") == .failure && desk.output == expected)
    try desk.folder.write("graph.dot", "")
    for round in 0..<3 {
      let code = desk.run(
        "--limit", "60", "--all", "-o", graph, "--checkpoint", file, stopAfter: 1)
      #expect(code == .interrupted, "round \(round)")
      #expect(desk.errors.contains("stopped by ^C after"))
      #expect(desk.errors.contains("what was found is in \(file)"))
      #expect(desk.errors.contains("going on from \(file)") == (round > 0))
      #expect(desk.text("graph.dot").isEmpty && desk.output.isEmpty)
    }
    #expect(
      desk.run("--limit", "60", "--all", "-o", graph, "--checkpoint", file) == .failure)
    #expect(desk.text("graph.dot") == expected)
  }

  @Test("without a file to keep it in, ^C ends with nothing written")
  func loss() throws {
    let desk = try Desk()
    #expect(desk.run("--limit", "60", stopAfter: 2) == .interrupted)
    #expect(desk.errors.contains("nothing was written") && desk.output.isEmpty)
  }

  @Test("a higher limit goes on from the file, to what a run with that limit finds")
  func raising() throws {
    let desk = try Desk()
    let file = "\(desk.folder.path)/found"
    #expect(desk.run("--limit", "20", "--checkpoint", file) == .failure)
    #expect(desk.run("--limit", "50", "--checkpoint", file) == .failure)
    let raised = desk.output
    #expect(desk.run("--limit", "50") == .failure)
    #expect(desk.output == raised)
  }

  @Test("files of another search, damaged ones, and others are refused and stay as they are")
  func refusals() throws {
    let desk = try Desk()
    let (file, graph) = ("\(desk.folder.path)/found", "\(desk.folder.path)/graph.dot")
    #expect(desk.run("--limit", "20", "--checkpoint", file) == .failure)
    let bytes = desk.bytes("found")
    #expect(desk.run("--checkpoint", file, "-o", graph, rules: "other") == .failure)
    #expect(desk.errors.contains("the checkpoint is of another search"))
    #expect(desk.bytes("found") == bytes)
    try desk.folder.write("found", bytes: Array(bytes.dropLast(40)))
    #expect(desk.run("--checkpoint", file, "-o", graph) == .failure)
    #expect(desk.errors.contains("damaged or cut off"))
    try desk.folder.write("found", "digraph {}")
    #expect(desk.run("--checkpoint", file, "-o", graph) == .failure)
    #expect(desk.errors.contains("not a checkpoint"))
    #expect(desk.text("found") == "digraph {}" && desk.bytes("graph.dot").isEmpty)
  }

  @Test("a place where nothing can be written is refused before the search")
  func destination() throws {
    let desk = try Desk()
    #expect(desk.run("--checkpoint", "\(desk.folder.path)/missing/found") == .failure)
    #expect(desk.errors.contains("there is no folder") && desk.output.isEmpty)
    let same = "\(desk.folder.path)/same"
    #expect(desk.run("--checkpoint", same, "-o", same) == .usage)
    let pipe = "\(desk.folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(desk.run("-o", pipe) == .failure)
    #expect(desk.errors.contains("it is not a regular file"))
    #expect(desk.run("--limit", "10001", "-o", "\(desk.folder.path)/graph.svg") == .usage)
    #expect(desk.errors.contains("are not drawn as SVG"))
  }

  @Test("when the file can't be written, that is said and the result is there all the same")
  func failedWriting() throws {
    let desk = try Desk()
    let place = "\(desk.folder.path)/gone"
    try desk.folder.write("gone/kept", "")
    #expect(desk.run(rules: "other") == .success)
    let expected = desk.output
    desk.meanwhile = { try? FileManager.default.removeItem(atPath: place) }
    #expect(desk.run("--checkpoint", "\(place)/found", rules: "other") == .failure)
    #expect(desk.output == expected && desk.errors.contains("cannot write the file"))
    try desk.folder.write("gone/kept", "")
    #expect(desk.run("--checkpoint", "\(place)/found", stopAfter: 1) == .interrupted)
    #expect(desk.errors.contains("what was found is lost") && desk.output.isEmpty)
  }

  @Test("a terminal is shown how many of the mechanisms found are explored")
  func bar() throws {
    let desk = try Desk()
    #expect(desk.run("--limit", "60", isTerminal: true) == .failure)
    let bar = String(repeating: ".", count: 30)
    #expect(desk.errors.contains("\rtaxonomy: [\(bar)] 0 of 1 mechanisms explored"))
    #expect(desk.errors.contains("\rtaxonomy: [#"))
  }
}
