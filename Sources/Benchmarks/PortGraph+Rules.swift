import DiagramIR

extension PortGraph {
  /// The patterns of W1.
  public enum SearchPattern: String, Sendable, CaseIterable {
    /// `d ; (f * g)`
    case p1 = "P1"
    /// `(id * d) ; (m * f)`: only some of its occurrences are convex.
    case p2 = "P2"
    /// `f ; g ; f`
    case p3 = "P3"

    /// The pattern.
    public var graph: PortGraph {
      switch self {
      case .p1: PortGraph(5, [0], [3, 4], (.d, [0], [1, 2]), (.f, [1], [3]), (.g, [2], [4]))
      case .p2:
        PortGraph(6, [0, 1], [4, 5], (.d, [1], [2, 3]), (.m, [0, 2], [4]), (.f, [3], [5]))
      case .p3: PortGraph(4, [0], [3], (.f, [0], [1]), (.g, [1], [2]), (.f, [2], [3]))
      }
    }
  }

  init(
    _ wireCount: Int, _ inputs: [Int], _ outputs: [Int], _ boxes: (Label, [Int], [Int])...
  ) {
    self.wireCount = wireCount
    self.inputs = inputs
    self.outputs = outputs
    for (label, sources, targets) in boxes { add(label, sources, targets) }
  }

  /// `f ; f == f`
  public static var idempotence: Rule {
    rule("ff", PortGraph(3, [0], [2], (.f, [0], [1]), (.f, [1], [2])), chain(1))
  }

  /// `f ; g == h`
  public static var fusion: Rule {
    rule("fgh", PortGraph(3, [0], [2], (.f, [0], [1]), (.g, [1], [2])), chain(1, .h))
  }

  /// `m(m(a, b), c) == m(a, m(b, c))`
  public static var associativity: Rule {
    rule(
      "assoc", PortGraph(5, [0, 1, 2], [4], (.m, [0, 1], [3]), (.m, [3, 2], [4])),
      PortGraph(5, [0, 1, 2], [4], (.m, [1, 2], [3]), (.m, [0, 3], [4])))
  }

  /// `m(e, a) == a`
  public static var leftUnit: Rule {
    rule(
      "unitL", PortGraph(3, [0], [2], (.e, [], [1]), (.m, [1, 0], [2])), PortGraph(1, [0], [0]))
  }

  /// `m(a, e) == a`
  public static var rightUnit: Rule {
    rule(
      "unitR", PortGraph(3, [0], [2], (.e, [], [1]), (.m, [0, 1], [2])), PortGraph(1, [0], [0]))
  }

  private static func rule(_ name: String, _ left: PortGraph, _ right: PortGraph) -> Rule {
    Rule(
      symbol: symbol(name), relation: .equal, left: left.diagram(), right: right.diagram())
  }
}
