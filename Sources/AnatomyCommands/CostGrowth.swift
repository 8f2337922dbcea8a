import DiagramIR

/// How a cost grows with some sizes when all others stay as they are.
///
/// ```
/// CostGrowth(n*d*k + m*d*k + n*m*k, in: [n, m]).text     // n*m
/// CostGrowth(n*d*k + m*d*k, in: [n, m]).text             // n+m
/// ```
struct CostGrowth {
  /// The products of those sizes that no other term outgrows, with `+` between them; empty when it doesn't grow.
  let text: String
  /// How many of the sizes the largest of the products multiplies.
  let degree: Int

  init(_ cost: Size, in sizes: Set<SizeVariable>) {
    var products: [[SizeVariable]] = []
    for term in cost.terms {
      let product = term.variables.filter { sizes.contains($0) }
      if !product.isEmpty, !products.contains(product) { products.append(product) }
    }
    let largest = products.filter { product in
      !products.contains { $0 != product && Self.divides(product, $0) }
    }
    text = largest.map { $0.map(\.name).joined(separator: "*") }.joined(separator: "+")
    degree = largest.map(\.count).max() ?? 0
  }

  /// Whether one product of sorted sizes is a part of another.
  private static func divides(_ part: [SizeVariable], _ whole: [SizeVariable]) -> Bool {
    var rest = whole[...]
    for variable in part {
      guard let place = rest.firstIndex(of: variable) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }
}
