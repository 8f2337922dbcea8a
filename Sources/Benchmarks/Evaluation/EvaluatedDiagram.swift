import AnatomyCommands
import DiagramIR
import DiagramText
import TensorInterpretation
import TensorKernels

/// A diagram with random arrays, ready to be evaluated again and again by the fast engine.
struct EvaluatedDiagram {
  let evaluator: FastEvaluator
  let inputs: [Value<Float>]

  /// Plans a diagram at the sizes given; draws inputs and parameters at random.
  ///
  /// - Throws: `InterpretationError`.
  init(
    _ function: TensorDiagram, sizes: [String: Int], threads: Int
  ) throws(InterpretationError) {
    let sizes = Dictionary(uniqueKeysWithValues: sizes.map { (SizeVariable($0), $1) })
    let parameters = try Parameters<Float>(
      random: try function.parameterList(), sizes: sizes, seed: 0)
    inputs = try function.randomInputs(sizes: sizes, seed: 0)
    evaluator = try FastEvaluator(
      try FastPlan(function, sizes: sizes), parameters: parameters, workers: Workers(threads))
  }

  /// Plans a diagram at the sizes of the options.
  ///
  /// - Throws: `InterpretationError`.
  init(_ function: TensorDiagram, _ options: MechanismOptions) throws(InterpretationError) {
    let sizes = function.sizeVariables.map { ($0.name, options.size($0.name)) }
    try self.init(
      function, sizes: Dictionary(uniqueKeysWithValues: sizes), threads: options.threads)
  }

  /// Evaluates it once; returns how many elements the results have.
  func run() -> Int {
    guard let results = try? evaluator.run(inputs) else { return 0 }
    return results.reduce(0) { $0 + $1.shape.elementCount }
  }
}

/// A text in the language beside the standard library.
package struct TextBesideLibrary: FileProvider {
  static let path = "benchmark.diagram"

  private let text: String
  private let library = LibraryFiles(libraries: [])

  package init(_ text: String) { self.text = text }

  package func read(_ path: String) -> [UInt8]? {
    path == Self.path ? Array(text.utf8) : library.read(path)
  }

  package func locate(import name: String, from path: String) -> String? {
    library.locate(inLibrary: name)
  }

  package func locate(inLibrary name: String) -> String? { library.locate(inLibrary: name) }

  package func identity(of path: String) -> String {
    path == Self.path ? path : library.identity(of: path)
  }

  /// A diagram of the text; `nil` when the text has none of that name, or is wrong.
  package func function(_ name: String) -> TensorDiagram? {
    let program = Program(paths: [Self.path], provider: self)
    guard !program.hasErrors, let definition = program.definition(name, in: Self.path) else {
      return nil
    }
    return try? TensorDiagram(definition.diagram, in: program.environment)
  }
}
