import Diagnostics
import DiagramIR
import DiagramText
import Rewriting
import Taxonomies
import TensorInterpretation

/// An enumeration's terms as diagrams.
struct Recombination {
  private let enumeration: Enumeration
  private let path: String
  private let workspace: Workspace
  private let files: LibraryFiles
  private let host: Definition
  private let signature: TermSignature

  init(
    _ enumeration: Enumeration, _ path: String, _ workspace: Workspace, _ arguments: Arguments
  ) throws(CommandFailure) {
    self.enumeration = enumeration
    self.path = path
    self.workspace = workspace
    files = LibraryFiles(libraries: arguments.values("--library"))
    guard let host = workspace.environment.definition(enumeration.host) else {
      throw .failure("there is no diagram '\(enumeration.host)'")
    }
    self.host = host
    let generators = enumeration.generators.compactMap { generator in
      workspace.environment.box(generator.box).flatMap { box in
        box.codomain.first.map { TermSignature.Generator(box.symbol, box.domain, $0) }
      }
    }
    signature = TermSignature(
      generators, variables: enumeration.variables.map { ($0.name, $0.type) })
  }

  /// The mechanisms, in the order of their terms.
  func mechanisms(boxes: Int, limit: Int) throws(CommandFailure) -> [Mechanism] {
    let terms: [Term]
    do {
      terms = try TermEnumeration(
        signature, goal: enumeration.goal, laws: enumeration.laws, in: workspace.environment,
        limit: limit
      ).terms(boxes: boxes)
    } catch { throw .failure("\(enumeration.symbol.name): \(error)") }
    let program = try program(terms)
    let identity = MechanismIdentity(program.environment)
    let known = MechanismNames(
      workspace.environment.definitions.filter {
        $0.diagram.domainTypes.count == host.diagram.domain.count
      }, identity: MechanismIdentity(workspace.environment))
    var mechanisms: [Mechanism] = []
    for (number, term) in terms.enumerated() {
      mechanisms.append(try mechanism(term, number, program, identity, known))
    }
    return mechanisms
  }

  private func mechanism(
    _ term: Term, _ number: Int, _ program: Program, _ identity: MechanismIdentity,
    _ known: MechanismNames
  ) throws(CommandFailure) -> Mechanism {
    let text = term.text(in: signature)
    guard let core = program.definition(coreName(number), in: path) else {
      throw .failure("\(text) can't be read as a diagram")
    }
    do {
      let step = DerivationStep.specialise(
        label: enumeration.label, to: core.symbol, sizes: [])
      let rewriter = Rewriter(program.environment)
      var diagram = try rewriter.outcome(of: step, from: host.diagram).diagram
      diagram = try program.environment.unfolding(diagram) { _, use in
        use.definition == core.symbol
      }
      let definition = Definition(
        symbol: Symbol(module: host.symbol.module, name: "M\(number)"), diagram: diagram,
        resultNames: host.resultNames)
      let function = try TensorDiagram(diagram, in: program.environment)
      return Mechanism(
        definition: definition, term: text, kind: kind(of: term),
        parameters: try DiagramCost(function).parameters,
        names: known[try identity.digest(of: diagram)].map(\.name))
    } catch { throw .failure("\(text): \(error)") }
  }

  /// The class of the generators in a term: the one that all have, or `both`.
  private func kind(of term: Term) -> String {
    var kinds: [String] = []
    for case .generator(let number) in term.symbols {
      let kind = enumeration.generators[number].kind
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds.count == 1 ? kinds[0] : "both"
  }

  // MARK: Reading terms

  private func coreName(_ number: Int) -> String { "\(enumeration.symbol.name)_term_\(number)" }

  /// The enumeration's file with a diagram for each term, of the type of the learned box whose place it takes.
  ///
  /// A term is read as the file itself would read it: that finds sizes, and gives each use of a learned box a label.
  private func program(_ terms: [Term]) throws(CommandFailure) -> Program {
    guard let function = LearnedInterface(of: enumeration.label, in: host.diagram) else {
      throw .failure(
        "'\(host.symbol.name)' has no learned box '\(enumeration.label)' for the terms of '\(enumeration.symbol.name)'"
      )
    }
    guard function.domain.count == enumeration.variables.count else {
      throw .failure(
        "'\(enumeration.label)' has \(function.domain.count) inputs, and terms have \(enumeration.variables.count) variables"
      )
    }
    let parameters = zip(enumeration.variables, function.domain).map { "\($0.name): \($1)" }
      .joined(separator: ", ")
    let results = function.codomain.map(\.description).joined(separator: ", ")
    var text = String(decoding: files.read(path) ?? [], as: UTF8.self) + "\n"
    for (number, term) in terms.enumerated() {
      let body = term.text(in: signature, name: meaning)
      text += "diagram \(coreName(number))(\(parameters)) -> \(results) { \(body) }\n"
    }
    let program = Program(
      paths: [path], provider: ExtendedFiles(files: files, path: path, text: Array(text.utf8)))
    if let fault = program.file(path)?.diagnostics.first {
      throw .failure("a term can't be read as a diagram: \(fault.message)")
    }
    return program
  }

  /// How the file calls the diagram that a generator stands for. Sizes that its arguments don't determine become sizes
  /// of the term, under the same names.
  private func meaning(_ box: Symbol) -> String {
    guard let generator = enumeration.generators.first(where: { $0.box == box }),
      let definition = workspace.environment.definition(generator.meaning)
    else { return box.name }
    let given = Set(definition.diagram.domainTypes.flatMap(\.sizeVariables))
    let open = definition.sizes.filter { size in
      !given.contains(size) && !definition.openSizes.contains(size)
    }
    let name = workspace.spelling(of: generator.meaning, in: path)
    let sizes = open.map { "\($0.name) = \($0.name)" }.joined(separator: ", ")
    return open.isEmpty ? name : "\(name)<\(sizes)>"
  }
}

/// The type of a learned box.
private struct LearnedInterface {
  let domain: [WireType]
  let codomain: [WireType]

  init?(of label: String, in diagram: Diagram) {
    let box = (0..<diagram.boxCount).map { BoxID($0) }.first {
      if case .learned(let box) = diagram.operation(of: $0) { box.label == label } else { false }
    }
    guard let box else { return nil }
    (domain, codomain) = diagram.portTypes(of: box)
  }
}

/// Files of which one has another text.
private struct ExtendedFiles: FileProvider {
  let files: LibraryFiles
  let path: String
  let text: [UInt8]

  func read(_ path: String) -> [UInt8]? { path == self.path ? text : files.read(path) }

  func locate(import name: String, from path: String) -> String? {
    files.locate(import: name, from: path)
  }

  func identity(of path: String) -> String { files.identity(of: path) }
}
