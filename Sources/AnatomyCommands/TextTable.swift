/// Rows of words in columns that stand below one another.
struct TextTable {
  /// On which side the words of a column begin.
  enum Alignment {
    case left, right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// A table with these columns.
  init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)]
  }

  /// Adds a row with a word for each column.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// One line for each row, with two spaces between columns.
  var text: String {
    let widths = alignments.indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return alignments[column] == .left ? row[column] + space : space + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}

/// A count as a person reads it: up to three digits, and thousands as `k`, `M`, `G`, `T`, `P`, `E`.
struct Quantity: CustomStringConvertible {
  private let count: Int

  /// A count that isn't negative.
  init(_ count: Int) { self.count = count }

  /// `0 `, `512 `, `1.02 k`, `262 k`: what is counted follows, as in `512 B`.
  var text: String {
    var (unit, prefix) = (1, "")
    for next in ["k", "M", "G", "T", "P", "E"] where count / unit >= 1000 {
      unit *= 1000
      prefix = next
    }
    guard unit > 1 else { return "\(count) " }
    let whole = count / unit
    let hundredths = count / (unit / 100) % 100
    let digits = "\(hundredths / 10)\(hundredths % 10)"
    let rest = whole >= 100 ? "" : whole >= 10 ? ".\(hundredths / 10)" : ".\(digits)"
    return "\(whole)\(rest) \(prefix)"
  }

  /// The same where nothing follows.
  var description: String { count < 1000 ? "\(count)" : text }
}
