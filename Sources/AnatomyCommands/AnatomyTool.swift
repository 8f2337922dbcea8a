/// The executable: finds the command and runs it.
public enum AnatomyTool {
  /// The version, as CHANGELOG.md counts.
  public static let version = "0.1.0"

  static var commands: [any Command.Type] {
    [
      CheckCommand.self, FormatCommand.self, ShowCommand.self, EqualCommand.self,
      RewriteCommand.self, RelateCommand.self, VerifyCommand.self, EvaluateCommand.self,
      TaxonomyCommand.self, ClassifyCommand.self, EnumerateCommand.self,
    ]
  }

  /// Runs `anatomy` with the words after its name.
  public static func run(_ words: [String], console: Console) -> ExitCode {
    guard let first = words.first else {
      console.report(overview)
      return .usage
    }
    switch first {
    case "--help", "-h", "help":
      if let command = commands.first(where: { $0.name == words.dropFirst().first }) {
        console.write(command.help)
      } else {
        console.write(overview)
      }
      return .success
    case "--version":
      console.writeLine("anatomy \(version)")
      return .success
    default: return run(first, Array(words.dropFirst()), console)
    }
  }

  private static func run(_ name: String, _ words: [String], _ console: Console) -> ExitCode {
    guard let command = commands.first(where: { $0.name == name }) else {
      let known = commands.map { $0.name }.joined(separator: ", ")
      console.report("anatomy: there is no command '\(name)'; there are \(known)\n")
      return .usage
    }
    if words.contains("--help") || words.contains("-h") {
      console.write(command.help)
      return .success
    }
    do {
      let arguments = try Arguments(words, options: command.options + Option.common)
      var console = console
      console.isQuiet = arguments.has("--quiet")
      return try command.run(arguments, console)
    } catch {
      report(error, of: command, console)
      return error.code
    }
  }

  private static func report(
    _ failure: CommandFailure, of command: any Command.Type, _ console: Console
  ) {
    guard !failure.message.isEmpty else { return }
    console.report("anatomy \(command.name): \(failure.message)\n")
    if failure.code == .usage {
      console.report("usage: anatomy \(command.name) \(command.usage)\n")
      console.report("see 'anatomy \(command.name) --help'\n")
    }
  }

  private static var overview: String {
    let width = commands.map { $0.name.count }.max() ?? 0
    let lines = commands.map { command in
      let padding = String(repeating: " ", count: width - command.name.count)
      return "  \(command.name)\(padding)  \(command.summary)"
    }
    return """
      anatomy: string diagrams of neural architectures, checked, rewritten and evaluated

      usage: anatomy COMMAND …

      commands:
      \(lines.joined(separator: "\n"))

      'anatomy COMMAND --help' says more; 'anatomy --version' prints the version.
      example: anatomy check Diagrams/Attention/dot_product_attention.diagram

      """
  }
}
