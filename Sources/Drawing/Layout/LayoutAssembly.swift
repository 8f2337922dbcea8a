import DiagramIR

/// Puts levels into each other, and turns abstract coordinates into those of the picture.
struct LayoutAssembly {
  private(set) var boxes: [DiagramLayout.Box] = []
  private(set) var wires: [DiagramLayout.Wire] = []
  private(set) var feedback: [DiagramLayout.Feedback] = []
  private(set) var marks: [DiagramLayout.Mark] = []
  private(set) var labels: [DiagramLayout.Text] = []
  private(set) var size = Point(x: 0, y: 0)
  private let scene: Scene
  private let levels: [LevelLayout]
  private let metrics: PictureMetrics
  /// For each level, where it begins, and the frame it is in.
  private var origins: [Point]
  private var owners: [Int?]
  private var isDown: Bool { metrics.direction == .down }

  /// The room around the diagram.
  static let margin = 10.0

  init(_ scene: Scene, _ levels: [LevelLayout], _ metrics: PictureMetrics) {
    (self.scene, self.levels, self.metrics) = (scene, levels, metrics)
    origins = Array(repeating: Point(x: Self.margin, y: Self.margin), count: levels.count)
    owners = Array(repeating: nil, count: levels.count)
  }

  /// Places every level, frames before what is in them.
  mutating func run() {
    for index in levels.indices {
      let first = boxes.count
      addBoxes(index)
      addWires(index, firstBox: first)
      addDots(index)
    }
    guard let root = levels.first else { return }
    let far = Point(x: root.across + 2 * Self.margin, y: root.along + 2 * Self.margin)
    size = isDown ? far : far.transposed
  }

  private func place(_ point: Point) -> Point { isDown ? point : point.transposed }
  private func place(_ rectangle: Rectangle) -> Rectangle {
    isDown ? rectangle : rectangle.transposed
  }

  private func moved(_ rectangle: Rectangle, _ origin: Point) -> Rectangle {
    Rectangle(
      x: rectangle.x + origin.x, y: rectangle.y + origin.y, width: rectangle.width,
      height: rectangle.height)
  }

  // MARK: Boxes

  private mutating func addBoxes(_ index: Int) {
    let (level, origin) = (levels[index], origins[index])
    for (node, content) in level.contents.enumerated() {
      let start = level.extent(of: Int32(node)).start
      addLabels(level, node, content, origin)
      switch content {
      case .box(let place): addBox(index, place, Int32(node), start)
      case .domain(let place) where index == 0:
        addEnd(scene.domainTexts[place], level, Int32(node), isInput: true)
      case .codomain(let place) where index == 0:
        addEnd(scene.codomainTexts[place], level, Int32(node), isInput: false)
      default: break
      }
    }
  }

  private mutating func addBox(_ index: Int, _ place: Int, _ node: Int32, _ start: Double) {
    let (level, origin) = (levels[index], origins[index])
    let (measure, scene) = (level.boxes[place], scene.levels[index].nodes[place])
    let middle = origin.x + level.positions[Int(node)]
    let top = origin.y + start
    let rectangle = self.place(
      Rectangle(
        x: middle - measure.across / 2, y: top, width: measure.across, height: measure.along))
    let depth = owners[index].map { boxes[$0].depth + 1 } ?? 0
    let ports = (
      measure.inputs.map { self.place(Point(x: middle + $0, y: top)) },
      measure.outputs.map { self.place(Point(x: middle + $0, y: top + measure.along)) }
    )
    boxes.append(
      DiagramLayout.Box(
        shape: scene.shape, rectangle: rectangle, inputs: ports.0, outputs: ports.1,
        lines: scene.shape.isFrame ? [] : lines(scene, rectangle), depth: depth,
        parent: owners[index], sources: scene.boxes))
    guard let frame = measure.frame, let body = scene.body else { return }
    let corner = Point(x: middle - measure.across / 2, y: top)
    owners[body] = boxes.count - 1
    origins[body] = Point(x: corner.x + frame.start, y: corner.y + frame.top)
    labels.append(
      DiagramLayout.Text(
        text: scene.lines.first ?? "", role: .corner,
        rectangle: self.place(moved(frame.corner, corner)), size: PictureMetrics.cornerSize))
    addWalls(scene, ports)
    addFeedback(measure, frame, origins[body])
  }

