import DiagramIR

extension Taxonomy {
  /// Up to how many `>=` edges paths of any length are followed to find out which edges follow from others.
  public static let reductionLimit = 100_000

  /// The edges without which the same relations still follow.
  ///
  /// Of several edges between the same two nodes one stays for each relation, the first. Then an edge A `>=` B is left
  /// out when other edges that stay lead from A to B, each `>=` or stronger; the later edges are asked first. When more
  /// than `reductionLimit` edges are asked, only paths of up to two edges are looked at.
  ///
  /// - Complexity: up to `reductionLimit`, edges × edges, in the worst case; beyond, edges × the edges that leave a node.
  public func reduced() -> [Edge] { reducedEdges().numbers.map { edges[$0] } }

  /// The numbers of the edges of `reduced()`, with another limit, and whether paths of any length were followed.
  public func reducedEdges(
    limit: Int = Taxonomy.reductionLimit
  ) -> (numbers: [Int], isThorough: Bool) {
    var reduction = Reduction(self)
    let asked = reduction.removeRepetitions()
    let isThorough = asked.count <= limit
    for number in asked.reversed() {
      reduction.removeIfImplied(number, byTwoSteps: !isThorough)
    }
    return (reduction.kept, isThorough)
  }
}

/// Edges of which some are removed.
private struct Reduction {
  private let records: [EdgeStore.Record]
  private let relations: [Relation]
  /// Where the edges of each node begin.
  private var starts: [Int]
  private var isRemoved: [Bool]
  /// For each node, the number of the last walk that came there.
  private var visits: [UInt32]
  private var walk: UInt32 = 0

  init(_ taxonomy: Taxonomy) {
    let store = taxonomy.edges.store
    records = store.records
    relations = store.kinds.elements.map(\.relation)
    isRemoved = Array(repeating: false, count: records.count)
    visits = Array(repeating: 0, count: taxonomy.nodes.count)
    starts = Array(repeating: 0, count: taxonomy.nodes.count + 1)
    for record in records { starts[Int(record.source) + 1] += 1 }
    for node in taxonomy.nodes.indices { starts[node + 1] += starts[node] }
  }

  var kept: [Int] { records.indices.filter { !isRemoved[$0] } }

  private func relation(of number: Int) -> Relation { relations[Int(records[number].kind)] }

  /// The edges of a node that stay and are `>=` or stronger.
  private func steps(from node: UInt32) -> some Sequence<Int> {
    (starts[Int(node)]..<starts[Int(node) + 1]).lazy
      .filter { !isRemoved[$0] && relation(of: $0).implies(.expresses) }
  }

  /// Keeps one edge for each relation between the same two nodes.
  ///
  /// - Returns: the edges that may follow from others.
  mutating func removeRepetitions() -> [Int] {
    var asked: [Int] = []
    for node in visits.indices {
      var seen: Set<UInt64> = []
      for number in starts[node]..<starts[node + 1] {
        let relation = relation(of: number)
        let ordinal = Relation.allCases.firstIndex(of: relation) ?? 0
        let ends = UInt64(records[number].target) << 8 | UInt64(ordinal)
        guard seen.insert(ends).inserted else {
          isRemoved[number] = true
          continue
        }
        if relation == .expresses { asked.append(number) }
      }
    }
    return asked
  }

  mutating func removeIfImplied(_ number: Int, byTwoSteps: Bool) {
    isRemoved[number] = true
    let (source, target) = (records[number].source, records[number].target)
    isRemoved[number] =
      byTwoSteps ? leadsByTwoSteps(from: source, to: target) : leads(from: source, to: target)
  }

  private func leadsByTwoSteps(from source: UInt32, to target: UInt32) -> Bool {
    steps(from: source).contains { first in
      let middle = records[first].target
      return middle == target || steps(from: middle).contains { records[$0].target == target }
    }
  }

  private mutating func leads(from source: UInt32, to target: UInt32) -> Bool {
    walk += 1
    var pending = [source]
    visits[Int(source)] = walk
    while let node = pending.popLast() {
      for edge in steps(from: node) where visits[Int(records[edge].target)] != walk {
        let next = records[edge].target
        if next == target { return true }
        visits[Int(next)] = walk
        pending.append(next)
      }
    }
    return false
  }
}
