import DiagramIR
import DiagramText
import Foundation
import TensorInterpretation
import TensorKernels
import Testing

/// The library's files, and one more that a test writes.
struct Library: FileProvider {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of the file `test.diagram`.
  var text = ""

  func read(_ path: String) -> [UInt8]? {
    if path == "test.diagram" { return Array(text.utf8) }
    return (try? Data(contentsOf: Self.root.appending(path: path))).map { Array($0) }
  }

  func locate(import name: String, from path: String) -> String? {
    Self.pathsByName[name]
  }

  /// The first file of each name.
  private static let pathsByName = Dictionary(
    paths.map { (URL(filePath: $0).deletingPathExtension().lastPathComponent, $0) },
    uniquingKeysWith: { first, _ in first })

  func identity(of path: String) -> String { path }

  /// Every rule and diagram file, relative to the repository, sorted.
  static let paths: [String] = {
    let folders = ["Rules"] + files(in: "Diagrams")
    return folders.flatMap { $0.hasSuffix(".diagram") ? [$0] : files(in: $0) }
  }()

  private static func files(in folder: String) -> [String] {
    let path = root.appending(path: folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
  }

  /// All files together.
  static let program = Program(paths: paths, provider: Library())
}

/// A diagram file in memory that imports the tensor theory.
struct Source {
  let program: Program

  init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    program = Program(
      paths: ["test.diagram"], provider: Library(text: "import tensor\n\(text)\n"))
    let faults = program.files.flatMap(\.diagnostics).map(\.message)
    #expect(faults == [], sourceLocation: sourceLocation)
  }

  var environment: Environment { program.environment }

  func definition(_ name: String = "f") throws -> Definition {
    try #require(program.definition(name, in: "test.diagram"))
  }

  func function(_ name: String = "f") throws -> TensorDiagram {
    try TensorDiagram(definition(name).diagram, in: environment)
  }

  /// The results of the diagram `f`.
  func run(
    _ inputs: Value<Double>..., sizes: [String: Int] = [:],
    parameters: [String: Tensor<Double>] = [:], hiddenUnits: Int = 64,
    elementLimit: Int = Shape.largestElementCount
  ) throws -> [Value<Double>] {
    var interpreter = Interpreter<Double>(
      environment: environment, sizes: sized(sizes), hiddenUnits: hiddenUnits,
      elementLimit: elementLimit)
    for (key, array) in parameters.sorted(by: { $0.key < $1.key }) {
      interpreter.parameters[key] = array
    }
    return try interpreter.run(definition(), inputs: inputs)
  }
}

func sized(_ sizes: [String: Int]) -> [SizeVariable: Int] {
  Dictionary(uniqueKeysWithValues: sizes.map { (SizeVariable($0.key), $0.value) })
}

/// A real value of this shape.
func real(_ sizes: [Int], _ elements: [Double]) throws -> Value<Double> {
  .real(try Tensor(sizes, elements))
}

/// A real value that counts from zero.
func ramp(_ sizes: Int...) throws -> Value<Double> {
  try real(sizes, (0..<sizes.reduce(1, *)).map(Double.init))
}

func index(_ sizes: [Int], _ elements: [Int]) throws -> Value<Double> {
  .index(try Tensor(sizes, elements))
}

/// Checks that a body throws an error whose wording is this.
func expectError<Result>(
  _ wording: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Result
) {
  do {
    _ = try body()
    Issue.record("expected: \(wording)", sourceLocation: sourceLocation)
  } catch {
    #expect("\(error)" == wording, sourceLocation: sourceLocation)
  }
}
