/// A piece of the bytes that a printer keeps: the text of a name, or of an expression that stands
/// inside another.
struct PrintedRange {
  /// No text.
  static let empty = PrintedRange(start: 0, count: 0)

  var start: UInt32
  var count: UInt32

  var isEmpty: Bool { count == 0 }

  var indices: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
}

extension [UInt8] {
  /// Up to this length, bytes are appended one by one faster than together.
  private static let shortCount: UInt32 = 8

  /// Appends a piece of another text.
  mutating func append(_ range: PrintedRange, of other: [UInt8]) {
    if range.count <= Self.shortCount {
      for index in range.indices { append(other[index]) }
      return
    }
    other.withUnsafeBufferPointer {
      append(contentsOf: UnsafeBufferPointer(rebasing: $0[range.indices]))
    }
  }

  /// Appends a number in decimal digits.
  mutating func append(decimal number: Int) {
    if number >= 10 { append(decimal: number / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }

  /// Keeps a text; returns where it stands.
  mutating func keep(_ text: some Collection<UInt8>) -> PrintedRange {
    let start = count
    append(contentsOf: text)
    return PrintedRange(
      start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: count - start))
  }
}

extension Collection<UInt8> {
  /// Whether the text is one name, without a module in front.
  var isName: Bool {
    guard let first, !first.isDigit else { return false }
    return allSatisfy { $0.isNameStart || $0.isDigit || $0 >= 0x80 }
  }

  /// Whether the text is `w` and digits, as the names that printing makes up.
  var isMadeUp: Bool {
    count > 1 && first == UInt8(ascii: "w") && dropFirst().allSatisfy(\.isDigit)
  }
}
