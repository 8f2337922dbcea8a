import DiagramIR
import DiagramText

/// W4: texts. The count of printing is of bytes, and that of reading too, when the diagram read has all boxes.
enum TextWorkloads {
  static var all: [Workload] {
    let sizes = [1000, 10_000, 100_000, 1_000_000]
    return [
      Workload("W4-print", sizes) { size in
        let definition = definition(PortGraph.random(size))
        return { text(of: definition).utf8.count }
      },
      Workload("W4-parse", sizes) { size in
        let text = text(of: definition(PortGraph.random(size)))
        let file = OneFile(path: "bench.diagram", bytes: Array(text.utf8))
        return {
          let program = Program(paths: [file.path], provider: file)
          let read = program.definition("big", in: file.path)
          return read?.diagram.boxCount == size ? file.bytes.count : -1
        }
      },
    ]
  }

  static func definition(_ graph: PortGraph) -> Definition {
    Definition(symbol: PortGraph.symbol("big"), diagram: graph.diagram(), resultNames: [])
  }

  /// A file that declares the boxes of the workloads and one diagram.
  static func text(of definition: Definition) -> String {
    var environment = Environment()
    environment.add(Theory(symbol: PortGraph.symbol("t"), doctrine: .symmetric))
    environment.add(sort: PortGraph.symbol("x"))
    var text = "theory t: symmetric\nsort x\n"
    for label in PortGraph.Label.allCases {
      let inputs = Array(repeating: PortGraph.wire, count: label.arity.inputs)
      let outputs = Array(repeating: PortGraph.wire, count: label.arity.outputs)
      environment.add(
        BoxDeclaration(
          symbol: PortGraph.symbol(label.name), doctrine: .symmetric, domain: inputs,
          codomain: outputs))
      text += "box \(label.name): " + inputs.map { _ in "x" }.joined(separator: ", ")
      text += (inputs.isEmpty ? "-> " : " -> ") + outputs.map { _ in "x" }.joined(separator: ", ")
      text += outputs.isEmpty ? "()\n" : "\n"
    }
    return text + ((try? DiagramPrinter(environment: environment).print(definition)) ?? "")
  }
}

/// A file in memory, the only one.
private struct OneFile: FileProvider {
  let path: String
  let bytes: [UInt8]

  func read(_ path: String) -> [UInt8]? { path == self.path ? bytes : nil }
  func locate(import name: String, from path: String) -> String? { nil }
  func identity(of path: String) -> String { path }
}
