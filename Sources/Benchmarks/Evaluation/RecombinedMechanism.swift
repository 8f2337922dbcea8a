/// One of the fourteen mechanisms, in many heads and on a batch, under the names that other engines' benchmarks use.
///
/// `D` and `L` are dot-product and linear self-attention; `outer.slot.inner`, such as `D.query.L`, feeds the
/// inner mechanism's output to that slot of the outer one. Every use of the input, or of what the inner mechanism
/// returns, passes a linear map of its own in each head; heads' outputs pass a linear map back and are summed.
package struct RecombinedMechanism: Sendable {
  /// What a mechanism does with queries, keys and values.
  enum Kind: String {
    case linear = "L"
    case dotProduct = "D"

    /// The diagram of the library.
    var diagram: String { self == .linear ? "linear_attention" : "dot_product_attention" }
  }

  static let slots = ["query", "key", "value"]

  /// Its name.
  package let name: String
  private let outer: Kind
  private let inner: (kind: Kind, slot: String)?

  /// The mechanism of a name; `nil` when there is none.
  package init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let outer = Kind(rawValue: first) else { return nil }
    self.name = name
    self.outer = outer
    if parts.count == 1 {
      inner = nil
    } else {
      guard parts.count == 3, Self.slots.contains(parts[1]), let kind = Kind(rawValue: parts[2])
      else { return nil }
      inner = (kind, parts[1])
    }
  }

  /// The names of all fourteen.
  package static let names: [String] = {
    let kinds = ["L", "D"]
    return kinds
      + kinds.flatMap { outer in
        kinds.flatMap { inner in slots.map { "\(outer).\($0).\(inner)" } }
      }
  }()

  /// A file in the language with the diagram `mechanism(x: [b n d]) -> [b n d]`, whose heads are an axis h of
  /// width k.
  package var text: String {
    var maps = Self.slots.map { "  linear \($0): [\(inner?.slot == $0 ? "k" : "d")] -> [k] per h" }
    var lines: [String] = []
    if let inner {
      maps += Self.slots.map { "  linear inner_\($0): [d] -> [k] per h" }
      let arguments = Self.slots.map { "inner_\($0)[n](x)" }.joined(separator: ", ")
      lines.append("      inner = \(inner.kind.diagram)(\(arguments))")
    }
    let arguments = Self.slots.map { "\($0)[n](\(inner?.slot == $0 ? "inner" : "x"))" }
    lines.append("      out[n](\(outer.diagram)(\(arguments.joined(separator: ", "))))")
    return """
      import dot_product_attention
      import linear_attention

      diagram mechanism(x: [b n d]) -> [b n d] {
      \(maps.joined(separator: "\n"))
        linear out: [k] -> [d] per h
        simd b(x) {
          heads = simd h() {
      \(lines.joined(separator: "\n"))
          }
          sum(heads)
        }
      }

      """
  }
}
