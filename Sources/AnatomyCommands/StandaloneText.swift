import DiagramIR
import DiagramText

/// A diagram as a text that stands for itself: what it imports, the declarations of its own file that it needs,
/// and the diagram.
struct StandaloneText {
  private let workspace: Workspace
  private let path: String
  private let printer: DiagramPrinter

  /// Prepares texts that can stand in the place of the file at `path`.
  init(_ workspace: Workspace, path: String) {
    self.workspace = workspace
    self.path = path
    printer = DiagramPrinter(
      environment: workspace.environment, spelling: { workspace.spelling(of: $0, in: path) })
  }

  /// The text of a file that holds `definitions`, and the declarations that they and `extra` need.
  func file(_ definitions: [Definition], needing extra: [Symbol] = []) throws(CommandFailure) -> String {
    let module = workspace.moduleName(of: path)
    var blocks: [String] = []
    let imports = workspace.imports(of: path, for: definitions)
    if !imports.isEmpty { blocks.append(imports.map { "import \($0)\n" }.joined()) }
    let needed = needs(of: definitions, in: module).union(extra)
    let shown = Set(definitions.map(\.symbol))
    blocks += try localDeclarations(needed.subtracting(shown), module)
    for definition in definitions { blocks.append(try text(definition)) }
    return blocks.joined(separator: "\n")
  }

  /// The declaration of one diagram.
  func text(_ definition: Definition) throws(CommandFailure) -> String {
    do { return try printer.print(definition) } catch { throw .failure("\(error)") }
  }

  /// The symbols of the file itself that the diagrams need, directly or not.
  private func needs(of definitions: [Definition], in module: String) -> Set<Symbol> {
    var needed: Set<Symbol> = []
    var pending = definitions.map(\.diagram)
    while let diagram = pending.popLast() {
      for symbol in diagram.symbols where symbol.module == module {
        guard needed.insert(symbol).inserted else { continue }
        if let definition = workspace.environment.definition(symbol) {
          pending.append(definition.diagram)
        }
        if let box = workspace.environment.box(symbol) {
          for case .sort(let sort) in box.domain + box.codomain { needed.insert(sort) }
        }
      }
    }
    return needed
  }

  /// Declarations of the file, in its order: copied where there is a text, printed where there is none.
  private func localDeclarations(
    _ needed: Set<Symbol>, _ module: String
  ) throws(CommandFailure) -> [String] {
    guard let file = workspace.file(path) else { return try printedDeclarations(needed) }
    var spans = file.spans.filter { needed.contains($0.key) }.map(\.value)
    if needed.contains(where: { workspace.environment.box($0) != nil || isSort($0) }) {
      spans += workspace.environment.theories.compactMap { file.spans[$0.symbol] }
    }
    let starts = Set(spans.map(\.start))
    return starts.sorted().compactMap { start in
      guard let span = spans.first(where: { $0.start == start }) else { return nil }
      return String(decoding: file.source.bytes[span.start..<span.end], as: UTF8.self) + "\n"
    }
  }

  private func isSort(_ symbol: Symbol) -> Bool { workspace.environment.sorts.contains(symbol) }

  private func printedDeclarations(_ needed: Set<Symbol>) throws(CommandFailure) -> [String] {
    let environment = workspace.environment
    var lines: [String] = []
    let boxes = environment.boxes.filter { needed.contains($0.symbol) }
    if let doctrine = boxes.first?.doctrine { lines.append("theory local: \(doctrine.rawValue)\n") }
    let sorts = environment.sorts.filter { needed.contains($0) }
    if !sorts.isEmpty { lines.append("sort \(sorts.map(\.name).joined(separator: ", "))\n") }
    for box in boxes {
      let domain = box.domain.map { printer.type($0) }.joined(separator: ", ")
      let codomain = box.codomain.map { printer.type($0) }.joined(separator: ", ")
      let arrow = domain.isEmpty ? "->" : "\(domain) ->"
      lines.append("box \(box.symbol.name): \(arrow)\(codomain.isEmpty ? "" : " \(codomain)")\n")
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
