import DiagramIR

/// Named things and how they compare: what is drawn of a taxonomy.
public struct RelationGraph: Sendable {
  /// A thing.
  public struct Node: Sendable {
    /// What stands in it, line by line.
    public var lines: [String]
    /// What is said of it when a pointer rests on it.
    public var tooltip: String
    /// Whether it has a name of its own; others are drawn lightly.
    public var isNamed: Bool

    /// A node.
    public init(lines: [String], tooltip: String, isNamed: Bool) {
      self.lines = lines
      self.tooltip = tooltip
      self.isNamed = isNamed
    }
  }

  /// How two things compare.
  public struct Edge: Sendable, Comparable {
    /// The number of a node.
    public var source: Int
    /// The number of a node.
    public var target: Int
    /// How the source compares with the target.
    public var relation: Relation
    /// What justifies it.
    public var label: String

    /// An edge.
    public init(source: Int, target: Int, relation: Relation, label: String) {
      self.source = source
      self.target = target
      self.relation = relation
      self.label = label
    }

    /// Orders by ends, then relation and label.
    public static func < (left: Edge, right: Edge) -> Bool {
      (left.source, left.target, left.relation.rawValue, left.label)
        < (right.source, right.target, right.relation.rawValue, right.label)
    }

    /// The same comparison read so that the more general side comes first.
    public var downward: Edge {
      guard relation == .expressed else { return self }
      return Edge(source: target, target: source, relation: .expresses, label: label)
    }
  }

  /// The nodes.
  public var nodes: [Node]
  /// The edges.
  public var edges: [Edge]
  /// Whether something is missing.
  public var isPartial: Bool

  /// A graph.
  public init(nodes: [Node], edges: [Edge], isPartial: Bool = false) {
    self.nodes = nodes
    self.edges = edges
    self.isPartial = isPartial
  }
}

extension RelationGraph {
  /// The graph in the DOT language, for Graphviz.
  ///
  /// An edge goes from what is more general to what is more special. `==` is solid and blue, `~=` dashed and green,
  /// `>=` dotted and dark red, so that they differ in black and white too; `==` and `~=` have no arrow head. The
  /// text depends on the graph alone: lines are sorted, and equal edges stand once.
  ///
  /// - Complexity: linear, up to sorting the edges.
  public func dot(name: String) -> String {
    var text = Self.opening(name: name)
    for (number, node) in nodes.enumerated() { text += node.line(number) }
    var previous: Edge?
    for edge in edges.map(\.downward).sorted() where edge != previous {
      previous = edge
      text += edge.line
    }
    return text + Self.closing(isPartial: isPartial)
  }

  // MARK: In pieces

  /// How the text begins. Lines of the nodes in order, then those of the edges come next, and `closing` at last.
  public static func opening(name: String) -> String {
    """
    digraph \(DOTText.quoted(name)) {
      graph [rankdir=TB, nodesep=0.25, ranksep=0.6, fontname="Helvetica"]
      node [shape=box, fontname="Helvetica", fontsize=12, margin="0.12,0.06"]
      edge [fontname="Helvetica", fontsize=9, arrowsize=0.6]

    """
  }

  /// How the text ends.
  public static func closing(isPartial: Bool) -> String {
    (isPartial ? "  partial [label=\"partial: the limit was reached\", shape=plaintext]\n" : "")
      + "}\n"
  }
}

extension RelationGraph.Node {
  /// The line of the node of a number.
  public func line(_ number: Int) -> String {
    let label = lines.joined(separator: "\n")
    let style =
      isNamed
      ? "style=\"rounded,bold\"" : "style=rounded, color=\"#999999\", fontcolor=\"#555555\""
    return
      "  m\(number) [label=\(DOTText.quoted(label)), \(style), tooltip=\(DOTText.quoted(tooltip))]\n"
  }
}

extension RelationGraph.Edge {
  /// The line of the edge.
  public var line: String {
    let label = DOTText.quoted(label)
    return "  m\(source) -> m\(target) [\(relation.style), tooltip=\(label), label=\(label)]\n"
  }
}

extension Relation {
  /// How an edge of this relation is drawn.
  fileprivate var style: String {
    switch self {
    case .equal: "style=solid, color=\"#1f4e8c\", fontcolor=\"#1f4e8c\", dir=none, penwidth=1.6"
    case .equivalent:
      "style=dashed, color=\"#2e7d4f\", fontcolor=\"#2e7d4f\", dir=none, penwidth=1.3"
    case .expresses, .expressed:
      "style=dotted, color=\"#8c2f1f\", fontcolor=\"#8c2f1f\", penwidth=1.3"
    case .connected: "style=dotted, color=\"#777777\", fontcolor=\"#777777\", dir=none"
    }
  }
}
