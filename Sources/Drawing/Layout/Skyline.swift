/// How far down a level is taken already, at each place across: by wires and boxes for a wire, and for a box, which
/// keeps a distance from boxes.
struct Skyline {
  /// A piece between two places across, and how far down it is taken.
  struct Piece {
    var start: Double
    var end: Double
    /// Where a wire can turn, and where a box can begin.
    var forWires: Double
    var forBoxes: Double
  }

  /// Disjoint, ascending, without gaps.
  private var pieces = [Piece(start: -.infinity, end: .infinity, forWires: 0, forBoxes: 0)]

  /// How far down a stretch is taken for a wire.
  func forWires(_ start: Double, _ end: Double) -> Double {
    pieces[first(at: start)...].prefix { $0.start < end }.reduce(0) { max($0, $1.forWires) }
  }

  /// How far down a stretch is taken for a box.
  func forBoxes(_ start: Double, _ end: Double) -> Double {
    pieces[first(at: start)...].prefix { $0.start < end }.reduce(0) { max($0, $1.forBoxes) }
  }

  /// The first piece that reaches beyond a place.
  private func first(at place: Double) -> Int {
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].end > place { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Lays pieces over it, which stand in ascending order; where they overlap, the first one counts.
  ///
  /// - Complexity: linear in the pieces, both the new ones and those that are there.
  mutating func lay(_ layers: [Piece]) {
    var result: [Piece] = []
    result.reserveCapacity(pieces.count + 2 * layers.count)
    var (place, position) = (0, -Double.infinity)
    func keep(until end: Double) {
      while position < end {
        var rest = pieces[place]
        (rest.start, rest.end) = (position, min(rest.end, end))
        result.append(rest)
        position = rest.end
        if position >= pieces[place].end && place < pieces.count - 1 { place += 1 }
      }
    }
    for layer in layers where layer.end > position {
      keep(until: layer.start)
      var layer = layer
      layer.start = position
      result.append(layer)
      position = layer.end
      while pieces[place].end <= position && place < pieces.count - 1 { place += 1 }
    }
    keep(until: .infinity)
    pieces = result
  }
}
