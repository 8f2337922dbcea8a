/// Renders the diagnostics of one file for people.
///
/// ```
/// attention.diagram:4:9: error: expected ',' or ')' after an argument [expected-token]
///   y = f(x z)
///           ^
/// note: found 'z'
/// ```
///
/// Spans that reach beyond the file or over several lines are underlined as far as their first line goes.
public struct DiagnosticRenderer: Sendable {
  private let source: SourceText
  private let lines: LineTable
  /// The offset rendered last with its column, from which the next one on the same line is counted.
  private var last = (line: 0, offset: 0, column: 0)

  /// Prepares the lines of a file.
  ///
  /// - Complexity: O(bytes).
  public init(_ source: SourceText) {
    self.source = source
    lines = LineTable(source)
  }

  /// A diagnostic as lines of text, each ended by `\n`.
  ///
  /// - Complexity: O(log lines) and, for diagnostics in the order of the file, once the length of each line.
  public mutating func render(_ diagnostic: Diagnostic) -> String {
    let start = min(max(diagnostic.span.start, 0), source.bytes.count)
    let line = lines.line(of: start)
    let excerpt = SourceExcerpt(
      bytes: source.bytes, line: lines.range(ofLine: line), span: diagnostic.span)
    let place = "\(source.path):\(line + 1):\(column(of: start, line: line))"
    var text =
      "\(place): \(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.id)]\n"
    text += excerpt.text.isEmpty ? "\n" : "  \(excerpt.text)\n"
    text += "  \(excerpt.underline)\n"
    for note in diagnostic.notes { text += "note: \(note)\n" }
    return text
  }

  /// Diagnostics one after another.
  public static func render(_ diagnostics: [Diagnostic], of source: SourceText) -> String {
    guard !diagnostics.isEmpty else { return "" }
    var renderer = DiagnosticRenderer(source)
    return diagnostics.map { renderer.render($0) }.joined()
  }

  /// The column of an offset, from one; nearby offsets of a long line are not counted from its start.
  private mutating func column(of offset: Int, line: Int) -> Int {
    if last.line != line || last.offset > offset || last.column == 0 {
      last = (line, lines.range(ofLine: line).lowerBound, 1)
    }
    let column = last.column + source.bytes[last.offset..<offset].scalarCount
    last = (line, offset, column)
    return column
  }
}
