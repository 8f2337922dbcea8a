extension JSONValue {
  /// The nesting that the parser accepts unless told otherwise.
  public static let defaultDepthLimit = 200

  /// Parses a whole JSON text, strictly: UTF-8 without a byte order mark, no duplicate names in an
  /// object, no comments, no trailing commas.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - depthLimit: how deep arrays and objects may nest; the parser recurses this deep.
  /// - Throws: a `JSONError` with the offset of the first fault.
  /// - Complexity: linear in the bytes.
  public init(
    parsing bytes: [UInt8], depthLimit: Int = JSONValue.defaultDepthLimit
  ) throws(JSONError) {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      throw JSONError(offset: 0, fault: .byteOrderMark)
    }
    if let offset = UTF8Validation.firstFault(in: bytes) {
      throw JSONError(offset: offset, fault: .malformedUTF8)
    }
    var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
    self = try parser.parseText()
  }

  /// Parses a whole JSON text; see `init(parsing:depthLimit:)`.
  public init(
    parsing text: String, depthLimit: Int = JSONValue.defaultDepthLimit
  ) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }
}

/// A recursive-descent parser over bytes that are known to be UTF-8.
struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var offset = 0
  private var depth = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func parseText() throws(JSONError) -> JSONValue {
    let value = try parseValue()
    skipSpace()
    guard offset == bytes.count else { throw error(.trailingContent) }
    return value
  }

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    skipSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return try nested(JSONParser.parseObject)
    case UInt8(ascii: "["): return try nested(JSONParser.parseArray)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try parseNumber()
    case let other: throw error(.unexpected(byte: other, expected: "a value"))
    }
  }

  private mutating func nested(
    _ parse: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
    depth += 1
    offset += 1
    let value = try parse(&self)
    depth -= 1
    return value
  }

  private static func parseArray(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
    var elements: [JSONValue] = []
    parser.skipSpace()
    if try parser.take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try parser.parseValue())
      parser.skipSpace()
      if try parser.take(UInt8(ascii: "]")) { return .array(elements) }
      try parser.expect(UInt8(ascii: ","), "',' or ']'")
    }
  }

  private static func parseObject(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
    var object = JSONObject()
    parser.skipSpace()
    if try parser.take(UInt8(ascii: "}")) { return .object(object) }
    while true {
      try parser.parseMember(into: &object)
      parser.skipSpace()
      if try parser.take(UInt8(ascii: "}")) { return .object(object) }
      try parser.expect(UInt8(ascii: ","), "',' or '}'")
    }
  }

  private mutating func parseMember(into object: inout JSONObject) throws(JSONError) {
    skipSpace()
    let start = offset
    let first = try peek()
    guard first == UInt8(ascii: "\"") else {
      throw error(.unexpected(byte: first, expected: "a name in quotes"))
    }
    let key = try parseString()
    skipSpace()
    try expect(UInt8(ascii: ":"), "':'")
    let value = try parseValue()
    guard object.append(key, value) else {
      throw JSONError(offset: start, fault: .duplicateKey(key))
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      let byte = try peek()
      guard byte == word.utf8Start[index] else {
        throw error(.unexpected(byte: byte, expected: "'\(word)'"))
      }
      offset += 1
    }
    return value
  }

  private mutating func parseNumber() throws(JSONError) -> JSONValue {
    switch JSONNumberScan.scan(bytes, from: offset) {
    case .failure(let at):
      throw JSONError(offset: at, fault: at == bytes.count ? .unexpectedEnd : .malformedNumber)
    case .success(let end, let isInteger):
      let text = String(decoding: bytes[offset..<end], as: UTF8.self)
      offset = end
      if isInteger, text != "-0", let value = Int(text) { return .integer(value) }
      return .decimal(JSONDecimal(scanned: text))
    }
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0a, 0x0d, 0x09: offset += 1
      default: return
      }
    }
  }

  func peek() throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw error(.unexpectedEnd) }
    return bytes[offset]
  }

  private mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
    guard try peek() == byte else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ name: String) throws(JSONError) {
    let found = try peek()
    guard found == byte else { throw error(.unexpected(byte: found, expected: name)) }
    offset += 1
  }

  func error(_ fault: JSONError.Fault) -> JSONError { JSONError(offset: offset, fault: fault) }
}
