import AnatomyCommands
import Foundation

/// Runs the executable's commands in this process, and keeps what they write.
struct Tool {
  /// What a command wrote, and how it ended.
  struct Run {
    let code: ExitCode
    let output: String
    let errors: String
  }

  private final class Transcript {
    var output = ""
    var errors = ""
  }

  /// Runs `anatomy` with these words after its name.
  static func run(_ words: [String]) -> Run {
    let transcript = Transcript()
    let console = Console(
      output: { transcript.output += $0 }, error: { transcript.errors += $0 })
    let code = AnatomyTool.run(words, console: console)
    return Run(code: code, output: transcript.output, errors: transcript.errors)
  }

  /// Runs `anatomy` with these words after its name.
  static func run(_ words: String...) -> Run { run(words) }
}

/// The repository that holds this file.
enum Repository {
  /// Its root, without a slash at the end.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The paths of all files below a folder of the repository with one of these endings, sorted.
  static func files(in folder: String, endings: [String]) -> [String] {
    let names = FileManager.default.subpaths(atPath: "\(root)/\(folder)") ?? []
    return names.sorted().filter { name in endings.contains { name.hasSuffix(".\($0)") } }
      .map { "\(root)/\(folder)/\($0)" }
  }

  /// The rule and diagram files of the library.
  static var library: [String] {
    files(in: "Rules", endings: ["rules"]) + files(in: "Diagrams", endings: ["diagram"])
  }

  /// The fixtures of this test target.
  static let fixtures = "\(root)/Tests/AnatomyCommandsTests/Fixtures"

  /// The bytes of a file; empty when it can't be read.
  static func bytes(_ path: String) -> [UInt8] {
    FileManager.default.contents(atPath: path).map { Array($0) } ?? []
  }

  /// The text of a file; empty when it can't be read.
  static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }
}

/// A folder that is deleted when nothing refers to it any more.
final class TemporaryFolder {
  /// The folder's path.
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("anatomy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes a file, and returns its path.
  @discardableResult
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}
