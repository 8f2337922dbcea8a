import DiagramIR
import Drawing
import Testing

@Suite("DOT drawings")
struct DOTDrawingTests {
  private let f = Operation.box(Symbol(module: "t", name: "f"))

  private func lanes() -> Diagram {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.real(Size("n")), name: "x")
    let y = builder.addDomainWire(.scalar, name: "y")
    builder.openBody()
    let lane = builder.addDomainWire(.scalar)
    let shared = builder.addDomainWire(.scalar)
    let result = builder.addBox(f, inputs: [lane, shared], outputs: [.scalar])
    let stacked = builder.closeBody(
      .simd(axis: Size("n"), mapped: 1), inputs: [x, y], codomain: result,
      outputs: [.real(Size("n"))])
    return builder.finish(codomain: stacked)
  }

  @Test("one box between two ends")
  func golden() {
    let diagram = Diagram.box(f, [.scalar], [.scalar], doctrine: .cartesian)
    let lines = DOTDrawing().draw(diagram, name: "d").split(separator: "\n").dropFirst(4)
    #expect(
      lines.map { String($0).trimmingPrefix { $0 == " " } }.map(String.init) == [
        "{", "rank=source", "in0 [shape=plaintext, label=\"[]\"]", "}", "b0 [label=\"f\"]", "{",
        "rank=sink", "out0 [shape=plaintext, label=\"[]\"]", "}", "in0 -> b0", "b0 -> out0", "}",
      ])
  }

  @Test("a SIMD box is a labelled cluster; mapped and shared wires enter through different dots")
  func cluster() {
    let text = DOTDrawing().draw(lanes(), name: "lanes")
    #expect(text.contains("subgraph cluster_b1 {"))
    #expect(text.contains("label=\"simd n\""))
    #expect(text.contains("b1in0 [shape=point"))
    #expect(text.contains("b1in1 [label=\"\", shape=circle"))
    #expect(!text.contains("label=\"scan"))
  }

  @Test("a wire with two consumers runs through a dot, one without ends in one")
  func dots() {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.scalar, name: "x")
    let y = builder.addBox(f, inputs: [x], outputs: [.scalar, .scalar])
    let diagram = builder.finish(codomain: [y[0], y[0]])
    let text = DOTDrawing().draw(diagram, name: "dots")
    #expect(text.contains("w\(y[0].index) -> out0") && text.contains("w\(y[0].index) -> out1"))
    #expect(text.contains("b0 -> w\(y[1].index)"))
    #expect(!text.contains("w\(x.index) ["))
  }

  @Test("names are escaped")
  func escaping() {
    var builder = DiagramBuilder(doctrine: .cartesian)
    let x = builder.addDomainWire(.scalar, name: "a\"b\\c\nd")
    let text = DOTDrawing().draw(builder.finish(codomain: [x]), name: "\"; bad [")
    #expect(text.contains("digraph \"\\\"; bad [\""))
    #expect(text.contains("a\\\"b\\\\c\\nd"))
  }

  @Test("the same diagram gives the same bytes, and the direction changes them")
  func determinism() {
    #expect(DOTDrawing().draw(lanes(), name: "d") == DOTDrawing().draw(lanes(), name: "d"))
    #expect(
      DOTDrawing(leftToRight: true).draw(lanes(), name: "d")
        != DOTDrawing().draw(lanes(), name: "d"))
  }
}
