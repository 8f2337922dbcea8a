import Testing

@testable import Drawing

@Suite("The layout of the page of a taxonomy")
struct PageLayoutTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return bits ^ (bits >> 31)
    }
  }

  private struct Sample {
    let sizes: [(width: Double, height: Double)]
    let edges: [PageGraph.Edge]

    init(count: Int, extra: Int, seed: UInt64) {
      var generator = Generator(state: seed)
      sizes = (0..<count).map { _ in (200, Double.random(in: 40...160, using: &generator).rounded())
      }
      var edges: [PageGraph.Edge] = []
      for target in 1..<max(count, 1) {
        let source = Int.random(in: max(0, target - 30)..<target, using: &generator)
        edges.append(
          .init(source: source, target: target, group: Int.random(in: 0..<3, using: &generator)))
      }
      for _ in 0..<extra where count > 1 {
        let target = Int.random(in: 1..<count, using: &generator)
        let source = Int.random(in: 0..<target, using: &generator)
        edges.append(.init(source: source, target: target, group: 0))
      }
      self.edges = edges
    }
  }

  /// How many pairs of cards overlap, and labels of other labels or cards.
  private static func overlaps(_ layout: PageLayout) -> Int {
    let cards = layout.cards.map { ($0.x, $0.y, $0.x + $0.width, $0.y + $0.height) }
    let labels = layout.routes.map {
      (
        $0.label.x - $0.label.width / 2, $0.label.y - PageLayout.labelHeight,
        $0.label.x + $0.label.width / 2, $0.label.y
      )
    }
    let all = cards + labels
    var count = 0
    for (place, one) in all.enumerated() {
      for other in all[..<place]
      where one.0 < other.2 - 0.01 && other.0 < one.2 - 0.01 && one.1 < other.3 - 0.01
        && other.1 < one.3 - 0.01
      {
        count += 1
      }
    }
    return count
  }

  /// How often a part of an edge runs through a card that is neither of its ends.
  private static func collisions(_ layout: PageLayout, _ edges: [PageGraph.Edge]) -> Int {
    var count = 0
    for (edge, route) in zip(edges, layout.routes) {
      for (from, to) in zip(route.points, route.points.dropFirst()) {
        // A bend stays between its ends, sideways and in height.
        let (left, right) = (min(from.x, to.x), max(from.x, to.x))
        for (number, card) in layout.cards.enumerated()
        where number != edge.source && number != edge.target {
          if left < card.x + card.width, right > card.x, from.y < card.y + card.height,
            to.y > card.y
          {
            count += 1
          }
        }
      }
    }
    return count
  }

  @Test(
    "no card or label overlaps another, no edge runs through a card, all is on the canvas",
    arguments: [1, 2, 5, 17, 60, 120])
  func geometry(count: Int) throws {
    for seed in 1...(count > 50 ? UInt64(1) : 4) {
      let sample = Sample(count: count, extra: count / 5, seed: seed)
      let layout = PageLayout(sizes: sample.sizes, edges: sample.edges)
      #expect(
        layout.cards.count == count && layout.routes.count == sample.edges.count, "seed \(seed)")
      #expect(Self.overlaps(layout) == 0, "seed \(seed)")
      #expect(Self.collisions(layout, sample.edges) == 0, "seed \(seed)")
      #expect(
        layout.cards.allSatisfy {
          $0.x >= 0 && $0.y >= 0 && $0.x + $0.width <= layout.width
            && $0.y + $0.height <= layout.height
        })
      #expect(
        layout.cards.dropFirst().allSatisfy { $0.y >= layout.cards[0].y + layout.cards[0].height })
      for (edge, route) in zip(sample.edges, layout.routes) {
        #expect(
          layout.cards[edge.source].y + layout.cards[edge.source].height
            < layout.cards[edge.target].y)
        #expect(
          zip(route.points, route.points.dropFirst()).allSatisfy { $0.y < $1.y }, "edges lead down")
        #expect(route.points.allSatisfy { $0.x >= 0 && $0.x <= layout.width })
      }
      #expect(layout.cards == PageLayout(sizes: sample.sizes, edges: sample.edges).cards)
    }
  }

  @Test("the checks find what they look for")
  func faults() {
    let sample = Sample(count: 60, extra: 12, seed: 1)
    let layout = PageLayout(sizes: sample.sizes, edges: sample.edges)
    // Twice as large cards in the same places overlap, and edges run through them.
    var larger = layout
    for card in larger.cards.indices {
      larger.cards[card].width *= 2
      larger.cards[card].height *= 2
    }
    #expect(Self.overlaps(larger) > 0)
    #expect(Self.collisions(larger, sample.edges) > 0)
  }

  @Test("a tree is drawn without crossings; sweeps leave fewer crossings than they find")
  func crossings() {
    let sizes = (0..<40).map { _ in (width: 200.0, height: 60.0) }
    let tree = (1..<40).map { PageGraph.Edge(source: ($0 - 1) / 3, target: $0, group: 0) }
    let layers = PageGraph.layers(count: 40, edges: tree, atMost: .max)
    var graph = PageGraph(widths: sizes.map(\.width), layerOfCard: layers, edges: tree)
    graph.layers[3].reverse()
    #expect(graph.crossings > 0)
    graph.reduceCrossings()
    #expect(graph.crossings == 0)
    let sample = Sample(count: 120, extra: 60, seed: 7)
    let random = PageGraph.layers(count: 120, edges: sample.edges, atMost: 12)
    var tangled = PageGraph(
      widths: sample.sizes.map(\.width), layerOfCard: random, edges: sample.edges)
    let before = tangled.crossings
    tangled.reduceCrossings()
    #expect(tangled.crossings * 2 < before)
  }

  @Test("layers hold no more than they may, and the root stands alone")
  func layers() {
    let star = (1..<50).map { PageGraph.Edge(source: 0, target: $0, group: 0) }
    let layers = PageGraph.layers(count: 50, edges: star, atMost: 8)
    #expect(layers[0] == 0 && layers.count { $0 == 0 } == 1)
    #expect((layers.max() ?? 0) == 7)
    #expect((1...7).allSatisfy { layer in layers.count { $0 == layer } <= 8 })
    #expect(PageGraph.layers(count: 50, edges: star, atMost: 60).max() == 1)
  }
}
