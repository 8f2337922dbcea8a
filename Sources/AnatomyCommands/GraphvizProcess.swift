import Foundation

/// Graphviz, where it is installed.
enum GraphvizProcess {
  /// How much of what Graphviz says is repeated.
  private static let messageLimit = 500
  /// What `env` exits with where there is no such program.
  private static let notFound: Int32 = 127

  /// A graph laid out and drawn by `dot`.
  ///
  /// - Throws: `CommandFailure`, when there is no `dot`, or it fails; then with what it printed.
  static func svg(of dot: String) throws(CommandFailure) -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("anatomy-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (status, message): (Int32, String)
    do { (status, message) = try run(dot, in: folder) } catch {
      throw .failure("Graphviz's 'dot' can't be run: \(error.localizedDescription)")
    }
    if status == notFound {
      throw .failure(
        "Graphviz's 'dot' can't be run, because there is none: install it, or write a .dot file with -o OUT.dot"
      )
    }
    let drawing = try? Data(contentsOf: folder.appendingPathComponent("graph.svg"))
    guard status == 0, let drawing else {
      let said = message.isEmpty ? "nothing" : "'\(message)'"
      throw .failure(
        "Graphviz's 'dot' failed with exit code \(status), and printed \(said): write a .dot file with -o OUT.dot"
      )
    }
    return String(decoding: drawing, as: UTF8.self)
  }

  /// Runs `dot` in a new folder; returns its exit code and what it printed on stderr.
  private static func run(_ dot: String, in folder: URL) throws -> (status: Int32, said: String) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(dot.utf8).write(to: folder.appendingPathComponent("graph.dot"))
    let errors = folder.appendingPathComponent("errors.txt")
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["dot", "-Tsvg", "-o", "graph.svg", "graph.dot"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    let said = text.prefix(messageLimit).trimmingCharacters(in: .whitespacesAndNewlines)
    return (process.terminationStatus, said)
  }
}
