import DiagramIR
import Interchange
import Rewriting

/// `anatomy relate`: searches for the strongest relation between two diagrams.
enum RelateCommand: Command {
  static let name = "relate"
  static let usage = "FILE A B [--rules FILE…] [--limit N] [-o OUT]"
  static let summary = "searches for the strongest relation between two diagrams"
  static let discussion = """
    The diagrams are compared up to the laws of SIMD boxes, all uses unfolded; then a chain of the exact rules of
    --rules is searched for, from both ends and in both directions; then diagrams that make one of the two the other when
    they take the place of its learned boxes. What is found is printed as a file of derivations, which 'anatomy
    verify' replays; each is replayed before it is printed. Exits with 1 when nothing is found, which proves nothing.
    """
  static let example =
    "relate Diagrams/Attention/linear_attention.diagram linear_attention_quadratic linear_attention"
  static let options: [Option] = [
    .several(
      "--rules", "FILE",
      "exact rules to use, as paths or as names of the library (all rules of the library)"),
    .one("--limit", "N", "find no more than N diagrams (\(RelationSearch.defaultLimit))"),
    .flag("--json", "print the answer as JSON"),
    .one("-o", "OUT", "write the derivations to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 3 else { throw .usage("give a file and two diagrams") }
    let path = arguments.positionals[0]
    try arguments.checkEnding(.language("relate"))
    try arguments.checkDestinations("-o")
    let rulePaths =
      arguments.has("--rules")
      ? try Workspace.rulePaths(arguments.values("--rules"), arguments)
      : LibraryFiles(libraries: arguments.values("--library")).ruleFiles
    let workspace = try Workspace([path] + rulePaths, arguments, console)
    let left = try workspace.definition(arguments.positionals[1], in: path)
    let right = try workspace.definition(arguments.positionals[2], in: path)
    let limit = try arguments.count("--limit") ?? RelationSearch.defaultLimit
    let progress = Progress("relate", of: limit, unit: "diagram", on: console)
    let search = RelationSearch(
      workspace.environment, rules: workspace.exactRules(of: rulePaths), limit: limit,
      progress: { progress.reached(limit - $0) })
    let finding: RelationFinding
    do { finding = try search.relation(from: left.diagram, to: right.diagram) } catch {
      throw .failure("\(error)")
    }
    try progress.finish()
    var derivations = RelationDerivations(
      left: left, right: right, path: path, place: arguments.value("-o") ?? path,
      workspace: workspace)
    guard let found = try derivations.result(for: finding) else {
      return try reportNothing(finding, left, right, arguments, console)
    }
    return try report(found.relation, found.text, left, right, arguments, console)
  }

  private static func report(
    _ relation: Relation, _ text: String, _ left: Definition, _ right: Definition,
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let answer = "\(left.symbol.name) \(relation.rawValue) \(right.symbol.name)"
    if arguments.has("-o") { try arguments.deliver(text, console) }
    if arguments.has("--json") {
      console.writeLine(json(left, right, relation, text).compactText)
    } else if arguments.has("-o") {
      console.writeLine(answer)
    } else {
      console.write("# \(answer)\n\n\(text)")
    }
    return .success
  }

  private static func reportNothing(
    _ finding: RelationFinding, _ left: Definition, _ right: Definition, _ arguments: Arguments,
    _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    if arguments.has("--json") {
      console.writeLine(json(left, right, nil, nil).compactText)
      return .failure
    }
    var mend = "nothing is left to try with these rules: give others with --rules"
    if case .nothing(reachedLimit: true) = finding {
      mend = "the limit is reached: raise --limit, or give fewer rules with --rules"
    }
    throw .failure(
      "no relation found between '\(left.symbol.name)' and '\(right.symbol.name)'; \(mend)")
  }

  private static func json(
    _ left: Definition, _ right: Definition, _ relation: Relation?, _ text: String?
  ) -> JSONValue {
    .object([
      "left": .string(left.symbol.name), "right": .string(right.symbol.name),
      "relation": relation.map { .string($0.rawValue) } ?? .null,
      "derivation": text.map { .string($0) } ?? .null,
    ])
  }
}
