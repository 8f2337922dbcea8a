/// What can be wrong with the text of a file before names and types are looked at.
///
/// Each case has an identifier, a message and notes; all wording is here.
enum SyntaxFault: Sendable {
  /// How many faults of one file are listed before the rest is only counted as "more".
  static let limit = 10_000
  /// How deep blocks, calls and parentheses may be nested.
  static let nestingLimit = 200
  /// The largest file, in bytes: offsets are 32 bits wide.
  static let sizeLimit = Int(UInt32.max) - 1

  /// A character that no token contains.
  case unexpectedCharacter(String)
  /// A byte that is not UTF-8.
  case invalidEncoding
  /// A number that runs into a name, as in `2n` or `1.2.3`.
  case malformedNumber(String)
  /// A size beyond 2^63 - 1, or a number beyond the largest double.
  case numberTooLarge(String)
  /// A file of 4 GiB or more.
  case fileTooLarge
  /// More than `nestingLimit` levels of blocks, calls and parentheses.
  case nestingTooDeep
  /// The file has more than `limit` faults.
  case tooManyFaults
  /// Punctuation or a word that must stand here: what, where.
  case expectedToken(String, place: String, found: String)
  /// A name must stand here: whose; `reserved` when the word found can't be one.
  case expectedName(String, found: String, reserved: Bool)
  /// A type must stand here.
  case expectedType(found: String)
  /// A size must stand here.
  case expectedSize(found: String)
  /// An expression must stand here; `reserved` when the word found can't begin one.
  case expectedExpression(found: String, reserved: Bool)
  /// A point-free term must stand here.
  case expectedTerm(found: String)
  /// A relation must stand here.
  case expectedRelation(found: String)
  /// A declaration must begin here.
  case expectedDeclaration(found: String)
  /// A doctrine must be named here.
  case expectedDoctrine(found: String)
  /// A step of a derivation must begin here.
  case expectedStep(found: String)
  /// A clause of an enumeration must begin here.
  case expectedClause(found: String)
  /// The `{` of something is never closed.
  case unclosedBrace(String, found: String)
  /// A block without a result.
  case missingResult
  /// A comma after the last element of a list.
  case trailingComma(String)
}

extension SyntaxFault {
  /// The stable name, printed in brackets.
  var id: String {
    switch self {
    case .unexpectedCharacter, .invalidEncoding: "unexpected-character"
    case .malformedNumber: "malformed-number"
    case .numberTooLarge: "number-too-large"
    case .fileTooLarge: "file-too-large"
    case .nestingTooDeep: "nesting-too-deep"
    case .tooManyFaults: "too-many-faults"
    case .expectedToken: "expected-token"
    case .expectedName: "expected-name"
    case .expectedType: "expected-type"
    case .expectedSize: "expected-size"
    case .expectedExpression: "expected-expression"
    case .expectedTerm: "expected-term"
    case .expectedRelation: "expected-relation"
    case .expectedDeclaration: "expected-declaration"
    case .expectedDoctrine: "expected-doctrine"
    case .expectedStep: "expected-step"
    case .expectedClause: "expected-clause"
    case .unclosedBrace: "unclosed-brace"
    case .missingResult: "missing-result"
    case .trailingComma: "trailing-comma"
    }
  }

  /// What is wrong, in one sentence.
  var message: String {
    switch self {
    case .unexpectedCharacter(let text): "the character \(quoted(text)) has no meaning here"
    case .invalidEncoding: "this is not UTF-8"
    case .malformedNumber(let text): "\(quoted(text)) is not a number"
    case .numberTooLarge(let text): "the number \(text) is too large"
    case .fileTooLarge: "the file is too large"
    case .nestingTooDeep: "blocks, calls and parentheses are nested too deeply"
    case .tooManyFaults: "there are more faults in this file than can be listed"
    case .expectedToken(let token, let place, _): "expected \(token) \(place)"
    case .expectedName(let role, _, _): "expected \(role)"
    case .expectedType: "expected a type"
    case .expectedSize: "expected a size"
    case .expectedExpression: "expected an expression"
    case .expectedTerm: "expected a box, 'id', 'swap' or '('"
    case .expectedRelation: "expected a relation"
    case .expectedDeclaration: "expected a declaration"
    case .expectedDoctrine: "expected the theory's doctrine"
    case .expectedStep: "expected a step of the derivation"
    case .expectedClause: "expected a clause of the enumeration"
    case .unclosedBrace(let owner, _): "the '{' of \(owner) is never closed"
    case .missingResult: "the block has no result"
    case .trailingComma(let list): "\(list) ends with a comma"
    }
  }

