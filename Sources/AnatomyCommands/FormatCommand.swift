import Diagnostics
import DiagramText
import Interchange

/// `anatomy format`: gives files the canonical layout.
enum FormatCommand: Command {
  static let name = "format"
  static let usage = "[--check] FILE…"
  static let summary = "gives files the canonical layout, in place"
  static let discussion =
    "Comments and single blank lines stay. A file with faults of syntax is left as it is."
  static let example = "format --check Rules/tensor.rules"
  static let options: [Option] = [
    .flag("--check", "change nothing; exit with 1 and name the files that would change")
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard !arguments.positionals.isEmpty else { throw .usage("give at least one file") }
    var result = ExitCode.success
    for path in arguments.positionals {
      let changed = try format(path, isCheck: arguments.has("--check"), console)
      if changed == nil || (changed == true && arguments.has("--check")) { result = .failure }
    }
    return result
  }

  /// Whether the file's layout changes; `nil` when it has faults.
  private static func format(
    _ path: String, isCheck: Bool, _ console: Console
  ) throws(CommandFailure) -> Bool? {
    let source: SourceText
    do { source = SourceText(path: path, bytes: try FileBytes.read(path)) } catch {
      throw .failure("\(error)")
    }
    let (tree, diagnostics) = SyntaxTree.parse(source)
    guard diagnostics.isEmpty else {
      console.report(DiagnosticRenderer.render(diagnostics, of: source))
      return nil
    }
    let bytes = Formatter.formattedBytes(tree)
    guard bytes != source.bytes else { return false }
    if isCheck {
      console.writeLine(path)
    } else {
      do { try FileBytes.replace(path, with: bytes) } catch { throw .failure("\(error)") }
      console.note("formatted \(path)")
    }
    return true
  }
}
