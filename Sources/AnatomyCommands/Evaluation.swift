import DiagramIR
import Foundation
import Interchange
import TensorInterpretation
import TensorKernels

/// A real number type that array files hold.
protocol ArrayScalar: RealScalar {
  /// The elements of an array in this precision.
  static func tensor(_ array: NumericArray) -> Tensor<Self>
  /// A tensor as it is saved.
  static func array(_ tensor: Tensor<Self>) -> NumericArray
}

extension Float: ArrayScalar {
  static func tensor(_ array: NumericArray) -> Tensor<Float> { array.asFloat32 }
  static func array(_ tensor: Tensor<Float>) -> NumericArray { .float32(tensor) }
}

extension Double: ArrayScalar {
  static func tensor(_ array: NumericArray) -> Tensor<Double> { array.asFloat64 }
  static func array(_ tensor: Tensor<Double>) -> NumericArray { .float64(tensor) }
}

/// One evaluation: from the words of the command line to arrays and back.
struct Evaluation<Scalar: ArrayScalar> {
  private let definition: Definition
  private let workspace: Workspace
  private let arguments: Arguments
  private let function: TensorDiagram
  private let seed: UInt64
  private let hiddenUnits: Int
  /// The size of the batch's axis, where `--batch` gives it.
  private let batchSize: (axis: SizeVariable, size: Int)?

  init(
    _ definition: Definition, _ workspace: Workspace, _ arguments: Arguments
  ) throws(CommandFailure) {
    self.definition = definition
    self.workspace = workspace
    self.arguments = arguments
    seed = UInt64(try arguments.count("--seed") ?? 0)
    hiddenUnits = try arguments.count("--hidden") ?? 64
    let single = try Self.wording { () throws(InterpretationError) in
      try TensorDiagram(definition.diagram, in: workspace.environment)
    }
    if let batch = try Batch(arguments) {
      let (function, axis) = try batch.applied(to: single, named: definition.symbol.name)
      self.function = function
      batchSize = batch.size.map { (axis, $0) }
    } else {
      (function, batchSize) = (single, nil)
    }
  }

  /// Evaluates, and prints or saves what comes out.
  func run<Engine: EvaluationEngine>(
    _ console: Console, _ engine: Engine
  ) throws(CommandFailure) where Engine.Scalar == Scalar {
    try checkDestinations()
    let givenSizes = try sizes()
    let given = try givenInputs()
    let saved = try savedParameters()
    let shapes = given.map { $0?.shape }
    let (function, sizes) = try Self.wording { () throws(InterpretationError) in
      let instance = try self.function.instantiating(try self.function.shapes(inputs: shapes))
      let sizes = try instance.sizes(
        given: givenSizes, inputs: shapes, parameters: saved?.shapes ?? [:],
        hiddenUnits: hiddenUnits)
      try instance.checkLimits(
        sizes: sizes, hiddenUnits: hiddenUnits, laneLimit: Engine.laneLimit)
      return (instance, sizes)
    }
    let plan = try Self.wording { () throws(InterpretationError) in
      try engine.plan(function, sizes, hiddenUnits: hiddenUnits)
    }
    try checkMemory(engine.memorySize(plan))
    let parameters = try self.parameters(saved, function, sizes, console)
    let results = try Self.wording { () throws(InterpretationError) in
      var inputs: [Value<Scalar>] = []
      for (place, value) in given.enumerated() {
        if let value {
          inputs.append(value)
        } else {
          inputs.append(try function.randomInput(place, sizes: sizes, seed: seed))
        }
      }
      let setting = EvaluationSetting(environment: workspace.environment, parameters: parameters)
      return try engine.run(plan, inputs, setting)
    }
    try save(parameters)
    try deliver(results, console)
  }

  /// Refuses what this machine has no memory for, before anything is made.
  private func checkMemory(_ needed: Int) throws(CommandFailure) {
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed > limit else { return }
    throw .failure(
      "'\(definition.symbol.name)' takes \(Quantity(needed).text)B of memory at these sizes, more "
        + "than the \(Quantity(limit).text)B of this machine; give smaller sizes")
  }

  private static func wording<Result>(
    _ body: () throws(InterpretationError) -> Result
  ) throws(CommandFailure) -> Result {
    do { return try body() } catch {
      guard case .openSizes(let open) = error else { throw .failure("\(error)") }
      let words = open.map { "\($0.name)=N" }.joined(separator: " ")
      throw .failure("\(error); give --size \(words)")
    }
  }

  // MARK: What goes in

  private func sizes() throws(CommandFailure) -> [SizeVariable: Int] {
    var sizes = try arguments.sizes(of: function, named: definition.symbol.name)
    guard let batchSize else { return sizes }
    if let other = sizes[batchSize.axis], other != batchSize.size {
      throw .usage(
        "--size makes \(batchSize.axis.name) \(other), and --batch makes it \(batchSize.size)")
    }
    sizes[batchSize.axis] = batchSize.size
    return sizes
  }

  /// The arrays of the inputs, in order; `nil` for those to be drawn at random.
  private func givenInputs() throws(CommandFailure) -> [Value<Scalar>?] {
    let words = try arguments.assignments("--input")
    let names = function.inputNames
    for (name, _) in words where !names.contains(name) {
      let known = names.isEmpty ? "it has no inputs" : "it has \(names.joined(separator: ", "))"
      throw .failure("there is no input '\(name)' in '\(definition.symbol.name)'; \(known)")
    }
    var values: [Value<Scalar>?] = []
    for (place, name) in names.enumerated() {
      guard let word = words.first(where: { $0.name == name })?.value else {
        throw .failure(
          "input '\(name)' is missing: give --input \(name)=FILE.npy, or \(name)=random")
      }
      values.append(word == "random" ? nil : try value(of: name, at: place, word))
    }
    return values
  }

