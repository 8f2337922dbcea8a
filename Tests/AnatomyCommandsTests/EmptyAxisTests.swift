import Foundation
import Testing

/// Some laws need a lane: a sum of shares is the whole only where there is one. Rules say nothing of empty axes.
@Suite("Rules and axes without a lane")
struct EmptyAxisTests {
  private static func write(_ text: String, in folder: TemporaryFolder) throws -> String {
    let path = "\(folder.path)/own.diagram"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private static func heads(_ size: String) -> String {
    """
    import tensor
    import shares
    import attention
    import taxonomy_heads

    diagram many(x: [n d], c: [m d]) -> [n e] {
      linear queries, keys: [d] -> [k] per \(size)
      linear values: [d] -> [e] per \(size)
      linear out: [e] -> [e] per \(size)
      simd n(x) {
        heads = simd \(size)() {
          s = simd m(c) { div(dot(queries(x), keys(c)), sqrt(size k)) }
          out(weighted_sum(softmax(s), values[m](c)))
        }
        sum(heads)
      }
    }
    diagram one_head(x: [n d], c: [m d]) -> [n e] {
      linear query, key: [d] -> [k]
      linear value: [d] -> [e]
      simd n(x) {
        s = simd m(c) { div(dot(query(x), key(c)), sqrt(size k)) }
        weighted_sum(softmax(s), value[m](c))
      }
    }
    derivation d: many >= one_head {
      apply heads_alike backward
      expect one_head
    }

    """
  }

  @Test("No heads at all don't express one head; two do")
  func heads() throws {
    let folder = try TemporaryFolder()
    let none = Tool.run("verify", try Self.write(Self.heads("0"), in: folder))
    #expect(none.code == .failure && none.errors.contains("'heads_alike' doesn't match"))
    let two = Tool.run("verify", try Self.write(Self.heads("2"), in: folder))
    #expect(two.code == .success && two.output.contains("proved >= in 2 steps"), "\(two.errors)")
  }

  @Test("A sum over nothing is not the whole; one over two lanes is")
  func sums() throws {
    let folder = try TemporaryFolder()
    for (size, answer) in [("0", "not equal\n"), ("2", "equal\n")] {
      let path = try Self.write(
        """
        import tensor
        import shares
        diagram shared(x: [d]) -> [d] {
          sum(repeat<\(size)>(scale(reciprocal(size \(size)), x)))
        }
        diagram whole(x: [d]) -> [d] { x }

        """, in: folder)
      #expect(Tool.run("equal", path, "shared", "whole", "--modulo", "shares").output == answer)
    }
  }

  @Test("A size can't be given as 0")
  func given() throws {
    let folder = try TemporaryFolder()
    let path = try Self.write(
      """
      import tensor
      import shares
      diagram whole(x: [d]) -> [d] { x }
      derivation d: whole == whole { apply sum_of_shares backward at x with h = 0 }

      """, in: folder)
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    #expect(run.errors.contains("holds for sizes of at least 1, and 'h' is given as 0"))
  }
}
