/// How a command ended, as the shell sees it.
public enum ExitCode: Int32, Sendable {
  /// Fine.
  case success = 0
  /// The input is wrong, or the answer is no.
  case failure = 1
  /// The command was called wrongly.
  case usage = 64
  /// The fault is in the program itself.
  case internalError = 70
  /// ^C was pressed during long work; nothing was written but a checkpoint.
  case interrupted = 130
}

/// Ends a command: what to say on stderr, and the exit code.
struct CommandFailure: Error {
  let code: ExitCode
  let message: String

  /// The input is wrong, or the answer is no.
  static func failure(_ message: String) -> CommandFailure {
    CommandFailure(code: .failure, message: message)
  }

  /// The command was called wrongly.
  static func usage(_ message: String) -> CommandFailure {
    CommandFailure(code: .usage, message: message)
  }

  /// Everything has been said already.
  static let reported = CommandFailure(code: .failure, message: "")
}
