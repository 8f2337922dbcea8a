import Diagnostics

extension Parser {
  /// `enumeration e(x: a) -> b { … }`.
  mutating func parseEnumeration() throws(SyntaxFailure) {
    let node = open(.enumeration)
    advance()
    try parseName("the name of the enumeration")
    try parseParameters("after the name of the enumeration")
    try expect(.arrow, "'->'", "after the parameters")
    try parseType()
    let brace = token
    try expect(.leftBrace, "'{'", "before the clauses of the enumeration")
    while token.kind != .rightBrace, token.kind != .endOfFile, !token.startsNextDeclaration {
      try parseClause()
    }
    closeBrace(brace, "the enumeration")
    close(node)
  }

  private mutating func parseClause() throws(SyntaxFailure) {
    let isGenerator = token.kind == .name && peek().word == .isWord
    switch token.word {
    case _ where isGenerator: try parseGenerator()
    case .boxes:
      let node = open(.boxesClause)
      advance()
      try parseSize()
      close(node)
    case .modulo:
      let node = open(.modulo)
      advance()
      try parseName("the name of a rule set")
      close(node)
    case .inside:
      let node = open(.insideClause)
      advance()
      try parseName("the name of a diagram")
      try parseRequiredAt()
      close(node)
    default: throw fail(.expectedClause(found: found))
    }
  }

  /// `box is diagram as class`.
  private mutating func parseGenerator() throws(SyntaxFailure) {
    let node = open(.generatorClause)
    try parseName("the name of a box")
    advance()
    try parseName("the name of the diagram that the box stands for")
    if token.word == .asWord {
      let label = open(.label)
      advance()
      try parseName("the name of a class")
      close(label)
    }
    close(node)
  }
}
