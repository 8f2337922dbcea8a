/// A position as editors count it: both from one; a column counts Unicode scalars.
public struct SourceLocation: Hashable, Sendable {
  /// The line, from one.
  public let line: Int
  /// The column, from one, in Unicode scalars.
  public let column: Int

  /// Creates a location.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Where the lines of a text begin.
///
/// It is built when the first diagnostic of a file is rendered, so that files without faults don't pay for
/// it. A line ends with `\n`.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  private let starts: [Int]

  /// Finds the lines of a text.
  ///
  /// - Complexity: O(bytes).
  public init(_ source: SourceText) {
    bytes = source.bytes
    var starts = [0]
    for (offset, byte) in source.bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.starts = starts
  }

  /// How many lines there are, at least one; a text that ends with `\n` has an empty last line.
  public var count: Int { starts.count }

  /// The line of an offset, from zero; offsets beyond the text belong to its last line.
  ///
  /// - Complexity: O(log lines).
  public func line(of offset: Int) -> Int {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The bytes of a line, counted from zero, without its end; clamped to the lines there are.
  public func range(ofLine line: Int) -> Range<Int> {
    let line = min(max(line, 0), starts.count - 1)
    let start = starts[line]
    var end = line + 1 < starts.count ? starts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The line and the column of an offset; offsets beyond the text mean its end.
  ///
  /// - Complexity: O(log lines + length of the line).
  public func location(of offset: Int) -> SourceLocation {
    let offset = min(max(offset, 0), bytes.count)
    let line = line(of: offset)
    let column = bytes[starts[line]..<offset].scalarCount + 1
    return SourceLocation(line: line + 1, column: column)
  }
}

extension SourceText {
  /// The line and the column of an offset.
  ///
  /// For several offsets of one text, make a `LineTable` once.
  ///
  /// - Complexity: O(bytes).
  public func location(of offset: Int) -> SourceLocation { LineTable(self).location(of: offset) }
}

extension ArraySlice<UInt8> {
  /// How many Unicode scalars begin in the slice; in text that is not UTF-8, about that many.
  var scalarCount: Int {
    var count = 0
    for byte in self where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
