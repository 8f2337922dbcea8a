import Foundation

/// Graphviz, where it is installed.
enum GraphvizProcess {
  /// A graph laid out and drawn by `dot`.
  ///
  /// - Throws: `CommandFailure`, when there is no `dot` or it fails.
  static func svg(of dot: String) throws(CommandFailure) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["dot", "-Tsvg"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    do { try process.run() } catch { throw missing }
    // Both pipes are worked at once: a graph larger than a pipe would block the one that waits.
    let writing = DispatchQueue(label: "graphviz.input")
    writing.async {
      try? input.fileHandleForWriting.write(contentsOf: Data(dot.utf8))
      try? input.fileHandleForWriting.close()
    }
    let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw missing }
    return String(decoding: data, as: UTF8.self)
  }

  private static var missing: CommandFailure {
    .failure("Graphviz's 'dot' can't be run: install it, or write a .dot file with -o OUT.dot")
  }
}
