import Diagnostics
import DiagramIR
import DiagramText
import Interchange
import Rewriting

/// `anatomy check`: parses and type-checks files.
enum CheckCommand: Command {
  static let name = "check"
  static let usage = "[--confluence] FILE…"
  static let summary = "parses and type-checks files; prints one summary line a file"
  static let discussion = """
    With --confluence, the exact rules that the files declare are taken together and applied left to right: every
    overlap of two left sides is rewritten in both ways, and it is said whether the results come together again,
    and whether rewriting ends.
    """
  static let example = "check Diagrams/Attention/dot_product_attention.diagram"
  static let options: [Option] = [
    .flag("--json", "print the summary and the faults, or the critical pairs, as JSON"),
    .flag("--confluence", "rewrite the overlaps of the exact rules in both ways, and compare"),
    .flag("--overlaps", "print the diagram of every overlap"),
    .one("--limit", "N", "take at most N steps to normalize (\(ConfluenceCheck.defaultLimit))"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard !arguments.positionals.isEmpty else { throw .usage("give at least one file") }
    if arguments.has("--confluence") { return try checkConfluence(arguments, console) }
    for option in ["--overlaps", "--limit"] where arguments.has(option) {
      throw .usage("\(option) goes with --confluence")
    }
    let texts = arguments.positionals.filter { !$0.hasSuffix(".json") }
    var isFaulty = false
    for path in arguments.positionals where path.hasSuffix(".json") {
      let workspace = try Workspace([path], arguments, console)
      if !console.isQuiet, let main = workspace.diagramName(ofJSON: path) {
        console.writeLine("\(path): ok: diagram '\(main)'")
      }
    }
    guard !texts.isEmpty else { return .success }
    let program = Program(
      paths: texts, provider: LibraryFiles(libraries: arguments.values("--library")))
    if arguments.has("--json") {
      console.writeLine(json(program).compactText)
      return program.hasErrors ? .failure : .success
    }
    for path in program.unreadable { console.report("anatomy: can't read '\(path)'\n") }
    for file in program.files where file.isRoot || !file.diagnostics.isEmpty {
      console.report(DiagnosticRenderer.render(file.diagnostics, of: file.source))
      isFaulty = isFaulty || file.hasErrors
      if !console.isQuiet { console.writeLine(line(of: file, program)) }
    }
    return isFaulty || program.hasErrors ? .failure : .success
  }

  private static func line(of file: Program.File, _ program: Program) -> String {
    let errors = file.diagnostics.count { $0.severity == .error }
    if errors > 0 { return "\(file.source.path): \(errors) error\(errors == 1 ? "" : "s")" }
    return "\(file.source.path): ok: \(summary(of: program.environment, module: file.name))"
  }

  /// How many declarations of each kind there are.
  private static func summary(of environment: Environment, module: String) -> String {
    func count(_ symbols: [Symbol], _ noun: String) -> String? {
      let number = symbols.count { $0.module == module }
      return number == 0
        ? nil : "\(number) \(noun)\(number == 1 ? "" : (noun == "box" ? "es" : "s"))"
    }
    let parts = [
      count(environment.sorts, "sort"), count(environment.boxes.map(\.symbol), "box"),
      count(environment.definitions.map(\.symbol), "diagram"),
      count(environment.rules.map(\.symbol), "rule"),
      count(environment.derivations.map(\.symbol), "derivation"),
      count(environment.enumerations.map(\.symbol), "enumeration"),
    ].compactMap { $0 }
    return parts.isEmpty ? "empty" : parts.joined(separator: ", ")
  }

  private static func json(_ program: Program) -> JSONValue {
    let files = program.files.filter { $0.isRoot || !$0.diagnostics.isEmpty }.map { file in
      let faults = file.diagnostics.map { diagnostic in
        let place = file.source.location(of: diagnostic.span.start)
        return JSONValue.object([
          "id": .string(diagnostic.id), "severity": .string(diagnostic.severity.rawValue),
          "line": .integer(place.line), "column": .integer(place.column),
          "message": .string(diagnostic.message),
          "notes": .array(diagnostic.notes.map(JSONValue.string)),
        ])
      }
      return JSONValue.object([
        "path": .string(file.source.path), "ok": .bool(!file.hasErrors), "faults": .array(faults),
      ])
    }
    return .object([
      "files": .array(files),
      "unreadable": .array(program.unreadable.map(JSONValue.string)),
    ])
  }
}

extension Program.File {
  /// Whether anything is wrong with the file itself.
  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
