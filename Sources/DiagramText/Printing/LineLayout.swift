import Diagnostics

/// Writes the lines of a block in the formatter's layout.
///
/// A line that is short enough is written as it is: the printer spaces tokens as the formatter
/// does. Only longer lines go through the formatter, each on its own, so that a large diagram is
/// never parsed again.
enum LineLayout {
  /// What a line is in its block.
  enum Role {
    case statement, results
  }

  private static let newline = UInt8(ascii: "\n")

  /// Appends the results to the lines of a block that is this deep.
  static func append(
    _ expression: RegionPrinting.Expression, _ role: Role, _ depth: Int, to text: inout [UInt8]
  ) {
    let start = begin(depth, &text)
    text.append(contentsOf: expression.text)
    if expression.text.contains(newline) {
      layOut(start, before: rest(expression.block, role), depth, &text)
      close(expression.block, depth, &text)
    } else {
      end(start, expression.block, role, depth, &text)
    }
  }

  /// Begins a line of a block that is this deep; returns where it begins.
  static func begin(_ depth: Int, _ text: inout [UInt8]) -> Int {
    let start = text.count
    for _ in 0..<(LayoutPrinter.step * depth) { text.append(UInt8(ascii: " ")) }
    return start
  }

  /// Ends a line that began at `start` and holds no end of a line, and appends the block that it opens.
  static func end(
    _ start: Int, _ block: [UInt8]?, _ role: Role, _ depth: Int, _ text: inout [UInt8]
  ) {
    if text.count - start <= LayoutPrinter.width {
      text.append(newline)
    } else {
      layOut(start, before: rest(block, role), depth, &text)
    }
    close(block, depth, &text)
  }

  /// Ends a line. Behind it, `rest` would complete its block.
  static func end(
    _ start: Int, before rest: [String], _ depth: Int, _ text: inout [UInt8]
  ) {
    if text.count - start <= LayoutPrinter.width, !text[start...].contains(newline) {
      text.append(newline)
    } else {
      layOut(start, before: rest, depth, &text)
    }
  }

  private static func close(_ block: [UInt8]?, _ depth: Int, _ text: inout [UInt8]) {
    guard let block else { return }
    text.append(contentsOf: block)
    _ = begin(depth, &text)
    text.append(UInt8(ascii: "}"))
    text.append(newline)
  }

  private static func rest(_ block: [UInt8]?, _ role: Role) -> [String] {
    (block == nil ? [] : ["0", "}"]) + (role == .statement ? ["0"] : [])
  }

  /// Lets the formatter lay out the last line, inside blocks that hold nothing else.
  private static func layOut(
    _ start: Int, before rest: [String], _ depth: Int, _ text: inout [UInt8]
  ) {
    var all: [UInt8] = []
    for level in 0..<depth {
      all.append(contentsOf: (level == 0 ? "diagram f() -> [] {\n" : "simd n() {\n").utf8)
    }
    all.append(contentsOf: text[start...])
    all.append(newline)
    for line in rest + Array(repeating: "}", count: depth) {
      all.append(contentsOf: line.utf8)
      all.append(newline)
    }
    let tree = SyntaxTree.parse(SourceText(path: "", bytes: all)).tree
    let lines = Formatter.formattedBytes(tree)
      .split(separator: newline, omittingEmptySubsequences: false)
    text.removeSubrange(start...)
    for line in lines.dropFirst(depth).dropLast(rest.count + depth + 1) {
      text.append(contentsOf: line)
      text.append(newline)
    }
  }
}
