import Diagnostics

extension Formatter {
  /// The whole file.
  mutating func formatFile() {
    for declaration in tree.children(of: tree.root) {
      formatUnit { $0.formatDeclaration(declaration) }
    }
    formatEnd()
  }

  private mutating func formatDeclaration(_ node: SyntaxNode) {
    let end = tree.span(of: node).end
    switch tree.kind(of: node) {
    case .diagram: formatDiagram(node)
    case .rule: formatRule(node)
    case .termRule: formatTermRule(node)
    case .derivation: formatDerivation(node)
    case .enumeration: formatEnumeration(node)
    case .sort, .box: emitGroup(until: end)
    default: emitRun(until: end)
    }
  }

  private mutating func formatDiagram(_ node: SyntaxNode) {
    for child in tree.children(of: node) {
      switch tree.kind(of: child) {
      case .name: formatKeywordAndName()
      case .parameterList: formatParameters(child)
      case .resultTypeList:
        separator = .space
        emit(then: .space)
        if tree.children(of: child).contains(where: { _ in true }) {
          emitGroup(until: tree.span(of: child).end)
        }
      default:
        separator = .space
        formatBlock(child)
      }
    }
  }

  private mutating func formatKeywordAndName() {
    emit(then: .space)
    emit()
  }

  private mutating func formatParameters(_ node: SyntaxNode) {
    emitList(tree.children(of: node)) { $0.emitRun($1) }
  }

  // MARK: Rules

  private mutating func formatRule(_ node: SyntaxNode) {
    formatKeywordAndName()
    for child in tree.children(of: node) where tree.kind(of: child) == .parameterList {
      formatParameters(child)
    }
    formatCitation(node)
    separator = .space
    if canStayClosed(node) {
      formatClosedBraces { $0.formatSides(node) }
    } else {
      formatOpenBraces { $0.formatRuleBody(node) }
    }
  }

  private mutating func formatRuleBody(_ node: SyntaxNode) {
    for child in tree.children(of: node) where tree.kind(of: child) == .learned {
      formatUnit { $0.emitGroup(until: $0.tree.span(of: child).end) }
    }
    formatUnit { $0.formatSides(node) }
  }

  /// Everything of a rule from its first side on: side, relation, side.
  private mutating func formatSides(_ node: SyntaxNode) {
    openGroup()
    nest()
    for child in tree.children(of: node) {
      switch tree.kind(of: child) {
      case .name, .parameterList, .citation, .learned: break
      case .relation:
        separator = .space
        emit(then: .line)
      case .block: formatBlock(child)
      default: formatExpression(child)
      }
    }
    unnest()
    closeGroup()
  }

  /// ` cited "…"`, where the rule has it.
  private mutating func formatCitation(_ node: SyntaxNode) {
    guard tree.child(.citation, of: node) != nil else { return }
    openGroup()
    nest()
    separator = .line
    emit(then: .space)
    emit()
    unnest()
    closeGroup()
  }

  private mutating func formatTermRule(_ node: SyntaxNode) {
    formatKeywordAndName()
    formatCitation(node)
    emit(then: .space)
    let terms = tree.children(of: node).suffix(2)
    openGroup()
    nest()
    for (index, term) in terms.enumerated() {
      emitTerm(until: endOfTerm(term, isLast: index == 1, in: node))
      if index == 0 {
        separator = .space
        emit(then: .line)
      }
    }
    unnest()
    closeGroup()
  }

  /// Where a term ends; its parentheses belong to no node, so the relation or the rule bounds it.
  private func endOfTerm(_ term: SyntaxNode, isLast: Bool, in rule: SyntaxNode) -> Int {
    if isLast { return tree.span(of: rule).end }
    for child in tree.children(of: rule) where tree.kind(of: child) == .relation {
      return tree.span(of: child).start
    }
    return tree.span(of: term).end
  }

  // MARK: Enumerations

  private mutating func formatEnumeration(_ node: SyntaxNode) {
    formatKeywordAndName()
    let children = Array(tree.children(of: node))
    formatParameters(children[1])
    separator = .space
    emit(then: .space)
    emitGroup(until: tree.span(of: children[2]).end)
    separator = .space
    formatOpenBraces { formatter in
      for clause in children.dropFirst(3) {
        formatter.formatUnit { $0.emitGroup(until: $0.tree.span(of: clause).end) }
      }
    }
  }

  // MARK: Derivations

  private mutating func formatDerivation(_ node: SyntaxNode) {
    while token.kind != .leftBrace, token.kind != .endOfFile {
      emit(then: .space)
      if token.kind == .colon { separator = .none }
    }
    let steps = Array(tree.children(of: node).dropFirst(4))
    if steps.isEmpty, isEmptyBraces(until: tree.span(of: node).end) {
      emit()
      emit()
      return
    }
    formatOpenBraces { formatter in
      for step in steps {
        formatter.formatUnit { $0.emitGroup(until: $0.tree.span(of: step).end) }
      }
    }
  }

  /// Whether nothing stands between a `{` without steps, the next token, and its `}`; no comment either.
  private func isEmptyBraces(until end: Int) -> Bool {
    !tree.source.bytes[token.start..<end].contains(UInt8(ascii: "#"))
  }
}
