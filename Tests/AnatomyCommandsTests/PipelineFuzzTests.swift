import DiagramIR
import DiagramText
import Foundation
import Rewriting
import TensorInterpretation
import TensorKernels
import Testing

/// Random changes of the library through everything: check, show, digest, rewrite, verify, evaluate. Nothing may trap,
/// and what is sound must stay sound.
struct PipelineFuzzTests {
  static let count =
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_COUNT"].flatMap(Int.init) ?? 1500
  static let seed =
    ProcessInfo.processInfo.environment["ANATOMY_FUZZ_SEED"].flatMap(UInt64.init) ?? 77

  /// How often each part of the pipeline was reached.
  struct Reached: Equatable {
    var programs = 0
    var faulty = 0
    var diagrams = 0
    var steps = 0
    var derivations = 0
    var results = 0
  }

  @Test("random changes of the library never trap, and sound diagrams stay sound all the way")
  func pipeline() throws {
    print("pipeline fuzz: ANATOMY_FUZZ_SEED=\(Self.seed) ANATOMY_FUZZ_COUNT=\(Self.count)")
    var sources = FuzzedSources(seed: Self.seed)
    var reached = Reached()
    for index in 0..<Self.count {
      let text = sources.next()
      let pipeline = Pipeline(text, seed: Self.seed &+ UInt64(index))
      let problems = pipeline.run(&reached)
      #expect(
        problems == [],
        "seed \(Self.seed), case \(index):\n\(String(decoding: text, as: UTF8.self))")
      if !problems.isEmpty { break }
    }
    print("pipeline fuzz: \(reached)")
    // The changes are neither all harmless nor all fatal.
    #expect(reached.programs == Self.count && reached.faulty > Self.count / 5)
    #expect(reached.diagrams > Self.count / 20 && reached.results > Self.count / 40)
    #expect(reached.steps > 0)
  }

  @Test("the commands don't trap either")
  func commands() throws {
    let folder = try TemporaryFolder()
    var sources = FuzzedSources(seed: Self.seed ^ 0x5eed)
    var codes: [Int32: Int] = [:]
    for _ in 0..<max(40, Self.count / 40) {
      let path = try folder.write("fuzz.diagram", bytes: sources.next())
      let names = diagramNames(in: path) + ["f"]
      let runs = [
        ["check", path, "--json"], ["format", "--check", path], ["verify", path],
        ["verify", "--rules", path], ["show", path, names[0]],
        ["rewrite", path, names[0], "--rules", path, "--steps", "2"],
        ["evaluate", path, names[0], "--input", "x=random", "--size", "n=2"],
      ]
      for words in runs { codes[Tool.run(words).code.rawValue, default: 0] += 1 }
    }
    #expect((codes[0] ?? 0) > 0 && (codes[1] ?? 0) > 0)
    #expect(Set(codes.keys).isSubset(of: [0, 1]), "\(codes)")
  }

  @Test("a broken pipeline would be noticed")
  func otherwise() {
    var reached = Reached()
    let sound = Pipeline(Array("diagram f(x: [n]) -> [n] { softmax(neg[n](x)) }".utf8), seed: 1)
    #expect(sound.run(&reached) == [])
    #expect(reached == Reached(programs: 1, diagrams: 1, results: 1))
    #expect(sound.problems(replacing: "softmax", by: "normalize") != [])
    #expect(sound.problems(replacing: "softmax", by: "nothing") != [])
  }
}

/// One text through everything.
struct Pipeline {
  private let program: Program
  private let seed: UInt64
  private let text: String

  init(_ bytes: [UInt8], seed: UInt64) {
    self.seed = seed
    text = String(decoding: bytes, as: UTF8.self)
    program = Program(paths: [FuzzFiles.path], provider: FuzzFiles(bytes))
  }

  /// What shouldn't be.
  func run(_ reached: inout PipelineFuzzTests.Reached) -> [String] {
    reached.programs += 1
    if program.hasErrors { reached.faulty += 1 }
    let own = program.environment.definitions.filter { $0.symbol.module == FuzzFiles.module }
    var problems: [String] = []
    for definition in own {
      reached.diagrams += 1
      problems += check(definition.diagram, "\(definition.symbol.name) as it is read")
      problems += rewrite(definition, &reached)
      evaluate(definition, &reached)
    }
    for derivation in program.environment.derivations
    where derivation.symbol.module == FuzzFiles.module {
      if (try? DerivationChecker(program.environment).check(derivation)) != nil {
        reached.derivations += 1
      }
    }
    let declares = program.environment.boxes.contains { $0.symbol.module == FuzzFiles.module }
    return problems + (declares || program.hasErrors ? [] : printed(own))
  }

  private func check(_ diagram: Diagram, _ what: String) -> [String] {
    do { try program.environment.verify(diagram) } catch { return ["\(what): \(error)"] }
    return []
  }

