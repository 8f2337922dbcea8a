/// A command: `anatomy NAME …`.
protocol Command {
  /// The word after `anatomy`.
  static var name: String { get }
  /// What follows the name, as the help shows it.
  static var usage: String { get }
  /// What the command does, in a line.
  static var summary: String { get }
  /// What else a user should know; empty when nothing.
  static var discussion: String { get }
  /// An example that works, after `anatomy `.
  static var example: String { get }
  /// Its options, without those that every command has.
  static var options: [Option] { get }

  /// Runs the command.
  static func run(_ arguments: Arguments, _ console: Console) throws(CommandFailure) -> ExitCode
}

extension Command {
  static var discussion: String { "" }

  /// The text that `anatomy NAME --help` prints.
  static var help: String {
    var text = "anatomy \(name): \(summary)\n\nusage: anatomy \(name) \(usage)\n"
    if !discussion.isEmpty { text += "\n\(discussion)\n" }
    text += "\noptions:\n"
    let all = options + Option.common
    let width = all.map { $0.usage.count }.max() ?? 0
    for option in all {
      let padding = String(repeating: " ", count: width - option.usage.count)
      text += "  \(option.usage)\(padding)  \(option.help)\n"
    }
    return text + "\nexample: anatomy \(example)\n"
  }
}
