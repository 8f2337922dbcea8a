import Diagnostics

extension Formatter {
  /// A block, on one line or opened.
  mutating func formatBlock(_ node: SyntaxNode) {
    let statements = tree.children(of: node)
    if canStayClosed(node) {
      formatClosedBraces { formatter in
        for results in statements { formatter.formatResults(results) }
      }
    } else {
      formatOpenBraces { formatter in
        for statement in statements { formatter.formatUnit { $0.formatStatement(statement) } }
      }
    }
  }

  /// `{ … }` on one line, opened when the line is too long.
  mutating func formatClosedBraces(_ body: (inout Formatter) -> Void) {
    openGroup(.blockStart)
    emit()
    nest()
    separator = .line
    openUnit(isOpen: false)
    body(&self)
    closeUnit()
    unnest(before: .line)
    emit()
    closeGroup()
  }

  private mutating func formatStatement(_ node: SyntaxNode) {
    switch tree.kind(of: node) {
    case .results: formatResults(node)
    case .assignment: formatAssignment(node)
    default: emitGroup(until: tree.span(of: node).end)
    }
  }

  private mutating func formatAssignment(_ node: SyntaxNode) {
    for child in tree.children(of: node) {
      if tree.kind(of: child) == .nameList {
        emitGroup(until: tree.span(of: child).end)
        separator = .space
        emit(then: .space)
      } else {
        formatExpression(child)
      }
    }
  }

  private mutating func formatResults(_ node: SyntaxNode) {
    let results = tree.children(of: node)
    let isSingle = results.dropFirst().first { _ in true } == nil
    if !isSingle {
      openGroup()
      nest()
    }
    if token.word == .returnWord { emit(then: .space) }
    emitElements(results) { $0.formatExpression($1) }
    if !isSingle {
      unnest()
      closeGroup()
    }
  }

  // MARK: Expressions

  /// An expression; the white space before it is due already.
  mutating func formatExpression(_ node: SyntaxNode) {
    switch tree.kind(of: node) {
    case .call: formatCall(node)
    case .simd, .scan: formatMapping(node)
    default: emitRun(node)
    }
  }

  private mutating func formatCall(_ node: SyntaxNode) {
    for child in tree.children(of: node) {
      switch tree.kind(of: child) {
      case .argumentList: emitList(tree.children(of: child)) { $0.formatExpression($1) }
      case .label, .per:
        separator = .space
        emitRun(child)
      default: emitRun(child)
      }
    }
  }

  /// `simd` or `scan` with its size, its wires and its block.
  private mutating func formatMapping(_ node: SyntaxNode) {
    emit(then: .space)
    let children = tree.children(of: node)
    for child in children.prefix(1) { emitRun(child) }
    let lists = children.filter { tree.kind(of: $0) == .mappedList }
    if lists.count == 1 {
      emitList(tree.children(of: lists[0])) { $0.formatMapped($1) }
    } else {
      formatScanLists(lists)
    }
    separator = .space
    for child in children.suffix(1) { formatBlock(child) }
  }

  /// `(states; wires)`.
  private mutating func formatScanLists(_ lists: [SyntaxNode]) {
    openGroup()
    emit()
    nest()
    separator = .softBreak
    for (index, list) in lists.enumerated() {
      emitElements(tree.children(of: list)) { $0.formatMapped($1) }
      if index == 0 { emit(then: token.kind == .rightParenthesis ? .none : .line) }
    }
    unnest(before: .softBreak)
    emit()
    closeGroup()
  }

  private mutating func formatMapped(_ node: SyntaxNode) {
    for child in tree.children(of: node) {
      if tree.kind(of: child) == .name {
        emit()
      } else {
        separator = .space
        emit(then: .space)
        formatExpression(child)
      }
    }
  }
}
