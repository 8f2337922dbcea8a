import DiagramIR

/// Writes a checkpoint piece by piece, and hashes what it writes.
struct CheckpointWriting<Failure: Error> {
  private let take: (UnsafeRawBufferPointer) throws(Failure) -> Void
  private var hashing = Digest.Hashing()
  private var pending: [UInt8] = []
  private static var pieceLimit: Int { 1 << 18 }

  init(_ take: @escaping (UnsafeRawBufferPointer) throws(Failure) -> Void) { self.take = take }

  mutating func write(_ bytes: [UInt8]) throws(Failure) {
    pending += bytes
    if pending.count >= Self.pieceLimit { try flush() }
  }

  mutating func write(_ digest: Digest) throws(Failure) {
    pending.append(digest)
    if pending.count >= Self.pieceLimit { try flush() }
  }

  /// Writes the hash of everything, and ends.
  mutating func finish() throws(Failure) {
    try flush()
    pending.append(hashing.finish())
    try flush()
  }

  private mutating func flush() throws(Failure) {
    var failure: Failure?
    pending.withUnsafeBytes { bytes in
      hashing.add(bytes)
      do throws(Failure) { try take(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    pending.removeAll(keepingCapacity: true)
  }

  mutating func write(_ taxonomy: Taxonomy) throws(Failure) {
    try write(number: taxonomy.nodes.count)
    try write(number: taxonomy.edges.count)
    try write(number: taxonomy.explored)
    try write(taxonomy.nodes)
    try write(taxonomy.edges.store)
  }

  /// The tables of the diagrams; for each its identity, the number of its origin, and its length; then all of them.
  private mutating func write(_ nodes: Taxonomy.Nodes) throws(Failure) {
    try write(nodes.diagrams.tableBytes)
    for number in nodes.indices {
      try write(nodes.identity(of: number))
      try write(number: Int(nodes.origins[number]))
      try write(number: nodes.diagrams.range(of: number).count)
    }
    for start in stride(from: 0, to: nodes.diagrams.bytes.count, by: Self.pieceLimit) {
      let end = min(start + Self.pieceLimit, nodes.diagrams.bytes.count)
      try write(Array(nodes.diagrams.bytes[start..<end]))
    }
  }

  /// The kinds of steps, the places, and then four numbers for each step.
  private mutating func write(_ store: EdgeStore) throws(Failure) {
    try write(number: store.kinds.elements.count)
    for kind in store.kinds.elements {
      var bytes: [UInt8] = []
      bytes.append(kind.rule)
      bytes.append(kind.isBackward ? 1 : 0)
      bytes.append(string: kind.relation.rawValue)
      bytes.append(kind.citation == nil ? 0 : 1)
      bytes.append(string: kind.citation ?? "")
      try write(bytes)
    }
    try write(number: store.places.elements.count)
    for place in store.places.elements {
      var bytes: [UInt8] = []
      bytes.append(string: place)
      try write(bytes)
    }
    for record in store.records {
      for part in [record.source, record.target, record.kind, record.place] {
        pending.append(varint: Int(part))
      }
      if pending.count >= Self.pieceLimit { try flush() }
    }
  }

  private mutating func write(number: Int) throws(Failure) {
    pending.append(varint: number)
    if pending.count >= Self.pieceLimit { try flush() }
  }
}
