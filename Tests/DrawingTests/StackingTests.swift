import DiagramIR
import Drawing
import Testing

@Suite("Where boxes stand from layer to layer")
struct StackingTests {
  private static func box(_ name: String) -> Operation { .box(Symbol(module: "t", name: name)) }

  /// Two strands side by side: lanes around `inside` boxes and a box, and a chain of `beside` boxes.
  private static func strands(inside: Int, beside: Int) -> Diagram {
    let vector = WireType.real(Size("n"))
    var builder = DiagramBuilder(doctrine: .cartesian)
    let (x, y) = (builder.addDomainWire(vector), builder.addDomainWire(.scalar))
    builder.openBody()
    var inner = builder.addDomainWire(.scalar)
    for _ in 0..<inside {
      inner = builder.addBox(box("inner"), inputs: [inner], outputs: [.scalar])[0]
    }
    let lanes = builder.closeBody(
      .simd(axis: Size("n"), mapped: 1), inputs: [x], codomain: [inner], outputs: [vector])
    let after = builder.addBox(box("after"), inputs: lanes, outputs: [.scalar])
    var wire = y
    for _ in 0..<beside {
      wire = builder.addBox(box("beside"), inputs: [wire], outputs: [.scalar])[0]
    }
    return builder.finish(codomain: [after[0], wire])
  }

  private static func boxes(_ name: String, _ layout: DiagramLayout) -> [Rectangle] {
    layout.boxes.filter { $0.lines.first?.text == name }.map(\.rectangle)
  }

  @Test("Boxes beside a tall frame go on beside it; what it leads to stands below it")
  func tallFrame() throws {
    let layout = try DiagramLayout(Self.strands(inside: 8, beside: 6))
    let frame = try #require(layout.boxes.first { $0.shape == .lanes }?.rectangle)
    let beside = Self.boxes("beside", layout)
    #expect(beside.count == 6)
    #expect(beside.allSatisfy { $0.y >= frame.y - 1 && $0.maxY < frame.maxY }, "\(beside)")
    #expect(Self.boxes("after", layout).allSatisfy { $0.y > frame.maxY })
    let alone = try DiagramLayout(Self.strands(inside: 8, beside: 0))
    #expect(abs(layout.height - alone.height) < 20)
    let long = try DiagramLayout(Self.strands(inside: 1, beside: 6))
    let short = try #require(long.boxes.first { $0.shape == .lanes }?.rectangle)
    #expect(Self.boxes("beside", long).contains { $0.y > short.maxY })
  }

  @Test("Boxes of one layer stand in a row, in the middle of it")
  func row() throws {
    let layout = try DiagramLayout(Self.strands(inside: 1, beside: 1))
    let frame = try #require(layout.boxes.first { $0.shape == .lanes }?.rectangle)
    let beside = try #require(Self.boxes("beside", layout).first)
    #expect(beside.y > frame.y && beside.maxY < frame.maxY)
  }

  @Test("A box that needs nothing stands right above what takes what it makes")
  func source() throws {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wire = builder.addDomainWire(.scalar)
    let source = builder.addBox(Self.box("source"), inputs: [], outputs: [.scalar])
    for _ in 0..<5 {
      wire = builder.addBox(Self.box("chain"), inputs: [wire], outputs: [.scalar])[0]
    }
    let last = builder.addBox(
      Self.box("last"), inputs: [wire, source[0]], outputs: [.scalar])
    let layout = try DiagramLayout(builder.finish(codomain: last))
    let (above, below) = (Self.boxes("source", layout)[0], Self.boxes("last", layout)[0])
    #expect(below.y - above.maxY < 30 && below.y > above.maxY)
    #expect(Self.boxes("chain", layout).count { $0.maxY < above.y } >= 3)
  }

  @Test("A wire goes to the dot at which it bends, and not beside itself")
  func dots() throws {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.scalar)
    var wire = builder.addDomainWire(.scalar)
    for _ in 0..<5 {
      wire = builder.addBox(Self.box("chain"), inputs: [wire], outputs: [.scalar])[0]
    }
    let first = builder.addBox(Self.box("f"), inputs: [x, wire], outputs: [.scalar])
    let second = builder.addBox(Self.box("g"), inputs: [x, wire], outputs: [.scalar])
    let layout = try DiagramLayout(builder.finish(codomain: first + second))
    let dots = layout.marks.filter { $0.kind == .copy }
    #expect(dots.count == 2)
    for wire in layout.wires where wire.from == .joint {
      guard case .curve? = wire.path.pieces.first else { continue }
      #expect(dots.contains { $0.center == wire.path.start })
    }
    let lines = layout.wires.filter { wire in
      guard wire.from == .joint, case .line? = wire.path.pieces.first else { return false }
      return wire.path.pieces.count > 1
    }
    #expect(lines.isEmpty, "\(lines)")
  }
}
