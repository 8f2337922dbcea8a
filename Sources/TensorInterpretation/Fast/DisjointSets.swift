/// Numbers in sets that are joined.
struct DisjointSets {
  private var parents: [Int]
  private var sizes: [Int]

  /// So many numbers, each in a set of its own.
  init(_ count: Int) {
    parents = Array(0..<count)
    sizes = Array(repeating: 1, count: count)
  }

  /// The number that stands for the set of another.
  ///
  /// - Complexity: logarithmic.
  func representative(of number: Int) -> Int {
    var number = number
    while parents[number] != number { number = parents[number] }
    return number
  }

  /// Makes one set of two.
  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (representative(of: a), representative(of: b))
    guard a != b else { return }
    let (root, other) = sizes[a] >= sizes[b] ? (a, b) : (b, a)
    parents[other] = root
    sizes[root] += sizes[other]
  }

  /// Makes one set of those of several numbers.
  mutating func join(_ numbers: [Int]) {
    for number in numbers.dropFirst() { join(numbers[0], number) }
  }
}
