/// How `DiagramJSON` writes a scalar constant: as a number where JSON has one, else as its 64 bits.
enum NumberNotation {
  /// The value with that bit pattern.
  static func json(_ pattern: UInt64) -> JSONValue {
    if let number = JSONDecimal(Double(bitPattern: pattern)) { return .decimal(number) }
    let digits = String(pattern, radix: 16)
    return .string("0x" + String(repeating: "0", count: 16 - digits.count) + digits)
  }

  /// The bit pattern of a value; `nil` when it is none, or a number too large for 64 bits.
  static func pattern(_ value: JSONValue) -> UInt64? {
    if case .string(let text) = value {
      let digits = text.utf8.dropFirst(2)
      let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      guard text.hasPrefix("0x"), digits.count == 16, isHexadecimal else { return nil }
      return UInt64(text.dropFirst(2), radix: 16)
    }
    guard let number = value.doubleValue, number.isFinite else { return nil }
    return number.bitPattern
  }
}
