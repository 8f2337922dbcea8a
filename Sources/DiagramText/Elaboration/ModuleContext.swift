import Diagnostics
import DiagramIR

/// Thrown after a fault has been reported, up to where elaboration can go on.
struct ElaborationFailure: Error {}

/// One module while it is elaborated: its tree, what its names mean, and the faults found so far.
///
/// The elaborators of all its declarations share one context: copies would cost each declaration
/// the size of all.
final class ModuleContext {
  /// After how many faults no names are proposed: each proposal looks at all names.
  private static let suggestionLimit = 100
  private var contents: [Symbol: Digest] = [:]

  let module: Int
  let name: String
  let tree: SyntaxTree
  var scope: ModuleScope
  var diagnostics: [Diagnostic]
  /// Signatures of all boxes and diagrams elaborated so far, of all modules.
  var signatures: [Symbol: Signature]
  /// What the tree's names mean as boxes or diagrams, looked up once each.
  private var callables: [NameID: Signature] = [:]
  private lazy var lines = LineTable(tree.source)
  private var calls: [Int: SyntaxCalls] = [:]
  /// The names of wires, for the body that is being read.
  private var wires: WireScope

  init(
    module: Int, name: String, tree: SyntaxTree, scope: ModuleScope, diagnostics: [Diagnostic],
    signatures: [Symbol: Signature]
  ) {
    self.module = module
    self.name = name
    self.tree = tree
    self.scope = scope
    self.diagnostics = diagnostics
    self.signatures = signatures
    wires = WireScope(nameCount: tree.names.count)
  }

  /// Lends the names of wires to the elaborator of a body, which gives them back: as its own they are found without
  /// checks for exclusive access.
  func lendWires() -> WireScope {
    var lent = WireScope(nameCount: 0)
    swap(&lent, &wires)
    return lent
  }

  /// Takes back the names of wires.
  func takeBack(_ lent: WireScope) { wires = lent }

  /// Notes a fault, for the caller to throw.
  @discardableResult
  func report(_ fault: ElaborationFault, at node: SyntaxNode) -> ElaborationFailure {
    diagnostics.append(fault.diagnostic(tree.span(of: node)))
    return ElaborationFailure()
  }

  /// The line of a node, counted from one.
  func line(of node: SyntaxNode) -> Int { line(at: tree.span(of: node).start) }

  /// The line of an offset, counted from one.
  func line(at offset: Int) -> Int { lines.line(of: offset) + 1 }

  /// The box or diagram that a name node means; `nil` when it means none, which is not reported.
  ///
  /// - Throws: when the name is ambiguous, or its declaration is faulty and has been reported.
  func signature(named node: SyntaxNode) throws(ElaborationFailure) -> Signature? {
    let id = tree.nameID(of: node)
    if let known = callables[id] { return known }
    switch scope.meaning(of: tree.text(of: node), .callables, in: module) {
    case .symbol(let symbol):
      guard let found = signatures[symbol] else { throw ElaborationFailure() }
      callables[id] = found
      return found
    case .ambiguous(let symbols):
      throw report(.ambiguousName(tree.text(of: node), symbols), at: node)
    case .unknown: return nil
    }
  }

  /// The box or diagram that a name node means, if it means one; reports nothing.
  func knownSignature(named node: SyntaxNode) -> Signature? {
    guard case .symbol(let symbol) = scope.meaning(of: tree.text(of: node), .callables, in: module)
    else { return nil }
    return signatures[symbol]
  }

  /// What uses of a diagram hold of its definition; computed for those that are used, once.
  func content(of definition: Definition) -> Digest {
    if let known = contents[definition.symbol] { return known }
    let content = definition.content()
    contents[definition.symbol] = content
    return content
  }

  /// What is called below a declaration; looked for once.
  func calls(in declaration: SyntaxNode) -> SyntaxCalls {
    if let known = calls[declaration.index] { return known }
    let found = tree.calls(in: declaration)
    calls[declaration.index] = found
    return found
  }

  /// Forgets looked-up signatures, after one has changed.
  func add(_ signature: Signature) {
    signatures[signature.symbol] = signature
    callables = [:]
  }

  /// The symbol that a name node means; a fault proposes names of the space, or one of these.
  func symbol(
    named node: SyntaxNode, _ space: NameSpace, kind: String, or others: [String] = []
  ) throws(ElaborationFailure) -> Symbol {
    let text = tree.text(of: node)
    switch scope.meaning(of: text, space, in: module) {
    case .symbol(let symbol): return symbol
    case .ambiguous(let symbols): throw report(.ambiguousName(text, symbols), at: node)
    case .unknown:
      if tree.lostNames.contains(tree.nameID(of: node)) { throw ElaborationFailure() }
      let mend = suggestion(for: text, among: scope.names(space, in: module) + others)
      throw report(.unknownName(text, kind: kind, mend: mend), at: node)
    }
  }

