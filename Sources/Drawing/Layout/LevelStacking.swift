/// Where the nodes of a level begin and its wires bend, from layer to layer, when it is known where they are across.
///
/// From the first layer to the last, each node begins as soon as what is above it, at its places across, has ended;
/// nodes that could begin at nearly the same place stand in a row. So what follows a tall frame begins below it,
/// and what stands beside it goes on beside it. Wires that lean over each other's places bend together, below all
/// that is above them there: they cross no more often than they must, and nothing but wires.
struct LevelStacking {
  /// Where a piece of a wire leaves its straight way from a layer, and where it is straight again.
  struct Bend {
    var start = 0.0
    var end = 0.0
  }

  private let graph: LayeredGraph
  private let positions: [Double]
  /// Where each node begins; nothing is said about dummies.
  private(set) var starts: [Double]
  private(set) var bends: [Bend]
  /// How long the level is.
  private(set) var along = 0.0
  private var skyline = Skyline()
  /// The wires that bend together above the layer that is placed, from side to side.
  private var groups: [Group] = []

  /// Wires that bend together, and the places across that they take.
  private struct Group {
    var start: Double
    var end: Double
    var bend: Bend
    var segments: [Int]
  }

  /// Half of the least distance across between wires, and between wires and boxes.
  private static let side = 4.5
  /// The distance of a box from one above it that no wire leads to.
  private static let boxDistance = 3.0
  /// How far apart the beginnings in a row may be, and how much longer than the shortest box what stands in its
  /// middle may be.
  private static let (rowTolerance, rowThickness) = (26.0, 60.0)
  /// How far boxes are apart whose wires are straight, and the least room for a wire between layers.
  private static let (straightChannel, leastChannel) = (8.0, 3.0)

  /// Prepares a graph whose layers are in order.
  init(_ graph: LayeredGraph, _ positions: [Double]) {
    (self.graph, self.positions) = (graph, positions)
    starts = Array(repeating: 0, count: graph.nodes.count)
    bends = Array(repeating: Bend(), count: graph.segments.count)
  }

  /// Stacks all layers.
  ///
  /// - Complexity: near-linear in nodes and segments, and linear in the layers times their widths.
  mutating func run() {
    let below = segmentsByLayer()
    for layer in graph.layers.indices {
      let nodes = graph.layers[layer].filter { graph.nodes[Int($0)].role != .dummy }
      for row in rows(nodes) { place(row.nodes, from: row.start) }
      lowerBends(above: nodes)
      cover(nodes, isFirst: layer == 0)
      bend(below[layer])
    }
  }

  private func segmentsByLayer() -> [[Int]] {
    var layers: [[Int]] = Array(repeating: [], count: graph.layers.count)
    for (number, segment) in graph.segments.enumerated() {
      layers[Int(graph.nodes[Int(segment.upper)].layer)].append(number)
    }
    return layers
  }

  /// The places across that a node takes, with the room at its sides.
  private func reach(_ node: Int32) -> (start: Double, end: Double) {
    let (position, node) = (positions[Int(node)], graph.nodes[Int(node)])
    return (position - node.before - Self.side, position + node.after + Self.side)
  }

  // MARK: Nodes

  /// The nodes of a layer that begin together, and where.
  private func rows(_ nodes: [Int32]) -> [(start: Double, nodes: [Int32])] {
    let sorted = nodes.enumerated().map { place, node in
      let reach = reach(node)
      return (start: skyline.forBoxes(reach.start, reach.end), place: place, node: node)
    }.sorted { ($0.start, $0.place) < ($1.start, $1.place) }
    var rows: [(start: Double, nodes: [Int32])] = []
    for item in sorted {
      let isEnd = graph.nodes[Int(item.node)].role == .codomain
      if let last = rows.last, isEnd || item.start - last.start <= Self.rowTolerance {
        rows[rows.count - 1] = (item.start, last.nodes + [item.node])
      } else {
        rows.append((item.start, [item.node]))
      }
    }
    return rows
  }

  /// Places a row: short nodes in its middle, tall ones from its beginning.
  private mutating func place(_ row: [Int32], from start: Double) {
    let lengths = row.map { graph.nodes[Int($0)].length }
    let boxes = row.filter { graph.nodes[Int($0)].role == .box }
    let least = boxes.map { graph.nodes[Int($0)].length }.min() ?? .infinity
    let thickness = lengths.filter { $0 <= least + Self.rowThickness }.max() ?? 0
    for (node, length) in zip(row, lengths) {
      starts[Int(node)] = start + max(0, thickness - length) * part(of: graph.nodes[Int(node)])
    }
  }

  /// How much of the room that a row leaves to a node is before it.
  private func part(of node: LayeredGraph.Node) -> Double {
    switch node.role {
    case .domain: 1
    case .codomain, .dummy: 0
    case .junction, .turn: node.outputCount > 0 ? 1 : 0
    case .box:
      (node.inputCount > 0) == (node.outputCount > 0) ? 0.5 : node.outputCount > 0 ? 1 : 0
    }
  }

