/// Lists of levels of nesting, ascending, each kept once: a list is a number, and equal lists are equal numbers.
struct LaneLists {
  /// One of the lists.
  typealias List = Int32

  /// The list without levels.
  static let none: List = 0

  private struct Cell {
    var rest: List
    var last: Int32
    var count: Int32
  }

  private struct Key: Hashable {
    var rest: List
    var last: Int32
  }

  private var cells = [Cell(rest: LaneLists.none, last: -1, count: 0)]
  private var known: [Key: List] = [:]
  private var latest: (key: Key, list: List)?

  /// How many levels a list has.
  func count(_ list: List) -> Int { Int(cells[Int(list)].count) }

  /// The last level of a list; -1 where it has none.
  func last(_ list: List) -> Int { Int(cells[Int(list)].last) }

  /// A list without its last level.
  func withoutLast(_ list: List) -> List { cells[Int(list)].rest }

  /// The levels of a list.
  func levels(_ list: List) -> [Int] {
    var (levels, list): ([Int], List) = ([], list)
    levels.reserveCapacity(count(list))
    while list != Self.none {
      levels.append(last(list))
      list = withoutLast(list)
    }
    levels.reverse()
    return levels
  }

  /// Whether a level is in a list.
  func contains(_ list: List, _ level: Int) -> Bool {
    var list = list
    while last(list) > level { list = withoutLast(list) }
    return last(list) == level
  }

  /// A list with a level behind all that it has.
  mutating func adding(_ level: Int, to list: List) -> List {
    let key = Key(rest: list, last: Int32(level))
    if let latest, latest.key == key { return latest.list }
    let found = known[key] ?? List(cells.count)
    if Int(found) == cells.count {
      cells.append(Cell(rest: list, last: key.last, count: cells[Int(list)].count + 1))
      known[key] = found
    }
    latest = (key, found)
    return found
  }

  /// The levels of two lists together.
  mutating func union(_ a: List, _ b: List) -> List {
    if a == b || b == Self.none { return a }
    if a == Self.none { return b }
    let (x, y) = (last(a), last(b))
    let rest = union(x < y ? a : withoutLast(a), y < x ? b : withoutLast(b))
    return adding(max(x, y), to: rest)
  }

  /// A list with one level more, which it may have already.
  mutating func inserting(_ level: Int, into list: List) -> List {
    union(list, adding(level, to: Self.none))
  }
}
