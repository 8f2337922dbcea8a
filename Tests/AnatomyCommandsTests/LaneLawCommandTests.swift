import AnatomyCommands
import Foundation
import Testing

/// Laws of SIMD boxes from the command line and in derivations of files.
struct LaneLawCommandTests {
  private static let text = """
    import tensor

    diagram stack(x: [n], c: []) -> [n] {
      y = exp[n](x)
      simd n(v = y) { mul(v, exp(c)) }
    }

    diagram fused(x: [n], c: []) -> [n] { simd n(x) { mul(exp(x), exp(c)) } }

    derivation there_and_back: stack == fused {
      apply simd.fuse
      apply simd.split at y
      normalize simd.fuse
    }

    derivation by_normal_form: stack == fused {
      apply simd.hoist
      normalize simd
      apply simd.fuse
      apply simd.sink
    }

    """

  private static func withFile(_ text: String, _ body: (String) -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "lanes.diagram").path
    try Data(text.utf8).write(to: URL(filePath: path))
    body(path)
  }

  @Test("Derivations with laws of SIMD boxes are proved; a false one is refused")
  func derivations() throws {
    try Self.withFile(Self.text) { path in
      let run = Tool.run("verify", path)
      #expect(run.code == .success, "\(run.errors)")
    }
    let wrong = Self.text.replacingOccurrences(of: "apply simd.hoist", with: "apply simd.one")
    try Self.withFile(wrong) { path in
      let run = Tool.run("verify", path)
      #expect(run.code == .failure)
      #expect(run.errors.contains("'simd.one' can't be applied: it applies nowhere"))
    }
  }

  @Test("Two diagrams are equal modulo simd that are not isomorphic")
  func equal() throws {
    try Self.withFile(Self.text) { path in
      #expect(Tool.run("equal", path, "stack", "fused").output == "not equal\n")
      #expect(Tool.run("equal", path, "stack", "fused", "--modulo", "simd").output == "equal\n")
    }
  }

  @Test("rewrite takes laws by name")
  func rewrite() throws {
    try Self.withFile(Self.text) { path in
      let fused = Tool.run("rewrite", path, "stack", "--only", "simd.fuse")
      #expect(fused.code == .success)
      #expect(fused.output.contains("{ simd n(x) { mul(exp(x), exp(c)) } }"))
      #expect(Tool.run("rewrite", path, "stack", "--only", "simd.fused").code == .failure)
    }
  }
}
