import DiagramIR

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
