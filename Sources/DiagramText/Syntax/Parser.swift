import Diagnostics

/// Thrown after a fault has been reported, up to where the parser can go on.
struct SyntaxFailure: Error {}

/// A recursive-descent parser that writes the tree in preorder while it reads.
///
/// Every fault is reported once and parsing goes on at the next statement of the block, the next step of the
/// derivation or the next declaration; what could not be understood is left out of the tree, so that every
/// node there has the layout that `SyntaxKind` documents.
///
/// - Complexity: O(bytes) time; one `SyntaxTree.Record` a node.
struct Parser {
  var lexer: Lexer
  var token: Token
  /// One past the last consumed token.
  var previousEnd = 0
  var records: [SyntaxTree.Record] = []
  var names: NameTable
  var faults: [(fault: SyntaxFault, span: SourceSpan)] = []
  /// What the declarations and statements declare that were left out of the tree.
  var lostNames: Set<NameID> = []
  /// How many blocks, calls and parentheses are open.
  var depth = 0
  /// Where the statement, step or declaration begins that is being parsed.
  var regionStart = 0
  /// The token at which a fault was reported last: one token, one fault.
  private var lastFaultToken = -1

  init(bytes: [UInt8]) {
    lexer = Lexer(bytes: bytes)
    names = NameTable(bytes: bytes)
    records.reserveCapacity(bytes.count / 8 * 5)
    token = lexer.next()
    previousEnd = token.start
  }

  // MARK: Tokens

  /// Goes to the next token.
  mutating func advance() {
    previousEnd = token.end
    token = lexer.next()
  }

  /// The token after the current one.
  mutating func peek() -> Token {
    let position = lexer.position
    defer { lexer.position = position }
    return lexer.next()
  }

  /// Consumes the token if it is of the kind.
  mutating func accept(_ kind: TokenKind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  /// Consumes a token that must stand here.
  mutating func expect(
    _ kind: TokenKind, _ spelling: String, _ place: String
  ) throws(SyntaxFailure) {
    guard token.kind == kind else {
      throw fail(.expectedToken(spelling, place: place, found: found))
    }
    advance()
  }

  /// How messages name the current token.
  var found: String {
    if token.kind == .endOfFile { return "the end of the file" }
    return "'\(lexer.bytes.excerpt(SourceSpan(token.start, token.end)))'"
  }

  // MARK: Faults

  /// Reports a fault at the current token, for the caller to throw.
  mutating func fail(_ fault: SyntaxFault) -> SyntaxFailure {
    report(fault, SourceSpan(token.start, token.end))
    return SyntaxFailure()
  }

  /// Reports a fault that the current token revealed, unless it follows from one already reported.
  mutating func report(_ fault: SyntaxFault, _ span: SourceSpan) {
    guard token.start != lastFaultToken else { return }
    lastFaultToken = token.start
    if let lexical = lexer.faults.last?.span.start, lexical >= regionStart, lexical <= token.start {
      return
    }
    if faults.count <= SyntaxFault.limit { faults.append((fault, span)) }
  }

  /// Counts one more level of nesting; the caller leaves it with `depth -= 1`.
  mutating func enterLevel() throws(SyntaxFailure) {
    guard depth < SyntaxFault.nestingLimit else { throw fail(.nestingTooDeep) }
    depth += 1
  }

  // MARK: Nodes

  /// Begins a node at the current token.
  mutating func open(_ kind: SyntaxKind, flag: UInt8 = 0) -> Int {
    records.append(
      SyntaxTree.Record(kind: kind, flag: flag, start: UInt32(truncatingIfNeeded: token.start)))
    return records.count - 1
  }

  /// Ends a node after the last consumed token.
  ///
  /// A node without tokens stands just behind that token.
  mutating func close(_ node: Int) {
    let end = UInt32(truncatingIfNeeded: previousEnd)
    var record = records[node]
    record.start = min(record.start, end)
    record.end = end
    record.link = UInt32(truncatingIfNeeded: records.count)
    records[node] = record
  }

  /// A node of the current token, which is consumed.
  mutating func leaf(_ kind: SyntaxKind) {
    let node = open(kind)
    advance()
    close(node)
  }

  /// Puts the subtrees from `node` on under a new node that begins at `start` and is still to be closed.
  ///
  /// - Complexity: O(nodes moved); each operand is moved at most twice a level of nesting.
  mutating func wrap(_ node: Int, _ kind: SyntaxKind, from start: Int) {
    for index in node..<records.count where !records[index].isName { records[index].link += 1 }
    let first = UInt32(truncatingIfNeeded: start)
    records.insert(SyntaxTree.Record(kind: kind, start: first), at: node)
  }

  /// Drops all nodes from `node` on.
  mutating func drop(_ node: Int) { records.removeLast(records.count - node) }

  /// Drops a declaration or statement with a fault, and keeps in mind what it would have declared, for its uses
  /// are no faults.
  mutating func lose(_ node: Int) {
    var index = node + 1
    if index < records.count, records[index].kind == .nameList { index += 1 }
    while index < records.count, records[index].kind == .name {
      lostNames.insert(NameID(records[index].link))
      index += 1
    }
    drop(node)
  }

  /// A name, as a `name` node; `role` says whose, as in "the name of the box".
  mutating func parseName(_ role: String, as kind: SyntaxKind = .name) throws(SyntaxFailure) {
    guard token.kind == .name else {
      throw fail(.expectedName(role, found: found, reserved: token.kind == .reserved))
    }
    let name = names.intern(start: token.start, end: token.end)
    records.append(
      SyntaxTree.Record(
        kind: kind, start: UInt32(truncatingIfNeeded: token.start),
        end: UInt32(truncatingIfNeeded: token.end), link: name.index))
    advance()
  }
}

extension SyntaxTree {
  /// Parses a file.
  ///
  /// All faults are reported, each once, in the order of the file. The tree of a file with faults holds what
  /// could be understood; each node in it has the layout that its kind documents.
  ///
  /// - Complexity: O(bytes) time and memory, whatever the file holds; recursion is bounded.
  public static func parse(
    _ source: SourceText
  ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    guard source.bytes.count <= SyntaxFault.sizeLimit else {
      var parser = Parser(bytes: [])
      parser.close(parser.open(.file))
      let tree = SyntaxTree(
        source: source, names: parser.names, records: parser.records, hasFaults: true)
      return (tree, [SyntaxFault.fileTooLarge.diagnostic(SourceSpan(0, 0))])
    }
    var parser = Parser(bytes: source.bytes)
    parser.parseFile()
    let diagnostics = diagnostics(of: parser)
    let tree = SyntaxTree(
      source: source, names: parser.names, records: parser.records,
      hasFaults: !diagnostics.isEmpty, lostNames: parser.lostNames)
    return (tree, diagnostics)
  }

  private static func diagnostics(of parser: Parser) -> [Diagnostic] {
    let all = parser.lexer.faults + parser.faults
    let order = all.indices.sorted { (all[$0].span.start, $0) < (all[$1].span.start, $1) }
    var diagnostics = order.prefix(SyntaxFault.limit).map { all[$0].fault.diagnostic(all[$0].span) }
    if order.count > SyntaxFault.limit {
      let end = all[order[SyntaxFault.limit]].span
      diagnostics.append(SyntaxFault.tooManyFaults.diagnostic(end))
    }
    return diagnostics
  }
}

extension SyntaxFault {
  /// The fault as a diagnostic.
  func diagnostic(_ span: SourceSpan) -> Diagnostic {
    Diagnostic(id: id, span: span, message: message, notes: notes)
  }
}
