import AnatomyCommands
import DiagramText
import TensorInterpretation

/// The commands `anatomy-bench attention` and `anatomy-bench library`: evaluations of mechanisms, timed.
enum MechanismBenchmark: String {
  /// The fourteen mechanisms.
  case attention
  /// The layers of the library.
  case library

  var usage: String {
    """
    usage: anatomy-bench \(rawValue) [--batch N] [--heads N] [--tokens N] [--width N] [--head-width N]
           [--threads N] [--only NAME,…]

    \(purpose)
    Forward, in single precision; prints mechanism,median_ms,min_ms.
    """
  }

  private var purpose: String {
    switch self {
    case .attention:
      """
      Times the fourteen mechanisms. D and L are dot-product and linear self-attention; D.query.L feeds
      L's output to the query of D.
      """
    case .library:
      """
      Times the layers of Diagrams/Layers, on a batch where it is over 1. The context has as many positions
      as the tokens; axes that no option is about have the size 8.
      """
    }
  }

  /// Runs the command; returns its exit code.
  func run(
    _ arguments: some Sequence<String>, output: (String) -> Void, error report: (String) -> Void
  ) -> Int32 {
    guard let options = MechanismOptions(arguments) else {
      report(usage)
      return 64
    }
    let mechanisms = self.mechanisms
    for name in options.names ?? [] where !mechanisms.contains(where: { $0.name == name }) {
      let known = mechanisms.map(\.name).joined(separator: ", ")
      report("there is no mechanism '\(name)'; there are \(known)")
      return 64
    }
    output("mechanism,median_ms,min_ms")
    for mechanism in mechanisms where options.names?.contains(mechanism.name) ?? true {
      do throws(InterpretationError) {
        let diagram = try EvaluatedDiagram(batched(mechanism.function, options), options)
        let measurement = Measurement.repeated(mechanism.name, diagram.run)
        output(([mechanism.name] + measurement.fields.suffix(2)).joined(separator: ","))
      } catch {
        report("\(mechanism.name): \(error)")
        return 1
      }
    }
    return 0
  }

  /// A layer in lanes along the axis of batches, if there is one; its parameters are shared.
  private func batched(
    _ function: TensorDiagram, _ options: MechanismOptions
  ) throws(InterpretationError) -> TensorDiagram {
    guard self == .library, options.batch > 1 else { return function }
    return try function.batched(over: function.freshBatchAxis, inputs: Set(function.inputNames))
  }

  /// The mechanisms by name.
  private var mechanisms: [(name: String, function: TensorDiagram)] {
    switch self {
    case .attention:
      RecombinedMechanism.names.compactMap { name in
        RecombinedMechanism(name).flatMap { TextBesideLibrary($0.text).function("mechanism") }
          .map { (name, $0) }
      }
    case .library: Self.layers
    }
  }

  /// The diagrams of the library's files of layers that are layers.
  private static var layers: [(name: String, function: TensorDiagram)] {
    let library = LibraryFiles(libraries: [])
    let program = Program(
      paths: library.diagramPaths.filter { $0.hasSuffix("_layers.diagram") }, provider: library)
    return program.environment.definitions.compactMap { definition in
      guard definition.symbol.module.hasSuffix("_layers"),
        definition.symbol.name.hasSuffix("_layer")
      else { return nil }
      return (try? TensorDiagram(definition.diagram, in: program.environment)).map {
        (definition.symbol.name, $0)
      }
    }
  }
}
