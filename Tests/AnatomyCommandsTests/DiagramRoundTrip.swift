import Diagnostics
import DiagramText
import Testing

/// The diagrams that a file declares.
func diagramNames(in path: String) -> [String] {
  let (tree, _) = SyntaxTree.parse(SourceText(path: path, bytes: Repository.bytes(path)))
  return tree.children(of: tree.root).compactMap { node in
    guard tree.kind(of: node) == .diagram else { return nil }
    return tree.children(of: node).first { tree.kind(of: $0) == .name }.map { tree.text(of: $0) }
  }
}

/// Checks that the text that `show` prints of a diagram stands for the same diagram, is in canonical layout, and
/// that the other forms are there too.
///
/// - Parameter file: the file's name in the folder; boxes that the file declares itself are the same boxes only under
///   the same name.
func expectRoundTrip(
  _ path: String, _ name: String, _ options: [String] = [], in folder: TemporaryFolder,
  file: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let words = ["show", path, name] + options
  let out = "\(folder.path)/\(file)"
  let digest = Tool.run(words + ["--as", "digest"])
  #expect(digest.output.count == 65, "\(name): \(digest.errors)", sourceLocation: sourceLocation)
  let written = Tool.run(words + ["-o", out])
  #expect(written.code == .success, "\(name): \(written.errors)", sourceLocation: sourceLocation)
  let again = Tool.run("show", out, name, "--as", "digest")
  #expect(
    again.output == digest.output, "\(name): \(again.errors)\n\(Repository.text(out))",
    sourceLocation: sourceLocation)
  #expect(
    Tool.run("format", "--check", out).output == "", "\(name)", sourceLocation: sourceLocation)
}

/// Checks that JSON stands for the same diagram, and that DOT draws something.
func expectOtherForms(
  _ path: String, _ name: String, in folder: TemporaryFolder,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  let digest = Tool.run("show", path, name, "--as", "digest").output
  let out = "\(folder.path)/\(name).json"
  #expect(Tool.run("show", path, name, "--as", "json", "-o", out).code == .success)
  let again = Tool.run("show", out, name, "--as", "digest")
  #expect(again.output == digest, "\(name): \(again.errors)", sourceLocation: sourceLocation)
  let dot = Tool.run("show", path, name, "--as", "dot").output
  #expect(
    dot.hasPrefix("digraph") && dot.hasSuffix("}\n"), "\(name)", sourceLocation: sourceLocation)
}
