import Diagnostics

extension Parser {
  /// `{ statements results }`, from its `{` on; `owner` is what the block belongs to.
  ///
  /// Faults of the statements stay inside; only a block that is nested too deeply throws.
  mutating func parseBlock(_ owner: String) throws(SyntaxFailure) {
    try enterLevel()
    defer { depth -= 1 }
    let outerRegion = regionStart
    defer { regionStart = outerRegion }
    let brace = token
    let node = open(.block)
    advance()
    let first = token
    var isClosed = false
    while !isClosed, token.kind != .rightBrace, token.kind != .endOfFile,
      !token.startsNextDeclaration
    {
      let (mark, statement) = (records.count, token)
      regionStart = statement.start
      do throws(SyntaxFailure) {
        isClosed = try parseStatement(of: brace, beginningWith: first)
      } catch {
        lose(mark)
        records[node].flag = 1
        recoverInBlock(from: statement)
      }
    }
    if !isClosed { endBlockWithoutResult(node) }
    closeBrace(brace, owner)
    close(node)
  }

  /// A statement or the results; true when the results were followed by the end of the block.
  private mutating func parseStatement(
    of brace: Token, beginningWith first: Token
  ) throws(SyntaxFailure) -> Bool {
    if startsLearned() {
      try parseLearned()
      return false
    }
    if startsAssignment() {
      try parseAssignment()
      return false
    }
    try parseResults()
    if isOutside(brace, first) { return true }
    guard token.kind == .rightBrace else {
      throw fail(.expectedToken("'}'", place: "after the result of the block", found: found))
    }
    return true
  }

  /// Whether the layout says that the block has ended, although its `}` is missing.
  private func isOutside(_ brace: Token, _ first: Token) -> Bool {
    if token.kind == .endOfFile || token.startsNextDeclaration { return true }
    guard token.kind != .rightBrace, token.startsLine else { return false }
    let isIndented = !first.startsLine || first.indentation > brace.indentation
    return isIndented && token.indentation <= brace.indentation
  }

  private mutating func endBlockWithoutResult(_ node: Int) {
    if records[node].flag == 0, token.kind == .rightBrace {
      report(.missingResult, SourceSpan(token.start, token.end))
    }
    close(open(.results))
  }

  /// Consumes the `}` of `brace`, or says that it is missing and goes on as though it stood here.
  mutating func closeBrace(_ brace: Token, _ owner: String) {
    if token.kind == .rightBrace {
      advance()
    } else {
      report(.unclosedBrace(owner, found: found), SourceSpan(brace.start, brace.end))
    }
  }

  /// Skips the rest of a statement with a fault, at least one token, and looks for faults in the blocks
  /// that it contains.
  mutating func recoverInBlock(from first: Token) {
    while true {
      switch token.kind {
      case .endOfFile, .rightBrace: return
      case .leftBrace: skipBraces(isStray: token.start == first.start)
      default:
        if token.startsNextDeclaration { return }
        if token.start > first.start, token.startsLine {
          let isAligned = first.startsLine && token.indentation == first.indentation
          if looksLikeStatement() || (isAligned && token.kind == .name) { return }
        }
        advance()
      }
    }
  }

  /// Reads over `{ … }` without leaving nodes.
  ///
  /// The faults in it are reported unless the brace is itself the fault.
  mutating func skipBraces(isStray: Bool) {
    if !isStray, depth < SyntaxFault.nestingLimit {
      let mark = records.count
      do throws(SyntaxFailure) { try parseBlock("this block") } catch { advance() }
      drop(mark)
      return
    }
    var open = 0
    repeat {
      if token.kind == .leftBrace { open += 1 }
      if token.kind == .rightBrace { open -= 1 }
      advance()
    } while open > 0 && token.kind != .endOfFile && !token.startsNextDeclaration
  }

  // MARK: Statements

  private mutating func looksLikeStatement() -> Bool {
    if token.kind == .reserved { return token.word == .returnWord }
    return startsLearned() || startsAssignment(limit: 16)
  }

  mutating func startsLearned() -> Bool {
    guard token.word.startsLearned else { return false }
    let next = peek()
    return next.kind == .name || (next.kind == .reserved && !next.startsLine)
  }

  /// Whether names with commas between them and `=` follow; at most `limit` names are looked at.
  private mutating func startsAssignment(limit: Int = .max) -> Bool {
    guard token.kind == .name else { return false }
    if let answer = lexer.isBeforeAssign { return answer }
    let position = lexer.position
    defer { lexer.position = position }
    var count = 1
    while true {
      let separator = lexer.next()
      if separator.kind == .assign { return true }
      guard separator.kind == .comma, count < limit, lexer.next().kind == .name else {
        return false
      }
      count += 1
    }
  }

  /// `learn f, g: A -> B per h`, `linear …`, `state c: [d]`.
  mutating func parseLearned() throws(SyntaxFailure) {
    let word = token.word
    let node = open(.learned, flag: word == .learn ? 0 : word == .linear ? 1 : 2)
    advance()
    try parseNameList("the name of a learned box")
    try expect(.colon, "',' or ':'", "after the name of a learned box")
    if word == .state {
      emptyTypeList()
      let types = open(.typeList)
      try parseType()
      close(types)
    } else {
      try parseTypeList(isOptional: true)
      try expect(.arrow, "',' or '->'", "after the types of the inputs")
      try parseTypeList(isOptional: false)
    }
    if isSuffix(.per) { try parsePer() }
    close(node)
  }

  private mutating func parseNameList(_ role: String) throws(SyntaxFailure) {
    let node = open(.nameList)
    repeat { try parseName(role) } while accept(.comma)
    close(node)
  }

  private mutating func parseAssignment() throws(SyntaxFailure) {
    let node = open(.assignment)
    try parseNameList("the name of a wire")
    try expect(.assign, "'='", "after the name of a wire")
    if token.startsLine, startsAssignment(limit: 16) {
      throw fail(.expectedExpression(found: found, reserved: false))
    }
    try parseExpression()
    close(node)
  }

  private mutating func parseResults() throws(SyntaxFailure) {
    let node = open(.results)
    if token.word == .returnWord { advance() }
    repeat {
      if endsTrailing(.rightBrace, "the list of results") { break }
      try parseExpression()
    } while accept(.comma)
    close(node)
  }
}
