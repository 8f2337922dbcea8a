import DiagramIR
import Drawing
import RandomDiagrams
import Testing

@Suite("What a rewrite changed")
struct DiagramDifferenceTests {
  /// A chain of boxes with these names.
  private func chain(_ names: [String]) -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    var wire = builder.addDomainWire(.scalar)
    for name in names {
      wire =
        builder.addBox(
          .box(Symbol(module: "t", name: name)), inputs: [wire], outputs: [.scalar])[0]
    }
    return builder.finish(codomain: [wire])
  }

  private func names(_ boxes: Set<BoxID>, _ diagram: Diagram) -> [String] {
    boxes.sorted().flatMap { diagram.operation(of: $0).pictureNames }
  }

  @Test("In the middle of a chain, what is replaced and what replaces it are found")
  func middle() {
    let (first, second) = (chain(["a", "b", "c", "d"]), chain(["a", "e", "f", "g", "d"]))
    let difference = DiagramDifference(first, second)
    #expect(names(difference.before.boxes, first) == ["b", "c"])
    #expect(names(difference.after.boxes, second) == ["e", "f", "g"])
    #expect(difference.before.wires.count == 1 && difference.after.wires.count == 2)
  }

  @Test("A box that only goes away leaves nothing set off in the other diagram")
  func removal() {
    let difference = DiagramDifference(chain(["a", "b"]), chain(["a"]))
    #expect(difference.before.boxes.count == 1 && difference.after.boxes.isEmpty)
  }

  @Test("A change inside lanes leaves the lanes alone")
  func lanes() throws {
    func lanes(_ name: String) -> Diagram {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.real(Size("n")))
      builder.openBody()
      let lane = builder.addDomainWire(.scalar)
      let inner = builder.addBox(
        .box(Symbol(module: "t", name: name)), inputs: [lane], outputs: [.scalar])
      let stacked = builder.closeBody(
        .simd(axis: Size("n"), mapped: 1), inputs: [x], codomain: inner, outputs: [.real(Size("n"))]
      )
      return builder.finish(codomain: stacked)
    }
    let (first, second) = (lanes("f"), lanes("g"))
    let difference = DiagramDifference(first, second)
    #expect(names(difference.before.boxes, first) == ["f"])
    #expect(names(difference.after.boxes, second) == ["g"])
    let layout = try DiagramLayout(first)
    let tinted = SVGDrawing(tint: difference.before).draw(layout, title: "d")
    #expect(
      tinted.contains("#ffd9a0") && !SVGDrawing().draw(layout, title: "d").contains("#ffd9a0"))
    #expect(MarkupAudit(tinted).faults.isEmpty)
  }

  @Test("A diagram doesn't differ from itself")
  func itself() {
    for seed in 0..<40 {
      var random = SplitMix64(seed: UInt64(seed))
      let diagram = RandomTensorDiagram.make(boxes: 20, &random)
      let difference = DiagramDifference(diagram, diagram)
      #expect(difference.before.boxes.isEmpty && difference.after.boxes.isEmpty, "seed \(seed)")
    }
  }

  @Test("A sequence of steps is well-formed, with a caption for each")
  func sequence() throws {
    let (first, second) = (chain(["a", "b"]), chain(["a", "c"]))
    let step = RewritePicture(
      caption: "1. <b>", relation: "==", before: try DiagramLayout(first),
      after: try DiagramLayout(second), difference: DiagramDifference(first, second))
    let sequence = RewriteSequence(title: "a & b", steps: [step, step])
    let audit = MarkupAudit(sequence.svg())
    #expect(audit.faults.isEmpty && !audit.elements.contains("script"), "\(audit.faults)")
    #expect(sequence.svg().contains("1. &lt;b&gt;"))
    #expect(sequence.html().components(separatedBy: "<section").count == 3)
    #expect(sequence.html().contains("<h1>a &amp; b</h1>"))
    let same = RewritePicture(
      caption: "2. expect", relation: "==", before: step.before, after: step.before,
      difference: DiagramDifference(first, first))
    let single = RewriteSequence(title: "a", steps: [same]).svg()
    #expect(single.components(separatedBy: ">b<").count == 2)
    #expect(RewriteSequence(title: "none", steps: []).svg().contains("<title>none</title>"))
  }
}

extension Operation {
  fileprivate var pictureNames: [String] {
    if case .box(let symbol) = self { [symbol.name] } else { ["?"] }
  }
}
