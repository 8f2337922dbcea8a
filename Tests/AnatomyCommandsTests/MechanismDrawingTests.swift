import DiagramIR
import DiagramText
import Rewriting
import Taxonomies
import Testing

/// Drawings of one mechanism have one identity, and near misses another.
struct MechanismDrawingTests {
  private static let imports = """
    import tensor
    import attention
    import dot_product_attention
    import linear_attention

    """

  /// A mechanism between tokens and a context, from what stands in its block after the learned maps.
  private static func layer(_ name: String, _ body: String) -> String {
    """
    diagram \(name)(x: [n d], c: [m d]) -> [n e] {
      linear query, key: [d] -> [k]
      linear value: [d] -> [e]
      \(body)
    }

    """
  }

  static let softmaxDrawings = [
    layer("library", "dot_product_attention(query[n](x), key[m](c), value[m](c))"),
    """
    diagram other_names(tokens: [t w], memory: [s w]) -> [t o] {
      linear to_value: [w] -> [o]
      linear to_key: [w] -> [h]
      linear to_query: [w] -> [h]
      values = to_value[s](memory)
      keys = to_key[s](memory)
      simd t(tokens) {
        fits = simd s(keys) { div(dot(to_query(tokens), keys), sqrt(size h)) }
        weighted_sum(softmax(fits), values)
      }
    }

    """,
    layer(
      "plain",
      """
      simd n(x) {
          e = simd m(c) { exp(div(dot(query(x), key(c)), sqrt(size k))) }
          z = sum(e)
          weighted_sum(simd m(e) { div(e, z) }, value[m](c))
        }
      """),
    layer(
      "stable",
      """
      q = query[n](x)
        s = simd n(q) { simd m(c) { div(dot(q, key(c)), sqrt(size k)) } }
        top = max[n](s)
        e = simd n(s, top) { simd m(s) { exp(sub(s, top)) } }
        z = sum[n](e)
        w = simd n(e, z) { simd m(e) { div(e, z) } }
        simd n(w) { weighted_sum(w, value[m](c)) }
      """),
    layer(
      "split",
      """
      products = simd n(q = query[n](x)) { simd m(k = key[m](c)) { mul[k](q, k) } }
        s = sum[n m](products)
        scaled = simd n(s) { simd m(s) { div(s, sqrt(size k)) } }
        w = exponential_softmax[n](scaled)
        parts = simd n(w) { simd m(w, v = value[m](c)) { simd e(v) { mul(w, v) } } }
        sum[n](parts)
      """),
    layer(
      "by_reciprocal",
      """
      simd n(x) {
          s = simd m(c) { div(dot(query(x), key(c)), sqrt(size k)) }
          center = mean(s)
          e = simd m(s) { exp(sub(s, center)) }
          r = reciprocal(sum(e))
          weighted_sum(simd m(e) { mul(e, r) }, value[m](c))
        }
      """),
  ]

  static let softmaxMisses = [
    layer(
      "unscaled",
      "simd n(x) { weighted_sum(softmax(simd m(c) { dot(query(x), key(c)) }), value[m](c)) }"),
    layer(
      "scaled_by_size",
      """
      simd n(x) {
          s = simd m(c) { div(dot(query(x), key(c)), size k) }
          weighted_sum(softmax(s), value[m](c))
        }
      """),
    layer(
      "other_axis",
      """
      s = simd m(c) { simd n(x) { div(dot(query(x), key(c)), sqrt(size k)) } }
        w = transpose(softmax[m](s))
        simd n(w) { weighted_sum(w, value[m](c)) }
      """),
    layer(
      "shifted_above_only",
      """
      simd n(x) {
          s = simd m(c) { div(dot(query(x), key(c)), sqrt(size k)) }
          top = max(s)
          z = sum(exp[m](s))
          weighted_sum(simd m(s) { div(exp(sub(s, top)), z) }, value[m](c))
        }
      """),
    layer(
      "shifted_by_entry",
      """
      simd n(x) {
          s = simd m(c) { div(dot(query(x), key(c)), sqrt(size k)) }
          e = simd m(s, j = iota<m>()) { exp(sub(s, j)) }
          weighted_sum(normalize(e), value[m](c))
        }
      """),
    layer("one_map", "dot_product_attention(query[n](x), query[m](c), value[m](c))"),
  ]

