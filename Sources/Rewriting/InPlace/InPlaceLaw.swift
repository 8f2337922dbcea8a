import DiagramIR

/// A rule on its way through a graph: its program, and the boxes that are still to be looked at.
struct InPlaceLaw: Sendable {
  let symbol: Symbol
  let rewrite: Rewrite
  var search: FlatSearch
  /// How far from a change a match may begin.
  let radius: Int
  private var instances = SignatureTable<RuleInstance?>()
  private var pending: [Int32] = []
  private var isPending: [Bool]
  /// Boxes where only convexity was missing, which may come with a change anywhere.
  private(set) var blocked: [Int32] = []

  /// `nil` when the rule is of a form that isn't rewritten in place.
  init?(_ symbol: Symbol, _ rewrite: Rewrite, _ graph: inout FlatGraph, counts: [Int32: Int]) {
    guard rewrite.result.regionCount == 1,
      rewrite.result.operations.allSatisfy({ $0.perAxes.isEmpty }),
      let program = PatternProgram(
        rewrite.pattern,
        count: { key in graph.knownNumber(of: key).flatMap { counts[$0] } ?? 0 })
    else { return nil }
    self.symbol = symbol
    self.rewrite = rewrite
    radius = program.radius
    search = FlatSearch(program, &graph)
    isPending = Array(repeating: false, count: graph.boxes.count)
    for box in (0..<Int32(graph.boxes.count)).reversed() { push(box, graph) }
  }

  var isIdle: Bool { pending.isEmpty }

  /// The match that was found last.
  var occurrence: FlatGraph.Occurrence {
    FlatGraph.Occurrence(
      boxes: search.boxes, wires: search.wires, interface: search.program.interface)
  }

  /// Has a box looked at before those that wait already, unless it is among them.
  mutating func push(_ box: Int32, _ graph: FlatGraph) {
    guard graph.boxes[Int(box)].kind == search.firstKind else { return }
    while isPending.count <= Int(box) { isPending.append(false) }
    guard !isPending[Int(box)] else { return }
    isPending[Int(box)] = true
    pending.append(box)
  }

  mutating func pop() -> Int32? {
    guard let box = pending.popLast() else { return nil }
    isPending[Int(box)] = false
    return box
  }

  /// Finds the match at a box; `nil` when there is none.
  mutating func find(
    at box: Int32, in graph: inout FlatGraph, levels: [Int]
  ) -> RuleInstance? {
    guard graph.isAlive(box), search.find(at: box, in: graph) else { return nil }
    let found = instances.verdict(for: search.signature) {
      guard let (matcher, match) = search.identity(in: graph),
        let side = try? rewrite.apply(match, in: matcher)
      else { return nil }
      return RuleInstance(side, &graph)
    }
    guard let found else { return nil }
    guard search.isConvex(in: graph, levels: levels) else {
      blocked.append(box)
      return nil
    }
    return found
  }

  /// Has the boxes where only convexity was missing looked at again; whether there are any.
  mutating func retryBlocked(_ graph: FlatGraph) -> Bool {
    let waiting = blocked
    blocked = []
    for box in waiting.reversed() { push(box, graph) }
    return !pending.isEmpty
  }
}
