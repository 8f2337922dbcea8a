import DiagramIR
import Dispatch

/// Reads what `CheckpointWriting` wrote between the fingerprint and the hash.
struct CheckpointReading {
  private var scanner: ByteScanner
  private let doctrine: Doctrine

  /// How few bytes a node, and an edge, takes.
  private static let (leastNode, leastEdge) = (34, 4)

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ doctrine: Doctrine) {
    scanner = ByteScanner(bytes)
    self.doctrine = doctrine
  }

  mutating func taxonomy() throws(ByteFault) -> Taxonomy {
    let nodeCount = try scanner.count(ofAtLeast: Self.leastNode)
    let edgeCount = try scanner.count(ofAtLeast: Self.leastEdge)
    let explored = try scanner.number(below: nodeCount + 1)
    guard nodeCount > 0 else { throw ByteFault() }
    let nodes = try nodes(nodeCount)
    var edges = Taxonomy.Edges()
    edges.store = try edgeStore(edgeCount)
    try scanner.finish()
    return Taxonomy(nodes, edges, explored: explored)
  }

  private mutating func nodes(_ count: Int) throws(ByteFault) -> Taxonomy.Nodes {
    var diagrams = try DiagramStore(doctrine, tables: &scanner)
    var (identities, origins, ends): ([Digest], [UInt32], [Int]) = ([], [], [])
    var length = 0
    for _ in 0..<count {
      identities.append(try scanner.digest())
      origins.append(UInt32(try scanner.number(below: Taxonomy.countLimit)))
      length += try scanner.number(below: scanner.count + 1)
      guard length <= scanner.count else { throw ByteFault() }
      ends.append(length)
    }
    diagrams.take(Array(try scanner.take(length)), ends: ends)
    return Taxonomy.Nodes(diagrams: diagrams, identities: identities, origins: origins)
  }

  private mutating func edgeStore(_ count: Int) throws(ByteFault) -> EdgeStore {
    var store = EdgeStore()
    let kindCount = try scanner.count()
    for number in 0..<kindCount {
      let kind = try kind()
      guard store.number(of: kind, at: nil).kind == number else { throw ByteFault() }
    }
    let placeCount = try scanner.count()
    for number in 0..<placeCount { try store.add(place: try scanner.text(), as: number) }
    for _ in 0..<count {
      store.append(
        EdgeStore.Record(
          source: UInt32(try scanner.number(below: Taxonomy.countLimit)),
          target: UInt32(try scanner.number(below: Taxonomy.countLimit)),
          kind: UInt32(try scanner.number(below: kindCount)),
          place: UInt32(try scanner.number(below: placeCount + 1))))
    }
    return store
  }

  private mutating func kind() throws(ByteFault) -> EdgeStore.Kind {
    let (rule, direction) = (try scanner.symbol(), try scanner.number(below: 2))
    guard let relation = Relation(rawValue: try scanner.text()) else { throw ByteFault() }
    let (isCited, citation) = (try scanner.number(below: 2) == 1, try scanner.text())
    return EdgeStore.Kind(
      rule: rule, isBackward: direction == 1, relation: relation,
      citation: isCited ? citation : nil)
  }
}

extension Taxonomy {
  /// Whether it is what a search from a diagram may have found: each node but the first has a step to it from an
  /// earlier one, steps are ordered and lead from what was explored, and all diagrams are well formed.
  func isSound(for root: Diagram, in environment: Environment) -> Bool {
    let records = edges.store.records
    var last: UInt32 = 0
    for record in records {
      guard record.source >= last, record.source < explored, record.target < nodes.count else {
        return false
      }
      last = record.source
    }
    for number in nodes.indices {
      let origin = nodes.origin(of: number)
      guard (origin == nil) == (number == 0) else { return false }
      guard let origin else { continue }
      guard origin < records.count, records[origin].target == number,
        records[origin].source < number
      else { return false }
    }
    guard hasSoundDiagrams(like: root, in: environment) else { return false }
    return nodes.diagrams.diagram(at: 0)?.isIsomorphic(to: root) == true
  }

  private func hasSoundDiagrams(like root: Diagram, in environment: Environment) -> Bool {
    let (domain, codomain, share) = (root.domainTypes, root.codomainTypes, 256)
    var isSound = Array(repeating: false, count: (nodes.count + share - 1) / share)
    isSound.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: buffer.count) { part in
        buffer[part] = (part * share..<min((part + 1) * share, nodes.count)).allSatisfy { number in
          guard let diagram = nodes.diagrams.diagram(at: number) else { return false }
          return diagram.domainTypes == domain && diagram.codomainTypes == codomain
            && (try? environment.verify(diagram)) != nil
        }
      }
    }
    return isSound.allSatisfy { $0 }
  }
}
