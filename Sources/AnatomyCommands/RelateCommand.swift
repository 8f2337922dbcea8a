import DiagramIR
import Interchange
import Rewriting

/// `anatomy relate`: searches for the strongest relation between two diagrams.
enum RelateCommand: Command {
  static let name = "relate"
  static let usage = "FILE A B [--rules FILE…] [--limit N] [-o OUT]"
  static let summary = "searches for the strongest relation between two diagrams"
  static let discussion = """
    First a chain of the exact rules in the files of --rules is searched for, in both directions; then the diagrams
    are compared up to the laws of SIMD boxes; then diagrams are searched for that make one of them the other when
    they take the place of its learned boxes. What is found is printed as a file of derivations, which
    'anatomy verify' replays; each is replayed before it is printed. Finding nothing proves nothing.
    """
  static let example =
    "relate Diagrams/Attention/linear_attention.diagram linear_attention_quadratic linear_attention --rules tensor_laws"
  static let options: [Option] = [
    .several("--rules", "FILE", "exact rules to use, as paths or as names of the library"),
    .one(
      "--limit", "N",
      "look at no more than N diagrams in each search (\(RelationSearch.defaultBudget))"),
    .flag("--json", "print the answer as JSON"),
    .one("-o", "OUT", "write the derivations to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 3 else { throw .usage("give a file and two diagrams") }
    let path = arguments.positionals[0]
    try arguments.checkDestinations("-o")
    let rulePaths = try Workspace.rulePaths(arguments.values("--rules"), arguments)
    let workspace = try Workspace([path] + rulePaths, arguments, console)
    let left = try workspace.definition(arguments.positionals[1], in: path)
    let right = try workspace.definition(arguments.positionals[2], in: path)
    let search = RelationSearch(
      workspace.environment, rules: workspace.exactRules(of: rulePaths),
      budget: try arguments.count("--limit") ?? RelationSearch.defaultBudget)
    let finding: RelationFinding
    do { finding = try search.relation(from: left.diagram, to: right.diagram) } catch {
      throw .failure("\(error)")
    }
    guard let relation = finding.relation, let way = finding.way else {
      return try reportNothing(finding, left, right, arguments, console)
    }
    let derivations = RelationDerivations(
      left: left, right: right, path: path, place: arguments.value("-o") ?? path,
      workspace: workspace)
    let answer = "\(left.symbol.name) \(relation.rawValue) \(right.symbol.name)"
    if arguments.has("--json") {
      console.writeLine(json(left, right, relation).compactText)
      guard arguments.has("-o") else { return .success }
    }
    let text = try derivations.text(for: way)
    if arguments.has("-o") {
      if !arguments.has("--json") { console.writeLine(answer) }
    } else {
      console.writeLine("# \(answer)\n")
    }
    try arguments.deliver(text, console)
    return .success
  }

  private static func reportNothing(
    _ finding: RelationFinding, _ left: Definition, _ right: Definition, _ arguments: Arguments,
    _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    if arguments.has("--json") {
      console.writeLine(json(left, right, nil).compactText)
      return .failure
    }
    let mend =
      finding.isBudgetSpent
      ? "the budget is spent: raise --limit, or give fewer rules with --rules"
      : "nothing is left to try with these rules: give others with --rules"
    throw .failure(
      "no relation found between '\(left.symbol.name)' and '\(right.symbol.name)'; \(mend)")
  }

  private static func json(
    _ left: Definition, _ right: Definition, _ relation: Relation?
  ) -> JSONValue {
    .object([
      "left": .string(left.symbol.name), "right": .string(right.symbol.name),
      "relation": relation.map { .string($0.rawValue) } ?? .null,
    ])
  }
}
