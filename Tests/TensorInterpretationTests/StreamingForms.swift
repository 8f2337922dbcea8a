/// Ways to write attention, and other folds of scores, each of which streams.
enum StreamingForms {
  /// A diagram of queries, keys and values with this body for each query.
  private static func attention(_ body: String, learned: String = "") -> String {
    "diagram f\(inputs) -> [n e] { \(learned) simd n(q) { \(body) } }"
  }

  private static let inputs = "(q: [n k], k: [m k], v: [m e])"
  private static let scores = "s = simd m(k) { div(dot(q, k), sqrt(size k)) }\n"

  /// Name and text.
  static let all: [(name: String, text: String)] = [
    (
      "softmax", attention(scores + "weighted_sum(softmax(s), v)")
    ),
    (
      "products of matrices",
      "diagram f\(inputs) -> [n e] { matmul(row_softmax(matmul(q, transpose(k))), v) }"
    ),
    (
      "no largest entry, divided at the end",
      attention(
        """
        w = simd m(k) { exp(dot(q, k)) }
        y = weighted_sum(w, v)
        total = sum(w)
        simd e(y) { div(y, total) }
        """)
    ),
    (
      "divided at the end",
      attention(
        """
        s = simd m(k) { dot(q, k) }
        top = max(s)
        w = simd m(s) { exp(sub(s, top)) }
        scale(reciprocal(sum(w)), weighted_sum(w, v))
        """)
    ),
    (
      "scaled after the subtraction",
      attention(
        """
        s = simd m(k) { dot(q, k) }
        top = neg(max(s))
        w = simd m(s) { exp(mul(0.3, add(top, s))) }
        total = sum(w)
        weighted_sum(simd m(w) { div(w, total) }, v)
        """)
    ),
    (
      "less the logarithm of the sum",
      attention(
        """
        s = simd m(k) { dot(q, k) }
        top = max(s)
        total = add(top, log(sum(simd m(s) { exp(sub(s, top)) })))
        weighted_sum(simd m(s) { exp(sub(s, total)) }, v)
        """)
    ),
    (
      "softmax plus one",
      attention(
        scores + """
          top = maximum(max(s), 0)
          w = simd m(s) { exp(sub(s, top)) }
          total = add(exp(neg(top)), sum(w))
          weighted_sum(simd m(w) { div(w, total) }, v)
          """)
    ),
    (
      "causal",
      "diagram f(q: [n k], k: [n k], v: [n e]) -> [n e] { simd n(q, mask = causal_mask<n>()) {"
        + " s = simd n(k, mask) { add(dot(q, k), mask) }\n weighted_sum(softmax(s), v) } }"
    ),
    (
      "hidden by where, with slopes",
      "diagram f(q: [n k], k: [n k], v: [n e], slope: []) -> [n e] { "
        + "simd n(q, i = iota<n>()) { s = simd n(k, j = iota<n>()) { "
        + "where(less(i, j), log(0), add(dot(q, k), mul(slope, sub(j, i)))) }\n"
        + "weighted_sum(softmax(s), v) } }"
    ),
    (
      "hidden after the exponential",
      "diagram f(q: [n k], k: [n k], v: [n e]) -> [n e] { simd n(q, i = iota<n>()) { "
        + "s = simd n(k) { dot(q, k) }\n top = max(s)\n"
        + "w = simd n(s, j = iota<n>()) { where(less(i, j), 0, exp(sub(s, top))) }\n"
        + "total = sum(w)\n weighted_sum(simd n(w) { div(w, total) }, v) } }"
    ),
    (
      "hidden after the exponential, less the largest score that is seen",
      "diagram f(q: [n k], k: [n k], v: [n e]) -> [n e] { simd n(q, i = iota<n>()) { "
        + "s = simd n(k) { dot(q, k) }\n"
        + "top = max(simd n(s, j = iota<n>()) { where(less(i, j), log(0), s) })\n"
        + "w = simd n(s, j = iota<n>()) { where(less(i, j), 0, exp(sub(s, top))) }\n"
        + "total = sum(w)\n weighted_sum(simd n(w) { div(w, total) }, v) } }"
    ),
    (
      "hidden again after softmax",
      "diagram f(q: [n k], k: [n k], v: [n e]) -> [n e] { simd n(q, i = iota<n>()) { "
        + "s = simd n(k, j = iota<n>()) { where(less(j, i), dot(q, k), log(0)) }\n"
        + "w = softmax(s)\n"
        + "weighted_sum(simd n(w, j = iota<n>()) { where(less(j, i), w, 0) }, v) } }"
    ),
    (
      "hidden by a mask, and again after softmax",
      "diagram f(q: [n k], k: [m k], v: [m e], mask: [n m]) -> [n e] { simd n(q, mask) { "
        + "s = simd m(k, mask) { where(mask, dot(q, k), log(0)) }\n w = softmax(s)\n"
        + "weighted_sum(simd m(w, mask) { where(mask, w, 0) }, v) } }"
    ),
    (
      "softmax with a sink below every score",
      attention(
        """
        s = simd m(k) { dot(q, k) }
        top = maximum(max(s), -200)
        w = simd m(s) { exp(sub(s, top)) }
        total = add(exp(sub(-200, top)), sum(w))
        weighted_sum(simd m(w) { div(w, total) }, v)
        """)
    ),
    (
      "with biases",
      "diagram f(q: [n k], k: [m k], v: [m e], bias: [n m], far: [m]) -> [n e] { "
        + "simd n(q, bias) { s = simd m(k, bias, far) { add(add(dot(q, k), bias), far) }\n"
        + "weighted_sum(softmax(s), v) } }"
    ),
    (
      "additive scores",
      attention(
        "s = simd m(k) { score(tanh[k](add[k](q, k))) }\n weighted_sum(softmax(s), v)",
        learned: "linear score: [k] -> []\n")
    ),
    (
      "scores by distance",
      attention(
        """
        s = simd m(k) { d = sub[k](q, k)
        neg(dot(d, d)) }
        weighted_sum(softmax(s), v)
        """)
    ),
    (
      "squares of relu",
      attention(
        """
        w = simd m(k) { power(relu(div(dot(q, k), size m)), 2) }
        weighted_sum(w, v)
        """)
    ),
    (
      "sigmoid",
      attention("weighted_sum(simd m(k) { sigmoid(sub(dot(q, k), log(size m))) }, v)")
    ),
    (
      "heads with their own keys",
      "diagram f(q: [h n k], k: [h m k], v: [h m e]) -> [h n e] { simd h(q, k, v) { "
        + "simd n(q) { \(scores) weighted_sum(softmax(s), v) } } }"
    ),
    (
      "heads that share keys",
      "diagram f(q: [h n k], k: [m k], v: [m e]) -> [h n e] { simd h(q) { "
        + "simd n(q) { \(scores) weighted_sum(softmax(s), v) } } }"
    ),
    (
      "two results of the same weights",
      "diagram f(q: [n k], k: [m k], v: [m e], u: [m]) -> y: [n e], z: [n], total: [n] { "
        + "y, z, total = simd n(q) { s = simd m(k) { dot(q, k) }\n w = softmax(s)\n"
        + "return weighted_sum(w, v), dot(w, u), max(s) }\n return y, z, total }"
    ),
    (
      "differences of weights",
      "diagram f(q: [n k], p: [n k], k: [m k], v: [m e], c: []) -> [n e] { simd n(q, p) { "
        + "a = softmax(simd m(k) { dot(q, k) })\n b = softmax(simd m(k) { dot(p, k) })\n"
        + "weighted_sum(simd m(a, b) { sub(a, mul(c, b)) }, v) } }"
    ),
    (
      "weights less their mean, in several passes",
      attention(
        scores + """
          w = softmax(s)
          center = mean(w)
          weighted_sum(simd m(w) { relu(sub(w, center)) }, v)
          """)
    ),
    (
      "logarithms of sums",
      "diagram f(q: [n k], k: [m k]) -> [n] { simd n(q) { s = simd m(k) { dot(q, k) }\n"
        + "top = max(s)\n add(top, log(sum(simd m(s) { exp(sub(s, top)) }))) } }"
    ),
    (
      "sums of largest entries",
      "diagram f(q: [n k], k: [m k]) -> [] { sum(simd n(q) { max(simd m(k) { dot(q, k) }) }) }"
    ),
    (
      "less the largest of other scores",
      "diagram f(q: [n k], p: [n k], k: [m k], v: [m e]) -> [n e] { simd n(q, p) { "
        + "top = max(simd m(k) { dot(p, k) })\n w = simd m(k) { exp(sub(dot(q, k), top)) }\n"
        + "total = sum(w)\n weighted_sum(simd m(w) { div(w, total) }, v) } }"
    ),
  ]
}
