import DiagramIR
import RandomDiagrams
import Rewriting
import Testing

/// `anatomy relate` finds relations in the library, unaided, and what it prints verifies.
struct RelateTests {
  static let attention = "\(Repository.root)/Diagrams/Attention"

  /// Relates two diagrams of a file, saves what is printed, and verifies it.
  static func relate(
    _ file: String, _ left: String, _ right: String, _ options: [String] = []
  ) throws -> (run: Tool.Run, saved: String, verified: Tool.Run) {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/found.diagram"
    let path = file.contains("/") ? file : "\(attention)/\(file).diagram"
    let run = Tool.run(["relate", path, left, right, "-o", out] + options)
    return (run, Repository.text(out), Tool.run("verify", out))
  }

  @Test("quadratic and reassociated linear attention are equal")
  func linearAttention() throws {
    let found = try Self.relate(
      "linear_attention", "linear_attention_quadratic", "linear_attention")
    #expect(found.run.code == .success)
    #expect(found.run.output == "linear_attention_quadratic == linear_attention\n")
    #expect(found.saved.contains("apply matmul_assoc"))
    #expect(found.verified.code == .success)
    #expect(found.verified.output.contains("proved == in 2 steps; largest difference"))
  }

  @Test("softmax attention is a choice of generic attention, whichever comes first")
  func genericAttention() throws {
    let found = try Self.relate("generic_attention", "generic_attention", "softmax_attention")
    #expect(found.run.output == "generic_attention >= softmax_attention\n")
    #expect(found.saved.contains("specialise weigh to generic_attention_weigh"))
    #expect(found.verified.code == .success)
    #expect(found.verified.output.contains("proved >= in 4 steps"))
    let reversed = try Self.relate("generic_attention", "softmax_attention", "generic_attention")
    #expect(reversed.run.output == "softmax_attention <= generic_attention\n")
    #expect(reversed.verified.code == .success)
  }

  @Test(
    "grouped-query attention with one group is multi-query attention, with one head a group multi-head"
  )
  func groupedQueries() throws {
    let cases = [("one_group", "multi_query_attention"), ("one_head_a_group", "multi_head")]
    for (left, right) in cases {
      let found = try Self.relate("grouped_query_attention", left, right)
      #expect(found.run.output == "\(left) == \(right)\n")
      #expect(found.verified.code == .success)
      #expect(found.verified.output.contains("proved == in 1 step; largest difference"))
    }
    let none = try Self.relate(
      "grouped_query_attention", "one_group", "multi_head", ["--limit", "10"])
    #expect(none.run.code == .failure && none.saved.isEmpty)
  }

  @Test("attention by lanes and as products of matrices are equal")
  func matrices() throws {
    let found = try Self.relate(
      "dot_product_attention", "dot_product_attention", "dot_product_attention_matrix")
    #expect(found.run.output == "dot_product_attention == dot_product_attention_matrix\n")
    #expect(found.verified.code == .success)
  }

  @Test("in symmetric theories, by rules that match a wire alone too")
  func symmetric() throws {
    let file = "\(Repository.root)/Diagrams/Algebra/products.diagram"
    for (left, right) in [("comb_with_units", "left_comb"), ("right_comb", "comb_with_units")] {
      let found = try Self.relate(file, left, right)
      #expect(found.run.output == "\(left) == \(right)\n")
      #expect(found.verified.code == .success)
    }
  }

