import Diagnostics

/// The canonical layout of a file.
///
/// Tokens and comments stay as they are and in their order; only the white space between them changes: one
/// declaration, statement or step a line, two columns of indentation a level, single empty lines kept between
/// them. A block that only has results and stood on one line stays there if the line has at most 100 columns.
/// Lists that are too long have one element a line. Formatting what was formatted changes nothing.
///
/// ```
/// Formatter.format(tree)   // "diagram f(x: [n]) -> [n] { relu(x) }\n"
/// ```
public struct Formatter {
  /// The white space that is due before the next token.
  enum Separator {
    case none, space
    /// A space or nothing, or the end of a line where the group is broken.
    case line, softBreak
    /// The end of a line; `firstLine` keeps no empty line.
    case nextLine, firstLine
  }

  let tree: SyntaxTree
  var lexer: Lexer
  var token: Token
  var separator = Separator.firstLine
  var items: [LayoutItem] = []
  private var printer: LayoutPrinter
  /// Up to where the white space has been read.
  private var position = 0
  /// The open groups; nil stands for a block on lines of its own.
  private var groups: [Int?] = []
  private var openGroups = 0
  private var unit: [Int] = []
  private var nextNewline = 0
  private var nextStatement = 0

  private init(_ tree: SyntaxTree) {
    self.tree = tree
    lexer = Lexer(bytes: tree.source.bytes)
    token = lexer.next()
    printer = LayoutPrinter(source: tree.source.bytes)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if tree.source.bytes.starts(with: mark) { position = mark.count }
  }

  /// The file in its canonical layout; its text unchanged when it has syntax faults.
  ///
  /// - Complexity: O(bytes).
  public static func format(_ tree: SyntaxTree) -> String {
    String(decoding: formattedBytes(tree), as: UTF8.self)
  }

  /// The bytes of the file in its canonical layout; its bytes unchanged when it has syntax faults.
  ///
  /// - Complexity: O(bytes).
  public static func formattedBytes(_ tree: SyntaxTree) -> [UInt8] {
    guard !tree.hasFaults else { return tree.source.bytes }
    var formatter = Formatter(tree)
    formatter.formatFile()
    return formatter.printer.finish()
  }

  // MARK: Tokens

  /// Emits the next token after the white space that is due.
  mutating func emit() {
    prepare()
    append(.text, token.start, token.end)
    position = token.end
    token = lexer.next()
  }

  /// Emits the token with a space, or another separator, due after it.
  mutating func emit(then next: Separator) {
    emit()
    separator = next
  }

  /// Emits the comments and the white space before the next token.
  mutating func prepare() {
    let hasBlankLine = emitComments()
    switch separator {
    case .none: break
    case .space: append(.space)
    case .line: append(.line)
    case .softBreak: append(.softBreak)
    case .nextLine, .firstLine:
      append(.newline, separator == .nextLine && hasBlankLine ? 1 : 0)
    }
    separator = .none
  }

