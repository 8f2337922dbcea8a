/// Where a command writes: data to one side, diagnostics and progress to the other.
public struct Console {
  private let output: (String) -> Void
  private let error: (String) -> Void
  /// Whether to leave out what isn't asked for: summaries and notes.
  var isQuiet = false

  /// A console over two sinks, each of which gets whole pieces of text.
  public init(output: @escaping (String) -> Void, error: @escaping (String) -> Void) {
    self.output = output
    self.error = error
  }

  /// Writes data.
  func write(_ text: String) { output(text) }

  /// Writes a line of data.
  func writeLine(_ text: String) { output(text + "\n") }

  /// Writes a diagnostic.
  func report(_ text: String) { error(text) }

  /// Writes a line that `--quiet` leaves out.
  func note(_ text: String) {
    if !isQuiet { error(text + "\n") }
  }
}
