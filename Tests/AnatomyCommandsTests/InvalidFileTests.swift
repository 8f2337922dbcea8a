import AnatomyCommands
import Diagnostics
import DiagramText
import Foundation
import Testing

/// Files with faults, each of which says in comments what must be reported where.
///
/// A folder is one fixture: its `main.diagram` imports the other files.
struct InvalidFileTests {
  static let folder = "\(Repository.fixtures)/Invalid"

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted()
  }()

  /// The path of a fixture, and the errors that its files announce.
  static func fixture(_ name: String) -> (path: String, errors: [ExpectedError]) {
    let path = "\(folder)/\(name)"
    if name.contains(".") { return (path, ExpectedError.announced(in: path)) }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return (
      "\(path)/main.diagram",
      files.sorted().flatMap { ExpectedError.announced(in: "\(path)/\($0)") }
    )
  }

  @Test("every fault is reported at its line, and nothing else", arguments: names)
  func faults(_ name: String) throws {
    let (path, expected) = Self.fixture(name)
    #expect(!expected.isEmpty)
    if Repository.text(path).contains("without-library") {
      let program = Program(paths: [path], provider: OneFile(path: path))
      let reported = program.files.flatMap { file in
        file.diagnostics.map { diagnostic in
          ExpectedError(
            file: path, line: file.source.location(of: diagnostic.span.start).line,
            id: diagnostic.id, message: diagnostic.message)
        }
      }
      #expect(ExpectedError.differences(expected: expected, reported: reported) == [])
      return
    }
    let run = Tool.run("check", path)
    let reported = ExpectedError.reported(in: run.errors)
    #expect(ExpectedError.differences(expected: expected, reported: reported) == [])
    #expect(run.code == .failure)
    for file in Set(expected.map(\.file)) {
      #expect(run.output.contains("\(file): \(expected.count { $0.file == file }) error"))
    }
  }

  @Test("a missing and an unexpected error are both noticed")
  func differences() {
    let path = "\(Self.folder)/names-wire.diagram"
    let announced = ExpectedError.announced(in: path)
    let reported = ExpectedError.reported(in: Tool.run("check", path).errors)
    #expect(announced.count == 1 && reported.count == 1)
    #expect(ExpectedError.differences(expected: announced, reported: []).count == 1)
    #expect(ExpectedError.differences(expected: [], reported: reported).count == 1)
    let other = announced.map { error in
      ExpectedError(file: error.file, line: error.line + 1, id: error.id, message: error.message)
    }
    #expect(ExpectedError.differences(expected: other, reported: reported).count == 2)
  }

  @Test("there are at least 70 fixtures, and together they report every fault there is")
  func coverage() {
    #expect(Self.names.count >= 70)
    let found = Set(Self.names.flatMap { Self.fixture($0).errors.map(\.id) })
    let declared =
      Self.identifiers(in: "Sources/DiagramText/Syntax/SyntaxFault.swift")
      .union(Self.identifiers(in: "Sources/DiagramText/Elaboration/ElaborationFault.swift"))
      .union(["unknown-wire", "unknown-box", "unknown-sort", "unknown-diagram", "unknown-rule"])
    #expect(declared.count > 50 && declared.contains("type-mismatch"))
    // One needs ten thousand faults, the other four gigabytes.
    let exempt: Set = ["too-many-faults", "file-too-large"]
    #expect(declared.subtracting(found).subtracting(exempt).sorted() == [])
    #expect(found.subtracting(declared).sorted() == [])
  }

  /// The identifiers of faults in a source file: quoted words with hyphens, followed by a comma or a line end.
  private static func identifiers(in path: String) -> Set<String> {
    let quoted = Repository.text("\(Repository.root)/\(path)").components(separatedBy: "\"")
    var found: Set<String> = []
    for (text, next) in zip(quoted, quoted.dropFirst()) where text.contains("-") {
      let isWord = text.allSatisfy { ($0.isLetter && $0.isLowercase && $0.isASCII) || $0 == "-" }
      if isWord, next.hasPrefix(",") || next.hasPrefix("\n") { found.insert(text) }
    }
    return found
  }

  @Test("a file with more faults than can be listed says so, and is read in linear time")
  func manyFaults() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("many.diagram", String(repeating: "sort ?\n", count: 10_050))
    let reported = ExpectedError.reported(in: Tool.run("check", path).errors)
    #expect(reported.count == 10_001)
    #expect(reported.last?.id == "too-many-faults")
  }

  @Test("nesting 100,000 deep is an error with a place, in all that nests")
  func nesting() throws {
    let folder = try TemporaryFolder()
    let deep = 100_000
    let texts = [
      "diagram f(x: []) -> [] { \(Self.nested("neg(", "x", ")", deep)) }",
      "diagram f(x: []) -> [] { \(Self.nested("simd n() { ", "x", " }", deep)) }",
      "diagram f(x: []) -> [] { \(Self.nested("scan n(a = ", "x", ";) { a }", deep)) }",
      "rule r: \(Self.nested("(", "f", ")", deep)) == f",
    ]
    for (number, text) in texts.enumerated() {
      let path = try folder.write("deep\(number).diagram", text)
      let run = Tool.run("check", path)
      #expect(run.code == .failure)
      let errors = ExpectedError.reported(in: run.errors)
      #expect(errors.contains { $0.id == "nesting-too-deep" && $0.line == 1 }, "\(number)")
    }
    let shallow = try folder.write(
      "shallow.diagram", "diagram f(x: []) -> [] { \(Self.nested("neg(", "x", ")", 150)) }")
    #expect(Tool.run("check", shallow).code == .success)
  }

  private static func nested(_ open: String, _ core: String, _ close: String, _ count: Int)
    -> String
  {
    String(repeating: open, count: count) + core + String(repeating: close, count: count)
  }
}

/// One file on disk, without the library.
struct OneFile: FileProvider {
  let path: String

  func read(_ path: String) -> [UInt8]? { path == self.path ? Repository.bytes(path) : nil }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }
}
