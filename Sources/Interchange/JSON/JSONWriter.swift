extension JSONValue {
  /// The text without any space, as UTF-8.
  ///
  /// Characters outside ASCII stay as they are; quotes, backslashes and control characters are
  /// escaped. The same value always gives the same bytes.
  public var compactBytes: [UInt8] {
    var writer = JSONWriter(isIndented: false)
    writer.write(self, depth: 0)
    return writer.bytes
  }

  /// The text over several lines, indented by two spaces, with a newline at its end.
  ///
  /// Arrays without arrays or objects in them stay on one line.
  public var indentedBytes: [UInt8] {
    var writer = JSONWriter(isIndented: true)
    writer.write(self, depth: 0)
    return writer.bytes + [0x0a]
  }

  /// `compactBytes` as a string.
  public var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

  /// `indentedBytes` as a string.
  public var indentedText: String { String(decoding: indentedBytes, as: UTF8.self) }
}

/// Appends values to a growing text.
private struct JSONWriter {
  let isIndented: Bool
  var bytes: [UInt8] = []

  init(isIndented: Bool) { self.isIndented = isIndented }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .decimal(let value): append(value.text)
    case .string(let value): write(string: value)
    case .array(let elements): write(array: elements, depth: depth)
    case .object(let object): write(object: object, depth: depth)
    }
  }

  private mutating func write(array elements: [JSONValue], depth: Int) {
    let isBroken = isIndented && elements.contains { $0.isContainer }
    append("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { append(isIndented && !isBroken ? ", " : ",") }
      if isBroken { breakLine(depth + 1) }
      write(element, depth: depth + 1)
    }
    if isBroken { breakLine(depth) }
    append("]")
  }

  private mutating func write(object: JSONObject, depth: Int) {
    append("{")
    for (index, member) in object.members.enumerated() {
      if index > 0 { append(",") }
      if isIndented { breakLine(depth + 1) }
      write(string: member.key)
      append(isIndented ? ": " : ":")
      write(member.value, depth: depth + 1)
    }
    if isIndented, !object.isEmpty { breakLine(depth) }
    append("}")
  }

  private mutating func write(string: String) {
    append("\"")
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0a: append("\\n")
      case 0x0d: append("\\r")
      case 0x09: append("\\t")
      case 0..<0x20: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    append("\"")
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }

  private mutating func breakLine(_ depth: Int) {
    append("\n")
    bytes += repeatElement(0x20, count: 2 * depth)
  }
}

extension JSONValue {
  fileprivate var isContainer: Bool {
    switch self {
    case .array(let elements): !elements.isEmpty
    case .object(let object): !object.isEmpty
    default: false
    }
  }
}
