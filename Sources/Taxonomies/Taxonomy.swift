import DiagramIR

/// What rules make of one mechanism: the mechanisms reached, numbered from zero, the root, in the order in which a
/// breadth-first search finds them, and all steps between them.
///
/// Every node but the root has an **origin**, a step from an earlier node. Its diagram is what that step gives, so the
/// steps along origins replay as a derivation from the root.
///
/// Diagrams are kept as bytes, steps as small numbers, so that a million of them fit in memory; `nodes` and `edges`
/// make values of them where one is asked for.
public struct Taxonomy: Sendable {
  /// A mechanism.
  public struct Node: Sendable {
    fileprivate let diagrams: DiagramStore
    fileprivate let number: Int
    /// Equal for all drawings of it.
    public let identity: Digest
    /// The edge by which it was first found; `nil` for the root.
    public let origin: Int?

    /// It, as drawn by the steps along its origins.
    ///
    /// - Complexity: linear in the diagram, which is read from bytes each time.
    public var diagram: Diagram {
      diagrams.diagram(at: number) ?? DiagramBuilder(doctrine: diagrams.doctrine).empty
    }
  }

  /// A step from one mechanism to another.
  public struct Edge: Sendable {
    /// The mechanism that is rewritten.
    public let source: Int
    /// What it becomes.
    public let target: Int
    /// The rule.
    public let rule: Symbol
    /// How the source compares with the target.
    public let relation: Relation
    /// The step, as a derivation from the source's diagram writes it.
    public let step: DerivationStep
    /// The proof that the rule cites where it rests on one.
    public let citation: String?
  }

  /// The mechanisms of a taxonomy, by number.
  public struct Nodes: RandomAccessCollection, Sendable {
    var diagrams: DiagramStore
    var identities: [Digest] = []
    /// The edge by which each was found, plus one; zero for the root.
    var origins: [UInt32] = []

    /// Zero.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int { identities.count }
    /// The mechanism of a number.
    public subscript(number: Int) -> Node {
      Node(
        diagrams: diagrams, number: number, identity: identities[number], origin: origin(of: number)
      )
    }

    /// What all drawings of a mechanism have in common, without its diagram.
    public func identity(of number: Int) -> Digest { identities[number] }

    /// The edge by which a mechanism was found, without its diagram.
    public func origin(of number: Int) -> Int? {
      origins[number] == 0 ? nil : Int(origins[number]) - 1
    }

    mutating func append(_ diagram: Diagram, _ identity: Digest, origin: Int?) {
      diagrams.append(diagram)
      identities.append(identity)
      origins.append(origin.map { UInt32(truncatingIfNeeded: $0 + 1) } ?? 0)
    }
  }

  /// The steps of a taxonomy, by number.
  public struct Edges: RandomAccessCollection, Sendable {
    var store = EdgeStore()

    /// Zero.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int { store.records.count }
    /// The step of a number.
    public subscript(number: Int) -> Edge { store.edge(at: number) }
  }

  /// How many mechanisms or steps there may be.
  static let countLimit = Int(UInt32.max) - 1

  /// The mechanisms, in the order in which they were found.
  public internal(set) var nodes: Nodes
  /// The steps, ordered by source, then by rule and place.
  public internal(set) var edges = Edges()
  /// How many of the nodes, the first ones, have been rewritten in all ways.
  public internal(set) var explored = 0
  /// Whether it stopped because there are more mechanisms than the limit.
  public internal(set) var reachedLimit = false

  /// Whether these are all mechanisms and all steps.
  public var isComplete: Bool { explored == nodes.count }

  init(root: Diagram, identity: Digest) {
    nodes = Nodes(diagrams: DiagramStore(root.doctrine))
    nodes.append(root, identity, origin: nil)
  }

  init(_ nodes: Nodes, _ edges: Edges, explored: Int) {
    (self.nodes, self.edges, self.explored) = (nodes, edges, explored)
  }

  /// The edges along origins from the root to a node, in order.
  ///
  /// - Complexity: linear in their number.
  public func path(to node: Int) -> [Edge] {
    var path: [Edge] = []
    var current = node
    while let origin = nodes.origin(of: current) {
      path.append(edges[origin])
      current = path[path.count - 1].source
    }
    return path.reversed()
  }

  /// How the root compares with a node, by the steps along its origins.
  public func relation(to node: Int) -> Relation {
    path(to: node).reduce(.equal) { $0.then($1.relation) }
  }
}

extension DiagramBuilder {
  /// A diagram without wires.
  fileprivate var empty: Diagram {
    var builder = self
    return builder.finish(codomain: [])
  }
}
