import DiagramIR

extension Taxonomy {
  /// For each of some mechanisms, those that steps `>=`, `~=` or `==` lead to from it, itself among them.
  ///
  /// - Complexity: the chosen mechanisms × all mechanisms and steps.
  public func expressed(by chosen: [Int]) -> [Set<Int>] {
    var outgoing = [[Int]](repeating: [], count: nodes.count)
    for edge in edges {
      if edge.relation.implies(.expresses) { outgoing[edge.source].append(edge.target) }
      if edge.relation.implies(.expressed) { outgoing[edge.target].append(edge.source) }
    }
    return chosen.map { start in
      var (seen, pending): (Set<Int>, [Int]) = ([start], [start])
      while let node = pending.popLast() {
        for next in outgoing[node] where seen.insert(next).inserted { pending.append(next) }
      }
      return seen
    }
  }

  /// Those of some mechanisms that express no other of them; of several that express each other the first.
  public func mostSpecial(of chosen: [Int]) -> [Int] {
    let below = zip(chosen, expressed(by: chosen))
    return below.filter { node, expressed in
      !below.contains { other, expressedByOther in
        other != node && expressed.contains(other)
          && !(expressedByOther.contains(node) && node < other)
      }
    }.map(\.0)
  }
}
