import DiagramIR
import Interchange
import Rewriting

/// `anatomy rewrite`: applies rules to a diagram.
enum RewriteCommand: Command {
  static let name = "rewrite"
  static let usage =
    "FILE NAME --rules FILE… [--only RULE,…] [--once|--normalize|--steps N] [--derivation OUT] [-o OUT]"
  static let summary = "applies rules to a diagram and prints the result"
  static let discussion = """
    Exact rules apply left to right, the first that matches first, at the first place in an order that doesn't
    depend on names or on the order of statements. FILE is a path or the name of a file of the library. Rules of
    other relations (>=, <=, ~=) apply where --only names them; how the diagram compares with the result is then
    said, and is the claim of the derivation. The
    laws share and discard, those of SIMD and scan boxes (simd.fuse, scan.simd, …) and their normal form, simd,
    are known without a file: name them with --only. Without a strategy the diagram is
    normalized. --unfold and --fold happen before and after.
    """
  static let example =
    "rewrite Diagrams/Attention/linear_attention.diagram linear_attention_quadratic --rules tensor_laws attention --only matmul_assoc,row_sums_matmul"
  static let options: [Option] = [
    .several("--rules", "FILE", "rule files, as paths or as names of the library"),
    .several("--only", "RULE,…", "use these rules or laws only, in this order"),
    .flag("--once", "take one step"),
    .flag("--normalize", "take steps as long as a rule applies (what happens without a strategy)"),
    .one("--steps", "N", "take at most N steps"),
    .one("--limit", "N", "give up normalizing after N steps (\(Strategy.defaultLimit))"),
    .several(
      "--unfold", "NAME,…",
      "first replace uses of these diagrams, or of all, by what they stand for"),
    .several("--fold", "NAME,…", "at last replace what these diagrams stand for by their uses"),
    .one("--derivation", "OUT", "write what was done as a derivation"),
    .one("-o", "OUT", "write the result to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    let strategy = try strategy(arguments)
    try arguments.checkEnding(.language("rewrite"))
    try arguments.checkEnding(of: "--derivation", .language("--derivation"))
    try arguments.checkDestinations("-o", "--derivation")
    let rulePaths = try Workspace.rulePaths(arguments.values("--rules"), arguments)
    let workspace = try Workspace([path] + rulePaths, arguments, console)
    let definition = try workspace.definition(name, in: path)
    let laws = try laws(arguments, workspace, rulePaths)
    var rewriting = Rewriting(
      definition: definition, path: path, workspace: workspace, strategy: strategy,
      recordsSteps: arguments.has("--derivation"))
    try rewriting.unfold(arguments.list("--unfold"))
    try rewriting.apply(laws, console)
    try rewriting.fold(arguments.list("--fold"))
    let result = rewriting.result
    let text = try StandaloneText(workspace, path: path, place: arguments.value("-o"))
      .file([result])
    if let out = arguments.value("--derivation") {
      let derivation = try rewriting.derivationText(at: out)
      do { try FileBytes.replace(out, with: Array(derivation.utf8)) } catch {
        throw .failure("\(error)")
      }
      console.note("wrote \(out)")
    }
    try arguments.deliver(text, console)
    console.note(summary(of: rewriting))
    return .success
  }

  /// How many steps were taken, and what they prove when that is less than equality.
  private static func summary(of rewriting: Rewriting) -> String {
    let (name, count) = (rewriting.definition.symbol.name, rewriting.stepCount)
    let steps = "\(name): \(count) step\(count == 1 ? "" : "s")"
    guard rewriting.relation != .equal else { return steps }
    let cited = rewriting.citations.map { ", citing \"\($0)\"" }.joined()
    return "\(steps); \(name) \(rewriting.relation.rawValue) the result\(cited)"
  }

  private static func strategy(_ arguments: Arguments) throws(CommandFailure) -> Strategy {
    let given = ["--once", "--normalize", "--steps"].filter { arguments.has($0) }
    guard given.count <= 1 else {
      throw .usage("\(given.joined(separator: " and ")) exclude each other")
    }
    if arguments.has("--once") { return .once }
    if let steps = try arguments.count("--steps") { return .steps(steps) }
    return .normalize(limit: try arguments.count("--limit") ?? Strategy.defaultLimit)
  }

  private static func laws(
    _ arguments: Arguments, _ workspace: Workspace, _ rulePaths: [String]
  ) throws(CommandFailure) -> [Law] {
    guard arguments.has("--only") else {
      let laws = workspace.exactRules(of: rulePaths).map { Law.rule($0.symbol) }
      guard laws.isEmpty, !arguments.has("--unfold"), !arguments.has("--fold") else { return laws }
      if arguments.has("--rules") {
        throw .failure(
          "the files of --rules have no exact rules (==); rules of other relations are applied when "
            + "--only names them")
      }
      throw .usage("give rules with --rules, or laws such as discard with --only")
    }
    return try chosenLaws(arguments, workspace, rulePaths)
  }

  /// The laws that `--only` names, in its order.
  private static func chosenLaws(
    _ arguments: Arguments, _ workspace: Workspace, _ rulePaths: [String]
  ) throws(CommandFailure) -> [Law] {
    var laws: [Law] = []
    for name in arguments.list("--only") {
      if let rule = workspace.rule(name, in: rulePaths) {
        laws.append(.rule(rule.symbol))
      } else if let builtIn = Law.builtIn.first(where: { $0.name == name }) {
        laws.append(builtIn.law)
      } else {
        throw .failure(
          "there is no rule '\(name)' in the files of --rules, and no law of that name")
      }
    }
    return laws
  }
}
