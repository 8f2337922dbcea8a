import Diagnostics

/// The tokens of a file, one at a time.
///
/// White space and comments are skipped; characters that no token begins with are reported and skipped. A
/// lexer can be set back to an earlier position; what it reported before isn't reported again.
struct Lexer: Sendable {
  /// Where the lexer stands.
  struct Position: Sendable {
    var offset = 0
    var lineStart = 0
    var indentation = 0
    var startsLine = true
  }

  let bytes: [UInt8]
  var position = Position()
  /// The lexical faults found so far, in the order of the file.
  private(set) var faults: [(fault: SyntaxFault, span: SourceSpan)] = []
  private var reported = 0
  private let words = Word.byLength
  private let firstLetters = Word.firstLetters

  init(bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position.offset = 3
      position.lineStart = 3
    }
  }

  /// The next token; at the end of the file, `endOfFile` again and again.
  mutating func next() -> Token {
    skipToToken()
    let start = position.offset
    let startsLine = position.startsLine
    if startsLine { position.indentation = start - position.lineStart }
    position.startsLine = false
    var token = Token(kind: .endOfFile, startsLine: startsLine, start: start, end: start)
    token.indentation = position.indentation
    guard start < bytes.count else { return token }
    let byte = bytes[start]
    if byte.isNameStart || byte >= 0x80 {
      lexName(&token)
    } else if byte.isDigit || (byte == UInt8(ascii: "-") && self.byte(start + 1).isDigit) {
      lexNumber(&token)
    } else if byte == UInt8(ascii: "\""), let end = textEnd(from: start) {
      token.kind = .text
      token.end = end
    } else {
      let (kind, length) = punctuation(at: start) ?? (.endOfFile, 1)
      token.kind = kind
      token.end = start + length
    }
    position.offset = token.end
    return token
  }

  /// Whether the next token is `=`, where its first byte tells that it is, or that it is neither that nor a
  /// comma; `nil` where it must be read.
  var isBeforeAssign: Bool? {
    var offset = position.offset
    while byte(offset) == UInt8(ascii: " ") { offset += 1 }
    switch byte(offset) {
    case UInt8(ascii: "="): return byte(offset + 1) != UInt8(ascii: "=")
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "}"): return false
    default: return nil
    }
  }

  /// The byte at the offset, or zero past the end.
  func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  // MARK: Between tokens

  private mutating func skipToToken() {
    while position.offset < bytes.count {
      switch bytes[position.offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        position.offset += 1
      case UInt8(ascii: "\n"):
        position.offset += 1
        position.lineStart = position.offset
        position.startsLine = true
      case UInt8(ascii: "#"):
        skipComment()
      case let byte where byte.alwaysStartsToken:
        return
      default:
        let end = strayEnd(from: position.offset)
        guard end > position.offset else { return }
        let isEncoded =
          bytes[position.offset] < 0x80 || bytes.scalar(at: position.offset).scalar != nil
        let fault = SyntaxFault.unexpectedCharacter(text(position.offset, end))
        report(isEncoded ? fault : .invalidEncoding, position.offset, end)
        position.offset = end
      }
    }
  }

  private mutating func skipComment() {
    var offset = position.offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      if bytes[offset] < 0x80 {
        offset += 1
      } else {
        let (scalar, length) = bytes.scalar(at: offset)
        if scalar == nil { report(.invalidEncoding, offset, offset + length) }
        offset += length
      }
    }
    position.offset = offset
  }

  /// Where the run of characters ends that begin no token; `start` when a token begins there.
  private func strayEnd(from start: Int) -> Int {
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte >= 0x80 {
        let (scalar, length) = bytes.scalar(at: offset)
        if let scalar, scalar.properties.isAlphabetic { break }
        offset += length
      } else if byte.isNameStart || byte.isDigit || byte.isSpace || byte == UInt8(ascii: "#") {
        break
      } else if punctuation(at: offset) != nil || startsSignedNumber(offset)
        || textEnd(from: offset) != nil
      {
        break
      } else {
        offset += 1
      }
    }
    return offset
  }

  /// Where the text ends that begins with a double quote here; `nil` when no other one is on the line.
  private func textEnd(from start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "\"") else { return nil }
    var offset = start + 1
    while offset < bytes.count, bytes[offset] >= 0x20, bytes[offset] != 0x7F {
      if bytes[offset] == UInt8(ascii: "\"") { return offset + 1 }
      let (scalar, length) = bytes.scalar(at: offset)
      guard scalar != nil else { return nil }
      offset += length
    }
    return nil
  }

  private func startsSignedNumber(_ offset: Int) -> Bool {
    bytes[offset] == UInt8(ascii: "-") && byte(offset + 1).isDigit
  }

  // MARK: Tokens

  private mutating func lexName(_ token: inout Token) {
    var offset = token.start
    // The words with a meaning of their own have small letters only.
    var isSimple = true
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte.isSmallLetter {
        offset += 1
      } else if byte.isNameStart || byte.isDigit {
        isSimple = false
        offset += 1
      } else if byte == UInt8(ascii: "."), self.byte(offset + 1).isNameStart {
        isSimple = false
        offset += 1
      } else if byte >= 0x80, let end = foreignLettersEnd(from: offset) {
        report(.unexpectedCharacter(text(offset, end)), offset, end)
        isSimple = false
        offset = end
      } else {
        break
      }
    }
    token.end = offset
    token.kind = .name
    if isSimple { classify(&token) }
  }

  private func foreignLettersEnd(from start: Int) -> Int? {
    var offset = start
    while offset < bytes.count, bytes[offset] >= 0x80 {
      let (scalar, length) = bytes.scalar(at: offset)
      guard let scalar, scalar.properties.isAlphabetic else { break }
      offset += length
    }
    return offset > start ? offset : nil
  }

  private func classify(_ token: inout Token) {
    let length = token.end - token.start
    guard length < words.count,
      firstLetters[length] >> UInt32(bytes[token.start] - UInt8(ascii: "a")) & 1 == 1
    else { return }
    candidates: for (word, spelling) in words[length] {
      for index in 0..<length where bytes[token.start + index] != spelling[index] {
        continue candidates
      }
      token.word = word
      if word.isReserved { token.kind = .reserved }
      return
    }
  }

  private mutating func lexNumber(_ token: inout Token) {
    let isSigned = bytes[token.start] == UInt8(ascii: "-")
    var offset = digitsEnd(from: isSigned ? token.start + 1 : token.start)
    token.kind = isSigned ? .number : .integer
    if byte(offset) == UInt8(ascii: "."), byte(offset + 1).isDigit {
      token.kind = .number
      offset = digitsEnd(from: offset + 1)
    }
    if byte(offset) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(offset + 1)
      let hasSign = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      let exponent = offset + (hasSign ? 2 : 1)
      if byte(exponent).isDigit {
        token.kind = .number
        offset = digitsEnd(from: exponent)
      }
    }
    token.end = offset
    var end = offset
    while byte(end).isNameStart || byte(end).isDigit || continuesNumber(end) { end += 1 }
    if end > offset {
      token.end = end
      report(.malformedNumber(text(token.start, end)), token.start, end)
    }
  }

  private func continuesNumber(_ offset: Int) -> Bool {
    byte(offset) == UInt8(ascii: ".") && byte(offset + 1).isDigit
  }

  private func digitsEnd(from start: Int) -> Int {
    var offset = start
    while byte(offset).isDigit { offset += 1 }
    return offset
  }

  private func punctuation(at offset: Int) -> (TokenKind, Int)? {
    let following = byte(offset + 1)
    switch bytes[offset] {
    case UInt8(ascii: "{"): return (.leftBrace, 1)
    case UInt8(ascii: "}"): return (.rightBrace, 1)
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: "["): return (.leftBracket, 1)
    case UInt8(ascii: "]"): return (.rightBracket, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: ";"): return (.semicolon, 1)
    case UInt8(ascii: "*"): return (.star, 1)
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "="): return following == UInt8(ascii: "=") ? (.equal, 2) : (.assign, 1)
    case UInt8(ascii: ">"):
      return following == UInt8(ascii: "=") ? (.greaterOrEqual, 2) : (.greater, 1)
    case UInt8(ascii: "<"):
      if following == UInt8(ascii: "=") { return (.lessOrEqual, 2) }
      return following == UInt8(ascii: ">") ? (.lessOrGreater, 2) : (.less, 1)
    case UInt8(ascii: "~"): return following == UInt8(ascii: "=") ? (.similar, 2) : nil
    case UInt8(ascii: "-"): return following == UInt8(ascii: ">") ? (.arrow, 2) : nil
    case UInt8(ascii: "."): return following == UInt8(ascii: ".") ? (.dots, 2) : nil
    default: return nil
    }
  }

  // MARK: Faults

  private mutating func report(_ fault: SyntaxFault, _ start: Int, _ end: Int) {
    guard start >= reported else { return }
    reported = end
    if faults.count <= SyntaxFault.limit { faults.append((fault, SourceSpan(start, end))) }
  }

  private func text(_ start: Int, _ end: Int) -> String {
    bytes.excerpt(SourceSpan(start, end))
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isNameStart: Bool {
    let lower = self | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
  }
  var isSmallLetter: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
  /// Whether a token begins with the byte, whatever comes behind it.
  var alwaysStartsToken: Bool {
    switch self {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "="): true
    default: isNameStart || isDigit
    }
  }
  var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}

extension [UInt8] {
  /// The Unicode scalar at the offset and its length; nil, and how many bytes to skip, where the bytes are
  /// not UTF-8.
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar?, length: Int) {
    var decoder = UTF8()
    var iterator = self[offset..<Swift.min(offset + 4, count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return (nil, 1) }
    return (scalar, UTF8.width(scalar))
  }

  /// The text of a span, cut after thirty characters.
  func excerpt(_ span: SourceSpan) -> String {
    let cut = Swift.min(span.end, span.start + 120)
    let text = String(decoding: self[span.start..<cut], as: UTF8.self)
    let isWhole = cut == span.end && text.count <= 30
    return isWhole ? text : String(text.prefix(30)) + "…"
  }
}