  static let linearDrawings = [
    layer("library", "linear_attention(query[n](x), key[m](c), value[m](c))"),
    layer(
      "unfolded",
      """
      keys = transpose(simd m(c) {
          f = key(c)
          simd k(f) { add(elu(f), 1) }
        })
        total = simd k(keys) { sum(keys) }
        summary = simd k(keys) {
          sum(simd m(w = keys, v = value[m](c)) { simd e(v) { mul(w, v) } })
        }
        simd n(x) {
          q = query(x)
          f = simd k(q) { add(elu(q), 1) }
          above = sum(simd k(w = f, s = summary) { simd e(s) { mul(w, s) } })
          below = sum(simd k(f, total) { mul(f, total) })
          simd e(above) { div(above, below) }
        }
      """),
    layer(
      "by_reciprocal",
      """
      queries = positive_features[n](query[n](x))
        keys = transpose(positive_features[m](key[m](c)))
        above = matmul(queries, matmul(keys, value[m](c)))
        below = reciprocal[n](matvec(queries, row_sums(keys)))
        simd n(below, above) { simd e(above) { mul(below, above) } }
      """),
  ]

  static let linearMisses = [
    layer(
      "undivided",
      """
      keys = transpose(positive_features[m](key[m](c)))
        matmul(positive_features[n](query[n](x)), matmul(keys, value[m](c)))
      """),
    layer(
      "other_features",
      """
      queries = relu[n k](query[n](x))
        keys = transpose(relu[m k](key[m](c)))
        divide_rows(matmul(queries, matmul(keys, value[m](c))), matvec(queries, row_sums(keys)))
      """),
  ]

  private func identities(_ drawings: [String]) throws -> [Digest] {
    try drawings.map { drawing in
      let program = LibraryProgram.program(Self.imports + "import drawings\n" + drawing)
      #expect(program.files.flatMap(\.diagnostics).map(\.message) == [])
      let definition = try #require(
        program.environment.definitions.last { $0.symbol.module == "test" })
      return try Self.identity(program.environment).digest(of: definition.diagram)
    }
  }

  /// The identity modulo the laws of drawings.rules.
  static func identity(_ environment: Environment) throws -> MechanismIdentity {
    let rules = environment.rules.filter { $0.symbol.module == "drawings" }
    #expect(rules.count == 9)
    return MechanismIdentity(environment, drawings: try DrawingRules(rules))
  }

  @Test(
    "six drawings of scaled dot-product attention are one mechanism, six near misses are others")
  func softmax() throws {
    let drawings = try identities(Self.softmaxDrawings)
    #expect(drawings.count == 6 && Set(drawings).count == 1)
    let misses = try identities(Self.softmaxMisses)
    #expect(Set(misses + drawings).count == 7)
  }

  @Test("three drawings of linear attention are one mechanism, two near misses are others")
  func linear() throws {
    let drawings = try identities(Self.linearDrawings)
    #expect(drawings.count == 3 && Set(drawings).count == 1)
    let misses = try identities(Self.linearMisses)
    #expect(Set(misses + drawings).count == 3)
  }

  @Test("learned maps one after the other are not one learned map")
  func composed() throws {
    let drawings = try identities([
      Self.layer("once", "value[n](x)"),
      "diagram twice(x: [n d], c: [m d]) -> [n e] {\n"
        + "linear inner: [d] -> [d]\nlinear value: [d] -> [e]\nvalue[n](inner[n](x))\n}\n",
    ])
    #expect(Set(drawings).count == 2)
  }

  @Test("without the laws of drawings, what softmax subtracts makes a difference")
  func withoutLaws() throws {
    let text = Self.imports + Self.softmaxDrawings[0] + Self.softmaxDrawings[2]
    let program = LibraryProgram.program(text)
    let identity = MechanismIdentity(program.environment)
    let digests = try ["library", "plain"].map { name in
      try identity.digest(of: #require(program.definition(name, in: "test.diagram")).diagram)
    }
    #expect(digests[0] != digests[1])
  }

  @Test("a derivation compares drawings by the same laws, and refuses a near miss")
  func derivation() throws {
    let folder = try TemporaryFolder()
    let text =
      Self.imports + "import drawings\n" + Self.softmaxDrawings.joined()
      + Self.softmaxMisses[3]
    let claim = { (target: String) in
      "\nderivation d: library == \(target) { expect \(target) modulo simd, drawings }\n"
    }
    for target in ["plain", "stable", "split", "by_reciprocal", "other_names"] {
      let run = Tool.run(
        "verify", try folder.write("\(target).diagram", text + claim(target)))
      #expect(run.code == .success, "\(run.output)\(run.errors)")
    }
    let miss = Tool.run(
      "verify", try folder.write("miss.diagram", text + claim("shifted_above_only")))
    #expect(miss.code == .failure && miss.errors.contains("modulo simd, drawings"))
    let lanes = claim("plain").replacing(", drawings", with: "")
    #expect(Tool.run("verify", try folder.write("lanes.diagram", text + lanes)).code == .failure)
  }
}
