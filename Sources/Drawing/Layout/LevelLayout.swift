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
  /// Where nodes begin along the layers, and where segments bend.
  var starts: [Double] = []
  var bends: [LevelStacking.Bend] = []
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
    var stacking = LevelStacking(graph, positions)
    stacking.run()
    (starts, bends, along) = (stacking.starts, stacking.bends, stacking.along)
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

  /// How far the wires of a frame run on before the first channel, so that its corner has room.
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
    let start = starts[Int(node)]
    return (start, start + graph.nodes[Int(node)].length)
  }
}
