import Diagnostics
import DiagramIR
import DiagramText
import Testing

/// One file and nothing to import.
private struct OneFile: FileProvider {
  let text: String
  func read(_ path: String) -> [UInt8]? { Array(text.utf8) }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }
}

private func program(_ text: String) -> Program {
  Program(paths: ["test.diagram"], provider: OneFile(text: text))
}

private let boxes = """
  theory t: cartesian
  box relu: [] -> []
  box add: [], [] -> []
  box total: [n ..s] -> [..s]
  box copies: [..s] -> [n ..s]
  box wide: [n], [n], [n], [n], [n], [n] -> [n]

  """

/// Prints the diagram `d` of a text, and checks that the layout is the formatter's and the meaning is kept.
private func printed(_ declaration: String) throws -> String {
  let source = program(boxes + declaration)
  #expect(!source.hasErrors)
  let definition = try #require(source.definition("d", in: "test.diagram"))
  let text = try DiagramPrinter(environment: source.environment).print(definition)
  #expect(formatted(text) == text)
  let again = program(boxes + text).definition("d", in: "test.diagram")
  #expect(again?.diagram.digest() == definition.diagram.digest())
  return text
}

@Suite("The layout of printed diagrams")
struct PrinterLayoutTests {
  @Test("short diagrams stay on one line")
  func closed() throws {
    #expect(
      try printed("diagram d(x: [n]) -> [n] { relu[n](x) }\n")
        == "diagram d(x: [n]) -> [n] { relu[n](x) }\n")
  }

  @Test("blocks in blocks are indented, a long line in them is broken as the formatter does")
  func nested() throws {
    let name = "a_name_that_is_longer_than_twenty_columns"
    let text = try printed(
      """
      diagram d(x: [n m], y: [k]) -> [n m k] {
        simd n(x) {
          z = simd m(x) {
            \(name) = add(x, x)
            add(\(name), \(name))
          }
          simd m(z) {
            u = wide(y, simd k(y) { add(y, z) }, simd k(y) { add(y, z) }, y, y, simd k(y) { add(z, z) })
            wide(u, u, u, u, u, u)
          }
        }
      }

      """)
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 100 })
    #expect(text.contains("\n    z = simd m(x) {\n      \(name) = add(x, x)\n"))
    #expect(text.contains("\n        simd k(y) { add(y, z) },\n") || text.contains("\n      w1 = "))
  }

  @Test("a long head is broken, and so is a long result")
  func longLines() throws {
    let names = (1...9).map { "an_input_number_\($0)" }
    let parameters = names.map { "\($0): []" }.joined(separator: ", ")
    let results = names.map { "relu(\($0))" }.joined(separator: ", ")
    let types = names.map { _ in "[]" }.joined(separator: ", ")
    let text = try printed("diagram d(\(parameters)) -> \(types) {\n  \(results)\n}\n")
    #expect(text.hasPrefix("diagram d(\n  an_input_number_1: [],\n"))
    #expect(text.contains("\n  relu(an_input_number_1),\n    relu(an_input_number_2),\n"))
  }

  @Test("sizes that the arguments leave open are written, others are not")
  func openSizes() throws {
    let text = try printed("diagram d(x: [k]) -> [n k] { copies<n>(relu[k](x)) }\n")
    #expect(text == "diagram d(x: [k]) -> [n k] { copies<n>(relu[k](x)) }\n")
    #expect(try !printed("diagram d(x: [n k]) -> [k] { total(x) }\n").contains("<"))
  }
}

@Suite("Calls that were read before")
struct KnownCallTests {
  @Test("a lifted call has the same types the second time, and a wrong one is still a fault")
  func lifted() throws {
    let twice = program(
      boxes + "diagram d(x: [n m]) -> [n m] { add[n m](relu[n m](relu[n m](x)), add[n m](x, x)) }\n"
    )
    #expect(!twice.hasErrors)
    let diagram = try #require(twice.definition("d", in: "test.diagram")?.diagram)
    try twice.environment.verify(diagram)
    #expect(diagram.boxCount == 12)
    let wrong = program(
      boxes + "diagram d(x: [n m]) -> [n m] { add[n m](relu[n m](x), relu[m n](x)) }\n")
    #expect(wrong.files.last?.diagnostics.count == 1)
  }

  @Test("a learned box hides a box of its name that was called before")
  func hidden() {
    let text =
      boxes + """
        diagram d(x: [n]) -> [n] {
          y = relu[n](x)
          z = simd n(y) {
            learn relu: [] -> [2]
            total(relu(y))
          }
          relu[n](z)
        }

        """
    #expect(!program(text).hasErrors)
    #expect(program(text.replacing("total(relu(y))", with: "relu(y)")).hasErrors)
  }
}

extension String {
  fileprivate func replacing(_ part: String, with other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}
