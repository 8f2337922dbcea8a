import DiagramIR
import Drawing
import Testing

/// The audits of the other suites, shown to find what they look for.
@Suite("Audits of broken layouts")
struct BrokenLayoutTests {
  private static let definition = LibraryDiagrams.definitions.first {
    $0.symbol.name == "dot_product_attention"
  }

  private func layout() throws -> (DiagramLayout, Diagram) {
    let definition = try #require(Self.definition)
    let layout = try DiagramLayout(definition.diagram)
    #expect(GeometryAudit(layout).faults.isEmpty)
    return (layout, definition.diagram)
  }

  private func moved(_ path: WirePath, _ dx: Double) -> WirePath {
    func move(_ point: Point) -> Point { Point(x: point.x + dx, y: point.y) }
    return WirePath(
      start: move(path.start),
      pieces: path.pieces.map { piece in
        switch piece {
        case .line(let end): .line(move(end))
        case .curve(let first, let second, let end): .curve(move(first), move(second), move(end))
        }
      })
  }

  @Test("A box on another, and one out of its frame, are found")
  func boxes() throws {
    var (layout, _) = try layout()
    let leaves = layout.boxes.indices.filter { !layout.boxes[$0].shape.isFrame }
    layout.boxes[leaves[0]].rectangle = layout.boxes[leaves[1]].rectangle
    #expect(GeometryAudit(layout).faults[.boxesOverlap] == 1)
    layout.boxes[leaves[0]].rectangle.x = -5
    let faults = GeometryAudit(layout).faults
    #expect(faults[.outsideFrame] == 1 && faults[.outsideCanvas] == 1)
  }

  @Test("A wire through a box, on a label, out of its frame or off its port is found")
  func wires() throws {
    var (layout, _) = try layout()
    let index = try #require(layout.wires.firstIndex { $0.parent != nil })
    layout.wires[index].path = moved(layout.wires[index].path, 200)
    let faults = GeometryAudit(layout).faults
    #expect(faults[.wireOffPort] == 2 && (faults[.wireLeavesFrame] ?? 0) > 0)
    (layout, _) = try self.layout()
    let box = try #require(layout.boxes.first { !$0.shape.isFrame })
    let label = try #require(layout.labels.first { $0.role == .wire })
    layout.wires[index].path = WirePath(
      start: layout.wires[index].path.start,
      pieces: [
        .line(box.rectangle.center), .line(label.rectangle.center),
        .line(layout.wires[index].path.end),
      ])
    let crossing = GeometryAudit(layout).faults
    #expect((crossing[.wireCrossesBox] ?? 0) > 0 && (crossing[.wireOnLabel] ?? 0) > 0)
    #expect(crossing[.wireOffPort] == nil)
  }

  @Test(
    "A line of 2,000 points and a long curve that touch a small box are found, and those beside it aren't"
  )
  func longWire() throws {
    var (layout, _) = try layout()
    let index = try #require(layout.wires.firstIndex { $0.parent == nil })
    let small = try #require(layout.boxes.firstIndex { !$0.shape.isFrame })
    let corner = layout.boxes[small].rectangle
    layout.boxes[small].rectangle = Rectangle(x: corner.x, y: corner.y, width: 2, height: 2)
    let others = GeometryAudit(layout).faults[.wireCrossesBox] ?? 0
    let middle = layout.boxes[small].rectangle.center
    for (offset, isFound) in [(0.0, true), (0.6, true), (0.8, false), (-0.6, true), (-0.8, false)] {
      let y = middle.y + offset
      let ways: [WirePath] = [
        WirePath(
          start: Point(x: middle.x - 1037, y: y), pieces: [.line(Point(x: middle.x + 963, y: y))]),
        WirePath(
          start: Point(x: middle.x - 1037, y: y),
          pieces: [
            .curve(
              Point(x: middle.x - 400, y: y), Point(x: middle.x + 400, y: y),
              Point(x: middle.x + 963, y: y))
          ]),
      ]
      for way in ways {
        layout.wires[index].path = way
        var alone = layout
        alone.boxes = [layout.boxes[small]]
        alone.boxes[0].parent = nil
        alone.wires = [layout.wires[index]]
        (alone.wires[0].from, alone.wires[0].to) = (.joint, .joint)
        (alone.marks, alone.feedback) = ([], [])
        #expect((GeometryAudit(alone).faults[.wireCrossesBox] == 1) == isFound, "\(offset)")
      }
    }
    #expect(others == 0)
  }

