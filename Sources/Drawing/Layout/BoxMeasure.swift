/// How large a box is and where its ports are, in abstract coordinates.
struct BoxMeasure {
  /// Where a frame leaves room around what is inside.
  struct Frame {
    var start: Double
    var top: Double
    /// The name in the corner, relative to the frame's first corner.
    var corner: Rectangle
    /// The states that lead back, for which there are lanes between the wall and what is inside.
    var states: Int
    /// The size of what is inside.
    var across: Double
    var along: Double
  }

  /// The size of the box itself.
  var across = 0.0
  var along = 0.0
  /// Where the ports are, relative to the middle.
  var inputs: [Double] = []
  var outputs: [Double] = []
  /// The room that labels need beyond the box: at its sides and behind it.
  var before = 0.0
  var after = 0.0
  var labelLength = 0.0
  var frame: Frame?
  /// How far inputs stay away from the sides.
  private var sideMargin = 7.0

  /// The distance between the lanes of states that lead back.
  static let laneSpacing = 7.0

  /// Measures a box without a body; `labels` are the texts at its outputs, empty where there is none.
  init(_ node: Scene.Node, labels: [String], _ metrics: PictureMetrics) {
    let block = metrics.block(node.lines)
    let (across, along) = node.shape.padding
    let isDown = metrics.direction == .down
    self.across = block.across + (isDown ? across : along)
    self.along = block.along + (isDown ? along : across) + node.shape.roof
    let outputs = Self.outputs(labels, metrics)
    let ports = max(Double(node.inputs.count), 1) * PictureMetrics.portSpacing
    let span = (outputs.last ?? 0) - (outputs.first ?? 0) + PictureMetrics.portSpacing
    self.across = max(self.across, ports, span, 20) + (node.shape == .linear ? 6 : 0)
    sideMargin = node.shape == .linear ? 11 : 7
    inputs = Self.inputs(node.inputs.count, in: self.across)
    self.outputs = outputs
    addLabels(labels, metrics)
  }

  /// Measures a frame around a level.
  init(
    _ node: Scene.Node, around level: LevelLayout, labels: [String], _ metrics: PictureMetrics
  ) {
    let states = node.stateCount
    let lanes = states > 0 ? Double(states) * Self.laneSpacing + 5 : 0
    let name = node.lines.first ?? ""
    let corner = (
      across: metrics.across(name, PictureMetrics.cornerSize),
      along: metrics.along(name, PictureMetrics.cornerSize)
    )
    var start = 8 + lanes
    var end = 8.0
    var place = Point(x: 6, y: 4)
    let strip = Double(states) * Self.laneSpacing
    var (top, bottom) = (3 + strip, 6 + strip)
    if metrics.direction == .down {
      if states > 0 || level.domain.isEmpty { top += corner.along + 2 }
      let left = corner.across + 10 - (start + level.domainExtent.start)
      let right = corner.across + 10 - (level.across + end - level.domainExtent.end)
      if min(left, right) > 0 {
        if left <= right { start += left } else { end += right }
      }
      if left > 0 && left > right {
        place.x = start + level.across + end - corner.across - 6
      }
    } else {
      start += corner.across
      bottom += max(0, corner.along + 14 - (top + level.along + bottom))
    }
    across = start + level.across + end
    along = top + level.along + bottom
    frame = Frame(
      start: start, top: top,
      corner: Rectangle(x: place.x, y: place.y, width: corner.across, height: corner.along),
      states: states, across: level.across, along: level.along)
    inputs = level.domain.map { start + $0 - across / 2 }
    outputs = level.codomain.map { start + $0 - across / 2 }
    addLabels(labels, metrics)
  }

  /// Moves inputs to these places, as far as the box reaches and their order and distances allow; others stay.
  mutating func slideInputs(to wishes: [(place: Int, position: Double)]) {
    let (spacing, reach) = (10.0, across / 2 - sideMargin)
    let room = reach * 2 - spacing * Double(max(0, inputs.count - 1))
    guard room > 0 else { return }
    var targets = inputs.map { (position: $0, weight: 1.0) }
    for wish in wishes where abs(wish.position) <= reach {
      targets[wish.place] = (wish.position, 10)
    }
    for place in targets.indices { targets[place].position -= spacing * Double(place) }
    for (place, position) in PooledPlaces.places(targets).enumerated() {
      inputs[place] = min(max(position, -reach), -reach + room) + spacing * Double(place)
    }
  }

  private mutating func addLabels(_ labels: [String], _ metrics: PictureMetrics) {
    (before, after) = (across / 2, across / 2)
    for (text, output) in zip(labels, outputs) where !text.isEmpty {
      let room = metrics.labelRoom(text)
      before = max(before, room.before - output)
      after = max(after, output + room.after)
      labelLength = max(labelLength, metrics.labelLength(text))
    }
  }

  private static func inputs(_ count: Int, in across: Double) -> [Double] {
    guard count > 1 else { return Array(repeating: 0, count: count) }
    let room = (across - PictureMetrics.portSpacing) / Double(count - 1)
    let spacing = min(max(PictureMetrics.portSpacing, room), 26)
    return (0..<count).map { (Double($0) - Double(count - 1) / 2) * spacing }
  }

  /// Outputs side by side with room for the labels between them.
  private static func outputs(_ labels: [String], _ metrics: PictureMetrics) -> [Double] {
    var (places, position): ([Double], Double) = ([], 0)
    for (place, text) in labels.enumerated() {
      if place > 0 {
        let (left, right) = (labels[place - 1], text)
        let room =
          (left.isEmpty ? 3 : metrics.labelRoom(left).after)
          + (right.isEmpty ? 3 : metrics.labelRoom(right).before)
        position += max(PictureMetrics.portSpacing, room + 2)
      }
      places.append(position)
    }
    return places.map { $0 - position / 2 }
  }
}

extension BoxShape {
  /// What a box is larger than its text, in width and height.
  var padding: (Double, Double) {
    switch self {
    case .box, .learn: (14, 8)
    case .use: (20, 11)
    case .linear: (26, 8)
    case .state: (14, 8)
    case .constant: (12, 5)
    case .lanes, .scan, .unfolded: (0, 0)
    }
  }

  /// How much longer the box is for a pointed top.
  var roof: Double { self == .state || self == .constant ? 7 : 0 }
}