  /// Emits the comments before the next token, and the ends of their lines, if there are any; tells whether an
  /// empty line stands behind them.
  mutating func emitComments() -> Bool {
    let bytes = tree.source.bytes
    var newlines = 0
    var hasComments = false
    while position < token.start {
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") {
        emitComment(newlines: newlines)
        hasComments = true
        newlines = 0
      } else {
        if byte == UInt8(ascii: "\n") { newlines += 1 }
        position += 1
      }
    }
    if hasComments, separator != .nextLine, separator != .firstLine {
      append(.newline, 0, continuation)
      separator = .none
    }
    return newlines > 1
  }

  /// How much deeper a line stands that begins where no line was meant to begin.
  private var continuation: Int {
    separator == .none || separator == .space ? LayoutPrinter.step : 0
  }

  private mutating func emitComment(newlines: Int) {
    let bytes = tree.source.bytes
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    let next = end
    while bytes[end - 1].isSpace { end -= 1 }
    if newlines > 0 {
      let isSpaced = separator == .nextLine && newlines > 1
      append(.newline, isSpaced ? 1 : 0, continuation)
    }
    append(.comment, position, end)
    if let group = groups.last ?? nil { items[group].isBroken = true }
    if separator == .firstLine { separator = .nextLine }
    position = next
  }

  private mutating func append(_ kind: LayoutItem.Kind, _ first: Int = 0, _ second: Int = 0) {
    items.append(
      LayoutItem(
        kind: kind, first: UInt32(truncatingIfNeeded: first),
        second: UInt32(truncatingIfNeeded: second)))
  }

  // MARK: Groups, units and blocks

  /// Begins a group at the next token.
  mutating func openGroup(_ kind: LayoutItem.Kind = .groupStart) {
    prepare()
    groups.append(items.count)
    openGroups += 1
    append(kind)
  }

  /// Ends the innermost group.
  mutating func closeGroup() {
    if let start = groups.removeLast() {
      items[start].first = UInt32(truncatingIfNeeded: items.count)
    }
    append(.groupEnd)
    openGroups -= 1
  }

  /// Begins the part of a group that stands deeper when it is broken.
  mutating func nest() { append(.nestStart) }

  /// Ends the deeper part of a group.
  mutating func unnest() { append(.nestEnd) }

  /// Ends the deeper part of a group before a bracket that stands on a line of its own when it is broken.
  mutating func unnest(before next: Separator) {
    separator = .firstLine
    _ = emitComments()
    let hasComments = separator != .firstLine
    append(.nestEnd)
    separator = hasComments ? .firstLine : next
  }

  /// Begins a unit at the next token; `isOpen` when it stands on lines of its own.
  mutating func openUnit(isOpen: Bool) {
    prepare()
    unit.append(items.count)
    append(.unitStart)
    items[items.count - 1].isBroken = isOpen
  }

  /// Ends the innermost unit, and prints what can be printed.
  mutating func closeUnit() {
    if let start = unit.popLast() { items[start].first = UInt32(truncatingIfNeeded: items.count) }
    append(.unitEnd)
    if !isInGroup { printer.print(&items) }
  }

  private var isInGroup: Bool { openGroups > 0 }

  /// Whether the braces of a block or a rule, of which the next token is the first, stay on one line if that
  /// is short enough: they stood on one line, and nothing in them has statements.
  ///
  /// It is asked in the order of the nodes, so that all answers together take linear time.
  mutating func canStayClosed(_ node: SyntaxNode) -> Bool {
    let bytes = tree.source.bytes
    nextNewline = max(nextNewline, token.start)
    while nextNewline < bytes.count, bytes[nextNewline] != UInt8(ascii: "\n") { nextNewline += 1 }
    nextStatement = max(nextStatement, node.index)
    while nextStatement < tree.records.count, !tree.records[nextStatement].kind.isStatement {
      nextStatement += 1
    }
    return nextNewline >= tree.span(of: node).end && nextStatement >= tree.end(of: node)
  }

  /// `{`, units on lines of their own, `}`.
  mutating func formatOpenBraces(_ body: (inout Formatter) -> Void) {
    emit()
    let splitsUnit = !isInGroup
    if splitsUnit { closeUnit() }
    append(.indent)
    groups.append(nil)
    separator = .firstLine
    body(&self)
    separator = .firstLine
    _ = emitComments()
    groups.removeLast()
    append(.outdent)
    separator = .firstLine
    if splitsUnit { openUnit(isOpen: true) }
    emit()
  }

  /// A statement, a step or a declaration on lines of its own.
  mutating func formatUnit(_ body: (inout Formatter) -> Void) {
    openUnit(isOpen: true)
    body(&self)
    closeUnit()
    separator = .nextLine
  }

  /// The comments behind the last declaration.
  mutating func formatEnd() {
    _ = emitComments()
    printer.print(&items)
  }
}

extension SyntaxKind {
  fileprivate var isStatement: Bool { self == .learned || self == .assignment }
}
