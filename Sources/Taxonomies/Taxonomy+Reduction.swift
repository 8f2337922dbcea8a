import DiagramIR

extension Taxonomy {
  /// The edges without which the same relations still follow.
  ///
  /// Of several edges between the same two nodes one stays for each relation, the first. Then an edge A `>=` B is left
  /// out when other edges that stay lead from A to B, each `>=` or stronger; the later edges are asked first.
  ///
  /// - Complexity: edges × edges, in the worst case.
  public func reduced() -> [Edge] {
    struct Ends: Hashable {
      let source: Int
      let target: Int
      let relation: Relation
    }
    var seen: Set<Ends> = []
    let distinct = edges.filter {
      seen.insert(Ends(source: $0.source, target: $0.target, relation: $0.relation)).inserted
    }
    var reduction = Reduction(distinct, nodes.count)
    for number in distinct.indices.reversed() where distinct[number].relation == .expresses {
      reduction.removeIfImplied(number)
    }
    return reduction.edges
  }
}

/// Edges of which some are removed.
private struct Reduction {
  private let all: [Taxonomy.Edge]
  private var outgoing: [[Int]]
  private var isRemoved: [Bool]

  init(_ edges: [Taxonomy.Edge], _ nodeCount: Int) {
    all = edges
    isRemoved = Array(repeating: false, count: edges.count)
    outgoing = Array(repeating: [], count: nodeCount)
    for (number, edge) in edges.enumerated() where edge.relation.implies(.expresses) {
      outgoing[edge.source].append(number)
    }
  }

  var edges: [Taxonomy.Edge] { all.indices.filter { !isRemoved[$0] }.map { all[$0] } }

  mutating func removeIfImplied(_ number: Int) {
    isRemoved[number] = true
    isRemoved[number] = leads(from: all[number].source, to: all[number].target)
  }

  private func leads(from source: Int, to target: Int) -> Bool {
    var isSeen = Array(repeating: false, count: outgoing.count)
    var pending = [source]
    isSeen[source] = true
    while let node = pending.popLast() {
      for edge in outgoing[node] where !isRemoved[edge] && !isSeen[all[edge].target] {
        if all[edge].target == target { return true }
        isSeen[all[edge].target] = true
        pending.append(all[edge].target)
      }
    }
    return false
  }
}
