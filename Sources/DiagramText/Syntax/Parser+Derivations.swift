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
    case .specialise: try parseRelabelling(.specialiseStep, "the name of a diagram")
    case .tie: try parseRelabelling(.tieStep, "the label of a learned box")
    case .untie: try parseUntie()
    case .absorb: try parseAbsorb()
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
    try parseWith()
    close(node)
  }

  private mutating func parseExpect() throws(SyntaxFailure) {
    let node = open(.expectStep)
    advance()
    try parseName("the name of a diagram")
    if token.word == .modulo {
      let laws = open(.modulo)
      repeat {
        advance()
        try parseName("the name of a rule set")
      } while token.kind == .comma
      close(laws)
    }
    close(node)
  }

  private mutating func parseWith() throws(SyntaxFailure) {
    guard token.word == .with else { return }
    let sizes = open(.sizeArguments)
    advance()
    try parseSizeArguments(areNamed: true)
    close(sizes)
  }

  /// `specialise f to d with n = 4` or `tie f to g`.
  private mutating func parseRelabelling(
    _ kind: SyntaxKind, _ role: String
  ) throws(SyntaxFailure) {
    let node = open(kind)
    advance()
    try parseName("the label of a learned box")
    guard token.word == .to else {
      throw fail(.expectedToken("'to'", place: "after the label", found: found))
    }
    advance()
    try parseName(role)
    if kind == .specialiseStep { try parseWith() }
    close(node)
  }

  /// `untie f at w`.
  private mutating func parseUntie() throws(SyntaxFailure) {
    let node = open(.untieStep)
    advance()
    try parseName("the label of a learned box")
    try parseRequiredAt()
    close(node)
  }

  /// `absorb at w`.
  private mutating func parseAbsorb() throws(SyntaxFailure) {
    let node = open(.absorbStep)
    advance()
    try parseRequiredAt()
    close(node)
  }

  mutating func parseRequiredAt() throws(SyntaxFailure) {
    guard token.word == .at else {
      throw fail(.expectedToken("'at'", place: "before the name of a wire", found: found))
    }
    try parseAt()
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
