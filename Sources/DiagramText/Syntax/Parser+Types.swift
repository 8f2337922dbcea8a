import Diagnostics

extension Parser {
  /// `type, type, …`; nothing at all where no type begins, if that is allowed.
  mutating func parseTypeList(isOptional: Bool) throws(SyntaxFailure) {
    let node = open(.typeList)
    if !isOptional || token.startsType {
      repeat { try parseType() } while accept(.comma)
    }
    close(node)
  }

  /// An empty list of types.
  mutating func emptyTypeList() { close(open(.typeList)) }

  /// A sort, `[n d ..s]`, or `index v [n]`.
  mutating func parseType() throws(SyntaxFailure) {
    if token.kind == .leftBracket {
      let node = open(.arrayType)
      try parseDimensions()
      close(node)
    } else if token.word == .index, peek().startsSize {
      let node = open(.indexType)
      advance()
      try parseSize()
      try parseDimensions()
      close(node)
    } else if token.kind == .name {
      let node = open(.sortType)
      try parseName("the name of a sort")
      close(node)
    } else {
      throw fail(.expectedType(found: found))
    }
  }

  private mutating func parseDimensions() throws(SyntaxFailure) {
    try expect(.leftBracket, "'['", "before the shape of an array")
    while true {
      if token.kind == .dots {
        let node = open(.shapeVariable)
        advance()
        try parseName("the name of the shape after '..'")
        close(node)
      } else if token.startsSize {
        try parseSize()
      } else {
        break
      }
    }
    try expect(.rightBracket, "a size or ']'", "in the shape of an array")
  }

  /// A sum of products of names and integers.
  mutating func parseSize() throws(SyntaxFailure) {
    let (node, start) = (records.count, token.start)
    try parseProduct()
    guard token.kind == .plus else { return }
    wrap(node, .sizeSum, from: start)
    while accept(.plus) { try parseProduct() }
    close(node)
  }

  private mutating func parseProduct() throws(SyntaxFailure) {
    let (node, start) = (records.count, token.start)
    try parseFactor()
    guard token.kind == .star else { return }
    wrap(node, .sizeProduct, from: start)
    while accept(.star) { try parseFactor() }
    close(node)
  }

  /// A name or an integer.
  mutating func parseFactor() throws(SyntaxFailure) {
    switch token.kind {
    case .name:
      try parseName("a size", as: .sizeName)
    case .integer:
      let span = SourceSpan(token.start, token.end)
      if lexer.bytes.integer(span) == nil {
        report(.numberTooLarge(lexer.bytes.excerpt(span)), span)
      }
      leaf(.sizeInteger)
    default:
      throw fail(.expectedSize(found: found))
    }
  }

  /// `[n d]`, one size or more.
  mutating func parseBracketedSizes(_ kind: SyntaxKind) throws(SyntaxFailure) {
    let node = open(kind)
    advance()
    repeat { try parseSize() } while token.startsSize
    try expect(.rightBracket, "a size or ']'", "in a list of sizes")
    close(node)
  }

  /// `n, k = 16`, the elements of a list of sizes by position or by name; `named` when each needs a name.
  mutating func parseSizeArguments(areNamed: Bool) throws(SyntaxFailure) {
    repeat {
      let node = open(.sizeArgument)
      if areNamed || (token.kind == .name && peek().kind == .assign) {
        try parseName("the name of a size")
        try expect(.assign, "'='", "after the name of a size")
      }
      try parseSize()
      close(node)
    } while accept(.comma)
  }

  /// `per h` or `per [h l]`.
  mutating func parsePer() throws(SyntaxFailure) {
    let node = open(.per)
    advance()
    if token.kind == .leftBracket {
      advance()
      repeat { try parseSize() } while token.startsSize
      try expect(.rightBracket, "a size or ']'", "in a list of sizes")
    } else {
      try parseSize()
    }
    close(node)
  }

  /// Whether `word`, the current token, is the suffix of a call or of a learned declaration, and not a
  /// name that the next statement begins with.
  mutating func isSuffix(_ word: Word) -> Bool {
    guard token.word == word else { return false }
    let next = peek()
    if next.kind == .assign || next.kind == .comma { return false }
    if !token.startsLine || next.kind == .name { return true }
    return word == .per && (next.kind == .integer || next.kind == .leftBracket)
  }
}

extension [UInt8] {
  /// The value of the decimal digits in the span; nil beyond `Int.max`.
  func integer(_ span: SourceSpan) -> Int? {
    var value = 0
    for offset in span.start..<span.end {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(self[offset]) - 48)
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }
}

extension SyntaxTree {
  /// The value of a `sizeInteger` node; `Int.max` for one that was reported as too large.
  public func integer(of node: SyntaxNode) -> Int {
    source.bytes.integer(span(of: node)) ?? .max
  }

  /// The value of a `number` node; infinite for one that was reported as too large.
  public func number(of node: SyntaxNode) -> Double { source.bytes.number(span(of: node)) }
}

extension [UInt8] {
  /// The number that is written in the span.
  func number(_ span: SourceSpan) -> Double {
    Double(String(decoding: self[span.start..<span.end], as: UTF8.self)) ?? .nan
  }
}
