import DiagramIR
import Interchange
import Rewriting
import Taxonomies
import TensorInterpretation

/// `anatomy enumerate`: every term over some generators, as a diagram.
enum EnumerateCommand: Command {
  static let name = "enumerate"
  static let usage = "FILE NAME [--boxes N] [--limit N] [--json] [-o OUT]"
  static let summary = "recombines generators exhaustively, and leaves out what is redundant"
  static let discussion = """
    NAME is an enumeration of the file: it says which boxes are recombined and what each stands for, how many of them a
    term has at most, and which exact rules make terms redundant. One line is printed for each mechanism: its
    number, its term, the classes of its generators, its parameters, its digest, and the diagram of the library that it
    is, if there is one. Fewer boxes come first, then the order of prefix notation, in which generators stand as the
    enumeration lists them, before variables. -o writes all of them as diagrams.
    """
  static let example = "enumerate Diagrams/recombination.diagram fourteen"
  static let options: [Option] = [
    .one("--boxes", "N", "allow N boxes in a term, instead of what the enumeration says"),
    .one("--limit", "N", "give up at N terms (\(TermEnumeration.defaultLimit))"),
    .several(
      "--names", "FILE", "name mechanisms after the diagrams of these files (the library's)"),
    .flag("--json", "print the answer as JSON"),
    .one("-o", "OUT", "write the mechanisms as diagrams to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of an enumeration")
    }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    try arguments.checkEnding(.language("enumerate"))
    try arguments.checkDestinations("-o")
    let names =
      arguments.has("--names")
      ? arguments.values("--names")
      : LibraryFiles(libraries: arguments.values("--library")).diagramPaths
    let workspace = try Workspace([path] + names, arguments, console)
    let enumeration = try enumeration(name, in: path, workspace)
    let recombination = try Recombination(enumeration, path, workspace, arguments)
    let boxes = try arguments.count("--boxes") ?? enumeration.boxes
    let mechanisms = try recombination.mechanisms(
      boxes: boxes, limit: try arguments.count("--limit") ?? TermEnumeration.defaultLimit)
    if arguments.has("-o") {
      let text = try StandaloneText(workspace, path: path, place: arguments.value("-o"))
        .file(mechanisms.map(\.definition))
      try arguments.deliver(text, console)
    }
    if arguments.has("--json") {
      console.writeLine(JSONValue.array(mechanisms.map(\.json)).compactText)
    } else {
      console.write(Mechanism.table(mechanisms))
      console.writeLine("\(mechanisms.count) mechanism\(mechanisms.count == 1 ? "" : "s")")
    }
    return .success
  }

  private static func enumeration(
    _ name: String, in path: String, _ workspace: Workspace
  ) throws(CommandFailure) -> Enumeration {
    let module = workspace.moduleName(of: path)
    let own = workspace.environment.enumerations.filter { $0.symbol.module == module }
    if let found = own.first(where: { $0.symbol.name == name }) { return found }
    let known =
      own.isEmpty ? "" : "; it has \(own.map(\.symbol.name).sorted().joined(separator: ", "))"
    throw .failure("there is no enumeration '\(name)' in \(path)\(known)")
  }
}

/// A term and the diagram that it stands for.
struct Mechanism {
  let definition: Definition
  let term: String
  /// The classes of its generators.
  let kind: String
  let parameters: Size
  /// The diagrams of the library that it is.
  let names: [String]

  /// One line for each.
  static func table(_ mechanisms: [Mechanism]) -> String {
    let rows = mechanisms.map { mechanism in
      [
        mechanism.definition.symbol.name, mechanism.term, mechanism.kind,
        "\(mechanism.parameters)", "\(mechanism.definition.diagram.digest())",
        mechanism.names.joined(separator: ", "),
      ]
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      let line = cells.joined(separator: "  ")
      return line.prefix(
        line.lastIndex { $0 != " " }.map { line.distance(from: line.startIndex, to: $0) + 1 } ?? 0)
        + "\n"
    }.joined()
  }

  /// For programs.
  var json: JSONValue {
    .object([
      "name": .string(definition.symbol.name), "term": .string(term), "class": .string(kind),
      "parameters": .string("\(parameters)"),
      "digest": .string("\(definition.diagram.digest())"),
      "names": .array(names.map { .string($0) }),
    ])
  }
}
