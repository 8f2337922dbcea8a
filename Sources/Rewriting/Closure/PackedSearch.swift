/// Finds the successors of packed states: one for each thread at work.
///
/// A state is read into a graph; each match is applied there, the result encoded, and the match taken back.
final class PackedSearch: @unchecked Sendable {
  /// A successor: where its encoding is, unless it is a known state.
  struct Successor {
    var source: UInt32
    var rewrite: UInt32
    var fingerprint: UInt64
    var start: Int
    var count: Int
    var known: UInt32?
  }

  private let rules: UnsafeMutableBufferPointer<PackedRuleBuffer>
  private var graph: PackedGraph
  private let scratch: PackedMatch
  private let recordsSteps: Bool
  private let growth: Int
  private(set) var successors: [Successor] = []
  private(set) var bytes: [UInt8] = []
  /// Whether a successor has a part that the interface doesn't reach.
  private(set) var hasUnreachedPart = false

  init(_ signature: PackedSignature, _ rules: [PackedRule], recordsSteps: Bool) {
    self.rules = .allocate(capacity: rules.count)
    _ = self.rules.initialize(from: rules.map { PackedRuleBuffer($0) })
    self.recordsSteps = recordsSteps
    graph = PackedGraph(signature)
    growth = rules.reduce(0) { max($0, $1.result.kinds.count) }
    scratch = PackedMatch(rules)
  }

  deinit {
    for rule in rules { rule.deallocate() }
    rules.deallocate()
    graph.deallocate()
    scratch.deallocate()
  }

  /// Finds the successors of some states, in order.
  func run(_ states: Range<Int>, _ table: StateTable.Reader) {
    successors.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    // Copies of their own spare the innermost loops the checks for exclusive access.
    var (graph, successors, bytes) = (self.graph, self.successors, self.bytes)
    self.successors = []
    self.bytes = []
    for state in states {
      graph.read(table.encoding(state), growth: growth)
      for number in 0..<rules.count {
        let rule = rules[number]
        for box in 0..<graph.boxCount where graph.kinds[box] == rule.pattern.kinds[0] {
          guard scratch.match(rule, at: Int32(truncatingIfNeeded: box), in: graph) else { continue }
          guard scratch.applyAndEncode(rule, in: &graph) else {
            hasUnreachedPart = true
            continue
          }
          let fingerprint = graph.fingerprint
          let known = table.search(graph.encoding, fingerprint).number
          guard recordsSteps || known == nil else { continue }
          successors.append(
            Successor(
              source: UInt32(truncatingIfNeeded: state), rewrite: UInt32(number),
              fingerprint: fingerprint, start: bytes.count, count: graph.byteCount, known: known))
          if known == nil { bytes.append(contentsOf: graph.encoding) }
        }
      }
    }
    (self.graph, self.successors, self.bytes) = (graph, successors, bytes)
  }
}