  static let pairs = """
    import dot_product_attention
    import linear_attention
    import additive_attention
    import generic_attention
    diagram softmax(q: [n k], k: [m k], v: [m e]) -> [n e] { dot_product_attention(q, k, v) }
    diagram unlike(q: [n k], k: [m k], v: [m e]) -> [n e] { matmul(q, matmul(transpose(k), v)) }
    diagram dot_scores(x: [n d], c: [m d]) -> [n m] {
      linear query, key: [d] -> [k]
      simd n(x) { simd m(c) { dot(query(x), key(c)) } }
    }
    diagram additive_scores(x: [n d], c: [m d]) -> [n m] {
      linear query, key: [d] -> [k]
      linear score: [k] -> []
      simd n(x) { simd m(c) { score(tanh[k](add[k](query(x), key(c)))) } }
    }
    diagram normalized_scores(x: [n d], c: [m d]) -> [n e] {
      linear query, key: [d] -> [k]
      linear value: [d] -> [e]
      linear_attention_normalized(query[n](x), key[m](c), value[m](c))
    }
    diagram two(x: [d]) -> [d], [d] {
      learn f, g: [d] -> [d]
      return f(x), g(x)
    }
    diagram one(x: [d]) -> [d], [d] {
      learn f: [d] -> [d]
      return f(x), f(x)
    }
    diagram wide(x: [d]) -> [e] {
      learn f: [d] -> [d]
      learn g: [d] -> [e]
      g(f(x))
    }
    diagram narrow(x: [d]) -> [e] {
      learn f: [d] -> [e]
      f(x)
    }
    diagram primordial(x: [n d], c: [m d]) -> [n o] {
      learn score: [d], [d], index n [], index m [] -> []
      learn normalizer: [m] -> [m]
      learn value: [d], [d] -> [e]
      learn readout: [d], [e] -> [o]
      simd n(x, i = indices<n>()) {
        scores = simd m(c, j = indices<m>()) { score(x, c, i, j) }
        values = simd m(c) { value(x, c) }
        readout(x, weighted_sum(normalizer(scores), values))
      }
    }
    diagram any_mixing(x: [n d], c: [m d]) -> [n o] {
      learn any: [d], [m d], index n [] -> [o]
      simd n(x, i = indices<n>()) { any(x, c, i) }
    }
    diagram projected(x: [n d], c: [m d]) -> [n o] {
      learn out: [e] -> [o]
      out[n](softmax_attention(x, c))
    }
    diagram averaging(x: [a b], c: [m b]) -> [a n] {
      linear value: [b] -> [e]
      linear out: [e] -> [n]
      weights = repeat<m>(div(1, size m))
      y = out(weighted_sum(weights, value[m](c)))
      simd a(x) { y }
    }
    """

  private func relate(
    _ left: String, _ right: String, _ options: [String] = []
  ) throws -> (run: Tool.Run, saved: String, verified: Tool.Run) {
    let folder = try TemporaryFolder()
    let path = try folder.write("pairs.diagram", Self.pairs)
    return try Self.relate(path, left, right, options)
  }

  @Test("a choice after which a rule is needed, equal labels, and both ways")
  func choices() throws {
    let linear = try relate("generic_attention", "normalized_scores")
    #expect(linear.run.output == "generic_attention >= normalized_scores\n")
    #expect(linear.saved.contains("apply matmul_transpose_right backward"))
    #expect(linear.verified.code == .success)
    let tied = try relate("two", "one")
    #expect(tied.run.output == "two >= one\n")
    #expect(tied.verified.code == .success)
    let merged = try relate("wide", "narrow")
    #expect(merged.run.output == "wide ~= narrow\n")
    #expect(merged.verified.code == .success)
    #expect(merged.verified.output.split(separator: "\n").count == 2)
  }

  @Test("choices that ignore inputs, positions or lanes, and that mix all of a context")
  func roots() throws {
    let cases = [
      ("primordial", "projected"), ("primordial", "averaging"), ("any_mixing", "primordial"),
    ]
    for (general, special) in cases {
      let found = try relate(general, special, ["--limit", "20"])
      #expect(found.run.output == "\(general) >= \(special)\n")
      #expect(found.verified.code == .success)
    }
    let reversed = try relate("averaging", "primordial", ["--limit", "20"])
    #expect(reversed.run.output == "averaging <= primordial\n")
    #expect(reversed.verified.code == .success)
  }

  @Test("a diagram equals itself; waypoints that differ are refused")
  func waypoints() throws {
    let same = try relate("two", "two")
    #expect(same.run.output == "two == two\n" && same.verified.code == .success)
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "false.diagram", Self.pairs + "\nderivation d: two == one { expect one modulo simd }\n")
    let run = Tool.run("verify", path)
    #expect(run.code == .failure)
    #expect(
      run.errors.contains(
        "step 1 (expect one modulo simd): with all uses unfolded and both normalized by these laws, "
          + "the diagram is not 'one' [derivation-step]"))
  }

  @Test(
    "what isn't so is not found: exit code 1, what to do, and no file",
    arguments: [
      ("softmax", "unlike", "the limit is reached: raise --limit"),
      ("dot_scores", "additive_scores", "no relation found"),
      ("softmax", "two", "different interfaces"),
    ])
  func nothing(_ left: String, _ right: String, _ message: String) throws {
    let rules = ["--rules", "tensor_laws", "attention", "--limit", "30"]
    let none = try relate(left, right, rules)
    #expect(none.run.code == .failure)
    #expect(none.run.errors.contains(message), "\(none.run.errors)")
    #expect(none.run.output.isEmpty && none.saved.isEmpty)
  }

  @Test("as JSON")
  func json() throws {
    let found = try relate("two", "one", ["--json"])
    #expect(
      found.run.output.hasPrefix(#"{"left":"two","right":"one","relation":">=","derivation":"#))
    let none = try relate("dot_scores", "additive_scores", ["--json", "--limit", "10"])
    #expect(none.run.code == .failure)
    #expect(none.run.output.contains(#""relation":null,"derivation":null"#))
  }
}
