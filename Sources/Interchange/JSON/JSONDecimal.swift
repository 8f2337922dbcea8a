/// A number as JSON writes it, kept by its text so that no digit is lost.
public struct JSONDecimal: Hashable, Sendable {
  /// The digits, always a valid JSON number.
  public let text: String

  /// Takes a text that is a JSON number; nil if it is not.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard case .success(let end, _) = JSONNumberScan.scan(bytes, from: 0), end == bytes.count
    else { return nil }
    self.text = text
  }

  /// The shortest text that reads back as this number; nil for infinities and NaN, which JSON
  /// cannot say.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    text = value.description
  }

  /// For the parser, which has just scanned it.
  init(scanned text: String) { self.text = text }

  /// The nearest `Double`; infinite when the number is too large for one.
  public var doubleValue: Double { Double(text) ?? .nan }
}

/// Where a JSON number ends.
enum JSONNumberScan {
  /// A number that ends before `end`, or a fault at an offset.
  case success(end: Int, isInteger: Bool)
  case failure(offset: Int)

  /// Scans `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  static func scan(_ bytes: [UInt8], from start: Int) -> JSONNumberScan {
    var at = start
    if byte(bytes, at) == UInt8(ascii: "-") { at += 1 }
    let whole = digits(bytes, from: at)
    guard whole > at else { return .failure(offset: at) }
    if byte(bytes, at) == UInt8(ascii: "0"), whole > at + 1 { return .failure(offset: at + 1) }
    at = whole
    var isInteger = true
    if byte(bytes, at) == UInt8(ascii: ".") {
      isInteger = false
      let end = digits(bytes, from: at + 1)
      guard end > at + 1 else { return .failure(offset: at + 1) }
      at = end
    }
    if let e = byte(bytes, at), e | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if let sign = byte(bytes, at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        at += 1
      }
      let end = digits(bytes, from: at)
      guard end > at else { return .failure(offset: at) }
      at = end
    }
    return .success(end: at, isInteger: isInteger)
  }

  private static func byte(_ bytes: [UInt8], _ at: Int) -> UInt8? {
    at < bytes.count ? bytes[at] : nil
  }

  private static func digits(_ bytes: [UInt8], from start: Int) -> Int {
    var at = start
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    return at
  }
}
