import DiagramText
import Foundation
import Interchange

/// Files on disk: those beside the importing file, those of `--library` folders, and the standard library.
///
/// The standard library is the pair of folders Rules and Diagrams. They are looked for above the executable,
/// above the place where it was built, and above the working directory, in this order.
package final class LibraryFiles: FileProvider {
  private let folders: [String]
  /// The file that each name means in the library folders; the first folder wins.
  private lazy var index: [String: String] = makeIndex()

  package init(libraries: [String]) {
    folders = libraries + (Self.standardLibrary().map { ["\($0)/Rules", "\($0)/Diagrams"] } ?? [])
  }

  package func read(_ path: String) -> [UInt8]? { try? FileBytes.read(path) }

  package func locate(import name: String, from path: String) -> String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let isBare = !path.contains("/")
    for kind in ["rules", "diagram"] {
      let beside = isBare ? "\(name).\(kind)" : "\(Self.folder(of: path))/\(name).\(kind)"
      if FileManager.default.fileExists(atPath: "\(folder)/\(name).\(kind)") { return beside }
    }
    return index[name]
  }

  package func locate(inLibrary name: String) -> String? { index[name] }

  /// The diagram files of the library folders, sorted.
  package var diagramPaths: [String] { index.values.filter { $0.hasSuffix(".diagram") }.sorted() }

  /// The rule files of the library folders, by name.
  var ruleFiles: [String] {
    index.sorted { $0.key < $1.key }.map(\.value).filter { $0.hasSuffix(".rules") }
  }

  package func identity(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  private func makeIndex() -> [String: String] {
    var index: [String: String] = [:]
    for folder in folders {
      let shown = relative(folder)
      let names = FileManager.default.subpaths(atPath: folder)?.sorted() ?? []
      for name in names where name.hasSuffix(".rules") || name.hasSuffix(".diagram") {
        let base = (name.split(separator: "/").last ?? "").split(separator: ".").first ?? ""
        if index[String(base)] == nil { index[String(base)] = "\(shown)/\(name)" }
      }
    }
    return index
  }

  /// A path below the working directory, as people write it.
  private func relative(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  private static func standardLibrary() -> String? {
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? ""
    let places = [executable, #filePath, FileManager.default.currentDirectoryPath + "/."]
    for place in places {
      var folder = URL(fileURLWithPath: place)
      while folder.path != "/" {
        folder.deleteLastPathComponent()
        if FileManager.default.fileExists(atPath: folder.path + "/Rules/tensor.rules") {
          return folder.path
        }
      }
    }
    return nil
  }
}
