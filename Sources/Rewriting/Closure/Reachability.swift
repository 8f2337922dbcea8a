import DiagramIR

/// What can be reached from a diagram: the states, numbered in the order in which they were found, from zero, the
/// diagram itself.
public struct Reachability: Sendable {
  enum Storage: Sendable {
    case packed(PackedExploration)
    case general(GeneralExploration)
  }

  /// How a state was first found.
  public struct Origin: Hashable, Sendable {
    /// The state that was rewritten.
    public let state: Int
    /// Which of the closure's rewrites was applied.
    public let rewrite: Int
  }

  /// One state can be rewritten to another.
  public struct Step: Hashable, Comparable, Sendable {
    /// The state that is rewritten.
    public let source: Int
    /// What comes out.
    public let target: Int
    /// Which of the closure's rewrites does it.
    public let rewrite: Int

    /// Orders by source, target and rewrite.
    public static func < (left: Step, right: Step) -> Bool {
      (left.source, left.target, left.rewrite) < (right.source, right.target, right.rewrite)
    }
  }

  let storage: Storage

  init(_ storage: Storage) { self.storage = storage }

  private var record: ExplorationRecord {
    switch storage {
    case .packed(let exploration): exploration.record
    case .general(let exploration): exploration.record
    }
  }

  /// How many states there are.
  public var count: Int { record.origins.count }
  /// How many states have been rewritten in all ways: the first ones.
  public var explored: Int { record.explored }
  /// Whether these are all states.
  public var isComplete: Bool { record.explored == record.origins.count }
  /// Whether it stopped because there are more states than the limit.
  public var reachedLimit: Bool { record.reachedLimit }
  /// Whether the states are kept as packed encodings.
  public var isPacked: Bool {
    if case .packed = storage { true } else { false }
  }

  /// A state as a diagram; `nil` for a number that isn't one.
  ///
  /// - Complexity: linear in the diagram.
  public func diagram(at state: Int) -> Diagram? {
    guard state >= 0, state < count else { return nil }
    switch storage {
    case .packed(let exploration): return exploration.diagram(at: state)
    case .general(let exploration): return exploration.diagrams[state]
    }
  }

  /// How a state was first found; `nil` for the first.
  public func origin(of state: Int) -> Origin? {
    guard state > 0, state < count else { return nil }
    let origin = record.origins[state]
    return Origin(state: Int(origin.state), rewrite: Int(origin.rewrite))
  }

  /// All steps from explored states, where the closure records them: each once, in order.
  public var steps: [Step] {
    var steps = record.steps.map {
      Step(source: Int($0.source), target: Int($0.target), rewrite: Int($0.rewrite))
    }
    steps.sort()
    var last: Step?
    return steps.filter { step in
      defer { last = step }
      return step != last
    }
  }
}

/// What both ways of exploring keep about their states.
struct ExplorationRecord: Sendable {
  struct Origin: Sendable {
    var state: UInt32
    var rewrite: UInt32
  }

  struct Step: Sendable {
    var source: UInt32
    var target: UInt32
    var rewrite: UInt32
  }

  /// For every state, how it was found.
  var origins = [Origin(state: 0, rewrite: 0)]
  var steps: [Step] = []
  var explored = 0
  var reachedLimit = false

  /// Notes that the limit forbids the next state, so that its source stays unexplored.
  mutating func stop(at source: UInt32) {
    reachedLimit = true
    explored = Int(source)
    while let last = steps.last, last.source >= source { steps.removeLast() }
  }
}
