/// Which tile of scratch memory holds each value of places: values that aren't needed at the same time share one.
struct StreamingRegisters: Hashable, Sendable {
  /// How many tiles there are.
  private(set) var count = 0
  /// The tile of each value, in each pass.
  private(set) var places: [[Int]]
  /// The tiles of the values inside a sum over depth, in each pass.
  private(set) var inner: [[[Int]]]

  /// - Parameter separate: whether passes find nothing of those before.
  init(_ program: StreamingProgram, passes: [StreamingProgram.Pass], separate: Bool = false) {
    (places, inner) = ([], [])
    let lists = passes.map(\.actions)
    for actions in separate ? lists : [lists.flatMap { $0 }] { assign(actions, program) }
    for _ in places.count..<max(places.count, passes.count) {
      places.append(places[0])
      inner.append(inner[0])
    }
  }

  /// Passes in which no value is computed that an earlier one has.
  static func once(_ passes: [StreamingProgram.Pass]) -> [StreamingProgram.Pass] {
    var known: Set<StreamingProgram.Action> = []
    return passes.map { pass in
      var pass = pass
      pass.actions.removeAll { action in
        if case .tile = action { !known.insert(action).inserted } else { false }
      }
      return pass
    }
  }

  private mutating func assign(
    _ actions: [StreamingProgram.Action], _ program: StreamingProgram
  ) {
    var places = program.tiles.map { _ in 0 }
    var inner: [[Int]] = program.tiles.map { _ in [] }
    var last: [Int: Int] = [:]
    for (time, action) in actions.enumerated() {
      for tile in action.tiles(program) { last[tile] = time }
    }
    var unused = Array((0..<count).reversed())
    func take() -> Int {
      if let place = unused.popLast() { return place }
      count += 1
      return count - 1
    }
    for (time, action) in actions.enumerated() {
      let dying = action.tiles(program).filter { last[$0] == time }
      guard case .tile(let tile) = action else {
        unused += dying.map { places[$0] }
        continue
      }
      // A function may be written where an operand was.
      if case .depthSum(_, let body) = program.tiles[tile] {
        places[tile] = take()
        inner[tile] = body.map { _ in take() }
        unused += inner[tile]
        unused += dying.filter { $0 != tile }.map { places[$0] }
      } else {
        unused += dying.filter { $0 != tile }.map { places[$0] }
        places[tile] = take()
      }
      if last[tile] == nil { unused.append(places[tile]) }
    }
    self.places.append(places)
    self.inner.append(inner)
  }
}

extension StreamingProgram.Action {
  /// The values of places that it reads, each once.
  fileprivate func tiles(_ program: StreamingProgram) -> [Int] {
    let sources: [StreamingProgram.Source]
    switch self {
    case .tile(let tile): sources = program.tiles[tile].sources
    case .product(let product): sources = [program.products[product].weights]
    case .row(let row):
      switch program.rows[row] {
      case .peak(let source), .sum(let source, _): sources = [source]
      case .apply: sources = []
      }
    }
    var found: [Int] = []
    for case .tile(let tile) in sources where !found.contains(tile) { found.append(tile) }
    return found
  }
}

extension StreamingProgram.TileValue {
  /// The values that it reads; for a product none, which reads arrays only.
  public var sources: [StreamingProgram.Source] {
    switch self {
    case .product: []
    case .apply(_, let sources): sources
    case .load(let source), .exponential(let source, _): [source]
    case .depthSum(_, let body): body.flatMap(\.sources)
    }
  }
}
