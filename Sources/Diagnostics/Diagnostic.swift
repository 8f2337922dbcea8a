/// One fault of a file: what, where, why, and what to do.
public struct Diagnostic: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// The file is wrong.
    case error
    /// The file is accepted, but probably not meant so.
    case warning
  }

  /// A stable name, such as `unknown-box`, printed in brackets and documented in docs/diagnostics.md.
  public let id: String
  /// How bad it is.
  public let severity: Severity
  /// Where.
  public let span: SourceSpan
  /// What is wrong, in one sentence without a full stop at its end; names the box, the wire, the types.
  public let message: String
  /// What was expected, what was found, how to mend it; one sentence each.
  public let notes: [String]

  /// Creates a diagnostic.
  public init(
    id: String, severity: Severity = .error, span: SourceSpan, message: String, notes: [String] = []
  ) {
    self.id = id
    self.severity = severity
    self.span = span
    self.message = message
    self.notes = notes
  }
}
