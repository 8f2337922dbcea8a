import AnatomyCommands
import Testing

/// What long work shows on a terminal, and how ^C ends it.
struct ProgressTests {
  /// A console with a clock that goes on by a step whenever it is asked, and ^C pressed after so many questions.
  private final class Desk {
    var (output, errors) = ("", "")
    private var time = Duration.zero
    private var questions = 0
    private(set) var listening = 0

    func run(
      _ words: String..., tick: Duration = .milliseconds(300), stopAfter: Int = .max,
      isTerminal: Bool = true
    ) -> ExitCode {
      let terminal = Terminal {
        self.time += tick
        return self.time
      }
      let interruption = Interruption(
        listen: { self.listening += 1 },
        isRequested: {
          self.questions += 1
          return self.questions > stopAfter
        },
        rest: { self.listening -= 1 })
      let console = Console(
        output: { self.output += $0 }, error: { self.errors += $0 },
        terminal: isTerminal ? terminal : nil, interruption: interruption)
      return AnatomyTool.run(words, console: console)
    }
  }

  private static let products = "\(Repository.root)/Diagrams/Algebra/products.diagram"
  private static let rules = "\(Repository.root)/Rules/scalar_laws.rules"

  @Test("a terminal is shown how far the work is, and the line is taken away at the end")
  func bar() {
    let desk = Desk()
    #expect(desk.run("verify", "--rules", Self.rules) == .success)
    #expect(desk.errors.contains("\rverify: [##"))
    #expect(desk.errors.contains(" of 45 rules\u{1B}[K"))
    #expect(desk.errors.hasSuffix("\r\u{1B}[K"))
    #expect(!desk.output.contains("\r"))
    #expect(desk.listening == 0)
  }

  @Test("work of unknown length is shown as a count")
  func count() throws {
    let folder = try TemporaryFolder()
    let desk = Desk()
    #expect(
      desk.run(
        "rewrite", Self.products, "comb_with_units", "--rules", "monoid", "--derivation",
        "\(folder.path)/steps.diagram", tick: .seconds(1)) == .success)
    #expect(desk.errors.contains("\rrewrite: 1 step\u{1B}[K"))
    #expect(desk.errors.contains("\rrewrite: 2 steps\u{1B}[K"))
    #expect(desk.errors.contains("steps\u{1B}[K\r\u{1B}[Kwrote"))
    #expect(desk.listening == 0)
  }

  @Test("quick work, --quiet, and a file in place of a terminal show nothing")
  func silence() {
    let quick = Desk()
    #expect(quick.run("verify", "--rules", Self.rules, tick: .milliseconds(1)) == .success)
    #expect(quick.errors.isEmpty)
    let quiet = Desk()
    #expect(quiet.run("verify", "--rules", Self.rules, "--quiet") == .success)
    #expect(quiet.errors.isEmpty)
    let file = Desk()
    #expect(file.run("verify", "--rules", Self.rules, isTerminal: false) == .success)
    #expect(file.errors.isEmpty)
  }

  @Test("^C ends long work with 130, a message, and nothing written")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let (result, derivation) = ("\(folder.path)/result.diagram", "\(folder.path)/steps.diagram")
    let desk = Desk()
    let code = desk.run(
      "rewrite", Self.products, "comb_with_units", "--rules", "monoid", "-o", result,
      "--derivation", derivation, tick: .zero, stopAfter: 1)
    #expect(code == .interrupted && code.rawValue == 130)
    #expect(desk.errors == "anatomy rewrite: stopped by ^C after 2 steps; nothing was written\n")
    #expect(desk.output.isEmpty && desk.listening == 0)
    #expect(Repository.bytes(result).isEmpty && Repository.bytes(derivation).isEmpty)
    let whole = Desk()
    #expect(
      whole.run(
        "rewrite", Self.products, "comb_with_units", "--rules", "monoid", "-o", result,
        "--derivation", derivation) == .success)
    #expect(!Repository.bytes(result).isEmpty && !Repository.bytes(derivation).isEmpty)
  }

  @Test("every command with long work hears of ^C")
  func commands() {
    let lists: [[String]] = [
      ["verify", "--rules", Self.rules], ["verify", Self.products],
      ["check", "--confluence", Self.rules],
      ["equal", Self.products, "left_comb", "right_comb", "--modulo", "monoid"],
    ]
    for words in lists {
      let desk = Desk()
      let console = Console(
        output: { desk.output += $0 }, error: { desk.errors += $0 },
        interruption: Interruption(isRequested: { true }))
      #expect(AnatomyTool.run(words, console: console) == .interrupted, "\(words)")
      #expect(desk.output.isEmpty)
      #expect(desk.errors.contains("stopped by ^C after 0"), "\(desk.errors)")
    }
  }
}