  private func scan() throws -> DiagramLayout {
    let definition = try #require(
      LibraryDiagrams.definitions.first { $0.symbol.name == "gated_delta_net_recurrent" })
    let layout = try DiagramLayout(definition.diagram)
    #expect(GeometryAudit(layout).faults.isEmpty && !layout.feedback.isEmpty)
    return layout
  }

  @Test(
    "A state led back from elsewhere, out of its frame, through a box or without its sign is found")
  func feedback() throws {
    let whole = try scan()
    var layout = whole
    layout.feedback[0].path = moved(layout.feedback[0].path, 9)
    #expect(GeometryAudit(layout).faults[.feedbackOffWire] == 2)
    layout.feedback[0].path = moved(layout.feedback[0].path, -2000)
    let faults = GeometryAudit(layout).faults
    #expect(faults[.wireLeavesFrame] == 1 && faults[.outsideCanvas] == 1)
    layout = whole
    let box = try #require(layout.boxes.first { $0.parent == layout.feedback[0].box })
    let (start, end) = (layout.feedback[0].path.start, layout.feedback[0].path.end)
    layout.feedback[0].path = WirePath(
      start: start, pieces: [.line(box.rectangle.center), .line(end)])
    #expect((GeometryAudit(layout).faults[.wireCrossesBox] ?? 0) > 0)
    layout = whole
    layout.feedback[0].state += 1
    #expect(GeometryAudit(layout).faults[.feedbackOffWire] == 2)
    layout = whole
    layout.marks.removeAll { $0.kind == .back }
    #expect(GeometryAudit(layout).faults == [.noMark: whole.feedback.count])
  }

  @Test("A shared wire with the sign of a mapped one is found")
  func signs() throws {
    let definition = try #require(Self.definition)
    var layout = try DiagramLayout(definition.diagram)
    #expect(layout.wrongSigns(of: definition.diagram) == 0)
    let index = try #require(layout.marks.firstIndex { $0.kind == .shared })
    layout.marks[index].kind = .mapped
    #expect(layout.wrongSigns(of: definition.diagram) == 1)
  }

  @Test(
    "Signs that are missing, off their wires, on each other, on boxes, texts or other wires are found"
  )
  func marks() throws {
    let whole = try scan()
    for kind in [DiagramLayout.Mark.Kind.copy, .mapped, .state] {
      let index = try #require(whole.marks.firstIndex { $0.kind == kind })
      var layout = whole
      layout.marks.remove(at: index)
      #expect(GeometryAudit(layout).faults == [.noMark: 1], "\(kind)")
      layout = whole
      layout.marks[index].center.x += 1
      let faults = GeometryAudit(layout).faults
      #expect(faults[.markOffWire] == 1 && faults[.noMark] == 1, "\(kind)")
      layout = whole
      layout.marks.append(layout.marks[index])
      #expect(GeometryAudit(layout).faults == [.marksOverlap: 1], "\(kind)")
      layout = whole
      let box = try #require(layout.boxes.first { !$0.shape.isFrame })
      layout.marks[index].center = Point(x: box.rectangle.x - 1, y: box.rectangle.center.y)
      #expect(GeometryAudit(layout).faults[.markOnBox] == 1, "\(kind)")
      layout = whole
      layout.marks[index].center = layout.labels[0].rectangle.center
      #expect(GeometryAudit(layout).faults[.markOnLabel] == 1, "\(kind)")
      layout = whole
      let center = layout.marks[index].center
      layout.wires[0].path = WirePath(
        start: Point(x: center.x - 30, y: center.y + 1),
        pieces: [.line(Point(x: center.x + 30, y: center.y + 1))])
      #expect((GeometryAudit(layout).faults[.wireOnMark] ?? 0) > 0, "\(kind)")
    }
  }

  @Test("Labels on each other, on a box, on a border or off the canvas are found")
  func labels() throws {
    var (layout, _) = try layout()
    let places = layout.labels.indices.filter { layout.labels[$0].role == .wire }
    let whole = layout.labels
    layout.labels[places[0]].rectangle = layout.labels[places[1]].rectangle
    #expect(GeometryAudit(layout).faults[.labelsOverlap] == 1)
    layout.labels = whole
    let box = try #require(layout.boxes.first { !$0.shape.isFrame })
    layout.labels[places[0]].rectangle.x = box.rectangle.x
    layout.labels[places[0]].rectangle.y = box.rectangle.y
    #expect(GeometryAudit(layout).faults[.labelOnBox] == 1)
    layout.labels = whole
    let frame = try #require(layout.boxes.first { $0.shape.isFrame })
    layout.labels[places[0]].rectangle.x = frame.rectangle.x - 2
    #expect(GeometryAudit(layout).faults[.labelOnBorder] == 1)
    layout.labels[places[0]].rectangle.x = layout.width
    #expect(GeometryAudit(layout).faults[.outsideCanvas] == 1)
  }

  @Test("Ports in the wrong order or off the border, and texts that are too wide, are found")
  func ports() throws {
    var (layout, _) = try layout()
    let index = try #require(
      layout.boxes.firstIndex { !$0.shape.isFrame && $0.inputs.count == 2 })
    layout.boxes[index].inputs.reverse()
    #expect(GeometryAudit(layout).faults[.portOrder] == 1)
    layout.boxes[index].inputs[0].y += 1
    #expect(GeometryAudit(layout).faults[.portOffBorder] == 1)
    layout.boxes[index].lines[0].rectangle.width += 100
    #expect(GeometryAudit(layout).faults[.textTooWide] == 1)
  }

  @Test("A missing wire, a wire to another port, and a torn wire are found")
  func wiring() throws {
    var (layout, diagram) = try layout()
    let whole = layout.wires
    #expect(WiringAudit(layout, of: diagram).wrongEnds == 0)
    layout.wires.removeLast()
    #expect(WiringAudit(layout, of: diagram).wrongEnds == 1)
    layout.wires = whole
    let index = try #require(
      layout.wires.firstIndex { if case .input = $0.to { true } else { false } })
    layout.wires[index].to = .codomain(0)
    #expect(WiringAudit(layout, of: diagram).wrongEnds == 1)
    layout.wires = whole
    layout.wires.append(layout.wires[index])
    layout.wires[layout.wires.count - 1].path = WirePath(start: Point(x: 1, y: 1))
    #expect(WiringAudit(layout, of: diagram).tornWires == 1)
    layout.wires = whole
    layout.marks.append(layout.marks[0])
    layout.marks[layout.marks.count - 1].kind = .end
    layout.marks[layout.marks.count - 1].center = Point(x: 1, y: 1)
    #expect(WiringAudit(layout, of: diagram).looseDots == 1)
  }
}
