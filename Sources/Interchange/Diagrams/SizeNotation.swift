import DiagramIR

/// Sizes in the notation of the language: sums of products of names and integers, without spaces.
enum SizeNotation {
  /// Why a text is no size.
  enum Fault: Error {
    case syntax
    case size(SizeError)
  }

  /// Reads a size such as `h*k+1`.
  ///
  /// - Complexity: linear in the text, up to a logarithm.
  static func parse(_ text: String) throws(Fault) -> Size {
    var terms: [Size] = []
    for term in text.split(separator: "+", omittingEmptySubsequences: false) {
      var factors: [Size] = []
      for factor in term.split(separator: "*", omittingEmptySubsequences: false) {
        factors.append(try parse(factor: String(factor)))
      }
      terms.append(try fold(factors) { a, b throws(SizeError) in try a * b })
    }
    return try fold(terms) { a, b throws(SizeError) in try a + b }
  }

  private static func parse(factor: String) throws(Fault) -> Size {
    if factor.isName { return Size(factor) }
    guard !factor.isEmpty, factor.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      throw .syntax
    }
    guard let integer = Int(factor) else { throw .size(.overflow) }
    return Size(integer)
  }

  /// Combines neighbours until one is left, so that long texts stay cheap.
  private static func fold(
    _ sizes: [Size], _ combine: (Size, Size) throws(SizeError) -> Size
  ) throws(Fault) -> Size {
    var sizes = sizes
    while sizes.count > 1 {
      var next: [Size] = []
      for index in stride(from: 0, to: sizes.count, by: 2) {
        guard index + 1 < sizes.count else {
          next.append(sizes[index])
          continue
        }
        do { next.append(try combine(sizes[index], sizes[index + 1])) } catch {
          throw .size(error)
        }
      }
      sizes = next
    }
    return sizes.first ?? .zero
  }
}

extension String {
  /// Whether this is a name of the language: letters, digits and `_`, no digit in front.
  var isName: Bool {
    guard let first = utf8.first, !first.isDigit else { return false }
    return utf8.allSatisfy { byte in
      let lower = byte | 0x20
      return byte.isDigit || byte == UInt8(ascii: "_")
        || (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
    }
  }

  /// Whether this is a label: names separated by dots.
  var isLabel: Bool {
    split(separator: ".", omittingEmptySubsequences: false).allSatisfy { String($0).isName }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
