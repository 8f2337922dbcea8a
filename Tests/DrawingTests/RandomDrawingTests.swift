import DiagramIR
import Drawing
import Foundation
import RandomDiagrams
import Testing

@Suite("Drawings of random diagrams")
struct RandomDrawingTests {
  private static func diagram(_ seed: Int) -> Diagram {
    var random = SplitMix64(seed: UInt64(seed))
    let boxes = random.boxCount(upTo: 80)
    switch seed % 4 {
    case 0: return RandomSortedDiagram.make(.symmetric, boxes: boxes, &random)
    case 1: return RandomSortedDiagram.make(.frobenius, boxes: boxes, &random)
    default: return RandomTensorDiagram.make(boxes: boxes, &random)
    }
  }

  /// The lines of a drawing, told apart by what they are.
  private struct Parts {
    var nodes: Set<String> = []
    var edges: [(from: String, to: String, isDashed: Bool)] = []
    var clusters = 0
    var depth = 0

    init(_ text: String) {
      for line in text.split(separator: "\n").map({ $0.drop { $0 == " " } }) {
        if line.hasSuffix("{") { depth += 1 }
        if line == "}" { depth -= 1 }
        if line.hasPrefix("subgraph cluster_") { clusters += 1 }
        if line.contains("style=invis") { continue }
        let words = line.split(separator: " ")
        if words.count > 2, words[1] == "->" {
          edges.append((String(words[0]), String(words[2]), line.contains("style=dashed")))
        } else if words.count > 1, words[1].hasPrefix("["),
          !["graph", "node", "edge"].contains(words[0])
        {
          nodes.insert(String(words[0]))
        }
      }
    }
  }

  @Test("Each box is a node or a cluster, and edges join nodes that are there")
  func structure() {
    for seed in 0..<200 {
      let diagram = Self.diagram(seed)
      let parts = Parts(DOTDrawing().draw(diagram, name: "d"))
      let boxes = (0..<diagram.boxCount).map { BoxID($0) }
      let lanes = boxes.filter { diagram.body(of: $0) != nil }
      #expect(parts.clusters == lanes.count, "seed \(seed)")
      #expect(
        boxes.allSatisfy { diagram.body(of: $0) != nil || parts.nodes.contains("b\($0.index)") })
      #expect(
        parts.edges.allSatisfy { parts.nodes.contains($0.from) && parts.nodes.contains($0.to) })
      let walls = lanes.reduce(0) {
        $0 + diagram.inputs(of: $1).count + diagram.outputs(of: $1).count
      }
      let ends = diagram.domain.count + diagram.codomain.count
      let dots = parts.nodes.filter { $0.hasPrefix("w") }.count
      #expect(
        parts.nodes.count == diagram.boxCount - lanes.count + walls + ends + dots, "seed \(seed)")
      #expect(parts.depth == 0, "seed \(seed)")
    }
  }

  @Test("Each end of a wire is an end of an edge, and each state leads back")
  func edges() {
    for seed in 0..<200 {
      let diagram = Self.diagram(seed)
      let parts = Parts(DOTDrawing().draw(diagram, name: "d"))
      var ends = diagram.domain.count + diagram.codomain.count
      var states = 0
      for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
        ends += diagram.inputs(of: box).count + diagram.outputs(of: box).count
        if let body = diagram.body(of: box) {
          ends += diagram.domain(of: body).count + diagram.codomain(of: body).count
        }
        states += diagram.operation(of: box).stateCount
      }
      let solid = parts.edges.filter { !$0.isDashed }
      let drawn = solid.flatMap { [$0.from, $0.to] }.filter { !$0.hasPrefix("w") }
      #expect(drawn.count == ends, "seed \(seed)")
      #expect(parts.edges.count - solid.count == states, "seed \(seed)")
    }
  }

  @Test("Any name stays inside its quotes")
  func names() {
    let names = [
      "\"", "\\", "\\\"", "a\r\nb", "<b>", "&lt;", "\u{0}", "é∑", "]; x -> y", "\u{7f}\t",
    ]
    for name in names {
      var builder = DiagramBuilder(doctrine: .cartesian)
      let x = builder.addDomainWire(.scalar, name: name)
      let diagram = builder.finish(codomain: [x])
      let text = DOTDrawing().draw(diagram, name: name)
      let plain = DOTDrawing().draw(diagram, name: "x")
      #expect(Parts(text).edges.count == 1 && Parts(text).depth == 0)
      #expect(text.split(separator: "\n").count == plain.split(separator: "\n").count)
      let isControl = { (scalar: Unicode.Scalar) in
        scalar.value < 32 && scalar != "\n" || scalar.value == 127
      }
      #expect(!text.unicodeScalars.contains(where: isControl))
    }
  }

  private static let dot: String? = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .map { $0 + "/dot" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// What Graphviz says about a drawing, and its exit code.
  private func run(_ text: String) throws -> (complaint: String, status: Int32) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, complaints) = (
      folder.appending(path: "in.dot"), folder.appending(path: "complaints")
    )
    try Data(text.utf8).write(to: source)
    try Data().write(to: complaints)
    let process = Process()
    process.executableURL = URL(filePath: Self.dot ?? "")
    process.arguments = ["-Tsvg", "-o", folder.appending(path: "out.svg").path, source.path]
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    process.waitUntilExit()
    let words = String(decoding: try Data(contentsOf: complaints), as: UTF8.self)
    return (words, process.terminationStatus)
  }

  @Test("Graphviz draws it without a word", .enabled(if: dot != nil))
  func graphviz() throws {
    for seed in 0..<24 {
      let diagram = Self.diagram(seed)
      for leftToRight in [false, true] where diagram.boxCount < 40 {
        let drawing = DOTDrawing(leftToRight: leftToRight).draw(diagram, name: "a \"& b\"")
        let result = try run(drawing)
        #expect(result.complaint.isEmpty && result.status == 0, "seed \(seed): \(result)")
      }
    }
    #expect(try run("digraph { a -> }").status != 0)
  }
}
