/// Where the cards of a page stand, and how its edges run: from card to card in layers, the first card at the top.
///
/// No two cards overlap, and no edge runs through a card: an edge passes each layer in a gap that is kept for it, and
/// bends between layers only. Equal input gives equal places.
struct PageLayout {
  /// A card.
  struct Card: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  /// How an edge runs: down from one card to another, bending between layers.
  struct Route {
    /// Where it leaves its source, passes layers from top to bottom, and meets its target.
    var points: [(x: Double, y: Double)]
    /// The middle of the bottom of its label, and how wide that may be.
    var label: (x: Double, y: Double, width: Double)
  }

  var cards: [Card] = []
  private(set) var routes: [Route] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// The height of a line of labels.
  static let labelHeight = 15.0
  private static let (curveHeight, arrowHeight, margin) = (40.0, 10.0, 24.0)
  /// How much wider than its card a label may be: less than the gap between cards, so that labels keep apart.
  private static let overhang = 16.0
  /// Width by height that suits a screen beside a column of text.
  private static let aspect = 1.3

  /// Lays out cards of these sizes; edges lead from lower to higher numbers.
  ///
  /// - Complexity: near linear in the cards and the layers that edges pass.
  init(sizes: [(width: Double, height: Double)], edges: [PageGraph.Edge]) {
    guard !sizes.isEmpty else { return }
    var best: (layout: PageLayout, misfit: Double)?
    let root = Double(sizes.count).squareRoot()
    var tried: Set<Int> = []
    for factor in [0.35, 0.5, 0.7, 1, 1.4, 2] {
      let limit = max(Int((root * factor).rounded(.up)), 2)
      guard tried.insert(limit).inserted else { continue }
      let layers = PageGraph.layers(count: sizes.count, edges: edges, atMost: limit)
      let graph = PageGraph(widths: sizes.map(\.width), layerOfCard: layers, edges: edges)
      let layout = PageLayout(graph, sizes, edges)
      let ratio = layout.width / layout.height / Self.aspect
      let bends = graph.items.count - sizes.count
      let misfit = max(ratio, 1 / ratio) * (1 + 0.5 * Double(bends) / Double(sizes.count))
      if misfit < best?.misfit ?? .infinity { best = (layout, misfit) }
    }
    if let best { self = best.layout }
  }

  private init(
    _ graph: PageGraph, _ sizes: [(width: Double, height: Double)], _ edges: [PageGraph.Edge]
  ) {
    var graph = graph
    graph.reduceCrossings()
    let middles = graph.middles()
    let lines = labelLines(graph, edges)
    var (y, bands) = (Self.margin, [(top: Double, bottom: Double)]())
    for (number, layer) in graph.layers.enumerated() {
      let labels = Double(lines.byLayer[number]) * Self.labelHeight
      if number > 0 { y += Self.curveHeight + labels + Self.arrowHeight }
      let tallest = layer.filter { $0 < sizes.count }.map { sizes[$0].height }.max() ?? 0
      bands.append((y, y + tallest))
      y += tallest
    }
    height = y + Self.margin
    width =
      Self.margin * 2
      + (graph.items.indices.map { middles[$0] + graph.items[$0].width / 2 }.max() ?? 0)
    cards = sizes.indices.map { card in
      Card(
        x: (middles[card] - sizes[card].width / 2 + Self.margin).rounded(),
        y: bands[graph.items[card].layer].top.rounded(),
        width: sizes[card].width, height: sizes[card].height)
    }
    routes = edges.indices.map { edge in
      route(edge, graph, middles, bands, port: lines.ports[edge], lines.byLayer)
    }
  }

  /// How an edge runs by its bends.
  private func route(
    _ edge: Int, _ graph: PageGraph, _ middles: [Double], _ bands: [(top: Double, bottom: Double)],
    port: (place: Int, count: Int), _ labelLines: [Int]
  ) -> Route {
    let chain = graph.chains[edge]
    let (source, target) = (cards[chain[0]], cards[chain[chain.count - 1]])
    var points = [(source.x + source.width / 2, source.y + source.height)]
    let firstBottom = bands[graph.items[chain[0]].layer].bottom
    if firstBottom > source.y + source.height { points.append((points[0].0, firstBottom)) }
    for bend in chain.dropFirst().dropLast() {
      let (x, band) = (middles[bend] + Self.margin, bands[graph.items[bend].layer])
      let labels = Double(labelLines[graph.items[bend].layer]) * Self.labelHeight
      points += [(x, band.top - Self.arrowHeight - labels), (x, band.bottom)]
    }
    let share = (Double(port.place) + 1) / (Double(port.count) + 1)
    let x = target.x + target.width * share
    let layer = graph.items[chain[chain.count - 1]].layer
    let labels = Double(labelLines[layer]) * Self.labelHeight
    points += [(x, target.y - Self.arrowHeight - labels), (x, target.y)]
    let line = Double(port.place) * Self.labelHeight
    let room = 2 * min(x - target.x, target.x + target.width - x) + Self.overhang
    return Route(points: points, label: (x, target.y - Self.arrowHeight - line, room))
  }
}

/// At which place of its target each edge arrives, from the left, and how many lines of labels each layer needs.
private func labelLines(
  _ graph: PageGraph, _ edges: [PageGraph.Edge]
) -> (ports: [(place: Int, count: Int)], byLayer: [Int]) {
  var places = [Int](repeating: 0, count: graph.items.count)
  for layer in graph.layers {
    for (place, item) in layer.enumerated() { places[item] = place }
  }
  var arriving = [[Int]](repeating: [], count: graph.items.count)
  for (number, edge) in edges.enumerated() { arriving[edge.target].append(number) }
  var ports = [(place: Int, count: Int)](repeating: (0, 1), count: edges.count)
  var byLayer = [Int](repeating: 0, count: graph.layers.count)
  for (card, numbers) in arriving.enumerated() where !numbers.isEmpty {
    let sorted = numbers.sorted { left, right in
      let (a, b) = (graph.chains[left], graph.chains[right])
      return (places[a[a.count - 2]], left) < (places[b[b.count - 2]], right)
    }
    for (place, number) in sorted.enumerated() { ports[number] = (place, sorted.count) }
    let layer = graph.items[card].layer
    byLayer[layer] = max(byLayer[layer], numbers.count)
  }
  return (ports, byLayer)
}
