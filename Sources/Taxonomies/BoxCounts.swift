import DiagramIR

/// How many boxes of each kind a diagram has, on all levels.
///
/// SIMD boxes are not counted; learned boxes are counted by their kind, whatever their labels; sizes are all alike.
public struct BoxCounts: Sendable {
  private enum Kind: Hashable {
    case learned(LearnedKind)
    case size
    case scan
    case other(Operation)
  }

  private var counts: [Kind: Int] = [:]

  /// Counts the boxes of a diagram, which counts for what it means in index form only.
  ///
  /// - Complexity: linear.
  public init(_ diagram: Diagram) {
    for box in 0..<diagram.boxCount {
      switch diagram.operation(of: BoxID(box)) {
      case .simd: continue
      case .learned(let learned): counts[.learned(learned.kind), default: 0] += 1
      case .size: counts[.size, default: 0] += 1
      case .scan: counts[.scan, default: 0] += 1
      case let operation: counts[.other(operation), default: 0] += 1
      }
    }
  }

  /// How many boxes one of the two has and the other lacks: zero where both have the same boxes, however they are wired.
  ///
  /// A hint at what is alike, and no relation.
  public func distance(to other: BoxCounts) -> Int {
    Set(counts.keys).union(other.counts.keys).reduce(0) { sum, kind in
      sum + abs((counts[kind] ?? 0) - (other.counts[kind] ?? 0))
    }
  }
}
