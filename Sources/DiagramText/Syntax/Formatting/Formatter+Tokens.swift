import Diagnostics

extension Formatter {
  /// Emits the tokens that end at or before `end`, spaced as in types, sizes and the heads of declarations.
  ///
  /// With `breaksAtCommas`, a line may end after a comma outside brackets.
  mutating func emitRun(until end: Int, breaksAtCommas: Bool = false) {
    var depth = 0
    var isFirst = true
    var previous = token.kind
    while token.kind != .endOfFile, token.end <= end {
      if !isFirst, separator == .none, Self.needsSpace(previous, token.kind) { separator = .space }
      isFirst = false
      previous = token.kind
      if previous == .leftBracket { depth += 1 }
      if previous == .rightBracket { depth -= 1 }
      emit()
      if previous == .comma, depth == 0, breaksAtCommas { separator = .line }
    }
  }

  /// Emits a node's tokens.
  mutating func emitRun(_ node: SyntaxNode) { emitRun(until: tree.span(of: node).end) }

  /// Emits a node's tokens in a group whose lines may end at commas.
  mutating func emitGroup(until end: Int) {
    openGroup()
    nest()
    emitRun(until: end, breaksAtCommas: true)
    unnest()
    closeGroup()
  }

  private static func needsSpace(_ previous: TokenKind, _ next: TokenKind) -> Bool {
    switch next {
    case .comma, .colon, .rightBracket, .greater, .star, .plus: return false
    default: break
    }
    switch previous {
    case .leftBracket, .less, .dots, .star, .plus: return false
    default: return true
    }
  }

  /// Emits a point-free term: spaces around `;` and `*`; a line may end after `;`.
  mutating func emitTerm(until end: Int) {
    openGroup()
    nest()
    var depth = 0
    while token.kind != .endOfFile, token.end <= end {
      switch token.kind {
      case .leftParenthesis:
        emit()
        depth += 1
        openGroup()
        nest()
      case .rightParenthesis:
        if depth > 0 {
          depth -= 1
          unnest()
          closeGroup()
        }
        emit()
      case .semicolon, .star:
        let isComposition = token.kind == .semicolon
        separator = .space
        emit(then: isComposition ? .line : .space)
      case .leftBracket: emitTypeOfIdentity()
      default: emit()
      }
    }
    unnest()
    closeGroup()
  }

  /// Emits `[type]` behind `id`, without spaces at its brackets.
  private mutating func emitTypeOfIdentity() {
    var depth = 0
    var previous = TokenKind.leftBracket
    repeat {
      if depth > 0, Self.needsSpace(previous, token.kind) { separator = .space }
      previous = token.kind
      if previous == .leftBracket { depth += 1 }
      if previous == .rightBracket { depth -= 1 }
      emit()
    } while depth > 0 && token.kind != .endOfFile
  }

  /// Emits `(`, the elements with commas between them, `)`; each element on its own line when broken.
  mutating func emitList(_ elements: SyntaxChildren, _ body: (inout Formatter, SyntaxNode) -> Void)
  {
    openGroup()
    emit()
    nest()
    let isEmpty = token.kind == .rightParenthesis
    if !isEmpty { separator = .softBreak }
    emitElements(elements, body)
    unnest(before: isEmpty ? .none : .softBreak)
    emit()
    closeGroup()
  }

  /// Emits elements with commas between them, at which lines may end.
  mutating func emitElements(
    _ elements: SyntaxChildren, _ body: (inout Formatter, SyntaxNode) -> Void
  ) {
    for element in elements {
      body(&self, element)
      if token.kind == .comma { emit(then: .line) }
    }
  }
}
