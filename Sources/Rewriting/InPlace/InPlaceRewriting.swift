import DiagramIR

/// Applies rules to a graph again and again. After each step it looks again only at boxes near what changed.
///
/// The first rule that has a match is applied, as in `Rewriter.rewrite`, at places in this order: near the last
/// changes first, then from the results backward. The order is the same in isomorphic diagrams.
struct InPlaceRewriting {
  private(set) var graph: FlatGraph
  private var laws: [InPlaceLaw] = []
  /// For every box a number above those it depends on; empty when no rule needs it.
  private var levels: [Int] = []
  private var change = FlatGraph.Change()
  private var near: [Int32] = []
  /// For every box, the search for near ones that found it last.
  private var foundBy: [Int] = []
  private var searchCount = 0
  private var hasChanged = false
  private(set) var stepCount = 0
  private(set) var candidates = 0
  private(set) var steps: [DerivationStep] = []

  /// `nil` when the diagram or one of the rules is of a form that isn't rewritten in place.
  init?(_ diagram: Diagram, _ rewrites: [(Symbol, Rewrite)]) {
    guard diagram.doctrine == .symmetric || diagram.regionCount == 1,
      var graph = FlatGraph(diagram)
    else { return nil }
    var counts: [Int32: Int] = [:]
    for box in graph.boxes { counts[box.kind, default: 0] += 1 }
    for (symbol, rewrite) in rewrites {
      guard diagram.regionCount == 1 || !rewrite.pattern.diagram.isLearned else { return nil }
      guard let law = InPlaceLaw(symbol, rewrite, &graph, counts: counts) else { return nil }
      laws.append(law)
    }
    if laws.contains(where: { !$0.search.program.openInputs.isEmpty }) { levels = graph.levels() }
    self.graph = graph
  }

  /// - Complexity: linear in the graph and in the steps, for wires with few consumers; with steps recorded, each
  ///   takes a `Diagram` and its canonical order.
  ///
  /// - Parameter goingOn: asked from time to time with the number of steps taken; `nil` results when it says no.
  mutating func run(
    limit: Int, recordingSteps: Bool, goingOn: (Int) -> Bool = { _ in true }
  ) -> RewritingResult? {
    while let number = nextLaw() {
      guard let box = laws[number].pop() else { continue }
      candidates += 1
      guard let instance = laws[number].find(at: box, in: &graph, levels: levels) else { continue }
      guard stepCount < limit else { return result(reachedLimit: true) }
      if recordingSteps { record(number) }
      stepCount += 1
      if stepCount & 127 == 0 || recordingSteps, !goingOn(stepCount) { return nil }
      hasChanged = true
      graph.replace(laws[number].occurrence, by: instance, &change)
      if !levels.isEmpty { raiseLevels() }
      lookAgain(at: box)
    }
    return result(reachedLimit: false)
  }

  private func result(reachedLimit: Bool) -> RewritingResult {
    RewritingResult(
      diagram: graph.frozen().diagram, steps: steps, stepCount: stepCount,
      reachedLimit: reachedLimit, candidates: candidates)
  }

  /// The first rule that has something left to look at.
  private mutating func nextLaw() -> Int? {
    for number in laws.indices where !laws[number].isIdle { return number }
    guard hasChanged else { return nil }
    hasChanged = false
    for number in laws.indices { _ = laws[number].retryBlocked(graph) }
    return laws.indices.first { !laws[$0].isIdle }
  }

  /// Has every rule look at the boxes that a new match could begin at. The outermost new box comes first.
  private mutating func lookAgain(at start: Int32) {
    var radius = -1
    for number in laws.indices {
      if laws[number].radius != radius {
        radius = laws[number].radius
        collect(steps: radius)
      }
      for place in near.indices.reversed() { laws[number].push(near[place], graph) }
      if graph.isAlive(start) { laws[number].push(start, graph) }
    }
  }

  /// The boxes at most this many steps from what changed, the nearest first: forward, and in `symmetric` backward
  /// too.
  private mutating func collect(steps: Int) {
    near.removeAll(keepingCapacity: true)
    searchCount += 1
    while foundBy.count < graph.boxes.count { foundBy.append(0) }
    for place in change.added.indices.reversed() { collectOne(change.added[place]) }
    for place in change.touched.indices where graph.isAlive(change.touched[place]) {
      collectOne(change.touched[place])
    }
    var first = 0
    for _ in 0..<steps {
      let last = near.count
      for place in first..<last { collectNeighbours(of: near[place]) }
      first = last
    }
  }

  private mutating func collectNeighbours(of box: Int32) {
    let record = graph.boxes[Int(box)]
    let middle = record.firstPort + record.inputs
    for port in middle..<(middle + record.outputs) {
      var use = graph.wires[Int(graph.ports[Int(port)].wire)].firstUse
      while use >= 0 {
        collectOne(graph.ports[Int(use)].box)
        use = graph.ports[Int(use)].next
      }
    }
    guard graph.doctrine == .symmetric else { return }
    for port in record.firstPort..<middle {
      collectOne(graph.producer(of: graph.ports[Int(port)].wire))
    }
  }

  private mutating func collectOne(_ box: Int32) {
    guard box >= 0, foundBy[Int(box)] != searchCount else { return }
    foundBy[Int(box)] = searchCount
    near.append(box)
  }

  /// Gives new boxes levels, and raises those of boxes that now depend on higher ones.
  private mutating func raiseLevels() {
    while levels.count < graph.boxes.count { levels.append(0) }
    var pending = (change.added + change.touched).filter { graph.isAlive($0) }
    for box in change.added {
      levels[Int(box)] = inputLevel(of: box) + 1
    }
    while let box = pending.popLast() {
      levels[Int(box)] = max(levels[Int(box)], inputLevel(of: box) + 1)
      let record = graph.boxes[Int(box)]
      let first = record.firstPort + record.inputs
      for port in first..<(first + record.outputs) {
        var use = graph.wires[Int(graph.ports[Int(port)].wire)].firstUse
        while use >= 0 {
          let consumer = graph.ports[Int(use)].box
          use = graph.ports[Int(use)].next
          if consumer >= 0 && levels[Int(consumer)] <= levels[Int(box)] { pending.append(consumer) }
        }
      }
    }
  }

  private func inputLevel(of box: Int32) -> Int {
    let record = graph.boxes[Int(box)]
    var level = -1
    for port in record.firstPort..<(record.firstPort + record.inputs) {
      let producer = graph.producer(of: graph.ports[Int(port)].wire)
      if producer >= 0 { level = max(level, levels[Int(producer)]) }
    }
    return level
  }

  /// Whether the places of recorded steps are known to be found again: in one region that the interface reaches.
  var numbersPlaces: Bool { graph.isReached && graph.regions.count == 1 }

  /// Notes the step that is about to be taken, with its place in the diagram as it is now. Components out of the
  /// interface's reach may be alike but for names, so places get numbers there.
  private mutating func record(_ number: Int) {
    let law = laws[number]
    let (diagram, wires) = graph.frozen()
    let place = law.rewrite.pattern.anchor.map { anchor -> String in
      let wire = wires[Int(law.search.wires[anchor.index])]
      return graph.isReached
        ? Place.name(of: wire, in: diagram) : Place.number(of: wire, in: diagram)
    }
    steps.append(.apply(.rule(law.symbol), isBackward: false, at: place, sizes: []))
  }
}
