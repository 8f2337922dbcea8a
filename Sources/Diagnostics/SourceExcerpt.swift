/// A line of a text with a span in it underlined, as two lines of at most about 100 columns.
///
/// A longer line is cut on both sides of the span. Tabs and characters that don't show take one column, wide
/// characters two, combining ones none, so that the underline stands below the span on a terminal.
struct SourceExcerpt {
  /// How many columns are shown at most, without the marks of a cut.
  static let width = 96
  /// How many columns are shown before the span, at most, when the line is cut.
  static let lead = 32

  private(set) var text = ""
  private(set) var underline = ""

  /// The excerpt of `line`, a range of bytes, with `span` clipped to it underlined by at least one mark.
  init(bytes: [UInt8], line: Range<Int>, span: SourceSpan) {
    let start = min(max(span.start, line.lowerBound), line.upperBound)
    let end = min(max(span.end, start), line.upperBound)
    let fits = line.count <= Self.width
    let first = fits ? line.lowerBound : Self.cut(bytes, line.lowerBound, before: start)
    if first > line.lowerBound { append("…", width: 1, mark: " ") }
    var offset = first
    var columns = 0
    while offset < line.upperBound, columns < Self.width {
      let (scalar, length) = Self.scalar(bytes, offset, line.upperBound)
      let mark: Character = offset == start ? "^" : offset > start && offset < end ? "~" : " "
      let width = scalar.columns
      append(scalar.shown, width: width, mark: mark)
      columns += width
      offset += length
    }
    if start == line.upperBound { underline += "^" }
    if offset < line.upperBound { append("…", width: 1, mark: " ") }
    while underline.last == " " { underline.removeLast() }
  }

  private mutating func append(_ scalar: Unicode.Scalar, width: Int, mark: Character) {
    text.unicodeScalars.append(scalar)
    guard width > 0 else { return }
    underline.append(mark)
    if width > 1 { underline.append(mark == "^" ? "~" : mark) }
  }

  /// Where to begin a long line so that little of it stands before `start`.
  private static func cut(_ bytes: [UInt8], _ lineStart: Int, before start: Int) -> Int {
    var offset = start
    var columns = 0
    while offset > lineStart, columns < lead {
      offset -= 1
      if bytes[offset] & 0xC0 != 0x80 { columns += 1 }
      if start - offset >= 4 * lead { break }
    }
    return offset
  }

  private static func scalar(
    _ bytes: [UInt8], _ offset: Int, _ end: Int
  ) -> (scalar: Unicode.Scalar, length: Int) {
    if bytes[offset] < 0x80 { return (Unicode.Scalar(bytes[offset]), 1) }
    var decoder = UTF8()
    var iterator = bytes[offset..<min(offset + 4, end)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return ("\u{FFFD}", 1) }
    return (scalar, UTF8.width(scalar))
  }
}

extension Unicode.Scalar {
  /// What stands for the scalar on a terminal: itself, a space for white space, a mark for what doesn't show.
  fileprivate var shown: Unicode.Scalar {
    if self == "\t" { return " " }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return "\u{FFFD}"
    default: return self
    }
  }

  /// How many columns `shown` takes on a terminal.
  fileprivate var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(value) } ? 2 : 1
  }
}