  /// A sentence that proposes the most similar name; empty when none is similar, and for all but
  /// the first faults of a file.
  func suggestion(for name: String, among names: @autoclosure () -> [String]) -> String {
    guard diagnostics.count < Self.suggestionLimit else { return "" }
    let limit = max(1, name.count / 3)
    let best = names().map { (distance: name.editDistance(to: $0, limit: limit), name: $0) }
      .filter { $0.distance <= limit }.min { $0 < $1 }
    return best.map { "did you mean '\($0.name)'?" } ?? ""
  }
}

// MARK: - Sizes and types

extension ModuleContext {
  /// The size that a node writes.
  func size(_ node: SyntaxNode) throws(ElaborationFailure) -> Size {
    switch tree.kind(of: node) {
    case .sizeName: return Size(tree.text(of: node))
    case .sizeInteger:
      let span = tree.span(of: node)
      let digits = tree.source.bytes[span.start..<span.end]
      guard digits.allSatisfy(\.isDigit), let value = tree.source.bytes.integer(span) else {
        throw ElaborationFailure()
      }
      return Size(value)
    case .sizeSum, .sizeProduct:
      let isSum = tree.kind(of: node) == .sizeSum
      var result = isSum ? Size.zero : .one
      for child in tree.children(of: node) {
        let part = try size(child)
        do { result = isSum ? try result + part : try result * part } catch {
          throw report(.sizeTooLarge, at: node)
        }
      }
      return result
    default: throw ElaborationFailure()
    }
  }

  /// The sizes of a node's children.
  func sizes(in node: SyntaxNode) throws(ElaborationFailure) -> [Size] {
    var sizes: [Size] = []
    for child in tree.children(of: node) { sizes.append(try size(child)) }
    return sizes
  }

  /// The type that a node writes.
  func type(_ node: SyntaxNode) throws(ElaborationFailure) -> WireType {
    var children = tree.children(of: node)
    switch tree.kind(of: node) {
    case .sortType:
      guard let name = children.next() else { throw ElaborationFailure() }
      return .sort(try symbol(named: name, .sorts, kind: "sort"))
    case .indexType:
      guard let bound = children.next() else { throw ElaborationFailure() }
      return .array(.index(try size(bound)), try dimensions(children))
    default: return .array(.real, try dimensions(children))
    }
  }

  /// The types in a list.
  func types(in node: SyntaxNode) throws(ElaborationFailure) -> [WireType] {
    var types: [WireType] = []
    for child in tree.children(of: node) { types.append(try type(child)) }
    return types
  }

  private func dimensions(
    _ nodes: SyntaxChildren
  ) throws(ElaborationFailure) -> [Dimension] {
    var dimensions: [Dimension] = []
    for node in nodes {
      if tree.kind(of: node) == .shapeVariable {
        guard let name = tree.firstChild(of: node) else { continue }
        dimensions.append(.shape(ShapeVariable(tree.text(of: name))))
      } else {
        dimensions.append(.size(try size(node)))
      }
    }
    return dimensions
  }
}

extension SyntaxTree {
  /// The first child.
  func firstChild(of node: SyntaxNode) -> SyntaxNode? {
    var children = children(of: node)
    return children.next()
  }

  /// The child at a position.
  func child(_ position: Int, of node: SyntaxNode) -> SyntaxNode? {
    var children = children(of: node)
    for _ in 0..<position { _ = children.next() }
    return children.next()
  }

  /// The first child of a kind.
  func child(_ kind: SyntaxKind, of node: SyntaxNode) -> SyntaxNode? {
    children(of: node).first { self.kind(of: $0) == kind }
  }

  /// The texts of a list of names.
  func texts(in list: SyntaxNode) -> [String] { children(of: list).map { text(of: $0) } }
}

extension String {
  /// How many insertions, deletions and replacements of letters turn one name into another; more than `limit`
  /// comes back as `limit + 1`.
  fileprivate func editDistance(to other: String, limit: Int) -> Int {
    let (a, b) = (Array(utf8), Array(other.utf8))
    guard abs(a.count - b.count) <= limit, a.count <= 64 else { return limit + 1 }
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return Swift.min(row[b.count], limit + 1)
  }
}
