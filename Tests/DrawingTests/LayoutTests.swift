import DiagramIR
import Drawing
import RandomDiagrams
import Testing

@Suite("Layouts of string diagrams")
struct LayoutTests {
  private static func diagram(_ seed: Int, upTo limit: Int) -> Diagram {
    var random = SplitMix64(seed: UInt64(seed))
    let boxes = random.boxCount(upTo: limit)
    switch seed % 5 {
    case 0: return RandomSortedDiagram.make(.symmetric, boxes: boxes, &random)
    case 1: return RandomSortedDiagram.make(.frobenius, boxes: boxes, &random)
    case 2: return RandomSortedDiagram.make(.cartesian, boxes: boxes, &random)
    default: return RandomTensorDiagram.make(boxes: boxes, &random)
    }
  }

  private func audit(_ diagram: Diagram, _ direction: PictureDirection, _ name: String) throws {
    let layout = try DiagramLayout(diagram, direction: direction)
    let faults = GeometryAudit(layout).faults
    #expect(faults.isEmpty, "\(name), \(direction): \(faults)")
    let wiring = WiringAudit(layout, of: diagram)
    #expect(wiring.wrongEnds == 0 && wiring.tornWires == 0, "\(name), \(direction)")
    #expect(layout.boxes.reduce(0) { $0 + $1.sources.count } == diagram.boxCount, "\(name)")
  }

  @Test("Each diagram of the library stands without overlaps, down and to the right")
  func library() throws {
    let definitions = LibraryDiagrams.definitions
    #expect(definitions.count > 200)
    for definition in definitions {
      for direction in PictureDirection.allCases {
        try audit(definition.diagram, direction, "\(definition.symbol)")
      }
    }
  }

  @Test("Each fifth diagram of the library stands without overlaps with everything in it unfolded")
  func unfolded() throws {
    let environment = LibraryDiagrams.environment
    var frames = 0
    let users = environment.definitions.filter { !$0.diagram.usedDefinitions.isEmpty }
    for (place, definition) in users.enumerated() where place % 5 == 0 {
      let layout = try DiagramLayout(definition.diagram, environment: environment) { _ in true }
      let faults = GeometryAudit(layout).faults
      #expect(faults.isEmpty, "\(definition.symbol): \(faults)")
      #expect(!layout.boxes.contains { $0.shape == .use }, "\(definition.symbol)")
      frames += layout.boxes.count { $0.shape == .unfolded }
    }
    #expect(frames > 100)
  }

  @Test("Random diagrams of up to 300 boxes stand without overlaps")
  func random() throws {
    for seed in 0..<60 {
      try audit(Self.diagram(seed, upTo: 60), seed % 2 == 0 ? .down : .right, "seed \(seed)")
    }
    for seed in 100..<103 {
      var random = SplitMix64(seed: UInt64(seed))
      let diagram =
        seed % 3 == 0
        ? RandomSortedDiagram.make(.symmetric, boxes: 300, &random)
        : RandomTensorDiagram.make(boxes: 300, &random)
      try audit(diagram, .down, "seed \(seed)")
    }
  }

  @Test("The same diagram gives the same layout")
  func determinism() throws {
    let diagram = Self.diagram(3, upTo: 60)
    let (first, second) = (try DiagramLayout(diagram), try DiagramLayout(diagram))
    #expect(first.boxes == second.boxes && first.wires == second.wires)
    #expect(first.labels == second.labels && first.marks == second.marks)
  }

  @Test("A wire between boxes that stand one below the other is one straight line")
  func straight() throws {
    let f = Operation.box(Symbol(module: "t", name: "f"))
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wire = builder.addDomainWire(.scalar)
    for _ in 0..<5 { wire = builder.addBox(f, inputs: [wire], outputs: [.scalar])[0] }
    let layout = try DiagramLayout(builder.finish(codomain: [wire]))
    #expect(layout.wires.count == 6)
    for wire in layout.wires {
      #expect(wire.path.pieces.count == 1 && wire.path.start.x == wire.path.end.x)
    }
  }

  @Test("Swapped wires cross once, and parallel ones don't")
  func crossings() throws {
    let types: [WireType] = [.scalar, .scalar]
    let swap = Diagram.swap([.scalar], [.scalar], doctrine: .symmetric)
    let crossed = try DiagramLayout(swap).wires
    #expect(crossed.count == 2 && crossed[0].path.start.x < crossed[1].path.start.x)
    #expect(crossed[0].path.end.x > crossed[1].path.end.x)
    let straight = try DiagramLayout(Diagram.identity(types, doctrine: .symmetric)).wires
    #expect(straight.allSatisfy { $0.path.start.x == $0.path.end.x })
  }

  @Test("A diagram that is too large is refused with what to do")
  func tooLarge() throws {
    var builder = DiagramBuilder(doctrine: .symmetric)
    let scalar = Operation.box(Symbol(module: "t", name: "s"))
    for _ in 0...DiagramLayout.maximumBoxes {
      _ = builder.addBox(scalar, inputs: [], outputs: [])
    }
    let diagram = builder.finish(codomain: [])
    #expect(throws: DrawingError.tooLarge) { try DiagramLayout(diagram) }
    #expect("\(DrawingError.tooLarge)".contains("--as dot"))
  }
}
