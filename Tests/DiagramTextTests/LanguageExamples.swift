/// The example texts of the language's description: each must parse without a diagnostic.
enum LanguageExamples {
  static let firstLook = """
    # Scaled dot-product attention.
    # Vaswani et al., Attention Is All You Need, 2017, equation 1.

    import tensor

    diagram dot_product_attention(q: [n k], k: [m k], v: [m e]) -> [n e] {
      simd n(q) {                                  # q: [k] in each lane; k and v are shared by all lanes
        s = simd m(k) { div(dot(q, k), sqrt(size k)) }
        weighted_sum(softmax(s), v)
      }
    }

    # One head of self-attention with its learned maps.
    diagram self_attention(x: [n d]) -> [n d] {
      linear query, key: [d] -> [k]
      linear value: [d] -> [e]
      linear out: [e] -> [d]
      y = dot_product_attention(query[n](x), key[n](x), value[n](x))
      out[n](y)
    }

    # Many heads: the axis h carries one set of weights per lane.
    diagram multi_head(x: [n d]) -> [n d] {
      linear query, key, value: [d] -> [k] per h
      linear out: [k] -> [d] per h
      heads = simd h() { out[n](dot_product_attention(query[n](x), key[n](x), value[n](x))) }
      sum(heads)
    }

    # The same, from the single head; and l layers, each with its own weights.
    diagram multi_head_again(x: [n d]) -> [n d] {
      sum(simd h() { self_attention(x) as head per h })
    }
    diagram stack(x: [n d]) -> [n d] {
      scan l(y = x;) { add[n d](y, multi_head(y) as layer per l) }
    }

    """

  static let hopf = """
    theory hopf: symmetric
    sort H
    box mul: H, H -> H
    box unit: -> H
    box comul: H -> H, H
    box counit: H -> 
    box antipode: H -> H
    rule bialgebra: mul ; comul == (comul * comul) ; (id * swap * id) ; (mul * mul)
    rule antipode_left: comul ; (antipode * id) ; mul == counit ; unit
    rule mul_assoc(a: H, b: H, c: H) { mul(mul(a, b), c) == mul(a, mul(b, c)) }

    rule score_as_dot(q: [a], k: [b]) {
      learn score: [a], [b] -> []
      learn left: [a] -> [r]
      learn right: [b] -> [r]
      score(q, k) >= dot(left(q), right(k))
    }
    rule matmul_assoc(a: [n k], b: [k m], c: [m e]) { matmul(matmul(a, b), c) == matmul(a, matmul(b, c)) }

    """

  /// The sentences' inline examples, and everything of the grammar that the blocks above don't use.
  static let inline = """
    theory t: cartesian
    theory u: frobenius
    sort A, B
    rule assoc : (mul * id) ; mul == (id * mul) ; mul
    rule typed: id[A] * id[[n d ..s]] ~= swap
    box sum: [n ..s] -> [..s]
    box split: [n*m ..s] -> [n m ..s]
    box concat: [n ..s], [m ..s] -> [n+m ..s]
    box gather: [v ..s], index v [] -> [..s]
    box reindex: [n ..s], index n [m] -> [m ..s]
    box matrix: index h*k+1 [n 4] -> A, B
    diagram erase(a: H) -> { counit(a) }
    diagram constants() -> first: [], second: [] { return 0.5, -2 }
    diagram sizes(x: [n]) -> [n] {
      a = iota<n>()
      b = self_attention<k = 16>(x)
      c, d = pair<n+1, k = 2*m>[n 4](x, 1e-5) as twin.left per [h l]
      state = f(x)
      linear = g(state)
      e = f(state) per 4
      state c0, c1: [m d] per [h l]
      learn f, g: [a], [b] -> [] per h
      learn noise: -> [n]
      size_of = size h*k
      simd = library.f(size)
      return scan n(h = h0, simd; x, y = f(x)) {
        h_next = cell(h, x)
        return h_next, y
      }, scan n(; x) { x }, simd 4() { size 4 }
    }
    rule sides(x: [n]) {
      { y = f(x) y } <= simd n(x) { f(x) }
    }
    derivation d: a <> b {
      apply r
      apply r.left backward at w with n = 4, m = h*k
      unfold f at w
      unfold f
      fold f at w
      fold f
      normalize simplify
      expect b
    }

    """

  static let all = [firstLook, hopf, inline]
}
