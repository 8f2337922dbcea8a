import Diagnostics

extension Parser {
  /// `rule r: term == term`, or `rule r(…) { … }`; either may be `cited "…"` before the ':' or the '{'.
  mutating func parseRule() throws(SyntaxFailure) {
    let node = open(.termRule)
    advance()
    try parseName("the name of the rule")
    if token.kind == .leftParenthesis {
      records[node].kind = .rule
      try parseParameters("after the name of the rule")
      try parseCitation()
      try parseRuleBody()
    } else {
      try parseCitation()
      try expect(.colon, "':' or '('", "after the name of the rule")
      let relation = open(.relation)
      close(relation)
      try parseTerm()
      try parseRelation(relation, inDerivation: false)
      try parseTerm()
    }
    close(node)
  }

  /// `cited "…"`.
  private mutating func parseCitation() throws(SyntaxFailure) {
    guard token.word == .cited else { return }
    advance()
    guard token.kind == .text, token.end > token.start + 2 else {
      throw fail(
        .expectedToken("a reference in double quotes", place: "after 'cited'", found: found))
    }
    leaf(.citation)
  }

  /// `{ learned side relation side }`.
  private mutating func parseRuleBody() throws(SyntaxFailure) {
    let brace = token
    try expect(.leftBrace, "'{'", "before the two sides of the rule")
    var hasFault = false
    while startsLearned() {
      let first = token
      regionStart = first.start
      do throws(SyntaxFailure) {
        try parseLearned()
      } catch {
        hasFault = true
        recoverInBlock(from: first)
      }
    }
    if hasFault, token.kind == .rightBrace {
      advance()
      throw SyntaxFailure()
    }
    regionStart = token.start
    do throws(SyntaxFailure) {
      try parseSides()
    } catch {
      hasFault = true
      skipToRuleEnd()
    }
    closeBrace(brace, "the rule")
    if hasFault { throw SyntaxFailure() }
  }

  private mutating func parseSides() throws(SyntaxFailure) {
    try parseSide()
    let relation = open(.relation)
    close(relation)
    try parseRelation(relation, inDerivation: false)
    try parseSide()
    if token.kind != .rightBrace, token.kind != .endOfFile, !token.startsNextDeclaration {
      throw fail(.expectedToken("'}'", place: "after the right side of the rule", found: found))
    }
  }

  private mutating func parseSide() throws(SyntaxFailure) {
    if token.kind == .leftBrace {
      try parseBlock("the side of the rule")
    } else {
      try parseExpression()
    }
  }

  private mutating func skipToRuleEnd() {
    while token.kind != .rightBrace, token.kind != .endOfFile, !token.startsNextDeclaration {
      if token.kind == .leftBrace {
        skipBraces(isStray: token.start == regionStart)
      } else {
        advance()
      }
    }
  }

  /// A relation, written into the node that waits for it.
  mutating func parseRelation(_ node: Int, inDerivation: Bool) throws(SyntaxFailure) {
    let kinds: [TokenKind] = [.equal, .similar, .greaterOrEqual, .lessOrEqual, .lessOrGreater]
    guard let index = kinds.firstIndex(of: token.kind), inDerivation || index < 4 else {
      throw fail(.expectedRelation(found: found))
    }
    records[node].start = UInt32(truncatingIfNeeded: token.start)
    records[node].end = UInt32(truncatingIfNeeded: token.end)
    records[node].flag = UInt8(index)
    advance()
  }

  // MARK: Point-free terms

  /// `tensor ; tensor ; …`.
  mutating func parseTerm() throws(SyntaxFailure) {
    let (node, start) = (records.count, token.start)
    try parseTensor()
    guard token.kind == .semicolon else { return }
    wrap(node, .composition, from: start)
    while accept(.semicolon) { try parseTensor() }
    close(node)
  }

  private mutating func parseTensor() throws(SyntaxFailure) {
    let (node, start) = (records.count, token.start)
    try parseAtom()
    guard token.kind == .star else { return }
    wrap(node, .tensor, from: start)
    while accept(.star) { try parseAtom() }
    close(node)
  }

  private mutating func parseAtom() throws(SyntaxFailure) {
    switch (token.kind, token.word) {
    case (.leftParenthesis, _):
      try enterLevel()
      defer { depth -= 1 }
      advance()
      try parseTerm()
      try expect(.rightParenthesis, "')'", "after a term in parentheses")
    case (.name, .id):
      try parseIdentity()
    case (.name, .swap):
      leaf(.swap)
    case (.name, _):
      let node = open(.termBox)
      try parseName("the name of a box")
      close(node)
    default:
      throw fail(.expectedTerm(found: found))
    }
  }

  private mutating func parseIdentity() throws(SyntaxFailure) {
    let node = open(.identity)
    advance()
    if accept(.leftBracket) {
      if accept(.rightBracket) {
        records[node].flag = 1
        return close(node)
      }
      try parseType()
      try expect(.rightBracket, "']'", "after the type of 'id'")
    }
    close(node)
  }
}
