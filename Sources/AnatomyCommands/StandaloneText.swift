import Diagnostics
import DiagramIR
import DiagramText

/// Declarations as a text that stands for itself: it imports what can be imported, and holds what can't.
struct StandaloneText {
  private let workspace: Workspace
  /// The file whose names the text uses.
  private let path: String
  /// Where the text will stand.
  private let place: String
  private let printer: DiagramPrinter

  /// Prepares texts with the names that the file at `path` uses, to stand at `place`.
  init(_ workspace: Workspace, path: String, place: String? = nil) {
    self.workspace = workspace
    self.path = path
    self.place = place ?? path
    printer = DiagramPrinter(
      environment: workspace.environment, spelling: { workspace.spelling(of: $0, in: path) })
  }

  /// The text of a file that holds diagrams, and the declarations that they and some rules need.
  func file(_ definitions: [Definition], rules: [Rule] = []) throws(CommandFailure) -> String {
    // The printer's own texts have the formatter's layout already.
    var blocks = [try declarations(for: definitions, rules: rules)]
    for definition in definitions { blocks.append(try text(definition)) }
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What stands in front of diagrams in a file that holds them: imports, and declarations that can't be imported.
  func declarations(
    for definitions: [Definition], rules: [Rule] = []
  ) throws(CommandFailure) -> String {
    let needed = needs(of: definitions.map(\.diagram) + rules.flatMap { [$0.left, $0.right] })
      .subtracting(definitions.map(\.symbol))
    let ruleSymbols = Set(rules.map(\.symbol))
    let modules = Set(needed.union(ruleSymbols).map(\.module)).sorted()
    let imported = modules.filter(isImported)
    var blocks: [String] = []
    if !imported.isEmpty { blocks.append(imported.map { "import \($0)\n" }.joined()) }
    for module in modules where !imported.contains(module) {
      blocks += try declarations(
        needed.filter { $0.module == module }, rules: ruleSymbols, of: module)
    }
    if let doctrine = undeclaredDoctrine(of: definitions) {
      blocks.append("theory local: \(doctrine.rawValue)\n")
    }
    let source = SourceText(path: place, text: blocks.joined(separator: "\n"))
    return Formatter.format(SyntaxTree.parse(source).tree)
  }

  /// The doctrine of diagrams that no box or sort of theirs tells, where it isn't what a file has without a theory.
  private func undeclaredDoctrine(of definitions: [Definition]) -> Doctrine? {
    definitions.map(\.diagram).first { $0.doctrine != .cartesian && $0.symbols.isEmpty }?.doctrine
  }

  /// The declaration of one diagram.
  func text(_ definition: Definition) throws(CommandFailure) -> String {
    do { return try printer.print(definition) } catch { throw .failure("\(error)") }
  }

  /// Whether the text imports a module. It doesn't import the file whose diagram it shows, unless this is a file of
  /// the library with boxes of its own, which have a meaning only there; and it can't import itself.
  private func isImported(_ module: String) -> Bool {
    guard workspace.isImportable(module, from: place) else { return false }
    if module == workspace.moduleName(of: path) {
      return workspace.isInLibrary(path)
        && workspace.environment.boxes.contains { $0.symbol.module == module }
    }
    return place == path || workspace.moduleName(at: place) != module
  }

  /// The symbols that diagrams need; of those that aren't imported, also what they need in turn.
  private func needs(of diagrams: [Diagram]) -> Set<Symbol> {
    var needed: Set<Symbol> = []
    var pending = diagrams
    while let diagram = pending.popLast() {
      for symbol in diagram.symbols where needed.insert(symbol).inserted {
        if isImported(symbol.module) { continue }
        if let definition = workspace.environment.definition(symbol) {
          pending.append(definition.diagram)
        }
        guard let box = workspace.environment.box(symbol) else { continue }
        for case .sort(let sort) in box.domain + box.codomain { needed.insert(sort) }
      }
    }
    return needed
  }

  /// Declarations of one module, in its order: copied where there is a text, printed where there is none.
  private func declarations(
    _ needed: Set<Symbol>, rules: Set<Symbol>, of module: String
  ) throws(CommandFailure) -> [String] {
    guard let file = workspace.files.first(where: { $0.name == module }) else {
      return try printedDeclarations(needed)
    }
    let spaces: [(NameSpace, Set<Symbol>)] = [
      (.sorts, needed), (.callables, needed), (.rules, rules),
    ]
    var spans = spaces.flatMap { space, wanted in
      (file.spans[space] ?? [:]).filter { wanted.contains($0.key) }.map(\.value)
    }
    if needed.contains(where: { workspace.environment.box($0) != nil || isSort($0) }) {
      spans += workspace.environment.theories.compactMap { file.spans[.theories]?[$0.symbol] }
    }
    return Set(spans).sorted { $0.start < $1.start }.map { span in
      String(decoding: file.source.bytes[span.start..<span.end], as: UTF8.self) + "\n"
    }
  }

  private func isSort(_ symbol: Symbol) -> Bool { workspace.environment.sorts.contains(symbol) }

  private func printedDeclarations(_ needed: Set<Symbol>) throws(CommandFailure) -> [String] {
    let environment = workspace.environment
    var lines: [String] = []
    let boxes = environment.boxes.filter { needed.contains($0.symbol) }
    let sorts = environment.sorts.filter { needed.contains($0) }
    if let doctrine = boxes.first?.doctrine { lines.append("theory local: \(doctrine.rawValue)\n") }
    if !sorts.isEmpty { lines.append("sort \(sorts.map(\.name).joined(separator: ", "))\n") }
    for box in boxes {
      let domain = box.domain.map { printer.type($0) }.joined(separator: ", ")
      let codomain = box.codomain.map { printer.type($0) }.joined(separator: ", ")
      let arrow = domain.isEmpty ? "->" : "\(domain) ->"
      let groups = box.linear.map { $0.map { "\($0 + 1)" }.joined(separator: " ") }
      let linear = groups.isEmpty ? "" : " linear in \(groups.joined(separator: ", "))"
      lines.append(
        "box \(box.symbol.name): \(arrow)\(codomain.isEmpty ? "" : " \(codomain)")\(linear)\n")
    }
    for definition in environment.definitions where needed.contains(definition.symbol) {
      lines.append(try text(definition))
    }
    return lines
  }
}

extension Diagram {
  /// All symbols that occur: boxes, used diagrams, sorts.
  var symbols: [Symbol] {
    let used = operations.compactMap { operation -> Symbol? in
      switch operation {
      case .box(let symbol): symbol
      case .use(let use): use.definition
      default: nil
      }
    }
    let sorts = types.compactMap { type -> Symbol? in
      if case .sort(let symbol) = type { symbol } else { nil }
    }
    return used + sorts
  }
}
