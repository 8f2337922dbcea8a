import DiagramIR
import Drawing
import RandomDiagrams
import Testing

@Suite("Pictures as SVG and TikZ")
struct PictureFormatTests {
  private static func box(_ name: String) -> Diagram {
    Diagram.box(
      .box(Symbol(module: "t", name: name)), [.scalar], [.scalar], doctrine: .cartesian)
  }

  @Test("One box between two ends, as SVG")
  func goldenSVG() throws {
    let text = SVGDrawing().draw(try DiagramLayout(Self.box("f")), title: "d")
    #expect(
      text == """
        <svg xmlns="http://www.w3.org/2000/svg" width="40" height="89.2" viewBox="0 0 40 89.2" \
        role="img" aria-label="d" font-family="Helvetica, Arial, sans-serif">
        <title>d</title>
        <rect width="40" height="89.2" rx="4" fill="#fff"/>
        <g fill="none" stroke="#222" stroke-width="1.1" stroke-linecap="round">
        <path d="M20,26L20,34"/>
        <path d="M20,55.2L20,63.2"/>
        </g>
        <g fill="#fff" stroke="#222" stroke-width="1">
        <rect x="10" y="34" width="20" height="21.2" rx="2"/>
        </g>
        <g fill="#111" text-anchor="middle">
        <text x="20" y="48.34" font-size="11">f</text>
        <text x="20" y="19.4" font-size="10">[]</text>
        <text x="20" y="76.6" font-size="10">[]</text>
        </g>
        </svg>

        """)
  }

  @Test("One box between two ends, as TikZ")
  func goldenTikZ() throws {
    let text = TikZDrawing().draw(try DiagramLayout(Self.box("f_1")), title: "d")
    let lines = text.split(separator: "\n").drop { !$0.contains("pgfonlayer}{") }
    #expect(
      lines.joined(separator: "\n") == """
        \t\\begin{pgfonlayer}{nodelayer}
        \t\t\\node [style=box, minimum width=27.549pt, minimum height=18.85pt] (0) at (0.797, -1.394) {f\\_1};
        \t\t\\node [style=end] (1) at (0.797, -0.5) {[]};
        \t\t\\node [style=end] (2) at (0.797, -2.288) {[]};
        \t\t\\node [style=none] (3) at (0.797, -0.813) {};
        \t\t\\node [style=none] (4) at (0.797, -1.063) {};
        \t\t\\node [style=none] (5) at (0.797, -1.725) {};
        \t\t\\node [style=none] (6) at (0.797, -1.975) {};
        \t\\end{pgfonlayer}
        \t\\begin{pgfonlayer}{edgelayer}
        \t\t\\draw [style=wire] (3.center) to (4.center);
        \t\t\\draw [style=wire] (5.center) to (6.center);
        \t\\end{pgfonlayer}
        \\end{tikzpicture}
        """)
  }

  @Test("Names are escaped in both, and markup stays well-formed without scripts")
  func escaping() throws {
    let evil = "<script>alert('&\"')</script>"
    let layout = try DiagramLayout(Self.box(evil))
    let text = SVGDrawing().draw(layout, title: evil)
    let audit = MarkupAudit(text)
    #expect(audit.faults.isEmpty && !audit.elements.contains("script"), "\(audit.faults)")
    #expect(text.contains("&lt;script&gt;"))
    let tikz = TikZDrawing().draw(try DiagramLayout(Self.box("a_b{}$\\é\u{4e2d}")), title: "%\n\\")
    #expect(tikz.contains("{a\\_b\\{\\}\\$\\textbackslash{}é?}"))
    #expect(tikz.hasPrefix("% \\%?\\textbackslash{}\n\\begin{tikzpicture}["))
  }

  @Test("Markup that isn't well-formed is noticed")
  func broken() {
    for text in ["<a>", "<a></b>", "<a x=1\"/>", "<a>&</a>", "<a x=\"&b\"/>", "<a", "a > b"] {
      #expect(!MarkupAudit(text).faults.isEmpty, "\(text)")
    }
    #expect(MarkupAudit("<a x=\"1\"><b/>&amp;</a>").faults.isEmpty)
  }

  @Test("SVG of the library is well-formed and has each box, sign and wire once")
  func library() throws {
    for definition in LibraryDiagrams.definitions {
      let layout = try DiagramLayout(definition.diagram)
      let audit = MarkupAudit(SVGDrawing().draw(layout, title: definition.symbol.name))
      #expect(audit.faults.isEmpty, "\(definition.symbol): \(audit.faults)")
      #expect(audit.elements.count { $0 == "path" } == layout.wires.count + layout.feedback.count)
      let kinds = Set(audit.elements)
      #expect(
        kinds.isSubset(of: ["svg", "title", "rect", "g", "path", "polygon", "circle", "text"]))
    }
  }

  @Test("TikZ of the library is what tikzit reads, with styles and nodes that are there")
  func tikz() throws {
    for (place, definition) in LibraryDiagrams.definitions.enumerated() {
      let layout = try DiagramLayout(
        definition.diagram, direction: place % 3 == 0 ? .right : .down)
      let text = TikZDrawing().draw(layout, title: definition.symbol.name)
      do {
        let reader = try TikZReader(text)
        let pieces = layout.wires.map(\.path) + layout.feedback.map(\.path)
        let lengths = pieces.flatMap { path in
          zip([path.start] + path.pieces.map(\.end), path.pieces.map(\.end)).map {
            abs($0.x - $1.x) + abs($0.y - $1.y)
          }
        }
        #expect(reader.edgeCount == lengths.count { $0 > 0.02 })
        #expect(reader.nodes.count > layout.boxes.count, "\(definition.symbol)")
      } catch { Issue.record("\(definition.symbol): \(error)") }
    }
  }

  @Test("What tikzit doesn't read is noticed")
  func brokenTikZ() throws {
    let text = TikZDrawing().draw(try DiagramLayout(Self.box("f_1")), title: "d")
    let read = try TikZReader(text)
    #expect(read.nodes.count == 7 && read.edgeCount == 2 && read.styles.contains("wire"))
    let edits: [(String, String, expected: String)] = [
      ("{f\\_1};", "{f\\_1}", "';'"), ("{f\\_1}", "{f\\_1{}", "a brace that closes"),
      ("{f\\_1}", "{f\\}", "a brace that closes"), ("at (0.797, -1.394)", "", "'at'"),
      ("(0.797, -1.394)", "(0.797cm, -1.394)", "','"), ("(0.797, -1.394)", "(n, 1)", "a number"),
      ("(6) at", "(3) at", "a node with another name than '3'"),
      ("(3.center)", "(9.center)", "a node before this, and not '9',"),
      ("(4.center)", "(3.center)", "another end than '3'"),
      ("style=wire", "style=line", "a style of the picture, and not 'line',"),
      ("style=wire]", "style=wire,]", "a name or a value"),
      ("style=wire]", "style=wire{x}]", "']'"), (") to (", ") -- (", "'to'"),
      ("\\node", "\\fill", "a node, an edge or a layer"),
      ("\\end{tikzpicture}", "\\end{tikzpicture}x", "the end"),
      ("wire/.style={draw}", "wire/.style=draw{x}", "']'"),
    ]
    for (old, new, expected) in edits {
      #expect(text.contains(old), "\(old)")
      let fault = #expect(throws: TikZReader.Fault.self, "\(new)") {
        try TikZReader(text.replacing(old, with: new, maxReplacements: 1))
      }
      #expect(fault?.expected == expected, "\(new)")
    }
  }

  @Test("The same diagram gives the same bytes")
  func determinism() throws {
    var random = SplitMix64(seed: 5)
    let diagram = RandomTensorDiagram.make(boxes: 40, &random)
    let layouts = [try DiagramLayout(diagram), try DiagramLayout(diagram)]
    #expect(Set(layouts.map { SVGDrawing().draw($0, title: "d") }).count == 1)
    #expect(Set(layouts.map { TikZDrawing().draw($0, title: "d") }).count == 1)
  }
}
