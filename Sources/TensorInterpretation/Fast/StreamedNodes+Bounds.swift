import TensorKernels

// What bounds a row's entries, shown by nodes before they are lowered. Where an entry is NaN, so is the bound.
extension StreamedNodes {
  /// A node as a row's entries less a number of the row that is at least their largest.
  func boundedDifference(_ node: Int) -> (entries: Int, bound: Int)? {
    guard case .apply(let operation, let operands) = nodes[node] else { return nil }
    let pairs: [(entries: Int, bound: Int?)]
    switch operation {
    case .binary(.sub): pairs = [(operands[0], operands[1])]
    case .binary(.add):
      pairs = [(operands[0], negated(operands[1])), (operands[1], negated(operands[0]))]
    default: return nil
    }
    for (entries, bound) in pairs {
      guard let bound, traits[entries].movesColumn, !traits[entries].movesDepth,
        isBound(bound, of: entries)
      else { continue }
      return (entries, bound)
    }
    return nil
  }

  private func negated(_ node: Int) -> Int? {
    if case .apply(.unary(.neg), let operands) = nodes[node] { operands[0] } else { nil }
  }

  /// Whether a number of the row is at least the largest of these entries.
  private func isBound(_ node: Int, of entries: Int) -> Bool {
    switch nodes[node] {
    case .fold(.max, entries): true
    case .apply(.binary(.maximum), let operands):
      operands.contains { isBound($0, of: entries) }
    case .apply(.binary(.add), let operands):
      isBound(operands[0], of: entries) && isLogarithmOfWeights(operands[1])
        || isBound(operands[1], of: entries) && isLogarithmOfWeights(operands[0])
    default: false
    }
  }

  /// Whether a node is the logarithm of a sum of which one part is 1: `log Σ exp(s - max s)`.
  private func isLogarithmOfWeights(_ node: Int) -> Bool {
    guard case .apply(.unary(.log), let sums) = nodes[node],
      case .fold(.sum, let weights) = nodes[sums[0]],
      case .apply(.unary(.exp), let differences) = nodes[weights],
      case .apply(.binary(.sub), let parts) = nodes[differences[0]]
    else { return false }
    return nodes[parts[1]] == .fold(.max, parts[0])
  }
}

extension ScalarOperation {
  /// Whether it is a sum, difference, product or quotient, or the opposite number.
  var isLinear: Bool {
    switch self {
    case .unary(.neg), .binary(.add), .binary(.sub), .binary(.mul), .binary(.div): true
    default: false
    }
  }
}
