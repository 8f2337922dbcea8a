import Foundation
import Testing

@Suite("Exact rules whose sides use learned diagrams, in lanes with a copy each")
struct LearnedUseTests {
  private static let file = """
    import tensor

    diagram part(x: [d]) -> [k] {
      linear w: [d] -> [k]
      w(x)
    }
    rule part_is_linear(x: [d], y: [d]) {
      part<k = k>(add[d](x, y)) as f == add[k](part<k = k>(x) as f, part<k = k>(y) as f)
    }

    diagram of_sum(x: [d], y: [d]) -> [h k] { simd h() { part(add[d](x, y)) as p per h } }
    diagram sum_of(x: [d], y: [d]) -> [h k] {
      simd h() { add[k](part(x) as p per h, part(y) as p per h) }
    }
    diagram sum_of_others(x: [d], y: [d]) -> [h k] {
      simd h() { add[k](part(x) as p per h, part(y) as q) }
    }

    """

  private static func verify(_ derivation: String) throws -> Tool.Run {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "own.diagram")
    try Data((file + derivation + "\n").utf8).write(to: path)
    return Tool.run("verify", path.path)
  }

  @Test("A rule applies in each lane to the lane's own copy, in both directions")
  func copies() throws {
    let run = try Self.verify("derivation d: of_sum == sum_of { apply part_is_linear }")
    #expect(run.code == .success && run.output.contains("proved == in 1 step"), "\(run.errors)")
    let back = try Self.verify("derivation d: sum_of == of_sum { apply part_is_linear backward }")
    #expect(back.code == .success && back.output.contains("proved == in 1 step"), "\(back.errors)")
  }

  @Test("One label of a rule is neither two labels nor copies and a shared one")
  func different() throws {
    let run = try Self.verify(
      "derivation d: sum_of_others == of_sum { apply part_is_linear backward }")
    #expect(run.code == .failure && run.errors.contains("'part_is_linear' doesn't match"))
  }
}
