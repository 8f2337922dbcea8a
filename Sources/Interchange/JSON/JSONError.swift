/// Why a text is not JSON, and at which byte.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Fault: Hashable, Sendable {
    /// The text ends inside a value.
    case unexpectedEnd
    /// Another byte stands where `expected` should.
    case unexpected(byte: UInt8, expected: String)
    /// Something follows the value.
    case trailingContent
    /// A number is written in a way that JSON doesn't allow (`01`, `.5`, `1.`, `+1`).
    case malformedNumber
    /// A control character stands in a string unescaped.
    case controlCharacter(UInt8)
    /// A backslash is followed by something that is no escape.
    case malformedEscape
    /// Half of a surrogate pair.
    case loneSurrogate
    /// The bytes are not UTF-8.
    case malformedUTF8
    /// The text starts with a byte order mark.
    case byteOrderMark
    /// A name occurs twice in one object.
    case duplicateKey(String)
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int)
  }

  /// The byte, counted from 0, at which the fault was found.
  public let offset: Int
  /// What is wrong.
  public let fault: Fault

  /// Creates an error.
  public init(offset: Int, fault: Fault) {
    self.offset = offset
    self.fault = fault
  }
}

extension JSONError: CustomStringConvertible {
  /// One sentence without the offset.
  public var message: String {
    switch fault {
    case .unexpectedEnd: "the JSON text ends in the middle of a value"
    case .unexpected(let byte, let expected):
      "expected \(expected), found \(JSONError.name(of: byte))"
    case .trailingContent: "expected the end of the text after the JSON value"
    case .malformedNumber: "not a JSON number"
    case .controlCharacter(let byte):
      "the control character \(JSONError.name(of: byte)) in a string must be escaped"
    case .malformedEscape: "not a JSON escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
    case .loneSurrogate: "half of a surrogate pair; the other half must follow as \\uXXXX"
    case .malformedUTF8: "the JSON text is not valid UTF-8"
    case .byteOrderMark: "the JSON text starts with a byte order mark; remove it"
    case .duplicateKey(let key): "the name \"\(key)\" occurs twice in one object"
    case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
    }
  }

  /// The message and the offset.
  public var description: String { "byte \(offset): \(message)" }

  private static func name(of byte: UInt8) -> String {
    (0x21...0x7e).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
  }
}
