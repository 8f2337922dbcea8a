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

/// One end of a search with what was found from it, in the order in which it was found.
struct SearchSide {
  /// A diagram that was found, and the one that it was found from.
  struct State {
    var diagram: Diagram
    var parent: Int?
  }

  private(set) var states: [State]
  private var known: Set<Digest>
  private var forms: [Digest: Int]
  private var next = 0

  init(_ start: Diagram, _ moves: SearchMoves) {
    states = [State(diagram: start, parent: nil)]
    known = [start.digest()]
    forms = [moves.form(of: start).digest(): 0]
  }

  /// Whether all that was found was searched from.
  var isExhausted: Bool { next == states.count }

  /// The next diagram to search from.
  mutating func advance() -> Int {
    next += 1
    return next - 1
  }

  /// Adds a diagram; returns its form when it is new.
  mutating func add(_ diagram: Diagram, from parent: Int, _ moves: SearchMoves) -> Diagram? {
    guard known.insert(diagram.digest()).inserted else { return nil }
    let form = moves.form(of: diagram)
    let digest = form.digest()
    if forms[digest] == nil { forms[digest] = states.count }
    states.append(State(diagram: diagram, parent: parent))
    return form
  }

  /// The first diagram of a form.
  func meeting(_ form: Digest) -> Int? { forms[form] }

  /// The diagrams from the end to one that was found.
  func path(to state: Int) -> [Diagram] {
    var (path, current): ([Diagram], Int?) = ([], state)
    while let index = current {
      path.append(states[index].diagram)
      current = states[index].parent
    }
    return path.reversed()
  }
}
