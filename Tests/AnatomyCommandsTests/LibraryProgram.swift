import DiagramIR
import DiagramText

/// The library's files as one program, with one more that a test writes.
struct LibraryProgram: FileProvider {
  /// The text of the file `test.diagram`.
  var text = ""

  func read(_ path: String) -> [UInt8]? {
    path == "test.diagram" ? Array(text.utf8) : Repository.bytes(path)
  }

  func locate(import name: String, from path: String) -> String? {
    Repository.library.first { file in
      file.split(separator: "/").last?.split(separator: ".").first.map(String.init) == name
    }
  }

  func identity(of path: String) -> String { path }

  /// All files of the library.
  static let environment = Program(paths: Repository.library, provider: LibraryProgram())
    .environment

  /// The program of a text, which may import the library.
  static func program(_ text: String) -> Program {
    Program(paths: ["test.diagram"], provider: LibraryProgram(text: text))
  }
}