  /// Takes the places of a layer's nodes. What follows the inputs of a level begins below all of them, since the
  /// corner of its frame is beside them.
  private mutating func cover(_ nodes: [Int32], isFirst: Bool) {
    var pieces = nodes.map { node in
      let (reach, end) = (reach(node), starts[Int(node)] + graph.nodes[Int(node)].length)
      along = max(along, end)
      return Skyline.Piece(
        start: reach.start, end: reach.end, forWires: end,
        forBoxes: end + Self.boxDistance)
    }
    if isFirst, nodes.contains(where: { graph.nodes[Int($0)].role == .domain }) {
      pieces = [
        Skyline.Piece(
          start: -.infinity, end: .infinity, forWires: along,
          forBoxes: along + Self.leastChannel)
      ]
    }
    skyline.lay(pieces)
  }

  // MARK: Wires

  /// Bends the wires below a layer, those together that lean over each other's places.
  private mutating func bend(_ segments: [Int]) {
    let sorted = segments.map { (number: $0, reach: reach(ofSegment: $0)) }
      .sorted { ($0.reach.start, $0.number) < ($1.reach.start, $1.number) }
    groups.removeAll(keepingCapacity: true)
    for item in sorted {
      if let last = groups.last, item.reach.start < last.end {
        groups[groups.count - 1].end = max(last.end, item.reach.end)
        groups[groups.count - 1].segments.append(item.number)
      } else {
        groups.append(
          Group(
            start: item.reach.start, end: item.reach.end, bend: Bend(), segments: [item.number]))
      }
    }
    for (place, group) in groups.enumerated() {
      let start = skyline.forWires(group.start, group.end)
      let bend = Bend(
        start: start, end: start + group.segments.reduce(0) { max($0, channel($1)) })
      along = max(along, bend.end)
      set(bend, of: place)
    }
    coverGroups()
  }

  /// Has wires bend as late as the nodes of the next layer let them, where none of them goes on.
  private mutating func lowerBends(above nodes: [Int32]) {
    var next = 0
    for (place, group) in groups.enumerated() {
      while next < nodes.count, reach(nodes[next]).end <= group.start { next += 1 }
      let below = nodes[next...].prefix { reach($0).start < group.end }
      let goesOn = group.segments.contains {
        graph.nodes[Int(graph.segments[$0].lower)].role == .dummy
      }
      guard !goesOn, let least = below.map({ starts[Int($0)] }).min() else { continue }
      let slack = max(0, least - group.bend.end)
      set(Bend(start: group.bend.start + slack, end: group.bend.end + slack), of: place)
    }
    coverGroups()
  }

  /// Bends a group of wires, and moves what only they hold down to where they bend.
  private mutating func set(_ bend: Bend, of place: Int) {
    groups[place].bend = bend
    for number in groups[place].segments {
      bends[number] = bend
      let upper = graph.segments[number].upper
      if canSink(upper) { starts[Int(upper)] = bend.start - graph.nodes[Int(upper)].length }
    }
  }

  private mutating func coverGroups() {
    skyline.lay(
      groups.map {
        Skyline.Piece(
          start: $0.start, end: $0.end, forWires: $0.bend.end, forBoxes: $0.bend.end)
      })
  }

  /// Whether a node stands right above what takes what it makes: a box that needs nothing, or a dot.
  private func canSink(_ node: Int32) -> Bool {
    let node = graph.nodes[Int(node)]
    return node.role == .junction || node.role == .box && node.inputCount == 0
  }

  /// The places across between the ends of a segment, with the room beside it; below what can sink all
  /// of its places.
  private func reach(ofSegment number: Int) -> (start: Double, end: Double) {
    let (upper, lower) = ends(number)
    let (start, end) = (min(upper, lower) - Self.side, max(upper, lower) + Self.side)
    let node = graph.segments[number].upper
    guard canSink(node) else { return (start, end) }
    let reach = reach(node)
    return (min(start, reach.start), max(end, reach.end))
  }

  /// Where a segment begins and ends, across.
  private func ends(_ number: Int) -> (upper: Double, lower: Double) {
    let segment = graph.segments[number]
    return (
      positions[Int(segment.upper)] + graph.upperOffset(segment),
      positions[Int(segment.lower)] + graph.lowerOffset(segment)
    )
  }

  /// What a segment needs between its layers: more when it leans, and when it is straight what it has not had
  /// beside its label.
  private func channel(_ number: Int) -> Double {
    let (upper, lower) = ends(number)
    let lean = abs(upper - lower)
    guard lean < 0.5 else { return min(60, 11 + lean * 0.16) }
    let room = graph.nodes[Int(graph.segments[number].upper)].wireLength
    return max(Self.leastChannel, Self.straightChannel - room)
  }
}
