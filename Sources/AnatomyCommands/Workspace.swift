import Diagnostics
import DiagramIR
import DiagramText
import Interchange

/// What a command works on: the declarations of the files it was given.
///
/// Files ending in `.json` hold one diagram each; all others are in the language.
struct Workspace {
  /// All declarations.
  private(set) var environment: Environment
  /// The text files, and those they import.
  let files: [Program.File]
  private let program: Program
  private let provider: LibraryFiles
  /// The diagrams of JSON files, by path.
  private var mains: [String: Symbol] = [:]

  /// Reads files; reports what is wrong with them.
  init(
    _ paths: [String], _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) {
    provider = LibraryFiles(libraries: arguments.values("--library"))
    program = Program(paths: paths.filter { !$0.hasSuffix(".json") }, provider: provider)
    environment = program.environment
    files = program.files
    for path in program.unreadable { console.report("anatomy: can't read '\(path)'\n") }
    for file in program.files {
      console.report(DiagnosticRenderer.render(file.diagnostics, of: file.source))
    }
    if program.hasErrors { throw .reported }
    for path in paths where path.hasSuffix(".json") { try addJSON(path) }
  }

  private mutating func addJSON(_ path: String) throws(CommandFailure) {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path) } catch { throw .failure("\(error)") }
    let (declared, main): (Environment, Symbol)
    do { (declared, main) = try DiagramJSON.decode(bytes, path: path) } catch {
      throw .failure("\(error)")
    }
    mains[path] = main
    let conflicts = environment.merge(declared)
    if let conflict = conflicts.first {
      throw .failure("\(path): '\(conflict)' is another diagram here than in the other files")
    }
  }

  /// The diagram that a name means in a file.
  func definition(_ name: String, in path: String) throws(CommandFailure) -> Definition {
    if let main = mains[path] {
      let own = environment.definition(Symbol(module: main.module, name: name))
      if let found = own ?? environment.definitions.first(where: { $0.symbol.name == name }) {
        return found
      }
    } else if let found = program.definition(name, in: path) {
      return found
    }
    let names = environment.definitions.filter { $0.symbol.module == moduleName(of: path) }
      .map(\.symbol.name).sorted()
    let known = names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))"
    throw .failure("there is no diagram '\(name)' in \(path)\(known)")
  }

  /// The rule that a name means in one of the files.
  func rule(_ name: String, in paths: [String]) -> Rule? {
    paths.lazy.compactMap { program.rule(name, in: $0) }.first
  }

  /// The text file of a path that was given.
  func file(_ path: String) -> Program.File? { program.file(path) }

  /// The module that a path is read as.
  func moduleName(of path: String) -> String { file(path)?.name ?? mains[path]?.module ?? "" }

  /// The derivation of a name in a file, unless a diagram of the file has that name too.
  func derivation(_ name: String, in path: String) -> Derivation? {
    let symbol = Symbol(module: moduleName(of: path), name: name)
    guard environment.definition(symbol) == nil else { return nil }
    return environment.derivations.first { $0.symbol == symbol }
  }

  /// The name of the diagram that a JSON file holds.
  func diagramName(ofJSON path: String) -> String? { mains[path]?.name }

  /// How a symbol is written in the file at a path.
  func spelling(of symbol: Symbol, in path: String) -> String {
    if mains[path] == nil { return program.spelling(of: symbol, in: path) }
    let named =
      environment.boxes.map(\.symbol) + environment.definitions.map(\.symbol) + environment.sorts
    let isUnique = named.count { $0.name == symbol.name } <= 1
    return isUnique || symbol.module == moduleName(of: path) ? symbol.name : symbol.description
  }

  /// The name under which other files import the file at a path.
  func moduleName(at path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return file.split(separator: ".").first.map(String.init) ?? ""
  }

  /// Whether a file is the one of its name in the standard library or a `--library` folder.
  func isInLibrary(_ path: String) -> Bool {
    guard let found = provider.locate(inLibrary: moduleName(at: path)) else { return false }
    return provider.identity(of: found) == provider.identity(of: path)
  }

  /// Whether `import` finds a module from a place, as the same file.
  func isImportable(_ module: String, from path: String) -> Bool {
    guard let found = provider.locate(import: module, from: path) else { return false }
    guard let file = files.first(where: { $0.name == module }) else { return true }
    return provider.identity(of: found) == provider.identity(of: file.source.path)
  }

  /// The paths of rule files, given as paths or as names of the library.
  static func rulePaths(_ words: [String], _ arguments: Arguments) throws(CommandFailure)
    -> [String]
  {
    let provider = LibraryFiles(libraries: arguments.values("--library"))
    var paths: [String] = []
    for word in words {
      if provider.read(word) != nil {
        paths.append(word)
      } else if let found = provider.locate(inLibrary: word) {
        paths.append(found)
      } else {
        throw .failure("there is no rule file '\(word)', and no file of that name in the library")
      }
    }
    return paths
  }

  /// The exact rules that files declare themselves, in their order.
  func exactRules(of paths: [String]) -> [Rule] {
    paths.flatMap { path in
      let module = moduleName(of: path)
      return environment.rules.filter { $0.symbol.module == module && $0.relation == .equal }
    }
  }
}
