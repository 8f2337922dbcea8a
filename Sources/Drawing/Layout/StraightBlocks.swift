/// Nodes of successive layers that straight wires join, moved as one.
struct StraightBlocks {
  private let graph: LayeredGraph
  private(set) var positions: [Double]
  /// For every node its block, and where it is relative to the block's position.
  private var block: [Int32] = []
  private var shift: [Double] = []
  private var blockPositions: [Double] = []
  /// Which segments are straight.
  private var isStraight: [Bool]
  /// For each layer the pairs of blocks that stand side by side, as (left, right, distance), sorted so that
  /// blocks come after those on their left.
  private var order: [Int32] = []
  private var neighbours: [(left: Int32, right: Int32, distance: Double)] = []

  /// Segments that lean at most so much are made straight.
  private static let greatestLean = 70.0

  /// Prepares positions to be straightened.
  init(_ graph: LayeredGraph, _ positions: [Double]) {
    self.graph = graph
    self.positions = positions
    isStraight = Array(repeating: false, count: graph.segments.count)
  }

  /// Makes segments straight, and moves blocks towards their neighbours.
  mutating func run() {
    align()
    formBlocks()
    formOrder()
    var wishes = meanWishes()
    for _ in 0..<8 {
      project(wishes)
      wishes = neighbourWishes()
    }
    project(wishes)
    gather()
    for node in positions.indices {
      positions[node] = blockPositions[Int(block[node])] + shift[node]
    }
  }

  // MARK: Choosing straight segments

  private mutating func align() {
    var place = Array(repeating: Int32(0), count: graph.nodes.count)
    for layer in graph.layers {
      for (index, node) in layer.enumerated() { place[Int(node)] = Int32(index) }
    }
    var byLayer: [[(rank: Int, lean: Double, segment: Int)]] = Array(
      repeating: [], count: graph.layers.count)
    for (number, segment) in graph.segments.enumerated() {
      let (upper, lower) = (graph.nodes[Int(segment.upper)], graph.nodes[Int(segment.lower)])
      let lean = abs(
        positions[Int(segment.upper)] + graph.upperOffset(segment)
          - positions[Int(segment.lower)] - graph.lowerOffset(segment))
      let dummies = (upper.role == .dummy ? 1 : 0) + (lower.role == .dummy ? 1 : 0)
      guard dummies == 2 || lean <= Self.greatestLean else { continue }
      byLayer[Int(upper.layer)].append((2 - dummies, lean, number))
    }
    var (hasUpper, hasLower) = (Set<Int32>(), Set<Int32>())
    for candidates in byLayer {
      var accepted = OrderedPairs()
      for candidate in candidates.sorted(by: {
        ($0.rank == 0 ? 0 : 1, $0.lean, $0.segment) < ($1.rank == 0 ? 0 : 1, $1.lean, $1.segment)
      }) {
        let segment = graph.segments[candidate.segment]
        guard !hasLower.contains(segment.upper), !hasUpper.contains(segment.lower),
          accepted.insert(place[Int(segment.upper)], place[Int(segment.lower)])
        else { continue }
        hasLower.insert(segment.upper)
        hasUpper.insert(segment.lower)
        isStraight[candidate.segment] = true
      }
    }
  }

  // MARK: Blocks

  private mutating func formBlocks() {
    block = Array(repeating: -1, count: graph.nodes.count)
    shift = Array(repeating: 0, count: graph.nodes.count)
    let below = Adjacency(nodes: graph.nodes.count, count: graph.segments.count) {
      graph.segments[$0].upper
    }
    var count: Int32 = 0
    for layer in graph.layers {
      for node in layer {
        if block[Int(node)] < 0 {
          block[Int(node)] = count
          count += 1
        }
        for number in below[node] where isStraight[Int(number)] {
          let segment = graph.segments[Int(number)]
          block[Int(segment.lower)] = block[Int(node)]
          shift[Int(segment.lower)] =
            shift[Int(node)] + graph.upperOffset(segment) - graph.lowerOffset(segment)
        }
      }
    }
    blockPositions = Array(repeating: 0, count: Int(count))
  }

  /// Sorts the pairs of neighbours so that each block comes after all on its left.
  private mutating func formOrder() {
    var pairs: [(left: Int32, right: Int32, distance: Double)] = []
    for layer in graph.layers {
      for (left, right) in zip(layer, layer.dropFirst()) {
        let distance =
          graph.separation(left, right) + shift[Int(left)] - shift[Int(right)]
        pairs.append((block[Int(left)], block[Int(right)], distance))
      }
    }
    let out = Adjacency(nodes: blockPositions.count, count: pairs.count) { pairs[$0].left }
    var waiting = Array(repeating: 0, count: blockPositions.count)
    for pair in pairs { waiting[Int(pair.right)] += 1 }
    var order = waiting.indices.filter { waiting[$0] == 0 }.map { Int32($0) }
    var next = 0
    while next < order.count {
      for pair in out[order[next]] {
        neighbours.append(pairs[Int(pair)])
        let right = pairs[Int(pair)].right
        waiting[Int(right)] -= 1
        if waiting[Int(right)] == 0 { order.append(right) }
      }
      next += 1
    }
  }

