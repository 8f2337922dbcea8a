/// A graph of cards in layers, before it is drawn: which card stands in which layer, and by which bends each edge
/// passes the layers between its ends.
///
/// Edges lead down. Edges of one group that leave the same card share their bends.
struct PageGraph {
  /// An edge from a card to one in a later layer.
  struct Edge: Equatable {
    var source: Int
    var target: Int
    /// Edges of different groups keep apart.
    var group: Int
  }

  /// Something that stands in a layer: a card, or the bend of an edge.
  struct Item {
    var layer: Int
    var width: Double
    var isBend: Bool
    /// The items of the layer above that lead here, and those of the layer below.
    var above: [Int] = []
    var below: [Int] = []
  }

  /// Cards first, by number, then bends.
  private(set) var items: [Item]
  /// The items of each layer, from left to right.
  var layers: [[Int]]
  /// For each edge, the items from its source to its target.
  private(set) var chains: [[Int]] = []

  static let bendWidth = 12.0

  /// Cards of these widths in these layers.
  ///
  /// - Precondition: each edge leads to a later layer.
  /// - Complexity: linear in the cards and in the layers that edges pass.
  init(widths: [Double], layerOfCard: [Int], edges: [Edge]) {
    items = zip(widths, layerOfCard).map { Item(layer: $1, width: $0, isBend: false) }
    layers = Array(repeating: [], count: (layerOfCard.max() ?? -1) + 1)
    for card in items.indices { layers[items[card].layer].append(card) }
    var bends: [Bend: Int] = [:]
    var joined: Set<Join> = []
    for edge in edges { add(edge, &bends, &joined) }
  }

  private struct Bend: Hashable {
    var (source, group, layer): (Int, Int, Int)
  }

  private struct Join: Hashable {
    var (upper, lower): (Int, Int)
  }

  private mutating func add(_ edge: Edge, _ bends: inout [Bend: Int], _ joined: inout Set<Join>) {
    var chain = [edge.source]
    let first = items[edge.source].layer + 1
    for layer in first..<max(first, items[edge.target].layer) {
      let bend = Bend(source: edge.source, group: edge.group, layer: layer)
      let known = bends[bend] ?? items.count
      if known == items.count {
        items.append(Item(layer: layer, width: Self.bendWidth, isBend: true))
        layers[layer].append(known)
        bends[bend] = known
      }
      chain.append(known)
    }
    chain.append(edge.target)
    for (upper, lower) in zip(chain, chain.dropFirst())
    where joined.insert(Join(upper: upper, lower: lower)).inserted {
      items[upper].below.append(lower)
      items[lower].above.append(upper)
    }
    chains.append(chain)
  }
}

extension PageGraph {
  /// In which layer each card stands, when a layer holds so many at most: the first alone at the top, each below all that lead to it,
  /// those from which the longest ways lead on first.
  ///
  /// - Parameters:
  ///   - edges: each from a lower to a higher number.
  ///   - patience: how much more urgent a card becomes with each layer that it waits.
  /// - Complexity: the edges, and the cards times the layers that wait.
  static func layers(count: Int, edges: [Edge], atMost limit: Int, patience: Int = 2) -> [Int] {
    var (successors, waiting) = (
      [[Int]](repeating: [], count: count), [Int](repeating: 0, count: count)
    )
    for edge in edges {
      successors[edge.source].append(edge.target)
      waiting[edge.target] += 1
    }
    var reach = [Int](repeating: 0, count: count)
    for card in (0..<count).reversed() {
      for next in successors[card] { reach[card] = max(reach[card], reach[next] + 1) }
    }
    var layers = [Int](repeating: 0, count: count)
    var ready = (0..<count).filter { waiting[$0] == 0 }
    // What waits grows as urgent as what leads on; so short ways don't become long lines.
    var since = layers
    var layer = 0
    while !ready.isEmpty {
      let urgency = { (card: Int) in reach[card] + patience * (layer - since[card]) }
      if layer > 0 { ready.sort { (-urgency($0), $0) < (-urgency($1), $1) } }
      let placed = ready.prefix(layer == 0 ? 1 : max(limit, 1))
      ready.removeFirst(placed.count)
      for card in placed {
        layers[card] = layer
        for next in successors[card] {
          waiting[next] -= 1
          if waiting[next] == 0 {
            ready.append(next)
            since[next] = layer + 1
          }
        }
      }
      layer += 1
    }
    return layers
  }
}
