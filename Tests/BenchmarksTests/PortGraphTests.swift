import Benchmarks
import DiagramIR
import Rewriting
import Testing

@Suite("Inputs of the workloads")
struct PortGraphTests {
  @Test(
    "random diagrams are those of the other engines' benchmarks, byte for byte",
    arguments: [
      (100, "693b8fba4395f199"), (1000, "fd27a7e3f07b603b"), (10_000, "488b8b0a2a0d38fc"),
      (100_000, "9720259e037c8b2c"),
    ])
  func fingerprints(count: Int, expected: String) {
    #expect(PortGraph.random(count).fingerprint == expected)
    #expect(PortGraph.random(count, seed: 2).fingerprint != expected)
  }

  @Test("every input is a well-formed diagram")
  func wellFormed() throws {
    let graphs = [
      PortGraph.random(200), .chain(7), .parallel(5), .comb(6), .comb(6, units: true),
      .scalars(4), PortGraph.random(200).shuffled(), PortGraph.random(200).relabelled(),
    ]
    let counts = [200, 7, 10, 6, 9, 12, 200, 200]
    for (graph, count) in zip(graphs, counts) {
      let diagram = graph.diagram()
      try diagram.verify()
      #expect(diagram.boxCount == count)
      #expect(diagram.wireCount == graph.wireCount)
    }
  }

  @Test("a shuffled diagram is the same, a relabelled one is another")
  func isomorphism() {
    for graph in [PortGraph.random(300), .scalars(20), .comb(9, units: true)] {
      let diagram = graph.diagram()
      #expect(graph.shuffled().fingerprint != graph.fingerprint)
      #expect(graph.shuffled().diagram().isIsomorphic(to: diagram))
      #expect(graph.shuffled().diagram().digest() == diagram.digest())
    }
    let graph = PortGraph.random(300)
    #expect(!graph.relabelled().diagram().isIsomorphic(to: graph.diagram()))
  }
}
