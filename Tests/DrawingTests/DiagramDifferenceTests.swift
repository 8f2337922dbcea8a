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

  /// The step from one chain of boxes to another.
  private func step(_ caption: String, _ first: [String], _ second: [String]) throws
    -> RewritePicture
  {
    let (first, second) = (chain(first), chain(second))
    return RewritePicture(
      caption: caption, relation: "==", before: try DiagramLayout(first),
      after: try DiagramLayout(second), difference: DiagramDifference(first, second))
  }

  private func size(_ svg: String) throws -> (width: Double, height: Double) {
    let head = try #require(
      svg.wholeMatch(of: /(?s)<svg [^>]*width="([\d.]+)" height="([\d.]+)".*/))
    return (Double(head.1) ?? 0, Double(head.2) ?? 0)
  }

  @Test("A long caption goes on in the next line, and doesn't widen the picture")
  func captions() throws {
    let citation = (0..<40).map { "word\($0)" }.joined(separator: " ")
    let short = RewriteSequence(title: "a", steps: [try step("1. b", ["a"], ["b"])]).svg()
    let long = RewriteSequence(title: "a", steps: [try step("1. b \(citation)", ["a"], ["b"])])
      .svg()
    #expect(try size(long).width < 430 && size(short).width < size(long).width)
    #expect(try size(long).height > size(short).height + 50)
    #expect((0..<40).allSatisfy { long.contains("word\($0)") })
    #expect(MarkupAudit(long).faults.isEmpty)
    let word = String(repeating: "w", count: 200)
    let broken = RewriteSequence(title: "a", steps: [try step(word, ["a"], ["b"])]).svg()
    #expect(try size(broken).width < 430)
    #expect(broken.split(separator: "w").count >= 4 && !broken.contains(word))
  }

  @Test("The pictures of a step stand side by side, and below each other where they are wide")
  func arrangement() throws {
    let names = [String](repeating: "a", count: 3)
    let narrow = try step("1. b", names, ["b"])
    let wide = try step("2. b", [String(repeating: "wide", count: 60)], ["b"])
    let (first, both) = (
      RewriteSequence(title: "a", steps: [narrow]).svg(),
      RewriteSequence(title: "a", steps: [narrow, wide]).svg()
    )
    #expect(try size(first).height < narrow.before.height + narrow.after.height)
    #expect(try size(both).width < wide.before.width + 2)
    let heights = [narrow, wide].reduce(0) { $0 + $1.before.height + $1.after.height }
    #expect(try size(both).height < heights)
    let alone = wide.before.height + wide.after.height
    #expect(try size(both).height > alone + narrow.before.height)
    let page = RewriteSequence(title: "a", steps: [narrow, wide]).html()
    #expect(page.components(separatedBy: "class=\"pair\"").count == 2)
    #expect(page.components(separatedBy: "class=\"pair wide\"").count == 2)
    #expect(page.components(separatedBy: "<svg ").count == 5)
  }
}

extension Operation {
  fileprivate var pictureNames: [String] {
    if case .box(let symbol) = self { [symbol.name] } else { ["?"] }
  }
}
