/// What a token is.
enum TokenKind: UInt8, Sendable {
  case endOfFile
  case name
  /// One of the words that can't be names; the token's `word` says which.
  case reserved
  case integer
  /// A number that is not an integer, or has a sign.
  case number
  /// Characters between two double quotes on one line, the quotes among them.
  case text
  case leftBrace, rightBrace, leftParenthesis, rightParenthesis, leftBracket, rightBracket
  case comma, colon, semicolon, assign, star, plus, less, greater, arrow, dots
  case equal, similar, greaterOrEqual, lessOrEqual, lessOrGreater
}

/// The words with a meaning of their own.
///
/// Only the first nine are reserved; the others are names wherever a name is expected.
enum Word: String, Sendable, CaseIterable {
  case importWord = "import"
  case theory, sort, box, diagram, rule, derivation, enumeration
  case returnWord = "return"

  case learn, linear, state, per, size, simd, scan, index, id, swap, at, with, backward, modulo
  case asWord = "as"
  case apply, unfold, fold, normalize, expect, specialise, tie, untie, absorb, to, cited
  case boxes, inside
  case isWord = "is"
  case inWord = "in"
  case cartesian, symmetric, frobenius
  case plain = ""

  /// Whether the word can't be a name.
  var isReserved: Bool { startsDeclaration || self == .returnWord }

  /// Whether a declaration begins with the word.
  var startsDeclaration: Bool {
    switch self {
    case .importWord, .theory, .sort, .box, .diagram, .rule, .derivation, .enumeration: true
    default: false
    }
  }

  /// Whether a step of a derivation begins with the word.
  var startsStep: Bool {
    switch self {
    case .apply, .unfold, .fold, .normalize, .expect: true
    case .specialise, .tie, .untie, .absorb: true
    default: false
    }
  }

  /// Whether a learned declaration begins with the word.
  var startsLearned: Bool { self == .learn || self == .linear || self == .state }

  /// For every length in bytes, the first letters of the words that long, `a` as the lowest bit.
  static let firstLetters: [UInt32] = byLength.map { words in
    words.reduce(0) { $0 | 1 << UInt32($1.bytes[0] - UInt8(ascii: "a")) }
  }

  /// The words by their length in bytes.
  static let byLength: [[(word: Word, bytes: [UInt8])]] = {
    var table: [[(word: Word, bytes: [UInt8])]] = Array(repeating: [], count: 12)
    for word in allCases where word != .plain {
      let bytes = Array(word.rawValue.utf8)
      table[bytes.count].append((word, bytes))
    }
    return table
  }()
}

/// A token: its kind and where it stands.
struct Token: Sendable {
  var kind: TokenKind
  var word: Word = .plain
  /// Whether it is the first token of its line.
  var startsLine = false
  var start: Int
  var end: Int
  /// How many bytes stand before the first token of its line.
  var indentation = 0

  /// Whether a size can begin here.
  var startsSize: Bool { kind == .name || kind == .integer }
  /// Whether a type can begin here.
  var startsType: Bool { kind == .name || kind == .leftBracket }
  /// Whether this begins the next declaration, as far as recovery can tell.
  var startsNextDeclaration: Bool { kind == .reserved && startsLine && word.startsDeclaration }
}
