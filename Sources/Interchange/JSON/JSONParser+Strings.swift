extension JSONParser {
  /// Parses a string whose opening quote stands at `offset`.
  mutating func parseString() throws(JSONError) -> String {
    offset += 1
    let start = offset
    try skipPlain()
    if bytes[offset] == UInt8(ascii: "\"") {
      defer { offset += 1 }
      return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
    var content = Array(bytes[start..<offset])
    while bytes[offset] != UInt8(ascii: "\"") {
      try appendEscape(to: &content)
      let plain = offset
      try skipPlain()
      content += bytes[plain..<offset]
    }
    offset += 1
    return String(decoding: content, as: UTF8.self)
  }

  /// Moves to the next quote or backslash, which is then known to be there.
  private mutating func skipPlain() throws(JSONError) {
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      guard byte >= 0x20 else { throw error(.controlCharacter(byte)) }
      offset += 1
    }
    throw error(.unexpectedEnd)
  }

  private mutating func appendEscape(to content: inout [UInt8]) throws(JSONError) {
    let start = offset
    offset += 1
    let kind = try peek()
    offset += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(kind)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "n"): content.append(0x0a)
    case UInt8(ascii: "r"): content.append(0x0d)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content += Array(String(try parseScalar(from: start)).utf8)
    default: throw JSONError(offset: start, fault: .malformedEscape)
    }
  }

  /// The scalar of `\uXXXX`, or of a surrogate pair of them; `offset` is past the first `u`.
  private mutating func parseScalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
    let first = try parseFourDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let lone = JSONError(offset: start, fault: .loneSurrogate)
    guard first < 0xdc00, bytes.count - offset >= 2, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw lone }
    let second = offset
    offset += 2
    let low = try parseFourDigits(from: second)
    guard (0xdc00...0xdfff).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (low - 0xdc00))
    else { throw lone }
    return scalar
  }

  private mutating func parseFourDigits(from start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try peek()
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw JSONError(offset: start, fault: .malformedEscape)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