  // MARK: Moving

  /// The middle between the leftmost and the rightmost way to give the wishes room: both keep the distances, so
  /// their mean does.
  private mutating func project(_ wishes: [Double]) {
    var (right, left) = (wishes, wishes)
    for pair in neighbours {
      right[Int(pair.right)] = max(
        right[Int(pair.right)], right[Int(pair.left)] + pair.distance)
    }
    for pair in neighbours.reversed() {
      left[Int(pair.left)] = min(left[Int(pair.left)], left[Int(pair.right)] - pair.distance)
    }
    for index in blockPositions.indices { blockPositions[index] = (left[index] + right[index]) / 2 }
  }

  /// Moves parts of the level that no wire joins to the part on their left.
  private mutating func gather() {
    let components = components()
    guard let last = components.max(), last > 0 else { return }
    let count = Int(last) + 1
    let between = neighbours.filter { components[Int($0.left)] != components[Int($0.right)] }
    let pairs = Adjacency(nodes: count, count: between.count) {
      components[Int(between[$0].right)]
    }
    let members = Adjacency(nodes: count, count: components.count) { components[$0] }
    var starts = Array(repeating: Double.infinity, count: count)
    for (block, position) in blockPositions.enumerated() {
      starts[Int(components[block])] = min(starts[Int(components[block])], position)
    }
    for component in starts.indices.sorted(by: { (starts[$0], $0) < (starts[$1], $1) }) {
      let rooms = pairs[Int32(component)].map { number in
        let pair = between[Int(number)]
        return blockPositions[Int(pair.right)] - blockPositions[Int(pair.left)] - pair.distance
      }
      guard let room = rooms.min(), room > 0 else { continue }
      for block in members[Int32(component)] { blockPositions[Int(block)] -= room }
    }
  }

  /// For every block the number of the part of the level that it is in; wires join parts.
  private func components() -> [Int32] {
    var heads = Array(blockPositions.indices)
    func head(of block: Int) -> Int {
      var block = block
      while heads[block] != block {
        heads[block] = heads[heads[block]]
        block = heads[block]
      }
      return block
    }
    for segment in graph.segments {
      let (upper, lower) = (block[Int(segment.upper)], block[Int(segment.lower)])
      let ends = (head(of: Int(upper)), head(of: Int(lower)))
      heads[max(ends.0, ends.1)] = min(ends.0, ends.1)
    }
    var (numbers, count): ([Int32], Int32) = (Array(repeating: -1, count: heads.count), 0)
    for block in heads.indices {
      let first = head(of: block)
      if numbers[first] < 0 {
        numbers[first] = count
        count += 1
      }
      numbers[block] = numbers[first]
    }
    return numbers
  }

  private func meanWishes() -> [Double] {
    var sums = Array(repeating: (sum: 0.0, count: 0.0), count: blockPositions.count)
    for node in graph.nodes.indices {
      sums[Int(block[node])].sum += positions[node] - shift[node]
      sums[Int(block[node])].count += 1
    }
    return sums.map { $0.count > 0 ? $0.sum / $0.count : 0 }
  }

  private func neighbourWishes() -> [Double] {
    var sums = Array(repeating: (sum: 0.0, count: 0.0), count: blockPositions.count)
    for (number, segment) in graph.segments.enumerated() where !isStraight[number] {
      let (upper, lower) = (Int(block[Int(segment.upper)]), Int(block[Int(segment.lower)]))
      guard upper != lower else { continue }
      let between =
        shift[Int(segment.upper)] + graph.upperOffset(segment)
        - shift[Int(segment.lower)] - graph.lowerOffset(segment)
      sums[upper].sum += blockPositions[lower] - between
      sums[upper].count += 1
      sums[lower].sum += blockPositions[upper] + between
      sums[lower].count += 1
    }
    return sums.indices.map {
      sums[$0].count > 0 ? sums[$0].sum / sums[$0].count : blockPositions[$0]
    }
  }
}

/// Pairs of places between two layers that don't cross each other.
private struct OrderedPairs {
  private var pairs: [(upper: Int32, lower: Int32)] = []

  /// Adds a pair unless it crosses one that is there.
  mutating func insert(_ upper: Int32, _ lower: Int32) -> Bool {
    var (low, high) = (0, pairs.count)
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle].upper < upper { low = middle + 1 } else { high = middle }
    }
    if low > 0, pairs[low - 1].lower >= lower { return false }
    if low < pairs.count, pairs[low].lower <= lower { return false }
    pairs.insert((upper, lower), at: low)
    return true
  }
}
