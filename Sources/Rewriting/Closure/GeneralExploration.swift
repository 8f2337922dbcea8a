import DiagramIR

/// An exploration that keeps its states as diagrams.
struct GeneralExploration: Sendable {
  private(set) var record = ExplorationRecord()
  private(set) var diagrams: [Diagram]
  private var states: [Digest: UInt32]

  init(_ diagram: Diagram) {
    diagrams = [diagram]
    states = [diagram.digest(): 0]
  }

  mutating func run(_ closure: Closure, _ progress: (ClosureProgress) -> Bool) {
    record.reachedLimit = false
    while record.explored < diagrams.count {
      guard progress(ClosureProgress(found: diagrams.count, explored: record.explored)) else {
        return
      }
      guard explore(record.explored, closure) else { return }
      record.explored += 1
    }
  }

  /// - Returns: `false` when the limit stops it.
  private mutating func explore(_ state: Int, _ closure: Closure) -> Bool {
    let matcher = Matcher(diagrams[state])
    for (number, rewrite) in closure.rewrites.enumerated() {
      for match in matcher.matches(of: rewrite.pattern) {
        guard let next = try? rewrite.apply(match, in: matcher) else { continue }
        guard let target = enter(next, state, number, closure.limit) else { return false }
        guard closure.recordsSteps else { continue }
        record.steps.append(
          ExplorationRecord.Step(
            source: UInt32(state), target: target, rewrite: UInt32(number)))
      }
    }
    return true
  }

  /// The number of a diagram; `nil` when it is new and the limit is reached.
  private mutating func enter(
    _ diagram: Diagram, _ source: Int, _ rewrite: Int, _ limit: Int
  ) -> UInt32? {
    let digest = diagram.digest()
    if let known = states[digest] { return known }
    guard diagrams.count < limit else {
      record.stop(at: UInt32(source))
      return nil
    }
    let number = UInt32(diagrams.count)
    states[digest] = number
    diagrams.append(diagram)
    record.origins.append(
      ExplorationRecord.Origin(state: UInt32(source), rewrite: UInt32(rewrite)))
    return number
  }
}
