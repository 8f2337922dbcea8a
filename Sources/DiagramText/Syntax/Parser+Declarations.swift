import Diagnostics

extension Parser {
  /// The whole file.
  mutating func parseFile() {
    let file = open(.file)
    while token.kind != .endOfFile {
      regionStart = token.start
      let (mark, first) = (records.count, token)
      do throws(SyntaxFailure) {
        try parseDeclaration()
      } catch {
        recoverToDeclaration(from: first)
        lose(mark)
        records[file].flag = 1
      }
    }
    close(file)
    records[file].end = UInt32(truncatingIfNeeded: lexer.bytes.count)
    records[file].start = 0
  }

  private mutating func parseDeclaration() throws(SyntaxFailure) {
    switch token.word {
    case .importWord: try parseImport()
    case .theory: try parseTheory()
    case .sort: try parseSort()
    case .box: try parseBox()
    case .diagram: try parseDiagram()
    case .rule: try parseRule()
    case .derivation: try parseDerivation()
    case .enumeration: try parseEnumeration()
    default: throw fail(.expectedDeclaration(found: found))
    }
  }

  /// Skips to the next declaration, looking for faults in the block of a diagram on the way.
  private mutating func recoverToDeclaration(from first: Token) {
    while token.kind != .endOfFile, !token.startsNextDeclaration {
      if token.kind == .leftBrace {
        skipBraces(isStray: first.word != .diagram)
      } else {
        advance()
      }
    }
  }

  private mutating func parseImport() throws(SyntaxFailure) {
    let node = open(.importDeclaration)
    advance()
    try parseName("the name of the file to import")
    close(node)
  }

  private mutating func parseTheory() throws(SyntaxFailure) {
    let node = open(.theory)
    advance()
    try parseName("the name of the theory")
    try expect(.colon, "':'", "after the name of the theory")
    switch token.word {
    case .cartesian, .symmetric, .frobenius: try parseName("the doctrine")
    default: throw fail(.expectedDoctrine(found: found))
    }
    close(node)
  }

  private mutating func parseSort() throws(SyntaxFailure) {
    let node = open(.sort)
    advance()
    repeat {
      try parseName("the name of the sort")
    } while accept(.comma)
    close(node)
  }

  private mutating func parseBox() throws(SyntaxFailure) {
    let node = open(.box)
    advance()
    try parseName("the name of the box")
    try expect(.colon, "':'", "after the name of the box")
    try parseTypeList(isOptional: true)
    try expect(.arrow, "'->'", "after the types of the inputs")
    try parseTypeList(isOptional: true)
    if token.word == .linear { try parseLinearClause() }
    close(node)
  }

  /// `linear`, or `linear in 1 2, 3`.
  private mutating func parseLinearClause() throws(SyntaxFailure) {
    let node = open(.linearClause)
    advance()
    if token.word == .inWord {
      advance()
      repeat {
        let group = open(.linearGroup)
        repeat {
          guard token.kind == .integer else {
            throw fail(
              .expectedToken("the number of an input", place: "after 'linear in'", found: found))
          }
          try parseFactor()
        } while token.kind == .integer
        close(group)
      } while accept(.comma)
    }
    close(node)
  }

  private mutating func parseDiagram() throws(SyntaxFailure) {
    let node = open(.diagram)
    advance()
    try parseName("the name of the diagram")
    try parseParameters("after the name of the diagram")
    try expect(.arrow, "'->'", "after the parameters")
    try parseResultTypes()
    guard token.kind == .leftBrace else {
      throw fail(.expectedToken("'{'", place: "before the body of the diagram", found: found))
    }
    try parseBlock("the diagram")
    close(node)
  }

  /// `(x: type, …)`.
  mutating func parseParameters(_ place: String) throws(SyntaxFailure) {
    let node = open(.parameterList)
    try expect(.leftParenthesis, "'('", place)
    if token.kind != .rightParenthesis {
      repeat {
        if endsTrailing(.rightParenthesis, "the list of parameters") { break }
        let parameter = open(.parameter)
        try parseName("the name of a parameter")
        try expect(.colon, "':'", "after the name of a parameter")
        try parseType()
        close(parameter)
      } while accept(.comma)
    }
    try expect(.rightParenthesis, "',' or ')'", "after a parameter")
    close(node)
  }

  private mutating func parseResultTypes() throws(SyntaxFailure) {
    let node = open(.resultTypeList)
    if token.kind != .leftBrace {
      repeat {
        if endsTrailing(.leftBrace, "the list of results") { break }
        let result = open(.resultType)
        if token.kind == .name, peek().kind == .colon {
          try parseName("the name of a result")
          advance()
        }
        try parseType()
        close(result)
      } while accept(.comma)
    }
    close(node)
  }

  /// Whether a list ends where another element should follow its comma, which is reported.
  mutating func endsTrailing(_ kind: TokenKind, _ list: String) -> Bool {
    guard token.kind == kind, previousEnd > 0 else { return false }
    guard lexer.byte(previousEnd - 1) == UInt8(ascii: ",") else { return false }
    report(.trailingComma(list), SourceSpan(previousEnd - 1, previousEnd))
    return true
  }
}
