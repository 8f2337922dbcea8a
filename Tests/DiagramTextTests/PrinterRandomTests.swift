import Diagnostics
import DiagramIR
import DiagramText
import RandomDiagrams
import Testing

/// The declarations of random tensor diagrams as one file, whose name is their module.
private struct TensorFile: FileProvider {
  static let path = "tensor.diagram"
  let text: String

  func read(_ path: String) -> [UInt8]? { Array(text.utf8) }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }

  static func program(_ text: String) -> Program {
    Program(paths: [path], provider: TensorFile(text: text))
  }
}

@Suite("Printed random diagrams")
struct PrinterRandomTests {
  private static let environment = RandomSignature.environment(.cartesian)
  private static let symbol = Symbol(module: "tensor", name: "d")

  private static let declarations: String = {
    let boxes = environment.boxes.filter { $0.symbol.module == "tensor" }.map { box in
      let domain = box.domain.map(\.description).joined(separator: ", ")
      let codomain = box.codomain.map(\.description).joined(separator: ", ")
      return "box \(box.symbol.name): \(domain.isEmpty ? "" : domain + " ")-> \(codomain)\n"
    }
    return "theory t: cartesian\n" + boxes.joined()
  }()

  /// A diagram that the language can write: one whose bodies all have results.
  private static func diagram(_ seed: UInt64) -> Diagram? {
    var random = RandomDiagrams.SplitMix64(seed: seed)
    let diagram = RandomTensorDiagram.make(boxes: 1 + random.below(40), &random)
    let regions = (0..<diagram.regionCount).map { RegionID($0) }
    return regions.contains { diagram.codomain(of: $0).isEmpty } ? nil : diagram
  }

  /// The text of a diagram; `longer` goes in front of the names of boxes.
  private static func text(of diagram: Diagram, longer: String = "") throws -> String {
    let printer = DiagramPrinter(
      environment: environment,
      spelling: { $0 == symbol ? $0.name : longer + $0.name })
    return try printer.print(Definition(symbol: symbol, diagram: diagram, resultNames: []))
  }

  @Test("the formatter finds nothing to change in what is printed, short lines or long")
  func layout() throws {
    for seed in UInt64(1)...300 {
      guard let diagram = Self.diagram(seed) else { continue }
      for longer in ["", "a_rather_long_name_of_a_module."] {
        let text = try Self.text(of: diagram, longer: longer)
        let source = SourceText(path: "", text: text)
        #expect(SyntaxTree.parse(source).diagnostics.isEmpty, "seed \(seed):\n\(text)")
        #expect(formatted(text) == text, "seed \(seed)")
      }
    }
    #expect(
      formatted("diagram d(x: []) -> [] { exp( x) }\n") != "diagram d(x: []) -> [] { exp( x) }\n")
  }

  @Test("what is printed is read back as the same diagram")
  func meaning() throws {
    var boxCount = 0
    for seed in UInt64(1)...400 {
      guard let diagram = Self.diagram(seed) else { continue }
      let text = Self.declarations + (try Self.text(of: diagram))
      let program = TensorFile.program(text)
      #expect(program.files.flatMap(\.diagnostics) == [], "seed \(seed):\n\(text)")
      let again = program.definition("d", in: TensorFile.path)?.diagram
      #expect(again?.digest() == diagram.digest(), "seed \(seed):\n\(text)")
      boxCount += diagram.boxCount
    }
    #expect(boxCount > 1000)
  }
}
