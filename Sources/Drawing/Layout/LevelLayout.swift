/// One level laid out, in abstract coordinates that begin at its first corner.
struct LevelLayout {
  /// What a node that is no dummy stands for.
  enum Content {
    /// A box, by its place on the level.
    case box(Int)
    /// An input or a result of the level, by its place.
    case domain(Int)
    case codomain(Int)
    /// Where a wire branches or ends.
    case junction
    /// Where a wire turns back: its ports are behind it or before it.
    case turn
  }

  /// A text at a port of a node.
  struct PortLabel {
    var wire: Int32
    var offset: Double
    var text: String
  }

  var graph: LayeredGraph
  /// For each node that is no dummy; dummies come behind.
  var contents: [Content]
  var labels: [[PortLabel]]
  /// The measures of the boxes, by their places on the level.
  var boxes: [BoxMeasure]
  /// The wire of each node that is a junction or a turn, else -1.
  var wires: [Int32]
  var positions: [Double] = []
  var layerStarts: [Double] = []
  var layerLengths: [Double] = []
  var across = 0.0
  var along = 0.0
  /// Where inputs and results are, across.
  var domain: [Double] = []
  var codomain: [Double] = []
  /// From where to where inputs and the labels at them reach, across.
  var domainExtent: (start: Double, end: Double)
  let metrics: PictureMetrics

  /// Lays out a level whose bodies are laid out.
  ///
  /// - Parameter pieces: how many pieces of wires there are; counts up to `DiagramLayout.maximumPieces`.
  /// - Throws: `DrawingError.tooLarge`.
  init(
    _ builder: consuming LevelGraph, _ metrics: PictureMetrics, pieces: inout Int
  ) throws(DrawingError) {
    (graph, contents, labels) = (builder.graph, builder.contents, builder.labels)
    (boxes, wires, self.metrics) = (builder.boxes, builder.wires, metrics)
    domainExtent = (.infinity, 0)
    graph.assignLayers()
    try graph.split(&pieces)
    var reduction = CrossingReduction(graph)
    graph.layers = reduction.run()
    var assignment = PositionAssignment(graph)
    positions = assignment.run()
    slidePorts()
    moveToOrigin()
    stackLayers()
    for (index, content) in contents.enumerated() {
      switch content {
      case .domain:
        domain.append(positions[index])
        domainExtent.start = min(domainExtent.start, positions[index] - graph.nodes[index].before)
        domainExtent.end = max(domainExtent.end, positions[index] + graph.nodes[index].after)
      case .codomain: codomain.append(positions[index])
      default: break
      }
    }
    domainExtent.start = min(domainExtent.start, across)
  }

  /// Moves inputs along the sides of their boxes to where their wires come straight down, in their order.
  private mutating func slidePorts() {
    var wishes: [Int32: [(place: Int, position: Double)]] = [:]
    for segment in graph.segments where graph.nodes[Int(segment.lower)].role == .box {
      wishes[segment.lower, default: []].append(
        (Int(segment.lowerPort), upperEnd(segment) - positions[Int(segment.lower)]))
    }
    for (node, content) in contents.enumerated() {
      guard case .box(let place) = content, boxes[place].frame == nil,
        let wishes = wishes[Int32(node)]
      else { continue }
      boxes[place].slideInputs(to: wishes)
      let first = Int(graph.nodes[node].firstInput)
      for (port, offset) in boxes[place].inputs.enumerated() {
        graph.offsets[first + port] = offset
      }
    }
  }

  private mutating func moveToOrigin() {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for (node, position) in zip(graph.nodes, positions) {
      least = min(least, position - node.before)
      greatest = max(greatest, position + node.after)
    }
    guard least <= greatest else { return }
    for index in positions.indices { positions[index] -= least }
    across = greatest - least
  }

  /// Gives each layer its thickness, and the channels between layers as much as their wires lean.
  private mutating func stackLayers() {
    layerLengths = Array(repeating: 0, count: graph.layers.count)
    for node in graph.nodes {
      layerLengths[Int(node.layer)] = max(layerLengths[Int(node.layer)], node.length)
    }
    let channels = channels()
    var start = 0.0
    for layer in graph.layers.indices {
      layerStarts.append(start)
      start += layerLengths[layer]
      if layer < graph.layers.count - 1 { start += channels[layer] }
    }
    along = start
  }

  /// The thickness of the channel below each layer: what its wires need that lean, and what straight ones need that
  /// have no room for themselves inside the layers.
  private func channels() -> [Double] {
    var channels = Array(repeating: Self.leastChannel, count: graph.layers.count)
    for segment in graph.segments {
      let layer = Int(graph.nodes[Int(segment.upper)].layer)
      let lean = abs(upperEnd(segment) - lowerEnd(segment))
      let need =
        lean < 0.5
        ? Self.straightChannel - graph.nodes[Int(segment.upper)].wireLength
        : min(60, 11 + lean * 0.16)
      channels[layer] = max(channels[layer], need)
    }
    return channels
  }

  /// How far boxes are apart whose wires are straight; the thinnest channel; and how far the wires of a frame run
  /// on before the first channel, so that its corner has room.
  private static let (straightChannel, leastChannel) = (8.0, 3.0)
  static let entryLength = 10.5

  /// Where the upper end of a segment is, across.
  func upperEnd(_ segment: LayeredGraph.Segment) -> Double {
    positions[Int(segment.upper)] + graph.upperOffset(segment)
  }

  /// Where the lower end of a segment is, across.
  func lowerEnd(_ segment: LayeredGraph.Segment) -> Double {
    positions[Int(segment.lower)] + graph.lowerOffset(segment)
  }

  /// Where a node begins and ends along the layers, labels behind it included.
  func extent(of node: Int32) -> (start: Double, end: Double) {
    let (start, length) = (
      layerStarts[Int(graph.nodes[Int(node)].layer)],
      layerLengths[Int(graph.nodes[Int(node)].layer)]
    )
    let own = graph.nodes[Int(node)].length
    let place: Double
    switch graph.nodes[Int(node)].role {
    case .domain: place = start + length - own
    case .codomain: place = start
    case .junction, .turn:
      place = graph.nodes[Int(node)].outputCount > 0 ? start + length - own : start
    case .dummy: return (start, start + length)
    case .box:
      let hasInputs = graph.nodes[Int(node)].inputCount > 0
      let hasOutputs = graph.nodes[Int(node)].outputCount > 0
      let part = hasInputs == hasOutputs ? 0.5 : hasOutputs ? 1 : 0
      place = start + (length - own) * part
    }
    return (place, place + own)
  }
}