  /// What was found, and how to mend it.
  var notes: [String] {
    switch self {
    case .unexpectedCharacter: ["names consist of the letters a to z and A to Z, digits and '_'"]
    case .invalidEncoding: ["save the file as UTF-8"]
    case .malformedNumber: ["put a space or an operator between a number and a name"]
    case .numberTooLarge: ["a size is at most \(Int64.max), a number at most 1.79e308"]
    case .fileTooLarge: ["a file has at most \(SyntaxFault.sizeLimit) bytes; split it by 'import'"]
    case .nestingTooDeep:
      ["at most \(SyntaxFault.nestingLimit) levels are allowed; name the inner parts"]
    case .tooManyFaults: ["the first \(SyntaxFault.limit) are listed"]
    case .expectedToken(_, _, let found): [foundNote(found)] + infixNotes(found)
    case .expectedName(_, let found, let reserved):
      [foundNote(found)] + (reserved ? ["the word is reserved; choose another name"] : [])
    case .expectedType(let found):
      [foundNote(found), "a type is a sort, '[n d]', or 'index n []'"]
    case .expectedSize(let found):
      [foundNote(found), "a size is made of names, integers, '*' and '+', such as 'h*k+1'"]
    case .expectedExpression(let found, let reserved):
      expressionNotes(found: found, reserved: reserved)
    case .expectedTerm(let found): [foundNote(found)]
    case .expectedRelation(let found):
      [foundNote(found), "a relation is '==', '~=', '>=' or '<='; in a derivation also '<>'"]
    case .expectedDeclaration(let found):
      [
        foundNote(found),
        "a declaration begins with import, theory, sort, box, diagram, rule, derivation or enumeration",
      ]
    case .expectedDoctrine(let found):
      [foundNote(found), "a doctrine is cartesian, symmetric or frobenius"]
    case .expectedStep(let found):
      [
        foundNote(found),
        "a step begins with apply, specialise, tie, untie, absorb, unfold, fold, normalize or expect",
      ]
    case .expectedClause(let found):
      [
        foundNote(found),
        "a clause is 'boxes 4', 'BOX is DIAGRAM', 'modulo RULE' or 'inside DIAGRAM at LABEL'",
      ]
    case .unclosedBrace(_, let found): [foundNote(found) + " instead of '}'", "add a '}'"]
    case .missingResult: ["end the block with an expression, such as the name of a wire"]
    case .trailingComma: ["remove the comma, or write what follows it"]
    }
  }

  private func foundNote(_ found: String) -> String { "found \(found)" }

  private func infixNotes(_ found: String) -> [String] {
    guard ["'+'", "'*'", "'<'", "'>'"].contains(found) else { return [] }
    return ["wires have no infix operators; use a box, such as 'add(x, y)'"]
  }

  private func expressionNotes(found: String, reserved: Bool) -> [String] {
    if reserved { return [foundNote(found), "the word is reserved; choose another name"] }
    if found == "'('" { return [foundNote(found), "parentheses only follow the name of a box"] }
    return [
      foundNote(found), "an expression is a wire, a number, 'size n', a call, 'simd' or 'scan'",
    ]
  }

  /// The text in quotes, with characters that don't show written as their numbers.
  private func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return "'\(shown)'"
  }
}
