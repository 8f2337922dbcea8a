import Diagnostics

extension Parser {
  /// A wire, a number, `size n`, a call, `simd` or `scan`.
  mutating func parseExpression() throws(SyntaxFailure) {
    switch token.kind {
    case .integer, .number:
      parseNumber()
    case .name:
      switch token.word {
      case .size where peek().startsSize: try parseSizeExpression()
      case .simd where peek().startsSize: try parseSIMD()
      case .scan where peek().startsSize: try parseScan()
      default: try parseCallOrWire()
      }
    default:
      throw fail(.expectedExpression(found: found, reserved: token.kind == .reserved))
    }
  }

  private mutating func parseNumber() {
    let span = SourceSpan(token.start, token.end)
    if lexer.bytes.number(span).isInfinite {
      report(.numberTooLarge(lexer.bytes.excerpt(span)), span)
    }
    leaf(.number)
  }

  private mutating func parseSizeExpression() throws(SyntaxFailure) {
    let node = open(.sizeExpression)
    advance()
    try parseSize()
    close(node)
  }

  private mutating func parseCallOrWire() throws(SyntaxFailure) {
    let node = records.count
    try parseName("a name", as: .wire)
    switch token.kind {
    case .less, .leftBracket, .leftParenthesis:
      var name = records[node]
      name.kind = .name
      records.append(name)
      records[node].kind = .call
      try parseCallArguments()
      close(node)
    default:
      break
    }
  }

  /// Everything of a call after the box's name.
  private mutating func parseCallArguments() throws(SyntaxFailure) {
    if token.kind == .less {
      let sizes = open(.sizeArguments)
      advance()
      try parseSizeArguments(areNamed: false)
      try expect(.greater, "',' or '>'", "after a size")
      close(sizes)
    }
    if token.kind == .leftBracket { try parseBracketedSizes(.lift) }
    try parseArgumentList()
    if isSuffix(.asWord) {
      let label = open(.label)
      advance()
      try parseName("the label after 'as'")
      close(label)
    }
    if isSuffix(.per) { try parsePer() }
  }

  private mutating func parseArgumentList() throws(SyntaxFailure) {
    let node = open(.argumentList)
    guard token.kind == .leftParenthesis else {
      throw fail(.expectedToken("'('", place: "before the arguments of a box", found: found))
    }
    try enterLevel()
    defer { depth -= 1 }
    advance()
    try parseExpressions(upTo: .rightParenthesis, "the list of arguments")
    try expect(.rightParenthesis, "',' or ')'", "after an argument")
    close(node)
  }

  /// Expressions with commas between them; none at all where the list ends at once.
  private mutating func parseExpressions(
    upTo end: TokenKind, _ list: String
  ) throws(SyntaxFailure) {
    guard token.kind != end else { return }
    repeat {
      if endsTrailing(end, list) { return }
      try parseExpression()
    } while accept(.comma)
  }

  /// `simd n(a, b = e) { … }`.
  private mutating func parseSIMD() throws(SyntaxFailure) {
    let node = open(.simd)
    advance()
    try parseSize()
    try expect(.leftParenthesis, "'('", "after the size of 'simd'")
    try parseMappedList(upTo: .rightParenthesis)
    try expect(.rightParenthesis, "',' or ')'", "after a mapped wire")
    try parseBody("'simd'")
    close(node)
  }

  /// `scan n(h = h0; x) { … }`.
  private mutating func parseScan() throws(SyntaxFailure) {
    let node = open(.scan)
    advance()
    try parseSize()
    try expect(.leftParenthesis, "'('", "after the size of 'scan'")
    try parseMappedList(upTo: .semicolon)
    try expect(.semicolon, "',' or ';'", "after a state of 'scan'")
    try parseMappedList(upTo: .rightParenthesis)
    try expect(.rightParenthesis, "',' or ')'", "after a mapped wire")
    try parseBody("'scan'")
    close(node)
  }

  private mutating func parseMappedList(upTo end: TokenKind) throws(SyntaxFailure) {
    let node = open(.mappedList)
    if token.kind != end {
      try enterLevel()
      defer { depth -= 1 }
      repeat {
        if endsTrailing(end, "the list of wires") { break }
        let mapped = open(.mapped)
        try parseName("the name of a wire")
        if accept(.assign) { try parseExpression() }
        close(mapped)
      } while accept(.comma)
    }
    close(node)
  }

  private mutating func parseBody(_ owner: String) throws(SyntaxFailure) {
    guard token.kind == .leftBrace else {
      throw fail(.expectedToken("'{'", place: "before the body of \(owner)", found: found))
    }
    try parseBlock(owner)
  }
}
