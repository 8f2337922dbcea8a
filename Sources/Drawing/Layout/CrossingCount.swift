/// Counts where lines between two rows cross.
enum CrossingCount {
  /// How many pairs of lines cross, whose ends in the second row are these, sorted by their ends in the first and then in
  /// the second.
  ///
  /// Source: Barth, Jünger and Mutzel, *Simple and Efficient Bilayer Cross Counting*, 2002, with a tree of sums.
  ///
  /// - Complexity: lines × the logarithm of the greatest end.
  static func crossings(_ ends: [Int]) -> Int {
    var tree = Array(repeating: 0, count: (ends.max() ?? 0) + 2)
    var total = 0
    for (seen, end) in ends.enumerated() {
      var (place, notAfter) = (end + 1, 0)
      while place > 0 {
        notAfter += tree[place]
        place -= place & -place
      }
      total += seen - notAfter
      place = end + 1
      while place < tree.count {
        tree[place] += 1
        place += place & -place
      }
    }
    return total
  }
}
