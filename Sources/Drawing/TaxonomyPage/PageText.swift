import DiagramIR

/// The lexical side of a page: what makes a text harmless where it stands.
enum PageText {
  /// A string of JSON that neither ends a script element nor opens a comment in one.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"", "\\": result += "\\" + String(scalar)
      case "<", ">", "&", "'", "\u{2028}", "\u{2029}": result += escape(scalar)
      case _ where MarkupText.isForbidden(scalar): result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Bytes as base64 (RFC 4648).
  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < part.count ? Int(part[start + $1]) : 0) }
      for place in 0..<4 {
        let isFilled = place <= part.count
        result.append(isFilled ? letters[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A length in pixels, to the tenth.
  static func number(_ value: Double) -> String { DecimalText.text(value, digits: 1) }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }
}

extension Digest {
  /// The hash as a policy for the content of a page names it.
  var policySource: String {
    let bytes = [parts.0, parts.1, parts.2, parts.3].flatMap { part in
      (0..<8).map { UInt8(truncatingIfNeeded: part >> (56 - 8 * $0)) }
    }
    return "'sha256-\(PageText.base64(bytes))'"
  }
}
