import Drawing
import Testing

@Suite("Graphs of relations")
struct RelationGraphTests {
  private let graph = RelationGraph(
    nodes: [
      .init(lines: ["a \"b\" & c", "+ rule"], tooltip: "back\\slash", isNamed: true),
      .init(lines: ["plain"], tooltip: "a\u{7}b", isNamed: false),
    ],
    edges: [
      .init(source: 1, target: 0, relation: .expressed, label: "up"),
      .init(source: 0, target: 1, relation: .equivalent, label: "both"),
      .init(source: 0, target: 1, relation: .equal, label: "\"exact\""),
      .init(source: 0, target: 1, relation: .expresses, label: "up"),
    ])

  @Test("names are escaped, edges go downward, sorted, and equal ones stand once")
  func golden() {
    let lines = graph.dot(name: "g\"").split(separator: "\n").map(String.init)
    #expect(lines.first == "digraph \"g\\\"\" {")
    #expect(
      lines.dropFirst(4) == [
        #"  m0 [label="a \"b\" &amp; c\n+ rule", style="rounded,bold", tooltip="back\\slash"]"#,
        ##"  m1 [label="plain", style=rounded, color="#999999", fontcolor="#555555", tooltip="a\##u{fffd}b"]"##,
        ##"  m0 -> m1 [style=solid, color="#1f4e8c", fontcolor="#1f4e8c", dir=none, penwidth=1.6, tooltip="\"exact\"", label="\"exact\""]"##,
        ##"  m0 -> m1 [style=dotted, color="#8c2f1f", fontcolor="#8c2f1f", penwidth=1.3, tooltip="up", label="up"]"##,
        ##"  m0 -> m1 [style=dashed, color="#2e7d4f", fontcolor="#2e7d4f", dir=none, penwidth=1.3, tooltip="both", label="both"]"##,
        "}",
      ])
  }

  @Test("what is missing is said")
  func partial() {
    var partial = graph
    partial.isPartial = true
    let note = "  partial [label=\"partial: the limit was reached\", shape=plaintext]\n"
    #expect(partial.dot(name: "g").contains(note))
    #expect(!graph.dot(name: "g").contains("partial"))
  }

  @Test("the order of edges makes no difference, and their relation does")
  func order() {
    var other = graph
    other.edges.reverse()
    #expect(other.dot(name: "g") == graph.dot(name: "g"))
    other.edges[0].relation = .connected
    #expect(other.dot(name: "g") != graph.dot(name: "g"))
  }
}
