import Foundation
import Testing

/// The commands of README.md and of the guide, as a reader would type them.
///
/// Each `sh` block runs in the repository's root, with the executable as `anatomy`; where a `text` block follows, it
/// is what the commands print on stdout.
struct DocumentedCommandsTests {
  /// A block of commands.
  struct Block: Sendable, CustomStringConvertible {
    let place: String
    let commands: String
    /// What they print; `nil` where the page doesn't say.
    let output: String?

    var description: String { place }

    /// The blocks of a page, in order.
    static func all(in path: String) -> [Block] {
      let lines = Repository.text("\(Repository.root)/\(path)").components(separatedBy: "\n")
      var blocks: [Block] = []
      var line = 0
      while line < lines.count {
        guard lines[line] == "```sh", let end = lines[line...].firstIndex(of: "```") else {
          line += 1
          continue
        }
        let commands = lines[(line + 1)..<end].joined(separator: "\n")
        let next = lines[(end + 1)...].firstIndex { !$0.isEmpty } ?? lines.count
        var output: String?
        if next < lines.count, lines[next] == "```text",
          let last = lines[next...].firstIndex(of: "```")
        {
          output = lines[(next + 1)..<last].map { $0 + "\n" }.joined()
        }
        blocks.append(Block(place: "\(path):\(line + 1)", commands: commands, output: output))
        line = end + 1
      }
      return blocks
    }
  }

  static let guide =
    Repository.files(in: "docs/guide", endings: ["md"])
    .map { String($0.dropFirst(Repository.root.count + 1)) }
  static let blocks = (["README.md"] + guide).flatMap(Block.all(in:))

  @Test("each block of commands prints what the page says", arguments: blocks)
  func block(_ block: Block) throws {
    let folder = try TemporaryFolder()
    let run = try Shell.run(block.commands, in: folder)
    #expect(run.output == block.output ?? run.output, "\(run.errors)")
    if block.output == nil { #expect(run.code == 0, "\(run.errors)") }
  }

  @Test("the README has a tour of eight blocks, and the guide has commands in every chapter")
  func count() {
    #expect(Block.all(in: "README.md").count >= 8)
    #expect(Self.guide.count >= 6)
    for page in Self.guide { #expect(!Block.all(in: page).isEmpty, "\(page)") }
    #expect(Self.blocks.count { $0.output != nil } >= 15)
  }

  @Test("a block that prints something else, or fails, is noticed")
  func otherwise() throws {
    let folder = try TemporaryFolder()
    let run = try Shell.run("anatomy --version && anatomy nonsense", in: folder)
    #expect(run.output == "anatomy 0.1.0\n" && run.code == 64)
    #expect(run.errors.contains("there is no command 'nonsense'"))
  }
}

/// Runs commands of a page in a shell.
enum Shell {
  /// The folder with the executable that was built together with the tests.
  private static let products: String? = {
    var folder = Bundle.module.bundleURL
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("anatomy").path
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder)
      if exists, !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate) {
        return folder.path
      }
    }
    return nil
  }()

  /// Runs commands in the repository's root; what they make with `mktemp` goes to a folder.
  static func run(
    _ commands: String, in folder: TemporaryFolder
  ) throws -> (code: Int32, output: String, errors: String) {
    let products = try #require(Self.products, "the executable isn't built")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", commands]
    process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(products):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["TMPDIR"] = folder.path
    process.environment = environment
    let (output, errors) = ("\(folder.path)/stdout", "\(folder.path)/stderr")
    try folder.write("stdout", "")
    try folder.write("stderr", "")
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, Repository.text(output), Repository.text(errors))
  }
}
