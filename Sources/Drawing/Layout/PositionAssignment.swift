/// Places the nodes of each layer, in their order and as far apart as they must be, so that wires are short and
/// straight.
///
/// First each layer in turn is put where its neighbours want it, by `PooledPlaces`. Then segments that are nearly straight, those of long wires first, are made straight: the
/// nodes at them become blocks that move as one. At last blocks move towards their neighbours.
///
/// Source of the alignment, in spirit: Brandes and Köpf, *Fast and Simple Horizontal Coordinate Assignment*, 2002.
struct PositionAssignment {
  let graph: LayeredGraph
  private let above: Adjacency
  private let below: Adjacency
  private(set) var positions: [Double]

  /// Prepares a graph whose layers are in order.
  init(_ graph: LayeredGraph) {
    self.graph = graph
    let segments = graph.segments
    above = Adjacency(nodes: graph.nodes.count, count: segments.count) { segments[$0].lower }
    below = Adjacency(nodes: graph.nodes.count, count: segments.count) { segments[$0].upper }
    positions = Array(repeating: 0, count: graph.nodes.count)
    for layer in graph.layers {
      var position = 0.0
      for (place, node) in layer.enumerated() {
        if place > 0 { position += graph.separation(layer[place - 1], node) }
        positions[Int(node)] = position
      }
    }
  }

  /// The positions; the least is anything.
  mutating func run() -> [Double] {
    for round in 0..<6 {
      for layer in graph.layers.indices { settle(layer, round < 2 ? .above : .both) }
      for layer in graph.layers.indices.reversed() { settle(layer, round < 2 ? .below : .both) }
    }
    var blocks = StraightBlocks(graph, positions)
    blocks.run()
    return blocks.positions
  }

  private enum Side {
    case above, below, both
  }

  /// Where neighbours want a node, and how much.
  private func wish(_ node: Int32, _ side: Side) -> (position: Double, weight: Double) {
    var (sum, total) = (0.0, 0.0)
    if side != .below {
      for number in above[node] {
        let segment = graph.segments[Int(number)]
        let weight = self.weight(segment)
        let shift = graph.upperOffset(segment) - graph.lowerOffset(segment)
        sum += weight * (positions[Int(segment.upper)] + shift)
        total += weight
      }
    }
    if side != .above {
      for number in below[node] {
        let segment = graph.segments[Int(number)]
        let weight = self.weight(segment)
        let shift = graph.lowerOffset(segment) - graph.upperOffset(segment)
        sum += weight * (positions[Int(segment.lower)] + shift)
        total += weight
      }
    }
    return total > 0 ? (sum / total, total) : (positions[Int(node)], 0.01)
  }

  private func weight(_ segment: LayeredGraph.Segment) -> Double {
    let isLong =
      (graph.nodes[Int(segment.upper)].role == .dummy ? 1 : 0)
      + (graph.nodes[Int(segment.lower)].role == .dummy ? 1 : 0)
    return isLong == 2 ? 6 : isLong == 1 ? 2 : 1
  }

  /// The least sum of weighted squares of distances to the wishes, in order and apart.
  private mutating func settle(_ layer: Int, _ side: Side) {
    let nodes = graph.layers[layer]
    var (offset, offsets): (Double, [Double]) = (0, [])
    var wishes: [(position: Double, weight: Double)] = []
    for (place, node) in nodes.enumerated() {
      if place > 0 { offset += graph.separation(nodes[place - 1], node) }
      offsets.append(offset)
      let wish = wish(node, side)
      wishes.append((wish.position - offset, wish.weight))
    }
    for (place, position) in PooledPlaces.places(wishes).enumerated() {
      positions[Int(nodes[place])] = position + offsets[place]
    }
  }
}
