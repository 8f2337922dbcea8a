import Diagnostics
import DiagramIR
import DiagramText
import Interchange

/// What a command works on: the declarations of the files it was given.
struct Workspace {
  /// All declarations.
  let environment: Environment
  /// The files they come from; empty for a diagram in JSON.
  let files: [Program.File]
  private let program: Program?
  private let main: Definition?

  /// Reads text files, or one diagram in JSON; reports what is wrong with them.
  init(
    _ paths: [String], _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) {
    if paths.count == 1, let path = paths.first, path.hasSuffix(".json") {
      let (environment, main) = try Self.readJSON(path)
      self.environment = environment
      self.main = environment.definition(main)
      (files, program) = ([], nil)
      return
    }
    let program = Program(
      paths: paths, provider: LibraryFiles(libraries: arguments.values("--library")))
    for path in program.unreadable { console.report("anatomy: can't read '\(path)'\n") }
    for file in program.files {
      console.report(DiagnosticRenderer.render(file.diagnostics, of: file.source))
    }
    if program.hasErrors { throw .reported }
    environment = program.environment
    files = program.files
    self.program = program
    main = nil
  }

  private static func readJSON(_ path: String) throws(CommandFailure) -> (Environment, Symbol) {
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path) } catch { throw .failure("\(error)") }
    throw .failure("\(bytes.count)")
  }

  /// The diagram that a name means in a file.
  func definition(_ name: String, in path: String) throws(CommandFailure) -> Definition {
    if let program {
      if let found = program.definition(name, in: path) { return found }
    } else if let found = environment.definitions.first(where: { $0.symbol.name == name }) {
      return found
    }
    throw .failure("there is no diagram '\(name)' in \(path)\(known(in: path))")
  }

  /// The rule that a name means in one of the files.
  func rule(_ name: String, in paths: [String]) -> Rule? {
    paths.lazy.compactMap { program?.rule(name, in: $0) }.first
  }

  /// The file of a path that was given.
  func file(_ path: String) -> Program.File? { files.first { $0.source.path == path } }

  private func known(in path: String) -> String {
    let module = file(path)?.name ?? main?.symbol.module
    let names = environment.definitions.filter { $0.symbol.module == module }.map(\.symbol.name)
    return names.isEmpty ? "" : "; it has \(names.sorted().joined(separator: ", "))"
  }
}

extension Workspace {
  /// The module that a path is read as.
  func moduleName(of path: String) -> String {
    file(path)?.name ?? main?.symbol.module ?? ""
  }

  /// How a symbol is written in the file at a path.
  func spelling(of symbol: Symbol, in path: String) -> String {
    if let program { return program.spelling(of: symbol, in: path) }
    let named =
      environment.boxes.map(\.symbol) + environment.definitions.map(\.symbol) + environment.sorts
    let isUnique = named.count { $0.name == symbol.name } <= 1
    return isUnique || symbol.module == main?.symbol.module ? symbol.name : symbol.description
  }

  /// What a text must import to say the same as the file at a path: what that file imports; for a diagram in
  /// JSON, the modules that its symbols come from.
  func imports(of path: String, for definitions: [Definition]) -> [String] {
    if let file = file(path) { return file.imports }
    let own = moduleName(of: path)
    var modules: [String] = []
    for symbol in definitions.flatMap(\.diagram.symbols)
    where symbol.module != own && !modules.contains(symbol.module) {
      modules.append(symbol.module)
    }
    return modules.sorted()
  }
}
