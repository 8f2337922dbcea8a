import Diagnostics

/// A parsed file.
struct Module {
  /// The file's name without folder and extension; a number is added where two files share it.
  let name: String
  /// The file's name without folder and extension, as imports write it.
  let baseName: String
  var path: String
  var tree: SyntaxTree
  /// The modules it imports, as positions.
  var imports: [Int] = []
  var diagnostics: [Diagnostic]
}

/// The files of a program, each after those it imports.
struct ModuleGraph {
  /// The name of the module whose boxes are known without an import.
  static let prelude = "tensor"

  private(set) var modules: [Module] = []
  /// The files that were asked for, as positions in `modules`.
  private(set) var roots: [Int] = []
  /// Files that were asked for and can't be read.
  private(set) var unreadable: [String] = []
  /// The tensor theory, when it is there.
  private(set) var prelude: Int?
  private var positions: [String: Int] = [:]
  private var names: Set<String> = []

  /// Reads and parses files and everything that they import.
  ///
  /// - Complexity: linear in the files' bytes.
  init(paths: [String], provider: some FileProvider) {
    // First, so that no other file takes its name.
    if let path = provider.locate(inLibrary: Self.prelude) { prelude = load(path, provider) }
    for path in paths {
      if let position = load(path, provider) {
        roots.append(position)
        call(position, path)
      } else {
        unreadable.append(path)
      }
    }
    followImports(provider)
  }

  /// Positions in an order in which each module comes after those it imports, and all after the tensor theory.
  ///
  /// Imports that close a circle are reported and left out.
  mutating func sortedByImports() -> [Int] {
    enum Mark { case fresh, entered, done }
    var marks = Array(repeating: Mark.fresh, count: modules.count)
    var order: [Int] = []
    for start in (prelude.map { [$0] } ?? []) + Array(modules.indices) where marks[start] == .fresh
    {
      var stack = [(module: start, next: 0)]
      marks[start] = .entered
      while let (module, next) = stack.last {
        guard next < modules[module].imports.count else {
          marks[module] = .done
          order.append(module)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let needed = modules[module].imports[next]
        switch marks[needed] {
        case .done: continue
        case .entered:
          reportCycle(stack.map(\.module), closing: needed)
          stack[stack.count - 1].next = next
        case .fresh:
          marks[needed] = .entered
          stack.append((needed, 0))
        }
      }
    }
    return order
  }

  private mutating func reportCycle(_ path: [Int], closing module: Int) {
    guard let importing = path.last, let start = path.firstIndex(of: module) else { return }
    let circle = (path[start...] + [module]).map { modules[$0].name }
    let tree = modules[importing].tree
    let node = tree.children(of: tree.root).first { child in
      tree.kind(of: child) == .importDeclaration
        && imported(by: child, in: tree) == modules[module].name
    }
    modules[importing].diagnostics.append(
      ElaborationFault.importCycle(circle).diagnostic(tree.span(of: node ?? tree.root)))
    modules[importing].imports.removeAll { $0 == module }
  }

  private func imported(by node: SyntaxNode, in tree: SyntaxTree) -> String? {
    tree.children(of: node).first { _ in true }.map { tree.text(of: $0) }
  }

  private mutating func followImports(_ provider: some FileProvider) {
    var next = 0
    while next < modules.count {
      let (tree, path) = (modules[next].tree, modules[next].path)
      for node in tree.children(of: tree.root) where tree.kind(of: node) == .importDeclaration {
        guard let name = imported(by: node, in: tree) else { continue }
        if let found = provider.locate(import: name, from: path),
          let position = load(found, provider)
        {
          if !modules[next].imports.contains(position) { modules[next].imports.append(position) }
        } else {
          modules[next].diagnostics.append(
            ElaborationFault.unknownImport(name).diagnostic(tree.span(of: node)))
        }
      }
      next += 1
    }
  }

  private mutating func load(_ path: String, _ provider: some FileProvider) -> Int? {
    let identity = provider.identity(of: path)
    if let known = positions[identity] { return known }
    guard let bytes = provider.read(path) else { return nil }
    let (tree, diagnostics) = SyntaxTree.parse(SourceText(path: path, bytes: bytes))
    positions[identity] = modules.count
    modules.append(
      Module(
        name: freshName(for: path), baseName: Self.baseName(of: path), path: path, tree: tree,
        diagnostics: diagnostics))
    return modules.count - 1
  }

  /// Files are called as the user calls them, also where they were read before.
  private mutating func call(_ position: Int, _ path: String) {
    guard modules[position].path != path else { return }
    modules[position].path = path
    modules[position].tree.source = SourceText(
      path: path, bytes: modules[position].tree.source.bytes)
  }

  private static func baseName(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.split(separator: ".").first.map(String.init) ?? file
  }

  private mutating func freshName(for path: String) -> String {
    let base = Self.baseName(of: path)
    var (name, number) = (base, 1)
    while !names.insert(name).inserted {
      number += 1
      name = "\(base)_\(number)"
    }
    return name
  }
}
