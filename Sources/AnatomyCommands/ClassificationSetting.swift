import DiagramIR
import Rewriting
import Taxonomies

/// What a diagram is compared with: known mechanisms of its interface, and the rules that make more of a root.
struct ClassificationSetting {
  /// A diagram of a file, with the subject's names for the sizes of its interface.
  struct Known {
    let definition: Definition
    let mechanism: MechanismForm
  }

  let workspace: Workspace
  /// The file with the subject.
  let path: String
  let subject: Definition
  let identity: MechanismIdentity
  /// The root, for the subject's interface; `nil` where none fits.
  let root: Definition?
  let moves: [RuleMove]
  /// Known diagrams that take and give what the subject does, in the order of their files.
  let known: [Known]
  /// The exact rules of the library.
  let rules: [Rule]

  /// Reads the files that the arguments name, or those of the library.
  init(_ arguments: Arguments, _ console: Console) throws(CommandFailure) {
    path = arguments.positionals[0]
    let library = LibraryFiles(libraries: arguments.values("--library"))
    let roots = try RootChoice(arguments, library)
    let names = arguments.has("--names") ? arguments.values("--names") : library.diagramPaths
    let taxonomyRules = try Workspace.rulePaths(
      arguments.has("--rules")
        ? arguments.values("--rules") : ["taxonomy", "taxonomy_sequences"], arguments)
    let drawings = DrawingLaws(arguments)
    workspace = try Workspace(
      [path] + taxonomyRules + library.ruleFiles + names + roots.paths + drawings.paths, arguments,
      console)
    subject = try workspace.definition(arguments.positionals[1], in: path)
    guard subject.diagram.doctrine == .cartesian else {
      throw .failure(
        "'\(subject.symbol.name)' is a \(subject.diagram.doctrine.rawValue) diagram: "
          + "mechanisms are cartesian ones")
    }
    identity = MechanismIdentity(
      workspace.environment, drawings: try drawings.rules(in: workspace))
    root = try roots.root(for: subject, in: workspace)
    moves =
      root == nil ? [] : try TaxonomyCommand.moves(arguments, workspace, taxonomyRules)
    rules = workspace.exactRules(of: library.ruleFiles)
    known = Self.known(names, besides: roots.paths, subject, identity, workspace)
    guard root != nil || !known.isEmpty else {
      throw .failure(roots.misfit(subject, in: workspace))
    }
  }

  private static func known(
    _ paths: [String], besides roots: [String], _ subject: Definition,
    _ identity: MechanismIdentity, _ workspace: Workspace
  ) -> [Known] {
    let modules = Set(paths.map { workspace.moduleName(of: $0) })
      .subtracting(roots.map { workspace.moduleName(of: $0) })
    let (domain, codomain) = (subject.diagram.domainTypes, subject.diagram.codomainTypes)
    return workspace.environment.definitions.compactMap { definition in
      guard modules.contains(definition.symbol.module), definition.symbol != subject.symbol,
        definition.diagram.doctrine == .cartesian,
        let diagram = definition.diagram.instance(domain: domain, codomain: codomain),
        let mechanism = try? MechanismForm(diagram, identity)
      else { return nil }
      return Known(definition: definition, mechanism: mechanism)
    }
  }
}

/// Where a taxonomy may begin.
struct RootChoice {
  private static let library = "roots"
  private static let names = ["primordial", "primordial_within"]
  /// The file with the roots.
  let paths: [String]
  private let names: [String]
  private let isGiven: Bool

  /// The root of `--root`, or those of the library.
  init(_ arguments: Arguments, _ files: LibraryFiles) throws(CommandFailure) {
    isGiven = arguments.has("--root")
    guard let word = arguments.value("--root") else {
      paths = files.locate(inLibrary: Self.library).map { [$0] } ?? []
      names = paths.isEmpty ? [] : Self.names
      return
    }
    guard let colon = word.lastIndex(of: ":"), colon != word.startIndex,
      word.index(after: colon) != word.endIndex
    else { throw .usage("--root takes FILE:NAME, and '\(word)' is not of this form") }
    paths = [String(word[..<colon])]
    names = [String(word[word.index(after: colon)...])]
  }

  /// The first root that can take and give what a diagram does, with the diagram's names for sizes.
  ///
  /// It keeps its own name when only names of sizes differ.
  func root(
    for subject: Definition, in workspace: Workspace
  ) throws(CommandFailure) -> Definition? {
    let (domain, codomain) = (subject.diagram.domainTypes, subject.diagram.codomainTypes)
    for root in try definitions(workspace) {
      guard root.diagram.doctrine == .cartesian,
        let diagram = root.diagram.instance(domain: domain, codomain: codomain)
      else { continue }
      return Definition(symbol: root.symbol, diagram: diagram, resultNames: root.resultNames)
    }
    guard !isGiven else { throw .failure(misfit(subject, in: workspace)) }
    return nil
  }

  private func definitions(_ workspace: Workspace) throws(CommandFailure) -> [Definition] {
    var found: [Definition] = []
    for name in names { found.append(try workspace.definition(name, in: paths[0])) }
    return found
  }

  /// That a diagram has another interface than all it could be compared with, with their types.
  func misfit(_ subject: Definition, in workspace: Workspace) -> String {
    let roots = (try? definitions(workspace)) ?? []
    let types = roots.map { "'\($0.symbol.name)' takes and gives \($0.diagram.interfaceText)" }
    return "nothing to compare '\(subject.symbol.name)' with: it takes and gives "
      + "\(subject.diagram.interfaceText), but \(types.joined(separator: ", "))"
      + (isGiven ? "" : ", and no diagram of the library takes and gives the same")
      + "; give another root with --root FILE:NAME"
  }
}

extension Diagram {
  /// The types of the interface, as the language writes them.
  var interfaceText: String {
    let list = { (types: [WireType]) in types.map(\.description).joined(separator: ", ") }
    return "\(list(domainTypes)) -> \(list(codomainTypes))"
  }
}