  /// The lines of text in a box, in the middle.
  private func lines(_ node: Scene.Node, _ rectangle: Rectangle) -> [DiagramLayout.Text] {
    var room = rectangle
    if isDown { room.y += node.shape.roof } else { room.x += node.shape.roof }
    if isDown { room.height -= node.shape.roof } else { room.width -= node.shape.roof }
    let sizes = node.lines.indices.map {
      $0 == 0 ? PictureMetrics.nameSize : PictureMetrics.noteSize
    }
    var top = room.center.y - sizes.reduce(0) { $0 + TextMetrics.height(size: $1) } / 2
    return zip(node.lines, sizes).enumerated().map { place, line in
      let width = TextMetrics.width(line.0, size: line.1)
      let height = TextMetrics.height(size: line.1)
      defer { top += height }
      return DiagramLayout.Text(
        text: line.0, role: place == 0 ? .name : .note,
        rectangle: Rectangle(x: room.center.x - width / 2, y: top, width: width, height: height),
        size: line.1)
    }
  }

  private mutating func addWalls(_ node: Scene.Node, _ ports: (inputs: [Point], outputs: [Point])) {
    guard node.shape != .unfolded else { return }
    for (place, point) in ports.inputs.enumerated() {
      let kind: DiagramLayout.Mark.Kind =
        place < node.stateCount
        ? .state : place < node.stateCount + node.mappedCount ? .mapped : .shared
      marks.append(DiagramLayout.Mark(kind: kind, center: point))
    }
    for (place, point) in ports.outputs.enumerated() {
      marks.append(
        DiagramLayout.Mark(kind: place < node.stateCount ? .state : .mapped, center: point))
    }
  }

  /// The lanes on which states go from the end of a body back to its beginning, between wall and body.
  private mutating func addFeedback(
    _ measure: BoxMeasure, _ frame: BoxMeasure.Frame, _ origin: Point
  ) {
    let middle = origin.x - frame.start + measure.across / 2
    for state in 0..<min(frame.states, measure.inputs.count, measure.outputs.count) {
      let far = Double(state) * BoxMeasure.laneSpacing + 5
      let lane = origin.x - far
      let (top, bottom) = (origin.y - far + 2, origin.y + frame.along + far - 2)
      let (input, output) = (middle + measure.inputs[state], middle + measure.outputs[state])
      let bend = 3.0
      var path = WirePath(start: Point(x: output, y: bottom - bend))
      path.curve(
        Point(x: output, y: bottom), Point(x: output, y: bottom),
        to: Point(x: output - bend, y: bottom))
      path.line(to: Point(x: lane + bend, y: bottom))
      path.curve(
        Point(x: lane, y: bottom), Point(x: lane, y: bottom),
        to: Point(x: lane, y: bottom - bend))
      path.line(to: Point(x: lane, y: top + bend))
      path.curve(
        Point(x: lane, y: top), Point(x: lane, y: top), to: Point(x: lane + bend, y: top))
      path.line(to: Point(x: input - bend, y: top))
      path.curve(
        Point(x: input, y: top), Point(x: input, y: top), to: Point(x: input, y: top + bend))
      feedback.append(
        DiagramLayout.Feedback(
          path: isDown ? path : path.transposed, box: boxes.count - 1, state: state))
      marks.append(
        DiagramLayout.Mark(kind: .back, center: place(Point(x: lane, y: (top + bottom) / 2))))
    }
  }

  // MARK: Texts

