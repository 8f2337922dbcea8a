import Diagnostics
import DiagramIR

/// Files that were read together: their declarations, and what is wrong with them.
///
/// ```
/// let program = Program(paths: ["attention.diagram"], provider: files)
/// if program.hasErrors { … } else { program.environment.definitions … }
/// ```
public struct Program: Sendable {
  /// One file.
  public struct File: Sendable {
    /// The name under which other files import it.
    public let name: String
    /// Its text.
    public let source: SourceText
    /// Whether it was asked for, or is only imported.
    public let isRoot: Bool
    /// The names of the modules that it imports, as it writes them.
    public let imports: [String]
    /// What is wrong with it, in the order of the text.
    public let diagnostics: [Diagnostic]
    /// Where each of its named declarations stands, by the kind of name.
    public let spans: [NameSpace: [Symbol: SourceSpan]]
    /// Where the steps of its derivations stand.
    public let stepSpans: [Symbol: [SourceSpan]]
  }

  /// The files, each after those it imports.
  public let files: [File]
  /// Paths that were asked for and can't be read.
  public let unreadable: [String]
  /// Everything that the files declare without a fault.
  public let environment: Environment
  let scope: ModuleScope
  /// The module of each path, as it was given or found.
  private let modules: [String: Int]
  /// The place in `files` of each module.
  private let places: [Int: Int]

  /// Reads files and everything that they import.
  ///
  /// - Complexity: linear in the bytes of all files.
  public init(paths: [String], provider: some FileProvider) {
    var graph = ModuleGraph(paths: paths, provider: provider)
    let order = graph.sortedByImports()
    var elaborator = ProgramElaborator(graph)
    for module in order { elaborator.elaborate(module) }
    let roots = Set(graph.roots)
    files = order.map { elaborator.file($0, isRoot: roots.contains($0)) }
    unreadable = graph.unreadable
    environment = elaborator.environment
    scope = elaborator.scope
    let given = paths.filter { !graph.unreadable.contains($0) }
    modules = Dictionary(
      Array(zip(given, graph.roots)) + graph.modules.enumerated().map { ($1.path, $0) },
      uniquingKeysWith: { first, _ in first })
    places = Dictionary(
      order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The file that was read from a path.
  public func file(_ path: String) -> File? {
    modules[path].flatMap { places[$0] }.map { files[$0] }
  }

  /// Whether any file has an error or can't be read.
  public var hasErrors: Bool {
    !unreadable.isEmpty
      || files.contains { $0.diagnostics.contains { $0.severity == .error } }
  }

  /// The diagram that a name means in a file.
  public func definition(_ name: String, in path: String) -> Definition? {
    symbol(name, .callables, in: path).flatMap { environment.definition($0) }
  }

  /// The rule that a name means in a file.
  public func rule(_ name: String, in path: String) -> Rule? {
    symbol(name, .rules, in: path).flatMap { environment.rule($0) }
  }

  /// How a file writes a symbol: its name, with the module in front where the name alone means another.
  public func spelling(of symbol: Symbol, in path: String) -> String {
    let spaces: [NameSpace] = [.callables, .sorts, .rules]
    let isPlain = spaces.contains { self.symbol(symbol.name, $0, in: path) == symbol }
    return isPlain ? symbol.name : symbol.description
  }

  private func symbol(_ name: String, _ space: NameSpace, in path: String) -> Symbol? {
    guard let module = modules[path],
      case .symbol(let symbol) = scope.meaning(of: name, space, in: module)
    else { return nil }
    return symbol
  }
}
