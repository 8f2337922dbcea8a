import Diagnostics
import DiagramIR
import DiagramText
import Interchange
import Rewriting

/// `anatomy verify`: replays derivations step by step.
enum VerifyCommand: Command {
  static let name = "verify"
  static let usage = "[--rules] FILE… [--as lines|markdown|latex]"
  static let summary = "replays derivations step by step, and says what each proves"
  static let discussion = """
    Every step of every derivation in the files is taken again. The relation that a derivation proves follows
    from its steps; one that claims more is refused. Where it claims ==, both ends are then evaluated on random
    tensors. With --rules, every exact rule that the files declare is evaluated on random tensors instead, at several
    sizes; for a false one it is said at which sizes the sides differ, and whether there are sizes where they don't.
    """
  static let example = "verify Diagrams/Derivations/linear_attention_reassociated.diagram"
  static let options: [Option] = [
    .flag("--rules", "evaluate the rules of the files instead of replaying derivations"),
    .flag("--steps", "print what each step does"),
    .one("--as", "FORM", "lines, or for derivations a markdown or latex table (lines)"),
    .one("--seed", "N", "draw random tensors from this seed (1)"),
    .flag("--json", "print the answers as JSON"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let paths = arguments.positionals
    guard !paths.isEmpty else { throw .usage("give at least one file") }
    let table = try tableForm(arguments)
    let workspace = try Workspace(paths, arguments, console)
    let seed = UInt64(try arguments.count("--seed") ?? 1)
    let verdicts =
      arguments.has("--rules")
      ? try rules(of: paths, workspace, seed, console)
      : try derivations(of: paths, workspace, seed, console)
    if arguments.has("--json") {
      console.writeLine(JSONValue.array(verdicts.map(\.json)).compactText)
    } else if let table {
      for verdict in verdicts { verdict.reportRefusal(console) }
      console.write(VerdictTable(verdicts).text(table))
    } else {
      for verdict in verdicts { verdict.print(console, showsSteps: arguments.has("--steps")) }
      if arguments.has("--rules"), !verdicts.isEmpty {
        console.writeLine(Verdict.summary(verdicts))
      }
      if verdicts.isEmpty {
        console.note(
          "nothing to verify: no \(arguments.has("--rules") ? "rules" : "derivations") here")
      }
    }
    return verdicts.allSatisfy(\.isAccepted) ? .success : .failure
  }

  /// The table that is asked for; `nil` for lines.
  private static func tableForm(
    _ arguments: Arguments
  ) throws(CommandFailure) -> VerdictTable.Form? {
    guard let name = arguments.value("--as"), name != "lines" else { return nil }
    guard let form = VerdictTable.Form(rawValue: name) else {
      throw .usage("--as takes lines, markdown or latex, and not '\(name)'")
    }
    guard !arguments.has("--rules"), !arguments.has("--steps"), !arguments.has("--json") else {
      throw .usage("a table is of derivations, without --rules, --steps and --json")
    }
    return form
  }

  private static func rules(
    of paths: [String], _ workspace: Workspace, _ seed: UInt64, _ console: Console
  ) throws(CommandFailure) -> [Verdict] {
    let rules = paths.flatMap { path in
      let module = workspace.moduleName(of: path)
      return workspace.environment.rules.filter { $0.symbol.module == module }
    }
    let progress = Progress("verify", of: rules.count, unit: "rule", on: console)
    var verdicts: [Verdict] = []
    for rule in rules {
      guard progress.reached(verdicts.count) else { break }
      verdicts.append(Verdict(evaluating: rule, workspace, seed))
    }
    try progress.finish()
    return verdicts
  }

  private static func derivations(
    of paths: [String], _ workspace: Workspace, _ seed: UInt64, _ console: Console
  ) throws(CommandFailure) -> [Verdict] {
    let derivations = paths.flatMap { path in
      let module = workspace.moduleName(of: path)
      return workspace.environment.derivations.filter { $0.symbol.module == module }
        .map { (derivation: $0, path: path) }
    }
    let checker = DerivationChecker(
      workspace.environment, sharing: derivations.map(\.derivation))
    let progress = Progress(
      "verify", of: derivations.reduce(0) { $0 + $1.derivation.steps.count }, unit: "step",
      on: console)
    var (verdicts, steps): ([Verdict], Int) = ([], 0)
    for (derivation, path) in derivations {
      guard progress.reached(steps) else { break }
      let before = steps
      verdicts.append(
        Verdict(replaying: derivation, by: checker, workspace, seed, path) {
          progress.reached(before + $0)
        })
      steps += derivation.steps.count
    }
    try progress.finish()
    return verdicts
  }
}
