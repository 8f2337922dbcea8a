import DiagramIR

/// Searches for a chain of exact steps from one diagram to another.
///
/// From both ends the diagrams at one step more are found in turn, each once up to isomorphism, until the two
/// sides meet or the budget is spent. They meet where two diagrams are the same with all uses unfolded, modulo
/// the laws of SIMD boxes, of copying and of deleting.
///
/// - Complexity: `budget` diagrams, each searched for all matches of all rules in both directions, unfolded and
///   normalized.
struct ExactSearch {
  private let moves: SearchMoves
  private var source: SearchSide
  private var target: SearchSide
  /// How many diagrams may still be found.
  private(set) var budget: Int
  private let progress: (Int) -> Bool

  /// - Parameter progress: is told how many diagrams may still be found; the search stops when it returns `false`.
  init(
    from source: Diagram, to target: Diagram, by moves: SearchMoves, budget: Int,
    progress: @escaping (Int) -> Bool
  ) {
    self.moves = moves
    self.source = SearchSide(source, moves)
    self.target = SearchSide(target, moves)
    self.budget = budget
    self.progress = progress
  }

  /// What leads from source to target; `nil` when nothing was found.
  mutating func links() -> [RelationLink]? {
    while budget > 0, !(source.isExhausted && target.isExhausted) {
      let goesForward =
        !source.isExhausted
        && (target.isExhausted || source.states.count <= target.states.count)
      if let links = expand(goesForward ? \.source : \.target) { return links }
      guard progress(budget) else {
        budget = 0
        return nil
      }
    }
    return nil
  }

  /// Finds what is one step from the next diagram of a side.
  private mutating func expand(_ side: WritableKeyPath<Self, SearchSide>) -> [RelationLink]? {
    let parent = self[keyPath: side].advance()
    let (moves, diagram) = (self.moves, self[keyPath: side].states[parent].diagram)
    var links: [RelationLink]?
    moves.forEachResult(of: diagram, limit: budget) { result in
      guard let form = self[keyPath: side].add(result, from: parent, moves)?.digest() else {
        return false
      }
      budget -= 1
      if let left = source.meeting(form), let right = target.meeting(form) {
        links = self.links(left, right)
      }
      return links != nil || budget == 0
    }
    return links
  }

  /// What leads from the source to where the sides meet, and on to the target.
  private func links(_ left: Int, _ right: Int) -> [RelationLink]? {
    let path = source.path(to: left).dropFirst() + target.path(to: right).reversed()
    return moves.links(along: Array(path), from: source.states[0].diagram)
  }
}

extension SearchMoves {
  /// What leads from a diagram along others, each one move from the one before or equal to it; `nil` when a step
  /// can't be taken backward.
  func links(along path: [Diagram], from start: Diagram) -> [RelationLink]? {
    var (current, links): (Diagram, [RelationLink]) = (start, [])
    for waypoint in path {
      guard let next = self.links(from: current, to: waypoint) else { return nil }
      links += next.links
      current = next.result
    }
    return links
  }
}
