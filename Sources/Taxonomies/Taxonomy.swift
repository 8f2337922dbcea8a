import DiagramIR
import Rewriting

/// What rules make of one mechanism: the mechanisms reached, numbered from zero, the root, in the order in which a
/// breadth-first search finds them, and all steps between them.
///
/// Every node but the root has an **origin**, a step from an earlier node. Its diagram is what that step gives, so the
/// steps along origins replay as a derivation from the root.
public struct Taxonomy: Sendable {
  /// A mechanism.
  public struct Node: Sendable {
    /// It, as drawn by the steps along its origins.
    public let diagram: Diagram
    /// Equal for all drawings of it.
    public let identity: Digest
    /// The edge by which it was first found; `nil` for the root.
    public let origin: Int?
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

  /// The mechanisms, in the order in which they were found.
  public internal(set) var nodes: [Node]
  /// The steps, ordered by source, then by rule and place.
  public internal(set) var edges: [Edge] = []
  /// How many of the nodes, the first ones, have been rewritten in all ways.
  public internal(set) var explored = 0
  /// Whether it stopped because there are more mechanisms than the limit.
  public internal(set) var reachedLimit = false

  /// Whether these are all mechanisms and all steps.
  public var isComplete: Bool { explored == nodes.count }

  init(root: Diagram, identity: Digest) {
    nodes = [Node(diagram: root, identity: identity, origin: nil)]
  }

  /// The edges along origins from the root to a node, in order.
  ///
  /// - Complexity: linear in their number.
  public func path(to node: Int) -> [Edge] {
    var path: [Edge] = []
    var current = node
    while let origin = nodes[current].origin {
      path.append(edges[origin])
      current = edges[origin].source
    }
    return path.reversed()
  }

  /// How the root compares with a node, by the steps along its origins.
  public func relation(to node: Int) -> Relation {
    path(to: node).reduce(.equal) { $0.then($1.relation) }
  }
}
