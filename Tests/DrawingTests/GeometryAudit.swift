import DiagramIR
import Drawing

/// What is wrong with a layout, found by looking at its geometry alone.
struct GeometryAudit {
  /// A kind of fault.
  enum Fault: String, Hashable, CaseIterable {
    case boxesOverlap, outsideFrame, wireCrossesBox, wireLeavesFrame, labelsOverlap, labelOnBox,
      labelOnBorder, wireOnLabel, outsideCanvas, portOrder, portOffBorder, wireOffPort, textTooWide
  }

  private(set) var faults: [Fault: Int] = [:]
  private let layout: DiagramLayout
  /// For each box, the frames around it, itself among them.
  private let lineage: [Set<Int>]
  /// The boxes a little smaller, and the labels.
  private let insides: [Rectangle]
  private let rooms: [Rectangle]

  init(_ layout: DiagramLayout) {
    self.layout = layout
    var lineage: [Set<Int>] = []
    for (index, box) in layout.boxes.enumerated() {
      lineage.append((box.parent.map { lineage[$0] } ?? []).union([index]))
    }
    self.lineage = lineage
    insides = layout.boxes.map { $0.rectangle.inset(by: 0.3) }
    rooms = layout.labels.map(\.rectangle)
    checkBoxes()
    checkPorts()
    checkWires()
    checkLabels()
    checkCanvas()
  }

  private mutating func note(_ fault: Fault) { faults[fault, default: 0] += 1 }

  // MARK: Boxes

  private mutating func checkBoxes() {
    let order = layout.boxes.indices.sorted {
      layout.boxes[$0].rectangle.x < layout.boxes[$1].rectangle.x
    }
    for (place, index) in order.enumerated() {
      let box = layout.boxes[index].rectangle
      for other in order[(place + 1)...] {
        guard layout.boxes[other].rectangle.x < box.maxX else { break }
        if box.overlaps(layout.boxes[other].rectangle),
          !lineage[index].contains(other), !lineage[other].contains(index)
        {
          note(.boxesOverlap)
        }
      }
      if let parent = layout.boxes[index].parent,
        !layout.boxes[parent].rectangle.inset(by: 2).contains(box)
      {
        note(.outsideFrame)
      }
    }
  }

  private mutating func checkPorts() {
    let isDown = layout.direction == .down
    for box in layout.boxes {
      let side = { (point: Point) in isDown ? point.y : point.x }
      let place = { (point: Point) in isDown ? point.x : point.y }
      let (start, end) =
        isDown ? (box.rectangle.y, box.rectangle.maxY) : (box.rectangle.x, box.rectangle.maxX)
      let (low, high) =
        isDown ? (box.rectangle.x, box.rectangle.maxX) : (box.rectangle.y, box.rectangle.maxY)
      for (ports, border) in [(box.inputs, start), (box.outputs, end)] {
        for (left, right) in zip(ports, ports.dropFirst())
        where box.shape.isFrame ? place(left) > place(right) : place(left) + 8 > place(right) {
          note(.portOrder)
        }
        for port in ports
        where abs(side(port) - border) > 0.01 || place(port) < low || place(port) > high {
          note(.portOffBorder)
        }
      }
    }
  }

  // MARK: Wires

  private mutating func checkWires() {
    for wire in layout.wires {
      let around = wire.parent.map { lineage[$0] } ?? []
      if let from = place(of: wire.from), Self.distance(from, wire.path.start) > 0.01 {
        note(.wireOffPort)
      }
      if let to = place(of: wire.to), Self.distance(to, wire.path.end) > 0.01 {
        note(.wireOffPort)
      }
      checkCrossings(wire, around)
      guard let parent = wire.parent else { continue }
      let inside = layout.boxes[parent].rectangle.inset(by: -0.01)
      if wire.path.samples(6).contains(where: { !inside.surrounds($0) }) { note(.wireLeavesFrame) }
    }
  }

  private mutating func checkCrossings(_ wire: DiagramLayout.Wire, _ around: Set<Int>) {
    var from = wire.path.start
    for piece in wire.path.pieces {
      let bounds = Self.bounds(from, piece)
      // Curves go at up to thrice their mean speed, so that samples are 3 points apart at most.
      let count = max(24, Int((bounds.width + bounds.height).rounded(.up)))
      let samples = WirePath(start: from, pieces: [piece]).samples(count)
      for (index, inside) in insides.enumerated()
      where inside.overlaps(bounds) && !around.contains(index) {
        if samples.contains(where: { inside.surrounds($0) }) { note(.wireCrossesBox) }
      }
      for room in rooms where room.overlaps(bounds) {
        if samples.contains(where: { room.surrounds($0) }) { note(.wireOnLabel) }
      }
      from = piece.end
    }
  }

  /// Where the layout has the port that a wire's end names.
  private func place(of terminal: DiagramLayout.Terminal) -> Point? {
    switch terminal {
    case .input(let box, let place), .entry(let box, let place):
      layout.boxes[box].inputs[place]
    case .output(let box, let place), .exit(let box, let place):
      layout.boxes[box].outputs[place]
    case .domain, .codomain, .joint: nil
    }
  }

  private static func distance(_ left: Point, _ right: Point) -> Double {
    max(abs(left.x - right.x), abs(left.y - right.y))
  }

  /// A rectangle around a piece: that of its ends and control points.
  private static func bounds(_ start: Point, _ piece: WirePath.Piece) -> Rectangle {
    var points = [start, piece.end]
    if case .curve(let first, let second, _) = piece { points += [first, second] }
    let (x, y) = (points.map(\.x), points.map(\.y))
    let corner = Point(x: (x.min() ?? 0) - 0.01, y: (y.min() ?? 0) - 0.01)
    return Rectangle(
      x: corner.x, y: corner.y, width: (x.max() ?? 0) - corner.x + 0.01,
      height: (y.max() ?? 0) - corner.y + 0.01)
  }

  // MARK: Labels

  private mutating func checkLabels() {
    let labels = layout.labels.sorted { $0.rectangle.x < $1.rectangle.x }
    for (place, label) in labels.enumerated() {
      let room = label.rectangle
      for other in labels[(place + 1)...] {
        guard other.rectangle.x < room.maxX else { break }
        if room.overlaps(other.rectangle) { note(.labelsOverlap) }
      }
      for box in layout.boxes where box.rectangle.overlaps(room) {
        if !box.shape.isFrame {
          note(.labelOnBox)
        } else if !box.rectangle.contains(room) {
          note(.labelOnBorder)
        }
      }
    }
    for box in layout.boxes {
      for (place, line) in box.lines.enumerated() {
        if !box.rectangle.contains(line.rectangle) { note(.textTooWide) }
        for other in box.lines[(place + 1)...] where other.rectangle.overlaps(line.rectangle) {
          note(.labelsOverlap)
        }
      }
    }
  }

  private mutating func checkCanvas() {
    let canvas = Rectangle(x: 0, y: 0, width: layout.width, height: layout.height)
    for box in layout.boxes where !canvas.contains(box.rectangle) { note(.outsideCanvas) }
    for label in layout.labels where !canvas.contains(label.rectangle) { note(.outsideCanvas) }
    for wire in layout.wires {
      if wire.path.samples(2).contains(where: { !canvas.surrounds($0) }) { note(.outsideCanvas) }
    }
  }
}
