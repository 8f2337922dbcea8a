import DiagramIR

/// Applies rules to a graph again and again. After each step it looks again only at boxes near what changed.
///
/// The first rule that has a match is applied, as in `Rewriter.rewrite`, at places in this order: near the last
/// changes first, then from the results backward. The order is the same in isomorphic diagrams.
struct InPlaceRewriting: ~Copyable {
  private var graph: FlatGraph
  private var laws = RawBuffer<InPlaceLaw>()
  /// For every box a number above those it depends on; empty when no rule needs it.
  private var levels = RawBuffer<Int>()
  private var needsLevels = false
  private var change = FlatGraph.Change()
  private var hasChanged = false
  private(set) var stepCount = 0
  private var candidates = 0
  private var recording = StepRecording()

  /// `nil` when the diagram or one of the rules is of a form that isn't rewritten in place.
  static func rewriting(_ diagram: Diagram, _ rewrites: [(Symbol, Rewrite)]) -> InPlaceRewriting? {
    guard diagram.doctrine == .symmetric || diagram.regionCount == 1,
      let graph = FlatGraph.thawed(diagram, .canonical)
    else { return nil }
    var rewriting = InPlaceRewriting(graph)
    let counts = rewriting.kindCounts()
    for (symbol, rewrite) in rewrites {
      guard diagram.regionCount == 1 || !rewrite.pattern.diagram.isLearned,
        rewriting.add(symbol, rewrite, counts)
      else { return nil }
    }
    if rewriting.needsLevels { rewriting.levels = rewriting.graph.levels() }
    return rewriting
  }

  private init(_ graph: consuming FlatGraph) { self.graph = graph }

  /// How many boxes of each kind there are.
  private func kindCounts() -> [Int] {
    var counts = Array(repeating: 0, count: graph.tables.kindCount)
    for box in 0..<graph.boxes.count { counts[Int(graph.boxes[box].kind)] += 1 }
    return counts
  }

  private mutating func add(_ symbol: Symbol, _ rewrite: Rewrite, _ counts: [Int]) -> Bool {
    guard let law = InPlaceLaw.law(symbol, rewrite, &graph, counts: counts) else { return false }
    needsLevels = needsLevels || law.search.needsLevels
    laws.append(law)
    return true
  }

  /// - Complexity: linear in the graph and in the steps, for wires with few consumers; with steps recorded, each
  ///   takes what `StepRecording` says.
  ///
  /// - Parameter goingOn: asked from time to time with the number of steps taken; `nil` results when it says no.
  mutating func run(
    limit: Int, recordingSteps: Bool, goingOn: (Int) -> Bool = { _ in true }
  ) -> RewritingResult? {
    while let number = nextLaw() {
      guard let box = laws[number].pop() else { continue }
      candidates += 1
      guard let instance = laws[number].find(at: box, in: &graph, levels: levels.elements) else {
        continue
      }
      guard stepCount < limit else { return result(reachedLimit: true) }
      if recordingSteps { recording.record(laws[number], in: graph) }
      stepCount += 1
      if stepCount & 127 == 0 || recordingSteps, !goingOn(stepCount) { return nil }
      hasChanged = true
      laws[number].apply(instance, to: &graph, &change)
      if needsLevels { graph.raise(&levels, after: change) }
      lookAgain()
    }
    return result(reachedLimit: false)
  }

  private func result(reachedLimit: Bool) -> RewritingResult {
    RewritingResult(
      diagram: graph.frozen().diagram, steps: recording.steps, stepCount: stepCount,
      reachedLimit: reachedLimit, candidates: candidates)
  }

  /// The first rule that has something left to look at.
  @inline(__always)
  private mutating func nextLaw() -> Int? {
    for number in 0..<laws.count where !laws[number].isIdle { return number }
    return nextBlockedLaw()
  }

  private mutating func nextBlockedLaw() -> Int? {
    guard hasChanged else { return nil }
    hasChanged = false
    for number in 0..<laws.count { laws[number].retryBlocked() }
    for number in 0..<laws.count where !laws[number].isIdle { return number }
    return nil
  }

  /// Has every rule look at the boxes that a new match could begin at. The outermost new box comes first.
  @inline(__always)
  private mutating func lookAgain() {
    let view = graph.view
    for number in 0..<laws.count {
      for box in change.touched.elements { laws[number].lookAgain(near: box, in: view) }
      for box in change.added.elements { laws[number].lookAgain(near: box, in: view) }
    }
  }
}
