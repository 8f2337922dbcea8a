import Diagnostics
import Testing

@Suite struct LineTableTests {
  @Test("lines and columns count from one, columns in Unicode scalars")
  func locations() {
    let source = SourceText(path: "a", text: "ab\r\n\tαβγ x\n\nend")
    let expected: [(offset: Int, line: Int, column: Int)] = [
      (0, 1, 1), (2, 1, 3), (3, 1, 4), (4, 2, 1), (5, 2, 2), (7, 2, 3), (12, 2, 6), (13, 2, 7),
      (14, 3, 1), (15, 4, 1), (18, 4, 4),
    ]
    let table = LineTable(source)
    for (offset, line, column) in expected {
      #expect(table.location(of: offset) == SourceLocation(line: line, column: column))
      #expect(source.location(of: offset) == table.location(of: offset))
    }
    #expect(table.location(of: 0) != SourceLocation(line: 1, column: 2))
    #expect(table.count == 4)
  }

  @Test("offsets outside the text are clamped to it")
  func clamping() {
    let table = LineTable(SourceText(path: "a", text: "ab\nc"))
    #expect(table.location(of: -5) == SourceLocation(line: 1, column: 1))
    #expect(table.location(of: 500) == SourceLocation(line: 2, column: 2))
    let empty = LineTable(SourceText(path: "a", text: ""))
    #expect(empty.location(of: 7) == SourceLocation(line: 1, column: 1))
    #expect(empty.range(ofLine: 3) == 0..<0)
  }

  @Test("a line's bytes leave out its end")
  func ranges() {
    let table = LineTable(SourceText(path: "a", text: "ab\r\ncd\n\r\n"))
    #expect((0..<4).map { table.range(ofLine: $0) } == [0..<2, 4..<6, 7..<7, 9..<9])
  }
}
