import DiagramIR
import Dispatch

/// An exploration that keeps its states as packed encodings.
struct PackedExploration: Sendable {
  /// How many states are rewritten between two times that what was found is entered: a part of those that are
  /// known, within these bounds.
  private static let chunks = 512...8192
  /// Below this, starting threads costs more than it gains.
  private static let smallChunk = 64

  private(set) var record = ExplorationRecord()
  private let signature: PackedSignature
  private let rules: [PackedRule]
  private var table = StateTable()
  private var marks = PackedMarks()

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
    guard enter(start, in: &graph) else { return nil }
  }

  /// Enters the first state.
  ///
  /// - Returns: `false` when it can't be packed.
  private mutating func enter(_ start: PackedSide, in graph: inout PackedGraph) -> Bool {
    let (count, layout) = (start.kinds.count, signature.layout)
    guard count <= layout.maximumBoxCount else { return false }
    graph.reserve(count)
    for (box, kind) in start.kinds.enumerated() { graph.setKind(kind, at: layout.record(box)) }
    for wire in start.wires {
      let (source, sink) = (wire.source, wire.sink)
      graph.connect(
        source.box < 0
          ? layout.domainCell(Int(source.place))
          : layout.record(Int(source.box)) + layout.firstOutput + Int(source.place),
        sink.box < 0
          ? layout.codomainCell(Int(sink.place))
          : layout.record(Int(sink.box)) + 2 + Int(sink.place))
    }
    let words = (graph.encodingBound(count) + 7) / 8
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { words in
      words.initialize(repeating: 0)
      guard let start = words.baseAddress else { return false }
      let bytes = UnsafeMutableRawPointer(start).assumingMemoryBound(to: UInt8.self)
      guard let used = graph.encode(count: count, bound: count, to: bytes) else { return false }
      return table.enter(PackedCode(start, used), limit: 1) != nil
    }
  }

  /// A state as a diagram.
  func diagram(at state: Int) -> Diagram {
    table.reading { signature.diagram($0.encoding(state)) }
  }

  /// Goes on until everything is found, the limit is reached or `progress` says stop.
  ///
  /// - Returns: `false` when a state can't be packed: a part of it isn't reached from the interface, or it is
  ///   too large.
  mutating func run(_ closure: Closure, _ progress: (ClosureProgress) -> Bool) -> Bool {
    record.reachedLimit = false
    let searches = (0..<closure.threads).map { _ in PackedSearch(signature, rules) }
    while record.explored < table.count {
      guard progress(ClosureProgress(found: table.count, explored: record.explored)) else {
        return true
      }
      let chunk = max(min(table.count / 8, Self.chunks.upperBound), Self.chunks.lowerBound)
      let end = min(table.count, record.explored + chunk)
      let used = search(record.explored..<end, searches, recordsSteps: closure.recordsSteps)
      if used.contains(where: \.hasUnpackable) { return false }
      for search in used { guard merge(search, closure) else { return true } }
      record.explored = end
    }
    return true
  }

  /// Divides states among searches, in order.
  private func search(
    _ states: Range<Int>, _ searches: [PackedSearch], recordsSteps: Bool
  ) -> [PackedSearch] {
    let parts = states.count < Self.smallChunk ? 1 : searches.count
    let ranges = (0..<parts).map { part in
      let start = states.lowerBound + states.count * part / parts
      return start..<(states.lowerBound + states.count * (part + 1) / parts)
    }
    // Every step has a target when steps are recorded; else the ways back from this chunk's states are of no use.
    let first = recordsSteps ? 0 : states.upperBound
    table.reading { reader in
      marks.reading(isEmpty: recordsSteps) { marks in
        guard parts > 1 else {
          return searches[0].run(states, reader, marks, keepingKnownFrom: first)
        }
        DispatchQueue.concurrentPerform(iterations: parts) {
          searches[$0].run(ranges[$0], reader, marks, keepingKnownFrom: first)
        }
      }
    }
    return Array(searches.prefix(parts))
  }

  /// Enters what a search has found.
  ///
  /// - Returns: `false` when the limit stops it.
  private mutating func merge(_ search: PackedSearch, _ closure: Closure) -> Bool {
    let found = search.found
    for candidate in found.all {
      guard let target = enter(candidate, found, closure.limit) else {
        record.stop(at: candidate.source)
        return false
      }
      guard closure.recordsSteps else { continue }
      record.steps.append(
        ExplorationRecord.Step(
          source: candidate.source, target: target, rewrite: candidate.rewrite))
    }
    return true
  }

  private mutating func enter(
    _ candidate: CandidateBuffer.Candidate, _ found: CandidateBuffer, _ limit: Int
  ) -> UInt32? {
    if candidate.count == 0 {
      marks.add(candidate.mark, to: candidate.known)
      return candidate.known
    }
    guard let entry = table.enter(found.code(of: candidate), limit: limit) else { return nil }
    if entry.isNew {
      marks.append(candidate.mark)
      record.origins.append(
        ExplorationRecord.Origin(state: candidate.source, rewrite: candidate.rewrite))
    } else {
      marks.add(candidate.mark, to: entry.number)
    }
    return entry.number
  }
}