  private mutating func addLabels(
    _ level: LevelLayout, _ node: Int, _ content: LevelLayout.Content, _ origin: Point
  ) {
    guard !level.labels[node].isEmpty else { return }
    var start = origin.y + level.extent(of: Int32(node)).start
    if case .box(let place) = content { start += level.boxes[place].along }
    for label in level.labels[node] {
      let position = origin.x + level.positions[node] + label.offset
      labels.append(
        DiagramLayout.Text(
          text: label.text, role: .wire,
          rectangle: place(metrics.labelRectangle(label.text, across: position, along: start)),
          size: PictureMetrics.wireSize))
    }
  }

  private mutating func addEnd(
    _ text: String, _ level: LevelLayout, _ node: Int32, isInput: Bool
  ) {
    let (origin, extent) = (origins[0], level.extent(of: node))
    let size = PictureMetrics.endSize
    let (across, along) = (metrics.across(text, size), metrics.along(text, size))
    let rectangle = Rectangle(
      x: origin.x + level.positions[Int(node)] - across / 2,
      y: origin.y + (isInput ? extent.start : extent.end - along), width: across, height: along)
    labels.append(
      DiagramLayout.Text(text: text, role: .end, rectangle: place(rectangle), size: size))
  }

  // MARK: Wires

  private mutating func addWires(_ index: Int, firstBox: Int) {
    let (level, origin) = (levels[index], origins[index])
    let walls = WireEnds(
      level, origin, owner: owners[index], firstBox: firstBox, frame: walls(of: index))
    for edge in level.graph.edges {
      let (from, to) = (walls.start(of: edge), walls.end(of: edge))
      var path = WirePath(start: from.point)
      let first = Int(edge.firstSegment)
      for number in first..<(first + Int(edge.segmentCount)) {
        let bend = level.bends[number]
        path.line(to: Point(x: path.end.x, y: origin.y + bend.start))
        let end = level.lowerEnd(level.graph.segments[number])
        path.bend(to: Point(x: origin.x + end, y: origin.y + bend.end))
      }
      path.line(to: Point(x: path.end.x, y: to.point.y))
      append(path, from.terminal, to.terminal, index, edge.wire)
    }
    for (node, content) in level.contents.enumerated() {
      if case .turn = content { addTurn(level, Int32(node), origin, index) }
    }
  }

  /// Where the walls around a level are, along the layers.
  private func walls(of level: Int) -> (Double, Double) {
    guard let owner = owners[level] else { return (0, 0) }
    let rectangle = boxes[owner].rectangle
    return isDown ? (rectangle.y, rectangle.maxY) : (rectangle.x, rectangle.maxX)
  }

  private mutating func append(
    _ path: WirePath, _ from: DiagramLayout.Terminal, _ to: DiagramLayout.Terminal, _ level: Int,
    _ wire: Int32
  ) {
    wires.append(
      DiagramLayout.Wire(
        path: isDown ? path : path.transposed, from: from, to: to,
        parent: owners[level],
        source: scene.levels[level].firstWire.map { WireID($0 + Int(wire)) }))
  }

  private mutating func addTurn(
    _ level: LevelLayout, _ node: Int32, _ origin: Point, _ index: Int
  ) {
    let extent = level.extent(of: node)
    let isUpper = level.graph.nodes[Int(node)].outputCount > 0
    let (start, far) = isUpper ? (extent.end, -11.0) : (extent.start, 11.0)
    let (x, y) = (origin.x + level.positions[Int(node)], origin.y + start)
    var path = WirePath(start: Point(x: x - 7, y: y))
    path.curve(
      Point(x: x - 7, y: y + far), Point(x: x + 7, y: y + far), to: Point(x: x + 7, y: y))
    append(path, .joint, .joint, index, level.wires[Int(node)])
  }

  private mutating func addDots(_ index: Int) {
    let (level, origin) = (levels[index], origins[index])
    for (node, content) in level.contents.enumerated() {
      guard case .junction = content else { continue }
      let hasOutputs = level.graph.nodes[node].outputCount > 0
      let point = Point(
        x: origin.x + level.positions[node], y: origin.y + level.extent(of: Int32(node)).start)
      marks.append(
        DiagramLayout.Mark(kind: hasOutputs ? .copy : .end, center: place(point)))
    }
  }
}
