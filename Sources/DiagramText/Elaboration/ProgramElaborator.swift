import Diagnostics
import DiagramIR

/// Elaborates the modules of a program, one after another.
struct ProgramElaborator {
  private let graph: ModuleGraph
  private(set) var environment = Environment()
  private(set) var scope: ModuleScope
  private var signatures: [Symbol: Signature] = [:]
  private var results: [Int: ModuleResult] = [:]
  /// Theories and their doctrines, by module.
  private var theories: [Int: [Theory]] = [:]

  private struct ModuleResult {
    var diagnostics: [Diagnostic]
    var spans: [NameSpace: [Symbol: SourceSpan]]
    var stepSpans: [Symbol: [SourceSpan]]
  }

  init(_ graph: ModuleGraph) {
    self.graph = graph
    scope = ModuleScope(graph)
  }

  /// Elaborates a module whose imports are elaborated.
  mutating func elaborate(_ position: Int) {
    let module = graph.modules[position]
    let context = ModuleContext(
      module: position, name: module.name, tree: module.tree, scope: scope,
      diagnostics: module.diagnostics, signatures: signatures)
    signatures = [:]
    let imported = scope.imports(of: position).flatMap { theories[$0] ?? [] }
    var elaborator = ModuleElaborator(context, environment, importedTheories: imported)
    environment = Environment()
    elaborator.run()
    environment = elaborator.environment
    scope = elaborator.context.scope
    signatures = elaborator.context.signatures
    theories[position] = elaborator.theories
    results[position] = ModuleResult(
      diagnostics: elaborator.context.diagnostics.sorted {
        ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end)
      },
      spans: elaborator.spans, stepSpans: elaborator.stepSpans)
  }

  func file(_ position: Int, isRoot: Bool) -> Program.File {
    let module = graph.modules[position]
    let tree = module.tree
    let imports = tree.children(of: tree.root).compactMap { node in
      tree.kind(of: node) == .importDeclaration
        ? tree.firstChild(of: node).map { tree.text(of: $0) } : nil
    }
    return Program.File(
      name: module.name, source: tree.source, isRoot: isRoot, imports: imports,
      diagnostics: results[position]?.diagnostics ?? module.diagnostics,
      spans: results[position]?.spans ?? [:], stepSpans: results[position]?.stepSpans ?? [:])
  }
}