  private func value(
    of name: String, at place: Int, _ word: String
  ) throws(CommandFailure) -> Value<Scalar> {
    let array = try self.array(named: name, word)
    let type = function.diagram.domainTypes[place]
    guard case .array(.index, _) = type else { return .real(Scalar.tensor(array)) }
    guard let indices = array.asIndices else {
      throw .failure(
        "input '\(name)' has type \(type), whose entries are integers, and \(word) holds \(array.elementName)"
      )
    }
    return .index(indices)
  }

  private func array(named name: String, _ word: String) throws(CommandFailure) -> NumericArray {
    var (path, key) = (word, name)
    if !ArrayFile.isArrayFile(word), let colon = word.lastIndex(of: ":") {
      (path, key) = (String(word[..<colon]), String(word[word.index(after: colon)...]))
    }
    let file = try read(path)
    if let array = file[key] { return array }
    if file.arrays.count == 1, path == word, let only = file.arrays.first { return only.array }
    let known = file.arrays.map(\.name).sorted().joined(separator: ", ")
    throw .failure("\(path) has no array '\(key)' for input '\(name)'; it has \(known)")
  }

  private func read(_ path: String) throws(CommandFailure) -> ArrayFile {
    do { return try ArrayFile.read(path) } catch { throw .failure("\(error)") }
  }

  // MARK: Parameters

  private func savedParameters() throws(CommandFailure) -> Parameters<Scalar>? {
    guard let path = arguments.value("--parameters") else { return nil }
    var parameters = Parameters<Scalar>()
    for item in try read(path).arrays { parameters[item.name] = Scalar.tensor(item.array) }
    return parameters
  }

  private func parameters(
    _ saved: Parameters<Scalar>?, _ function: TensorDiagram, _ sizes: [SizeVariable: Int],
    _ console: Console
  ) throws(CommandFailure) -> Parameters<Scalar> {
    try Self.wording { () throws(InterpretationError) in
      let declarations = try function.parameterList(hiddenUnits: hiddenUnits)
      guard let saved else {
        if !declarations.isEmpty { console.note("parameters: drawn at random from seed \(seed)") }
        return try Parameters(random: declarations, sizes: sizes, seed: seed)
      }
      let superfluous = saved.superfluous(for: declarations)
      if !superfluous.isEmpty {
        console.note("parameters: not used: \(superfluous.joined(separator: ", "))")
      }
      return saved
    }
  }

  private func save(_ parameters: Parameters<Scalar>) throws(CommandFailure) {
    guard let path = arguments.value("--parameters-out") else { return }
    let arrays = parameters.keys.compactMap { key in
      parameters[key].map { NamedArray(name: key, array: Scalar.array($0)) }
    }
    do { try ArrayFile(arrays: arrays).write(to: path) } catch { throw .failure("\(error)") }
  }

  // MARK: What comes out

  /// Finds out before anything is computed whether the results can be saved.
  private func checkDestinations() throws(CommandFailure) {
    for option in ["--output", "--parameters-out"] {
      guard let path = arguments.value(option) else { continue }
      guard ArrayFile.isArrayFile(path) else {
        throw .usage(
          "\(option) takes a file ending in .npy, .npz or .safetensors, and not '\(path)'")
      }
      let isSingle = path.lowercased().hasSuffix(".npy")
      if isSingle && (option == "--parameters-out" || definition.diagram.codomain.count != 1) {
        throw .usage("\(option): an .npy file holds one array; use .npz or .safetensors")
      }
    }
    try arguments.checkDestinations("--output", "--parameters-out")
  }

  private func name(ofResult place: Int) -> String {
    let name = place < definition.resultNames.count ? definition.resultNames[place] : ""
    if !name.isEmpty { return name }
    return definition.diagram.codomain.count == 1 ? "result" : "result\(place)"
  }

  private func deliver(_ results: [Value<Scalar>], _ console: Console) throws(CommandFailure) {
    if let path = arguments.value("--output") {
      let isSingle = path.lowercased().hasSuffix(".npy")
      let arrays = results.enumerated().map { place, value in
        NamedArray(name: isSingle ? "" : name(ofResult: place), array: Self.array(value))
      }
      do { try ArrayFile(arrays: arrays).write(to: path) } catch { throw .failure("\(error)") }
      for (place, value) in results.enumerated() {
        console.note("\(path): \(name(ofResult: place)) \(value.shape)")
      }
    } else if arguments.has("--json") {
      console.writeLine(JSONValue.array(results.enumerated().map(json)).compactText)
    } else {
      for (place, value) in results.enumerated() {
        let array = Self.array(value)
        console.write("\(name(ofResult: place)) \(value.shape) \(array.elementName)\n")
        console.write(ArrayExcerpt(array).text)
      }
    }
  }

  private func json(_ place: Int, _ value: Value<Scalar>) -> JSONValue {
    let elements = Self.array(value).asFloat64.elements.map { element in
      JSONDecimal(element).map(JSONValue.decimal) ?? .string("\(element)")
    }
    return .object([
      "name": .string(name(ofResult: place)),
      "shape": .array(value.shape.sizes.map(JSONValue.integer)),
      "elements": .array(elements),
    ])
  }

  private static func array(_ value: Value<Scalar>) -> NumericArray {
    switch value {
    case .real(let tensor): Scalar.array(tensor)
    case .index(let tensor): .int64(tensor)
    }
  }
}
