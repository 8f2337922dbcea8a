import Drawing

/// Rectangles by where they are, so that those near a place are found without looking at all.
struct RectangleGrid {
  private static let side = 96.0
  private var cells: [Cell: [Int]] = [:]

  private struct Cell: Hashable {
    var (column, row): (Int, Int)
  }

  init(_ rectangles: [Rectangle]) {
    for (index, rectangle) in rectangles.enumerated() {
      Self.visit(rectangle) { cells[$0, default: []].append(index) }
    }
  }

  /// The numbers of the rectangles that may meet a room, ascending.
  func near(_ room: Rectangle) -> [Int] {
    var found: Set<Int> = []
    Self.visit(room) { found.formUnion(cells[$0] ?? []) }
    return found.sorted()
  }

  private static func visit(_ room: Rectangle, _ body: (Cell) -> Void) {
    let columns = number(room.x)...number(room.maxX)
    for row in number(room.y)...number(room.maxY) {
      for column in columns { body(Cell(column: column, row: row)) }
    }
  }

  private static func number(_ place: Double) -> Int { Int((place / side).rounded(.down)) }
}
