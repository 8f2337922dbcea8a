/// Finds the successors of packed states: one for each thread at work.
///
/// A state is read into a graph; each match is applied there, the result encoded, and the match taken back.
final class PackedSearch: @unchecked Sendable {
  private let rules: UnsafeMutableBufferPointer<PackedRuleBuffer>
  private var graph: PackedGraph
  private let scratch: PackedMatch
  private let growth: Int
  /// What was found last.
  private(set) var found: CandidateBuffer
  /// Whether a successor can't be packed: a part of it isn't reached from the interface, or it is too large.
  private(set) var hasUnpackable = false

  init(_ signature: PackedSignature, _ rules: [PackedRule]) {
    self.rules = .allocate(capacity: rules.count)
    _ = self.rules.initialize(from: rules.map { PackedRuleBuffer($0, among: rules) })
    graph = PackedGraph(signature)
    growth = rules.reduce(0) { max($0, $1.result.kinds.count) }
    scratch = PackedMatch(rules)
    found = CandidateBuffer()
  }

  deinit {
    for rule in rules { rule.deallocate() }
    rules.deallocate()
    graph.deallocate()
    scratch.deallocate()
    found.deallocate()
  }

  /// Finds the successors of some states, in order.
  ///
  /// - Parameters:
  ///   - marks: what need not be tried.
  ///   - first: successors that are known states with lower numbers are left out.
  func run(
    _ states: Range<Int>, _ table: StateTable.Reader, _ marks: PackedMarks.Reader,
    keepingKnownFrom first: Int
  ) {
    // Copies of their own spare the innermost loops the checks for exclusive access.
    var (graph, found) = (self.graph, self.found)
    defer { (self.graph, self.found) = (graph, found) }
    found.removeAll(keepingKnownFrom: first)
    for state in states {
      guard graph.read(table.encoding(state), growth: growth) else {
        hasUnpackable = true
        return
      }
      let done = marks.marks(of: state)
      for number in 0..<rules.count {
        guard search(number, state, done, graph, &found, table) else {
          hasUnpackable = true
          return
        }
      }
    }
    found.settle(table)
  }

  /// Finds what one rule makes of the state in the graph.
  ///
  /// - Returns: `false` when a successor can't be packed.
  @inline(__always)
  private func search(
    _ number: Int, _ state: Int, _ done: UInt64, _ graph: PackedGraph,
    _ found: inout CandidateBuffer, _ table: StateTable.Reader
  ) -> Bool {
    let (rule, count) = (rules[number], rules.count)
    let size = graph.encodingBound(graph.boxCount &+ growth)
    for box in 0..<graph.boxCount {
      let record = graph.record(box)
      guard graph.cells[record &+ 1] == rule.firstKind,
        done & PackedMarks.mark(rule: number, box: box, ruleCount: count) == 0,
        scratch.match(rule, at: record, in: graph)
      else { continue }
      let room = found.room(for: size)
      guard let words = scratch.encodeResult(rule, in: graph, to: room) else { return false }
      let back = PackedMarks.mark(
        rule: rule.inverse, box: scratch.numberOfFirst(in: graph), ruleCount: count)
      found.add(words: words, source: state, rewrite: number, mark: back, table)
    }
    return true
  }
}
