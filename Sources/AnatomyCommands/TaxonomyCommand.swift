import DiagramIR
import Drawing
import Interchange
import Rewriting
import Taxonomies

/// `anatomy taxonomy`: everything that rules make of a diagram, as a graph.
enum TaxonomyCommand: Command {
  static let name = "taxonomy"
  static let usage =
    "FILE NAME --rules FILE… [--only RULE,…] [--names FILE…] [--modulo RULE,…] [--limit N] [--checkpoint FILE] [--all] [--path NAME] [-o OUT]"
  static let summary = "finds everything that rules make of a diagram, and how it compares"
  static let discussion = """
    The rules of the files of --rules, or those of them that --only names, are applied left to right to the diagram
    and to all that comes out. Two drawings are one mechanism when they are isomorphic once definitions are
    unfolded and lanes brought into one form, modulo the laws of drawings.rules (what softmax subtracts makes no
    difference) and the exact laws of --modulo. Mechanisms are called after the diagrams of --names (the library's),
    others after the rules that lead to them. The graph is DOT, or JSON when OUT ends in .json, a web page that needs
    nothing else when it ends in .html, or an SVG drawn by Graphviz when it ends in .svg; edges that follow from others are left out unless --all is given. --path prints the
    derivation that leads to a mechanism instead. With --checkpoint, what was found is kept in a file now and then, at
    the end and after ^C, and a later call goes on from there.
    """
  static let example =
    "taxonomy Diagrams/Roots/roots.diagram primordial --rules taxonomy -o taxonomy.dot"
  static let options: [Option] = [
    .several("--rules", "FILE", "rule files, as paths or as names of the library"),
    .several("--only", "RULE,…", "use these rules only, in this order"),
    .several("--names", "FILE", "name mechanisms after the diagrams of these files"),
    .several("--modulo", "RULE,…", "count diagrams with one normal form by these laws as one"),
    .one("--limit", "N", "find N mechanisms at most (\(TaxonomySearch.defaultLimit))"),
    .one("--checkpoint", "FILE", "keep what was found in FILE; go on from it if it is there"),
    .flag("--all", "draw edges that follow from others too"),
    .one("--path", "NAME", "print the derivation that leads to the mechanism of this name"),
    .one("-o", "OUT", "write to a file: .dot, .json, .html or .svg"),
  ]

