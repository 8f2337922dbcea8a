import DiagramIR
import DiagramText
import Foundation

/// The diagrams of the library, read once.
struct LibraryDiagrams: FileProvider {
  /// Everything that the library declares.
  static let environment: Environment = {
    let files = LibraryDiagrams()
    return Program(paths: files.paths, provider: files).environment
  }()

  /// The diagrams that stand in files of diagrams, and those of the tensor theory.
  static var definitions: [Definition] { environment.definitions }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private let found: [String: String]

  private init() {
    var found: [String: String] = [:]
    for folder in ["Rules", "Diagrams"] {
      let names = FileManager.default.subpaths(atPath: "\(Self.root)/\(folder)") ?? []
      for name in names where name.hasSuffix(".rules") || name.hasSuffix(".diagram") {
        let base = (name.split(separator: "/").last ?? "").split(separator: ".").first ?? ""
        found[String(base)] = "\(Self.root)/\(folder)/\(name)"
      }
    }
    self.found = found
  }

  private var paths: [String] { found.values.filter { $0.hasSuffix(".diagram") }.sorted() }

  func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }

  func identity(of path: String) -> String { path }

  func locate(import name: String, from path: String) -> String? { found[name] }
}
