/// Times that were measured, here or by another engine, as CSV tells them.
///
/// The first line names the columns: `mechanism` or `workload`; `median_ms`; and, where there are several, `n` for sizes
/// and `variant` or `peer` for what was measured. Other columns are passed over.
public struct TimingTable: Sendable {
  /// A line.
  public struct Row: Sendable {
    /// What was done.
    public var name: String
    /// What did it: a variant of the engine; empty when nothing is said.
    public var variant: String
    /// At which size.
    public var size: Int?
    /// How long it took, in milliseconds; positive.
    public var milliseconds: Double
  }

  /// What is wrong with a table.
  public enum Fault: Error, CustomStringConvertible {
    /// A column is missing.
    case noColumn(String)
    /// A line has another number of fields than the first.
    case fieldCount(line: Int, found: Int, expected: Int)
    /// A field is no number as it should be.
    case number(line: Int, text: String, column: String)
    /// A time is none that a measurement can have.
    case time(line: Int, text: String)
    /// There is no line after the first.
    case empty

    /// What is wrong, and what should be there.
    public var description: String {
      switch self {
      case .noColumn(let name): "the first line names no column '\(name)'"
      case .fieldCount(let line, let found, let expected):
        "line \(line): there are \(found) fields, and \(expected) columns"
      case .number(let line, let text, let column):
        "line \(line): '\(text)' is no positive number for the column '\(column)'"
      case .time(let line, let text):
        "line \(line): '\(text)' is no time in milliseconds from 1e-9 to 1e12"
      case .empty: "there is no line after the names of the columns"
      }
    }
  }

  /// The lines, in order.
  public private(set) var rows: [Row] = []

  /// The times of measurements.
  public init(_ measurements: [Measurement]) {
    rows = measurements.map {
      Row(name: $0.workload, variant: "", size: $0.size, milliseconds: $0.median * 1000)
    }
  }

  /// The times that are read, in milliseconds.
  private static let times = 1e-9...1e12

  /// Reads CSV without quotes; empty lines are passed over.
  public init(csv text: String) throws(Fault) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().map { (number: $0.offset + 1, fields: Self.fields($0.element)) }
      .filter { $0.fields != [""] }
    guard let names = lines.first?.fields else { throw .noColumn("mechanism") }
    guard let name = names.firstIndex(where: { $0 == "mechanism" || $0 == "workload" }) else {
      throw .noColumn("mechanism")
    }
    guard let time = names.firstIndex(of: "median_ms") else { throw .noColumn("median_ms") }
    let variant = names.firstIndex { $0 == "variant" || $0 == "peer" }
    let size = names.firstIndex(of: "n")
    for (number, fields) in lines.dropFirst() {
      guard fields.count == names.count else {
        throw .fieldCount(line: number, found: fields.count, expected: names.count)
      }
      guard let milliseconds = Double(fields[time]), milliseconds > 0, milliseconds.isFinite else {
        throw .number(line: number, text: fields[time], column: "median_ms")
      }
      guard Self.times.contains(milliseconds) else {
        throw .time(line: number, text: fields[time])
      }
      var row = Row(
        name: fields[name], variant: variant.map { fields[$0] } ?? "", milliseconds: milliseconds)
      if let size {
        guard let value = Int(fields[size]), value > 0 else {
          throw .number(line: number, text: fields[size], column: "n")
        }
        row.size = value
      }
      rows.append(row)
    }
    guard !rows.isEmpty else { throw .empty }
  }

  private static func fields(_ line: some StringProtocol) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