  /// How many mechanisms are drawn at most, as a page or by Graphviz.
  private static let drawnLimit = TaxonomySearch.defaultLimit

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    guard arguments.has("--rules") else { throw .usage("give rules with --rules") }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    let form = try form(arguments)
    try arguments.checkEnding(
      of: "--checkpoint", WrittenForm(writer: "--checkpoint", content: "what was found"))
    try arguments.checkDestinations("-o", "--checkpoint")
    let limit = try arguments.count("--limit") ?? TaxonomySearch.defaultLimit
    if limit > drawnLimit, let drawing = form?.drawing {
      throw .usage(
        "more than \(drawnLimit) mechanisms are not drawn as \(drawing); write .dot or .json, or lower --limit"
      )
    }
    let report = try report(path, name, arguments, console)
    if let goal = arguments.value("--path") {
      try arguments.deliver(try report.derivation(to: goal, arguments.value("-o")), console)
    } else if let form {
      try deliver(report, form, arguments, console)
    }
    console.note(report.summary)
    guard report.checkpointFailure == nil else { throw .reported }
    guard report.taxonomy.reachedLimit else { return .success }
    throw .failure(
      "the rules make more mechanisms than the limit of \(report.limit): what was found is marked as partial; "
        + "take fewer rules with --only, or raise --limit")
  }

  /// How the graph is written; `nil` where `--path` asks for a derivation instead. Refuses what says how a graph is
  /// written then.
  private static func form(_ arguments: Arguments) throws(CommandFailure) -> TaxonomyForm? {
    guard arguments.has("--path") else { return try TaxonomyForm(arguments) }
    if arguments.has("--all") {
      throw .usage(
        "--all says which edges are drawn, and --path prints a derivation; give one of them")
    }
    try arguments.checkEnding(.language("--path"))
    return nil
  }

  private static func report(
    _ path: String, _ name: String, _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> TaxonomyReport {
    let rulePaths = try Workspace.rulePaths(arguments.values("--rules"), arguments)
    let namePaths =
      arguments.has("--names")
      ? arguments.values("--names")
      : LibraryFiles(libraries: arguments.values("--library")).diagramPaths
    let drawings = DrawingLaws(arguments)
    let workspace = try Workspace(
      [path] + rulePaths + namePaths + drawings.paths, arguments, console)
    let root = try workspace.definition(name, in: path)
    let identity = MechanismIdentity(
      workspace.environment, modulo: try laws(arguments.list("--modulo"), workspace, rulePaths),
      drawings: try drawings.rules(in: workspace))
    let limit = try arguments.count("--limit") ?? TaxonomySearch.defaultLimit
    let search = TaxonomySearch(
      try moves(arguments, workspace, rulePaths), identity: identity, limit: limit)
    let (taxonomy, checkpointFailure) = try taxonomy(
      by: search, from: root.diagram, arguments, console)
    let modules = Set(([path] + namePaths).map { workspace.moduleName(of: $0) })
    let known = workspace.environment.definitions.filter {
      modules.contains($0.symbol.module)
        && $0.diagram.domainTypes.count == root.diagram.domain.count
    }
    let names = MechanismNames([root] + known, identity: identity)
    return TaxonomyReport(
      named: NamedTaxonomy(taxonomy: taxonomy, root: root, names: names), workspace: workspace,
      path: path, limit: limit, laws: identity.drawings.laws, checkpointFailure: checkpointFailure)
  }

  /// Runs the search, from the beginning or from where the file of `--checkpoint` ends.
  private static func taxonomy(
    by search: TaxonomySearch, from root: Diagram, _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> (Taxonomy, InterchangeError?) {
    let file = arguments.value("--checkpoint").map {
      TaxonomyCheckpointFile($0, search, from: root, console)
    }
    var taxonomy: Taxonomy
    if let known = try file?.taxonomy() {
      taxonomy = known
    } else {
      do { taxonomy = try search.begin(root) } catch { throw .failure("\(error)") }
    }
    let progress = Progress(
      "taxonomy", unit: "mechanism explored", units: "mechanisms explored", on: console)
    search.extend(&taxonomy) { taxonomy in
      file?.reached(taxonomy)
      return progress.reached(taxonomy.explored, of: taxonomy.nodes.count)
    }
    file?.write(taxonomy)
    try progress.finish(file?.outcome ?? "nothing was written")
    return (taxonomy, file?.failure)
  }

  /// The rules of files, or those of them that --only names, ready to be applied.
  static func moves(
    _ arguments: Arguments, _ workspace: Workspace, _ rulePaths: [String]
  ) throws(CommandFailure) -> [RuleMove] {
    let modules = rulePaths.map { workspace.moduleName(of: $0) }
    var rules = workspace.environment.rules.filter { modules.contains($0.symbol.module) }
    if arguments.has("--only") {
      rules = try arguments.list("--only").map { name throws(CommandFailure) in
        guard let rule = workspace.rule(name, in: rulePaths) else {
          throw .failure("there is no rule '\(name)' in the files of --rules")
        }
        return rule
      }
    }
    var moves: [RuleMove] = []
    for rule in rules {
      do { moves.append(try RuleMove(rule, in: workspace.environment)) } catch {
        throw .failure("\(rule.symbol.name): \(error)")
      }
    }
    return moves
  }

  private static func laws(
    _ names: [String], _ workspace: Workspace, _ rulePaths: [String]
  ) throws(CommandFailure) -> [Law] {
    var laws: [Law] = []
    for name in names {
      guard let rule = workspace.rule(name, in: rulePaths), rule.relation == .equal else {
        throw .failure("--modulo: there is no exact rule '\(name)' in the files of --rules")
      }
      laws.append(.rule(rule.symbol))
    }
    return laws
  }

  /// The numbers of the edges that are shown.
  private static func edges(
    of taxonomy: Taxonomy, _ arguments: Arguments, _ console: Console
  ) -> [Int] {
    if arguments.has("--all") { return Array(taxonomy.edges.indices) }
    let (numbers, isThorough) = taxonomy.reducedEdges()
    if !isThorough {
      console.note(
        "of more than \(Taxonomy.reductionLimit) >= edges only those are left out that follow from two others"
      )
    }
    return numbers
  }

  private static func deliver(
    _ report: TaxonomyReport, _ form: TaxonomyForm, _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) {
    let edges = edges(of: report.taxonomy, arguments, console)
    switch form {
    case .svg:
      var dot: [UInt8] = []
      let output = TextOutput { dot += $0 }
      do {
        try report.writeDOT(edges, to: output)
        try output.flush()
      } catch { throw .failure("\(error)") }
      let svg = try GraphvizProcess.svg(of: String(decoding: dot, as: UTF8.self))
      try arguments.deliver(svg, console)
    case .html: try arguments.deliver(report.page(edges).html(), console)
    case .json, .dot:
      try arguments.deliver(console) { output throws(InterchangeError) in
        if form == .json {
          try report.writeJSON(edges, to: output)
        } else {
          try report.writeDOT(edges, to: output)
        }
      }
    }
  }
}
