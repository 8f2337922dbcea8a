/// The graph of one level before it is laid out: its boxes, ends, dots and turns with their sizes, and its wires.
struct LevelGraph {
  private(set) var graph = LayeredGraph()
  private(set) var contents: [LevelLayout.Content] = []
  private(set) var labels: [[LevelLayout.PortLabel]] = []
  private(set) var boxes: [BoxMeasure] = []
  private(set) var wires: [Int32] = []
  private let level: Scene.Level
  private let metrics: PictureMetrics
  private var sources: [[Port]]
  private var targets: [[Port]]
  /// What is written at each wire; empty where its ends say it.
  private let texts: [String]
  private var isLabelled: [Bool]

  private struct Port {
    var node: Int32
    var place: Int32
  }

  /// Prepares a level.
  ///
  /// - Parameter ends: the texts at inputs and results of the diagram itself; `nil` in a frame.
  /// - Parameter owner: the frame around the level, with the texts at the wires that leave it.
  /// - Parameter bodies: the levels inside, by their number.
  init(
    _ level: Scene.Level, ends: (domain: [String], codomain: [String])?,
    owner: (shape: BoxShape, texts: [String])?,
    bodies: [LevelLayout?], _ metrics: PictureMetrics
  ) {
    self.level = level
    self.metrics = metrics
    sources = Array(repeating: [], count: level.wires.count)
    targets = sources
    isLabelled = Array(repeating: false, count: level.wires.count)
    var texts = level.wires
    if ends != nil { for wire in level.domain + level.codomain { texts[wire] = "" } }
    if owner?.shape == .unfolded { for wire in level.domain { texts[wire] = "" } }
    for node in level.nodes where node.shape == .unfolded {
      for wire in node.outputs { texts[wire] = "" }
    }
    self.texts = texts
    for (place, wire) in level.domain.enumerated() { addDomain(place, wire, ends?.domain[place]) }
    for (place, node) in level.nodes.enumerated() { addBox(place, node, bodies) }
    for (place, wire) in level.codomain.enumerated() {
      addCodomain(place, wire, ends?.codomain[place], outside: owner?.texts[place] ?? "")
    }
    addWires()
    for turn in graph.breakCycles() { append(.turn, wire: turn.wire) }
  }

  // MARK: Nodes

  private mutating func append(
    _ content: LevelLayout.Content, wire: Int32 = -1, labels: [LevelLayout.PortLabel] = []
  ) {
    contents.append(content)
    wires.append(wire)
    self.labels.append(labels)
  }

  /// The text for a wire that has none yet.
  private mutating func takeLabel(_ wire: Int) -> String {
    guard !isLabelled[wire] else { return "" }
    isLabelled[wire] = true
    return texts[wire]
  }

  private mutating func addDomain(_ place: Int, _ wire: Int, _ end: String?) {
    var node = LayeredGraph.Node(role: .domain, before: 4, after: 4)
    var label: [LevelLayout.PortLabel] = []
    if let end {
      node = Self.ended(node, end, metrics)
      isLabelled[wire] = true
    } else {
      node.length = LevelLayout.entryLength
      let text = takeLabel(wire)
      if !text.isEmpty {
        let room = metrics.labelRoom(text)
        (node.before, node.after) = (room.before, room.after)
        node.length = metrics.labelLength(text)
        label = [LevelLayout.PortLabel(wire: Int32(wire), offset: 0, text: text)]
      }
      node.wireLength = node.length
    }
    let added = graph.add(node, inputs: [], outputs: [0])
    append(.domain(place), labels: label)
    sources[wire].append(Port(node: added, place: 0))
  }

  private mutating func addCodomain(
    _ place: Int, _ wire: Int, _ end: String?, outside: String
  ) {
    var node = LayeredGraph.Node(role: .codomain, before: 4, after: 4)
    if !outside.isEmpty { (node.before, node.after) = metrics.labelRoom(outside) }
    if let end { node = Self.ended(node, end, metrics) }
    let added = graph.add(node, inputs: [0], outputs: [])
    append(.codomain(place))
    targets[wire].append(Port(node: added, place: 0))
  }

  /// A node with room for the text at an end of the diagram.
  private static func ended(
    _ node: LayeredGraph.Node, _ text: String, _ metrics: PictureMetrics
  ) -> LayeredGraph.Node {
    var node = node
    node.before = max(4, metrics.across(text, PictureMetrics.endSize) / 2)
    node.after = node.before
    node.length = metrics.along(text, PictureMetrics.endSize) + 4
    return node
  }

  private mutating func addBox(_ place: Int, _ node: Scene.Node, _ bodies: [LevelLayout?]) {
    let texts = node.outputs.map { takeLabel($0) }
    let measure: BoxMeasure
    if let body = node.body, let inside = bodies[body] {
      measure = BoxMeasure(node, around: inside, labels: texts, metrics)
    } else {
      measure = BoxMeasure(node, labels: texts, metrics)
    }
    boxes.append(measure)
    let added = graph.add(
      LayeredGraph.Node(
        role: .box, before: measure.before, after: measure.after,
        length: measure.along + measure.labelLength, wireLength: measure.labelLength),
      inputs: measure.inputs, outputs: measure.outputs)
    var label: [LevelLayout.PortLabel] = []
    for (place, text) in texts.enumerated() where !text.isEmpty {
      label.append(
        LevelLayout.PortLabel(
          wire: Int32(node.outputs[place]), offset: measure.outputs[place], text: text))
    }
    append(.box(place), labels: label)
    for (place, wire) in node.inputs.enumerated() {
      targets[wire].append(Port(node: added, place: Int32(place)))
    }
    for (place, wire) in node.outputs.enumerated() {
      sources[wire].append(Port(node: added, place: Int32(place)))
    }
  }

  // MARK: Wires

  private mutating func addWires() {
    for wire in level.wires.indices {
      if sources[wire].count == 1 && targets[wire].count == 1 {
        connect(sources[wire][0], targets[wire][0], wire)
        continue
      }
      var node = LayeredGraph.Node(role: .junction, before: 3, after: 3)
      let text = sources[wire].isEmpty ? takeLabel(wire) : ""
      var label: [LevelLayout.PortLabel] = []
      if !text.isEmpty {
        let room = metrics.labelRoom(text)
        (node.before, node.after) = (room.before, room.after)
        node.length = metrics.labelLength(text)
        node.wireLength = node.length
        label = [LevelLayout.PortLabel(wire: Int32(wire), offset: 0, text: text)]
      }
      let dot = graph.add(
        node, inputs: sources[wire].isEmpty ? [] : [0], outputs: targets[wire].isEmpty ? [] : [0])
      append(.junction, wire: Int32(wire), labels: label)
      for source in sources[wire] { connect(source, Port(node: dot, place: 0), wire) }
      for target in targets[wire] { connect(Port(node: dot, place: 0), target, wire) }
    }
  }

  private mutating func connect(_ source: Port, _ target: Port, _ wire: Int) {
    graph.edges.append(
      LayeredGraph.Edge(
        from: source.node, fromPort: source.place, to: target.node, toPort: target.place,
        wire: Int32(wire)))
  }
}
