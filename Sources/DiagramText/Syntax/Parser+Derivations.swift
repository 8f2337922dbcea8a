import Diagnostics

extension Parser {
  /// `derivation d: a == b { … }`.
  mutating func parseDerivation() throws(SyntaxFailure) {
    let node = open(.derivation)
    advance()
    try parseName("the name of the derivation")
    try expect(.colon, "':'", "after the name of the derivation")
    try parseName("the diagram that the derivation begins with")
    let relation = open(.relation)
    close(relation)
    try parseRelation(relation, inDerivation: true)
    try parseName("the diagram that the derivation ends with")
    let brace = token
    try expect(.leftBrace, "'{'", "before the steps of the derivation")
    let isWhole = parseSteps()
    closeBrace(brace, "the derivation")
    if !isWhole { throw SyntaxFailure() }
    close(node)
  }

  /// All steps; false when one of them has a fault.
  private mutating func parseSteps() -> Bool {
    var isWhole = true
    while token.kind != .rightBrace, token.kind != .endOfFile, !token.startsNextDeclaration {
      regionStart = token.start
      do throws(SyntaxFailure) {
        try parseStep()
      } catch {
        isWhole = false
        recoverInSteps(from: regionStart)
      }
    }
    return isWhole
  }

  private mutating func recoverInSteps(from start: Int) {
    while token.kind != .rightBrace, token.kind != .endOfFile, !token.startsNextDeclaration {
      if token.start > start, token.startsLine, token.word.startsStep { return }
      advance()
    }
  }

  private mutating func parseStep() throws(SyntaxFailure) {
    switch token.word {
    case .apply: try parseApply()
    case .unfold: try parseNamedStep(.unfoldStep, "the name of a diagram", allowsAt: true)
    case .fold: try parseNamedStep(.foldStep, "the name of a diagram", allowsAt: true)
    case .normalize: try parseNamedStep(.normalizeStep, "the name of a rule set", allowsAt: false)
    case .expect: try parseExpect()
    default: throw fail(.expectedStep(found: found))
    }
  }

  private mutating func parseApply() throws(SyntaxFailure) {
    let node = open(.applyStep)
    advance()
    try parseName("the name of a rule")
    if token.word == .backward {
      records[node].flag = 1
      advance()
    }
    try parseAt()
    if token.word == .with {
      let sizes = open(.sizeArguments)
      advance()
      try parseSizeArguments(areNamed: true)
      close(sizes)
    }
    close(node)
  }

  private mutating func parseExpect() throws(SyntaxFailure) {
    let node = open(.expectStep)
    advance()
    try parseName("the name of a diagram")
    if token.word == .modulo {
      let laws = open(.modulo)
      advance()
      try parseName("the name of a rule set")
      close(laws)
    }
    close(node)
  }

  private mutating func parseNamedStep(
    _ kind: SyntaxKind, _ role: String, allowsAt: Bool
  ) throws(SyntaxFailure) {
    let node = open(kind)
    advance()
    try parseName(role)
    if allowsAt { try parseAt() }
    close(node)
  }

  private mutating func parseAt() throws(SyntaxFailure) {
    guard token.word == .at else { return }
    let node = open(.at)
    advance()
    try parseName("the name of a wire or label")
    close(node)
  }
}
