import DiagramIR
import Interchange
import Rewriting

/// `anatomy equal`: compares two diagrams up to isomorphism.
enum EqualCommand: Command {
  static let name = "equal"
  static let usage = "FILE A B [--modulo RULES…] [--limit N]"
  static let summary = "says whether two diagrams are equal"
  static let discussion = """
    Diagrams are equal when they differ in names, in the order of statements and in nothing else. With --modulo,
    both are first rewritten by the exact rules of a rule file, left to right, as long as one applies; RULES is
    a path or the name of a file of the library, or a law that is known without a file: simd, share, discard.
    """
  static let example =
    "equal Diagrams/Algebra/products.diagram left_comb right_comb --modulo monoid"
  static let options: [Option] = [
    .several("--modulo", "RULES", "normalize both by these rule files first"),
    .one("--limit", "N", "take at most N steps to normalize (\(Strategy.defaultLimit))"),
    .flag("--json", "print the answer as JSON"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 3 else { throw .usage("give a file and two diagrams") }
    let path = arguments.positionals[0]
    let words = arguments.values("--modulo")
    let builtIn = Law.builtIn.filter { words.contains($0.name) }
    let files = words.filter { word in !builtIn.contains { $0.name == word } }
    let rulePaths = try Workspace.rulePaths(files, arguments)
    let workspace = try Workspace([path] + rulePaths, arguments, console)
    let left = try workspace.definition(arguments.positionals[1], in: path)
    let right = try workspace.definition(arguments.positionals[2], in: path)
    let laws =
      workspace.exactRules(of: rulePaths).map { Law.rule($0.symbol) } + builtIn.map(\.law)
    let limit = try arguments.count("--limit") ?? Strategy.defaultLimit
    let progress = Progress("equal", unit: "step", on: console)
    let comparison: Comparison
    do {
      comparison = try Rewriter(workspace.environment).compare(
        left.diagram, right.diagram, modulo: laws, limit: limit, goingOn: progress.reached)
    } catch {
      try progress.finish()
      throw .failure("\(error)")
    }
    try progress.finish()
    if comparison.reachedLimit {
      throw .failure(
        "after \(limit) steps rules still apply, so nothing is known; they may not terminate, or raise --limit"
      )
    }
    if arguments.has("--json") {
      console.writeLine(JSONValue.object(["equal": .bool(comparison.isEqual)]).compactText)
    } else {
      console.writeLine(comparison.isEqual ? "equal" : "not equal")
    }
    return comparison.isEqual ? .success : .failure
  }
}
