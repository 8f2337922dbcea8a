import Testing

/// `anatomy relate` finds relations in the library, unaided, and what it prints verifies.
struct RelateTests {
  static let linear = "\(Repository.root)/Diagrams/Attention/linear_attention.diagram"

  /// Relates two diagrams, saves the derivation and verifies it.
  static func relate(
    _ words: [String]
  ) throws -> (run: Tool.Run, saved: String, verified: Tool.Run) {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/found.diagram"
    let run = Tool.run(["relate"] + words + ["-o", out])
    return (run, Repository.text(out), Tool.run("verify", out))
  }

  @Test("quadratic and reassociated linear attention are equal")
  func linearAttention() throws {
    let found = try Self.relate([
      Self.linear, "linear_attention_quadratic", "linear_attention", "--rules", "tensor_laws",
    ])
    #expect(found.run.code == .success)
    #expect(found.run.output == "linear_attention_quadratic == linear_attention\n")
    #expect(found.saved.contains("apply matmul_assoc"))
    #expect(found.verified.code == .success)
    #expect(found.verified.output.contains("proved == in 2 steps"))
  }
}