  /// The printed text stands for the same diagrams.
  private func printed(_ definitions: [Definition]) -> [String] {
    let printer = DiagramPrinter(
      environment: program.environment,
      spelling: { program.spelling(of: $0, in: FuzzFiles.path) })
    var texts = program.files.filter(\.isRoot).flatMap(\.imports).map { "import \($0)\n" }
    for definition in definitions {
      do { texts.append(try printer.print(definition)) } catch {
        return ["\(definition.symbol.name) isn't printed: \(error)"]
      }
    }
    return differences(from: definitions, texts.joined())
  }

  private func differences(from definitions: [Definition], _ text: String) -> [String] {
    let again = Program(paths: [FuzzFiles.path], provider: FuzzFiles(Array(text.utf8)))
    let faults = again.files.flatMap(\.diagnostics).map(\.message)
    guard faults.isEmpty else { return faults + [text] }
    return definitions.compactMap { definition in
      let found = again.environment.definition(definition.symbol)
      let isSame = found?.diagram.digest() == definition.diagram.digest()
      return isSame ? nil : "\(definition.symbol.name) is printed as another diagram:\n\(text)"
    }
  }

  /// The problems that a text with other words would show as the print of this one.
  func problems(replacing word: String, by other: String) -> [String] {
    differences(
      from: program.environment.definitions.filter { $0.symbol.module == FuzzFiles.module },
      text.replacingOccurrences(of: word, with: other))
  }

  private func rewrite(
    _ definition: Definition, _ reached: inout PipelineFuzzTests.Reached
  ) -> [String] {
    let environment = program.environment
    let rules = environment.rules.filter { $0.relation == .equal }
    let own = rules.filter { $0.symbol.module == FuzzFiles.module } + rules.prefix(4)
    let laws = own.map { Law.rule($0.symbol) } + [.share, .discard]
    var problems: [String] = []
    for law in laws {
      guard
        let result = try? Rewriter(environment).rewrite(definition.diagram, by: [law], .steps(1))
      else { continue }
      reached.steps += result.steps.count
      problems += check(result.diagram, "\(definition.symbol.name) after \(law)")
    }
    if let unfolded = try? environment.unfoldingAll(definition.diagram) {
      problems += check(unfolded, "\(definition.symbol.name) unfolded")
    }
    return problems
  }

  private func evaluate(_ definition: Definition, _ reached: inout PipelineFuzzTests.Reached) {
    guard let function = try? TensorDiagram(definition.diagram, in: program.environment) else {
      return
    }
    var random = SplitMix64(seed: seed)
    var sizes: [SizeVariable: Int] = [:]
    for variable in function.sizeVariables { sizes[variable] = random.below(3) }
    do {
      let unknown = [Shape?](repeating: nil, count: function.inputNames.count)
      let instance = try function.instantiating(
        Dictionary(uniqueKeysWithValues: function.diagram.shapeVariables.map { ($0, [2]) }))
      let solved = try instance.sizes(given: sizes, inputs: unknown, hiddenUnits: 2)
      let parameters = try Parameters<Double>(
        random: try instance.parameterList(hiddenUnits: 2), sizes: solved, seed: seed)
      let interpreter = Interpreter<Double>(
        environment: program.environment, sizes: solved, parameters: parameters, hiddenUnits: 2,
        elementLimit: 10_000)
      _ = try interpreter.run(
        instance, inputs: try instance.randomInputs(sizes: solved, seed: seed))
      reached.results += 1
    } catch {
      #expect(!"\(error)".isEmpty)
    }
  }
}

/// The text under test, the library, and a short tensor theory: reading the whole one would take most of the time.
struct FuzzFiles: FileProvider {
  static let path = "fuzz.diagram"
  static let module = "fuzz"

  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The boxes of the tensor theory, and the diagrams that most declarations of the library use.
  private static let tensorTheory: String = {
    let diagrams: Set = [
      "dot", "weighted_sum", "matmul", "matvec", "scale", "row_sums", "normalize", "softmax",
    ]
    let text = Repository.text("\(Repository.root)/Rules/tensor.rules")
    return FuzzedSources.declarations(in: text).filter { declaration in
      let name = declaration.dropFirst("diagram ".count).prefix { $0 != "(" }
      return !declaration.hasPrefix("diagram ") || diagrams.contains(String(name))
    }.joined(separator: "\n")
  }()

  private static let library: [String: [UInt8]] = {
    var files: [String: [UInt8]] = [:]
    for path in Repository.library {
      let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
      files[name] = Repository.bytes(path)
    }
    files["tensor"] = Array(tensorTheory.utf8)
    return files
  }()

  func read(_ path: String) -> [UInt8]? { path == Self.path ? bytes : Self.library[path] }

  func locate(import name: String, from path: String) -> String? {
    Self.library[name] == nil ? nil : name
  }

  func identity(of path: String) -> String { path }
}
