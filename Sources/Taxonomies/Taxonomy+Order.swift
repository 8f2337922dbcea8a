import DiagramIR

extension Taxonomy {
  /// For each mechanism, those that steps `>=`, `~=` or `==` lead to from it, itself among them.
  ///
  /// - Complexity: mechanisms × steps.
  public func expressed() -> [Set<Int>] {
    var outgoing = [[Int]](repeating: [], count: nodes.count)
    for edge in edges {
      if edge.relation.implies(.expresses) { outgoing[edge.source].append(edge.target) }
      if edge.relation.implies(.expressed) { outgoing[edge.target].append(edge.source) }
    }
    return nodes.indices.map { start in
      var (seen, pending): (Set<Int>, [Int]) = ([start], [start])
      while let node = pending.popLast() {
        for next in outgoing[node] where seen.insert(next).inserted { pending.append(next) }
      }
      return seen
    }
  }

  /// Those of some mechanisms that express no other of them; of several that express each other the first.
  public func mostSpecial(of chosen: [Int]) -> [Int] {
    let below = expressed()
    return chosen.filter { node in
      !chosen.contains { other in
        other != node && below[node].contains(other)
          && !(below[other].contains(node) && node < other)
      }
    }
  }
}
