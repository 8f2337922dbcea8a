import DiagramIR
import Drawing
import Taxonomies

/// Some edges of a taxonomy as they are drawn: from what is more general to what is more special, sorted as those of
/// `RelationGraph`, equal ones once.
///
/// - Complexity: 16 bytes for each edge; sorting them.
struct DrawnEdges: Sequence {
  private struct Look: Hashable {
    let relation: Relation
    let label: String
  }

  private struct Key: Comparable {
    var (source, target, look): (UInt32, UInt32, UInt32)

    static func < (left: Key, right: Key) -> Bool {
      (left.source, left.target, left.look) < (right.source, right.target, right.look)
    }
  }

  private let looks: [Look]
  private let keys: [Key]

  /// - Parameter numbers: the numbers of the edges.
  init(_ taxonomy: Taxonomy, _ numbers: [Int]) {
    var (looks, numberOfLook): ([Look], [Look: UInt32]) = ([], [:])
    var keys: [Key] = []
    keys.reserveCapacity(numbers.count)
    for number in numbers {
      let edge = taxonomy.edges[number]
      let drawn = RelationGraph.Edge(
        source: edge.source, target: edge.target, relation: edge.relation,
        label: edge.rule.name + (edge.citation == nil ? "" : " (cited)")
      ).downward
      let look = Look(relation: drawn.relation, label: drawn.label)
      let known = numberOfLook[look] ?? UInt32(looks.count)
      if known == looks.count {
        looks.append(look)
        numberOfLook[look] = known
      }
      keys.append(
        Key(source: UInt32(drawn.source), target: UInt32(drawn.target), look: known))
    }
    let order = looks.indices.sorted {
      (looks[$0].relation.rawValue, looks[$0].label)
        < (looks[$1].relation.rawValue, looks[$1].label)
    }
    var ranks = Array(repeating: UInt32(0), count: looks.count)
    for (rank, look) in order.enumerated() { ranks[look] = UInt32(rank) }
    for place in keys.indices { keys[place].look = ranks[Int(keys[place].look)] }
    keys.sort()
    self.looks = order.map { looks[$0] }
    self.keys = keys
  }

  func makeIterator() -> AnyIterator<RelationGraph.Edge> {
    var next = 0
    return AnyIterator {
      while next > 0, next < keys.count, keys[next] == keys[next - 1] { next += 1 }
      guard next < keys.count else { return nil }
      defer { next += 1 }
      let (key, look) = (keys[next], looks[Int(keys[next].look)])
      return RelationGraph.Edge(
        source: Int(key.source), target: Int(key.target), relation: look.relation,
        label: look.label)
    }
  }
}
