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

  /// Appends a statement or the results, `prefix` in front, to the lines of a block that is this
  /// deep.
  static func append(
    _ prefix: String, _ expression: RegionPrinting.Expression, _ role: Role, _ depth: Int,
    to text: inout String
  ) {
    let line = prefix + expression.text
    let rest = role == .statement ? ["0"] : []
    guard let block = expression.block else {
      append(line, before: rest, depth, to: &text)
      return
    }
    append(line, before: ["0", "}"] + rest, depth, to: &text)
    text += block
    indent(depth, &text)
    text += "}\n"
  }

  /// Appends a line. Behind it, `rest` would complete its block.
  static func append(_ line: String, before rest: [String], _ depth: Int, to text: inout String) {
    let width = LayoutPrinter.step * depth + line.utf8.count
    if width <= LayoutPrinter.width, !line.utf8.contains(UInt8(ascii: "\n")) {
      indent(depth, &text)
      text += line
      text += "\n"
    } else {
      text += formatted(line, before: rest, depth)
    }
  }

  private static func indent(_ depth: Int, _ text: inout String) {
    text += String(repeating: " ", count: LayoutPrinter.step * depth)
  }

  /// Lets the formatter lay out a line inside blocks that hold nothing else.
  private static func formatted(_ line: String, before rest: [String], _ depth: Int) -> String {
    let around = (0..<depth).map { $0 == 0 ? "diagram f() -> [] {" : "simd n() {" }
    let closing = Array(repeating: "}", count: depth)
    let all = around + [line] + rest + closing
    let source = SourceText(path: "", text: all.joined(separator: "\n") + "\n")
    let lines = Formatter.format(SyntaxTree.parse(source).tree)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let own = lines.dropFirst(depth).dropLast(rest.count + depth + 1)
    return own.map { "\($0)\n" }.joined()
  }
}
