import DiagramIR
import Dispatch

/// An exploration that keeps its states as packed encodings.
struct PackedExploration: Sendable {
  private static let chunk = 8192
  /// Below this, starting threads costs more than it gains.
  private static let smallChunk = 64

  private(set) var record = ExplorationRecord()
  private let signature: PackedSignature
  private let rules: [PackedRule]
  private var table = StateTable()

  /// `nil` when the diagram or a rule can't be packed.
  init?(_ diagram: Diagram, _ closure: Closure) {
    let sides = closure.rewrites.flatMap { [$0.pattern.diagram, $0.result] }
    guard let signature = PackedSignature(diagram, sides),
      let start = PackedSide(diagram, signature)
    else { return nil }
    self.signature = signature
    var rules: [PackedRule] = []
    for rewrite in closure.rewrites {
      guard let rule = PackedRule(rewrite, signature) else { return nil }
      rules.append(rule)
    }
    self.rules = rules
    var graph = PackedGraph(signature)
    defer { graph.deallocate() }
    graph.reserve(start.kinds.count)
    for (box, kind) in start.kinds.enumerated() { graph.setKind(kind, of: box) }
    for wire in start.wires {
      let (source, sink) = (wire.source, wire.sink)
      graph.connect(
        source.box < 0 ? source.place : graph.sourceEnd(source.box, source.place),
        sink.box < 0 ? sink.place : graph.sinkEnd(sink.box, sink.place))
    }
    guard graph.encode(count: start.kinds.count, bound: start.kinds.count) else { return nil }
    _ = table.enter(graph.encoding, graph.fingerprint, limit: 1)
  }

  /// A state as a diagram.
  func diagram(at state: Int) -> Diagram {
    table.reading { signature.diagram($0.encoding(state)) }
  }

  /// Goes on until everything is found, the limit is reached or `progress` says stop.
  ///
  /// - Returns: `false` when a state has a part that the interface doesn't reach.
  mutating func run(_ closure: Closure, _ progress: (ClosureProgress) -> Bool) -> Bool {
    record.reachedLimit = false
    let searches = (0..<closure.threads).map { _ in
      PackedSearch(signature, rules, recordsSteps: closure.recordsSteps)
    }
    while record.explored < table.count {
      guard progress(ClosureProgress(found: table.count, explored: record.explored)) else {
        return true
      }
      let end = min(table.count, record.explored + Self.chunk)
      let used = search(record.explored..<end, searches)
      if used.contains(where: \.hasUnreachedPart) { return false }
      for search in used { guard merge(search, closure) else { return true } }
      record.explored = end
    }
    return true
  }

  /// Divides states among searches, in order.
  private func search(_ states: Range<Int>, _ searches: [PackedSearch]) -> [PackedSearch] {
    let parts = states.count < Self.smallChunk ? 1 : searches.count
    let ranges = (0..<parts).map { part in
      let start = states.lowerBound + states.count * part / parts
      return start..<(states.lowerBound + states.count * (part + 1) / parts)
    }
    table.reading { reader in
      guard parts > 1 else { return searches[0].run(states, reader) }
      DispatchQueue.concurrentPerform(iterations: parts) { searches[$0].run(ranges[$0], reader) }
    }
    return Array(searches.prefix(parts))
  }

  /// Enters what a search has found.
  ///
  /// - Returns: `false` when the limit stops it.
  private mutating func merge(_ search: PackedSearch, _ closure: Closure) -> Bool {
    search.bytes.withUnsafeBufferPointer { bytes in
      for successor in search.successors {
        guard let target = enter(successor, bytes, closure.limit) else {
          record.stop(at: successor.source)
          return false
        }
        guard closure.recordsSteps else { continue }
        record.steps.append(
          ExplorationRecord.Step(
            source: successor.source, target: target, rewrite: successor.rewrite))
      }
      return true
    }
  }

  private mutating func enter(
    _ successor: PackedSearch.Successor, _ bytes: UnsafeBufferPointer<UInt8>, _ limit: Int
  ) -> UInt32? {
    if let known = successor.known { return known }
    let range = successor.start..<(successor.start + successor.count)
    let encoding = UnsafeBufferPointer(rebasing: bytes[range])
    guard let entry = table.enter(encoding, successor.fingerprint, limit: limit) else {
      return nil
    }
    if entry.isNew {
      record.origins.append(
        ExplorationRecord.Origin(state: successor.source, rewrite: successor.rewrite))
    }
    return entry.number
  }
}
