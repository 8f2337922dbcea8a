import DiagramIR

/// Searches for a chain of exact rules, in both directions, from one diagram to another.
///
/// From both ends the diagrams at one step more are found in turn, each once up to isomorphism, until the two
/// sides meet or the budget is spent.
///
/// - Complexity: `budget` diagrams, each searched for all matches of all rules in both directions, and digested.
struct ExactSearch {
  /// A rule in one direction.
  private struct Move {
    var symbol: Symbol
    var isBackward: Bool
    var rewrite: Rewrite
  }

  /// A diagram that was reached, and the diagram that it was reached from.
  private struct State {
    var diagram: Diagram
    var parent: Int?
  }

  /// One of the two ends with what is reachable from it.
  private struct Side {
    fileprivate var states: [State]
    fileprivate var known: [Digest: Int]
    fileprivate var next = 0

    fileprivate init(_ start: Diagram) {
      states = [State(diagram: start, parent: nil)]
      known = [start.digest(): 0]
    }

    fileprivate var isExhausted: Bool { next == states.count }

    /// The diagrams from the end to a state.
    func path(to state: Int) -> [Diagram] {
      var (path, current): ([Diagram], Int?) = ([], state)
      while let index = current {
        path.append(states[index].diagram)
        current = states[index].parent
      }
      return path.reversed()
    }
  }

  private let moves: [Move]
  private var source: Side
  private var target: Side
  /// How many diagrams may still be found.
  private(set) var budget: Int

  /// - Throws: `RewritingError`, when a law is no exact rule.
  init(
    from source: Diagram, to target: Diagram, by rules: [Rule], budget: Int
  ) throws(RewritingError) {
    var moves: [Move] = []
    for rule in rules where rule.left.doctrine == source.doctrine {
      for direction in [Direction.forward, .backward] {
        guard let rewrite = try? Rewrite(rule, direction), rewrite.pattern.diagram.boxCount > 0
        else { continue }
        moves.append(
          Move(symbol: rule.symbol, isBackward: direction == .backward, rewrite: rewrite))
      }
    }
    self.moves = moves
    (self.source, self.target) = (Side(source), Side(target))
    self.budget = budget
  }

  /// The steps from source to target; `nil` when none were found.
  mutating func steps() -> [DerivationStep]? {
    if let meeting = meeting(source.states[0].diagram.digest()) { return steps(meeting) }
    while budget > 0, !(source.isExhausted && target.isExhausted) {
      let goesForward =
        !source.isExhausted
        && (target.isExhausted || source.states.count <= target.states.count)
      if let meeting = expand(goesForward ? \.source : \.target) { return steps(meeting) }
    }
    return nil
  }

  private func meeting(_ digest: Digest) -> (Int, Int)? {
    guard let left = source.known[digest], let right = target.known[digest] else { return nil }
    return (left, right)
  }

  /// Finds what is one step from the next diagram of a side; says where the sides meet.
  private mutating func expand(_ side: WritableKeyPath<Self, Side>) -> (Int, Int)? {
    let parent = self[keyPath: side].next
    self[keyPath: side].next += 1
    let matcher = Matcher(self[keyPath: side].states[parent].diagram)
    for move in moves {
      for match in matcher.matches(of: move.rewrite.pattern, limit: budget) {
        guard let result = try? move.rewrite.apply(match, in: matcher) else { continue }
        let digest = result.digest()
        guard self[keyPath: side].known[digest] == nil else { continue }
        self[keyPath: side].known[digest] = self[keyPath: side].states.count
        self[keyPath: side].states.append(State(diagram: result, parent: parent))
        budget -= 1
        if let meeting = meeting(digest) { return meeting }
        if budget == 0 { return nil }
      }
    }
    return nil
  }

  // MARK: Steps

  /// The steps along the path that meets at two isomorphic states. They are found again from the source on, so
  /// that their places are those of the diagrams that replaying meets.
  private func steps(_ meeting: (Int, Int)) -> [DerivationStep]? {
    let waypoints =
      source.path(to: meeting.0).dropFirst() + target.path(to: meeting.1).reversed().dropFirst()
    var (current, steps): (Diagram, [DerivationStep]) = (source.states[0].diagram, [])
    for waypoint in waypoints {
      guard let next = step(from: current, to: waypoint.digest()) else { return nil }
      steps.append(next.step)
      current = next.result
    }
    return steps
  }

  private func step(
    from diagram: Diagram, to digest: Digest
  ) -> (step: DerivationStep, result: Diagram)? {
    let matcher = Matcher(diagram)
    for move in moves {
      for match in matcher.matches(of: move.rewrite.pattern) {
        guard let result = try? move.rewrite.apply(match, in: matcher), result.digest() == digest
        else { continue }
        let place = match.anchor.map { Place.name(of: $0, in: matcher.index) }
        let step = DerivationStep.apply(
          .rule(move.symbol), isBackward: move.isBackward, at: place, sizes: [])
        guard let replayed = try? move.rewrite.firstResult(in: matcher, at: match.anchor),
          replayed.digest() == digest
        else { continue }
        return (step, replayed)
      }
    }
    return nil
  }
}

extension Rewrite {
  /// The diagram after the first match with an anchor, which is what replaying a step takes.
  fileprivate func firstResult(
    in matcher: Matcher, at anchor: WireID?
  ) throws(RewritingError) -> Diagram? {
    guard let match = matcher.firstMatch(of: pattern, at: anchor) else { return nil }
    return try apply(match, in: matcher)
  }
}
