import DiagramIR
import Drawing

/// What is wrong with a layout, found by looking at its geometry alone. Paths are looked at whole, not at samples.
struct GeometryAudit {
  /// A kind of fault.
  enum Fault: String, Hashable, CaseIterable {
    case boxesOverlap, outsideFrame, wireCrossesBox, wireLeavesFrame, labelsOverlap, labelOnBox,
      labelOnBorder, wireOnLabel, outsideCanvas, portOrder, portOffBorder, wireOffPort, textTooWide
    case feedbackOffWire, markOffWire, marksOverlap, markOnBox, markOnLabel, wireOnMark, noMark
  }

  private(set) var faults: [Fault: Int] = [:]
  let layout: DiagramLayout
  /// For each box, the frames around it, itself among them.
  let lineage: [Set<Int>]
  /// The boxes a little smaller, and the labels, by place.
  let insides: [Rectangle]
  let rooms: [Rectangle]
  let boxGrid: RectangleGrid
  let roomGrid: RectangleGrid
  let canvas: Rectangle

  init(_ layout: DiagramLayout) {
    self.layout = layout
    var lineage: [Set<Int>] = []
    for (index, box) in layout.boxes.enumerated() {
      lineage.append((box.parent.map { lineage[$0] } ?? []).union([index]))
    }
    self.lineage = lineage
    insides = layout.boxes.map { $0.rectangle.inset(by: 0.3) }
    rooms = layout.labels.map(\.rectangle)
    boxGrid = RectangleGrid(insides)
    roomGrid = RectangleGrid(rooms)
    canvas = Rectangle(x: 0, y: 0, width: layout.width, height: layout.height)
    checkBoxes()
    checkPorts()
    checkWires()
    checkFeedback()
    checkMarks()
    checkLabels()
  }

  mutating func note(_ fault: Fault) { faults[fault, default: 0] += 1 }

  // MARK: Boxes

  private mutating func checkBoxes() {
    for (index, box) in layout.boxes.enumerated() {
      for other in boxGrid.near(box.rectangle) where other > index {
        if box.rectangle.overlaps(layout.boxes[other].rectangle),
          !lineage[index].contains(other), !lineage[other].contains(index)
        {
          note(.boxesOverlap)
        }
      }
      if let parent = box.parent,
        !layout.boxes[parent].rectangle.inset(by: 2).contains(box.rectangle)
      {
        note(.outsideFrame)
      }
      if !canvas.contains(box.rectangle) { note(.outsideCanvas) }
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

  // MARK: Labels

  private mutating func checkLabels() {
    for (index, room) in rooms.enumerated() {
      for other in roomGrid.near(room) where other > index && room.overlaps(rooms[other]) {
        note(.labelsOverlap)
      }
      for index in boxGrid.near(room) where layout.boxes[index].rectangle.overlaps(room) {
        let box = layout.boxes[index]
        if !box.shape.isFrame {
          note(.labelOnBox)
        } else if !box.rectangle.contains(room) {
          note(.labelOnBorder)
        }
      }
      if !canvas.contains(room) { note(.outsideCanvas) }
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
}
