import Diagnostics
import Testing

@Suite struct DiagnosticRendererTests {
  private func render(_ text: String, _ start: Int, _ end: Int, notes: [String] = []) -> String {
    let diagnostic = Diagnostic(
      id: "fault", span: SourceSpan(start, end), message: "wrong", notes: notes)
    return DiagnosticRenderer.render([diagnostic], of: SourceText(path: "a.diagram", text: text))
  }

  @Test("a diagnostic shows its place, its line with the span underlined, and its notes")
  func golden() {
    #expect(
      render("x\n  y = f(a, bcd)\nz", 13, 16, notes: ["found this", "do that"]) == """
        a.diagram:2:12: error: wrong [fault]
            y = f(a, bcd)
                     ^~~
        note: found this
        note: do that

        """)
  }

  @Test("a warning says so")
  func warning() {
    let diagnostic = Diagnostic(
      id: "odd", severity: .warning, span: SourceSpan(0, 1), message: "strange")
    let text = DiagnosticRenderer.render([diagnostic], of: SourceText(path: "p", text: "q"))
    #expect(text == "p:1:1: warning: strange [odd]\n  q\n  ^\n")
    #expect(!text.contains("error"))
  }

  @Test("tabs, wide, combining and invisible characters keep the underline below the span")
  func widths() {
    let tabbed = "\tab"
    #expect(render(tabbed, 1, 3) == "a.diagram:1:2: error: wrong [fault]\n   ab\n   ^~\n")
    let wide = "日本 x"
    #expect(render(wide, 3, 6) == "a.diagram:1:2: error: wrong [fault]\n  日本 x\n    ^~\n")
    #expect(render(wide, 7, 8) == "a.diagram:1:4: error: wrong [fault]\n  日本 x\n       ^\n")
    let combining = "e\u{301}x"
    #expect(
      render(combining, 3, 4) == "a.diagram:1:3: error: wrong [fault]\n  e\u{301}x\n   ^\n")
    let escape = "\u{1B}[2Jx"
    #expect(
      render(escape, 0, 1) == "a.diagram:1:1: error: wrong [fault]\n  \u{FFFD}[2Jx\n  ^\n")
  }

  @Test("spans at the end, in empty files, over several lines and beyond the file are shown")
  func edges() {
    let head = "error: wrong [fault]"
    #expect(render("", 0, 0) == "a.diagram:1:1: \(head)\n\n  ^\n")
    #expect(render("ab", 2, 2) == "a.diagram:1:3: \(head)\n  ab\n    ^\n")
    #expect(render("ab\n", 3, 3) == "a.diagram:2:1: \(head)\n\n  ^\n")
    #expect(render("ab\ncd", 1, 5) == "a.diagram:1:2: \(head)\n  ab\n   ^\n")
    #expect(render("abc\r\ncd", 1, 7) == "a.diagram:1:2: \(head)\n  abc\n   ^~\n")
    #expect(render("ab", 900, 1000) == "a.diagram:1:3: \(head)\n  ab\n    ^\n")
    #expect(render("ab", -3, 1) == "a.diagram:1:1: \(head)\n  ab\n  ^\n")
  }

  @Test("a long line is cut around the span")
  func longLines() {
    let text = String(repeating: "a", count: 500) + "bcd" + String(repeating: "e", count: 500)
    let lines = render(text, 500, 503).split(separator: "\n")
    let shown = String(repeating: "a", count: 32) + "bcd" + String(repeating: "e", count: 61)
    #expect(lines[0] == "a.diagram:1:501: error: wrong [fault]")
    #expect(lines[1] == "  …\(shown)…")
    #expect(lines[2] == "   " + String(repeating: " ", count: 32) + "^~~")
    let atStart = render(text, 0, 1).split(separator: "\n")
    #expect(atStart[1] == "  " + String(repeating: "a", count: 96) + "…")
    #expect(atStart[2] == "  ^")
    let atEnd = render(text, 1003, 1003).split(separator: "\n")
    #expect(atEnd[1] == "  …" + String(repeating: "e", count: 32))
    #expect(atEnd[2] == "  " + String(repeating: " ", count: 33) + "^")
  }

  @Test("bytes that are not UTF-8 are shown as replacement characters")
  func invalidBytes() {
    let source = SourceText(path: "p", bytes: [0x61, 0xFF, 0xC3, 0x62])
    let diagnostic = Diagnostic(id: "i", span: SourceSpan(1, 2), message: "m")
    #expect(
      DiagnosticRenderer.render([diagnostic], of: source)
        == "p:1:2: error: m [i]\n  a\u{FFFD}\u{FFFD}b\n   ^\n")
  }

  @Test("several diagnostics on one line, in any order, have the columns of their spans")
  func columns() {
    let source = SourceText(path: "p", text: "αβγδ\nxyz")
    let spans = [SourceSpan(2, 4), SourceSpan(6, 8), SourceSpan(0, 2), SourceSpan(11, 12)]
    var renderer = DiagnosticRenderer(source)
    let places = spans.map { span in
      renderer.render(Diagnostic(id: "i", span: span, message: "m")).prefix { $0 != " " }
    }
    #expect(places == ["p:1:2:", "p:1:4:", "p:1:1:", "p:2:3:"])
  }
}
