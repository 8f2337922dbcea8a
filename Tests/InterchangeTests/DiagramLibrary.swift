import DiagramIR
import DiagramText
import Foundation

/// The files of Rules and Diagrams.
struct DiagramLibrary: FileProvider {
  let paths: [String]

  init() {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    paths = ["Rules", "Diagrams"].flatMap { folder in
      (FileManager.default.subpaths(atPath: "\(root)/\(folder)") ?? []).sorted()
        .filter { $0.hasSuffix(".rules") || $0.hasSuffix(".diagram") }
        .map { "\(root)/\(folder)/\($0)" }
    }
  }

  func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
  }

  func locate(import name: String, from path: String) -> String? {
    paths.first { $0.hasSuffix("/\(name).rules") || $0.hasSuffix("/\(name).diagram") }
  }

  func identity(of path: String) -> String { path }
}

/// A text of the language that stands alone.
struct DiagramSource: FileProvider {
  let text: String

  /// The declarations of the text.
  var environment: Environment { Program(paths: ["sample.rules"], provider: self).environment }

  func read(_ path: String) -> [UInt8]? { path == "sample.rules" ? Array(text.utf8) : nil }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }
}
