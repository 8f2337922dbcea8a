import DiagramIR
import Drawing
import RandomDiagrams
import Testing

@Suite("Layouts of string diagrams")
struct LayoutTests {
  /// Diagrams of four kinds, of which that of arrays has nested lanes, scans and learned boxes.
  private static func diagram(_ seed: Int, boxes: Int) -> Diagram {
    var random = SplitMix64(seed: UInt64(seed))
    switch seed % 5 {
    case 0: return RandomSortedDiagram.make(.symmetric, boxes: boxes, &random)
    case 1: return RandomSortedDiagram.make(.frobenius, boxes: boxes, &random)
    case 2: return RandomSortedDiagram.make(.cartesian, boxes: boxes, &random)
    default: return RandomTensorDiagram.make(boxes: boxes, &random)
    }
  }

  @discardableResult
  private func audit(
    _ diagram: Diagram, _ direction: PictureDirection, _ name: String
  ) throws -> DiagramLayout {
    let layout = try DiagramLayout(diagram, direction: direction)
    let faults = GeometryAudit(layout).faults
    #expect(faults.isEmpty, "\(name), \(direction): \(faults)")
    let wiring = WiringAudit(layout, of: diagram)
    #expect(wiring.wrongEnds == 0 && wiring.tornWires == 0, "\(name), \(direction)")
    #expect(wiring.looseDots == 0, "\(name), \(direction)")
    #expect(layout.wrongSigns(of: diagram) == 0, "\(name), \(direction)")
    #expect(layout.boxes.reduce(0) { $0 + $1.sources.count } == diagram.boxCount, "\(name)")
    return layout
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

  @Test("Random diagrams of 1 to 300 boxes stand without overlaps, down and to the right")
  func random() throws {
    var (shapes, nesting) = (Set<BoxShape>(), 0)
    // Sizes that grow by a twelfth, in turn of each kind.
    var (size, seed) = (1.0, 0)
    while size <= 300 {
      let diagram = Self.diagram(seed, boxes: Int(size))
      for direction in PictureDirection.allCases {
        let layout = try audit(diagram, direction, "seed \(seed), \(Int(size)) boxes")
        shapes.formUnion(layout.boxes.map(\.shape))
        nesting = max(nesting, layout.boxes.map(\.depth).max() ?? 0)
      }
      (size, seed) = (max(size + 0.34, size * 1.083), seed + 1)
    }
    #expect(seed > 60 && nesting >= 3)
    #expect(shapes.isSuperset(of: [.box, .learn, .linear, .state, .constant, .lanes, .scan]))
  }

  @Test("The same diagram gives the same layout")
  func determinism() throws {
    let diagram = Self.diagram(3, boxes: 60)
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

  /// The text of an A4 page and of a letter within margins of an inch, in points.
  private static let page = (width: 451.0, height: 648.0)

  /// The size of the smallest text when a layout is made as large as a page, at most as large as it is drawn.
  private func smallestText(_ layout: DiagramLayout) -> Double {
    let scale = min(1, Self.page.width / layout.width, Self.page.height / layout.height)
    let texts = layout.labels + layout.boxes.flatMap(\.lines)
    return scale * (texts.map(\.size).min() ?? 0)
  }

  @Test("A transformer layer with everything folded fits a page, with letters of seven points")
  func page() throws {
    let layer = try #require(
      LibraryDiagrams.definitions.first { $0.symbol.name == "transformer_encoder_layer" })
    let layout = try DiagramLayout(layer.diagram)
    #expect(smallestText(layout) >= 7, "\(layout.width) × \(layout.height)")
    let right = try DiagramLayout(layer.diagram, direction: .right)
    #expect(right.width > layout.width && right.height < layout.height)
    let unfolded = try DiagramLayout(
      layer.diagram, environment: LibraryDiagrams.environment
    ) { _ in true }
    #expect(smallestText(unfolded) < 7)
    let decoder = try #require(
      LibraryDiagrams.definitions.first { $0.symbol.name == "transformer_decoder_layer" })
    let folded = try DiagramLayout(decoder.diagram)
    #expect(smallestText(folded) >= 7, "\(folded.width) × \(folded.height)")
  }

  @Test("Parts that no wire joins stand side by side, without room between them")
  func parts() throws {
    let f = Operation.box(Symbol(module: "t", name: "a_box_with_a_long_name"))
    var builder = DiagramBuilder(doctrine: .cartesian)
    let wires = (0..<4).map { builder.addDomainWire(.scalar, name: "input_\($0)") }
    var wire = wires[0]
    for other in [wires[1], wires[0], wires[1]] {
      wire = builder.addBox(f, inputs: [wire, other], outputs: [.scalar])[0]
    }
    let layout = try audit(builder.finish(codomain: [wire]), .down, "parts")
    let ends = layout.labels.filter { $0.text.hasPrefix("input_") }.map(\.rectangle)
    #expect(ends.count == 4)
    for (left, right) in zip(ends.dropFirst(), ends.dropFirst(2)) {
      #expect(right.x - left.maxX < 13)
    }
  }

  @Test("Lanes that map one box have no types inside, and others have")
  func lanesOfOneBox() throws {
    func labels(_ boxes: Int) throws -> [String] {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.real(Size("n"), Size("d")))
      builder.openBody()
      var inner = builder.addDomainWire(.real(Size("d")))
      for _ in 0..<boxes {
        inner =
          builder.addBox(
            .box(Symbol(module: "t", name: "f")), inputs: [inner], outputs: [.real(Size("d"))])[0]
      }
      let outer = builder.closeBody(
        .simd(axis: Size("n"), mapped: 1), inputs: [x], codomain: [inner],
        outputs: [.real(Size("n"), Size("d"))])
      let layout = try audit(builder.finish(codomain: outer), .down, "\(boxes) boxes")
      return layout.labels.filter { $0.role == .wire }.map(\.text)
    }
    #expect(try labels(1).isEmpty)
    #expect(try labels(2) == ["[d]", "[d]", "[d]"])
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
