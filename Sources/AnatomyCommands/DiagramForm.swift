import DiagramIR
import Drawing
import Interchange
import Rewriting
import TensorInterpretation

/// A form in which `anatomy show` prints diagrams.
struct DiagramForm {
  /// The forms by the names that `--as` takes.
  enum Kind: String, CaseIterable {
    case text, dot, svg, html, tikz, json, digest, cost, plan

    /// The names, as people list them.
    static var words: String {
      let names = allCases.map(\.rawValue)
      return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    /// How names of files of this form end; none where any name will do.
    var endings: [String] {
      switch self {
      case .text: ["diagram"]
      case .dot: ["dot", "gv"]
      case .svg: ["svg"]
      case .html: ["html", "htm"]
      case .tikz: ["tikz", "tex"]
      case .json: ["json"]
      case .digest, .cost, .plan: []
      }
    }

    /// Whether a file of this form is a text for people, which can have any name that says nothing else.
    var isPlain: Bool { self == .text || endings.isEmpty }
  }

  /// The options that say something about some forms only, with these forms and what they are for.
  private static let particular: [(option: String, kinds: [Kind], use: String)] = [
    ("--left-to-right", [.dot, .svg, .html, .tikz], "says which way a picture runs"),
    ("--along", [.cost], "names the axis of the tokens"),
    ("--hidden", [.cost, .plan], "says how large the hidden layer of learn boxes is"),
    ("--size", [.plan], "gives the sizes at which a diagram is planned"),
    ("--explain", [.plan], "says which laws made a plan cheaper"),
    ("--json", [.plan], "prints a plan as data; a diagram as data is --as json"),
  ]

  let kind: Kind
  private let arguments: Arguments
  private let workspace: Workspace
  private let texts: StandaloneText
  private let pictures: PictureForm

  /// Whether the form draws unfolded diagrams in frames.
  var isPicture: Bool { kind == .svg || kind == .html || kind == .tikz }

  /// The form that the options ask for, with the names that the file at a path uses.
  init(
    _ arguments: Arguments, _ workspace: Workspace, path: String
  ) throws(CommandFailure) {
    let name = arguments.value("--as") ?? Kind.text.rawValue
    guard let kind = Kind(rawValue: name) else {
      throw .usage("--as takes \(Kind.words), and not '\(name)'")
    }
    try Self.check(arguments, for: kind)
    try Self.checkEnding(arguments, for: kind)
    (self.kind, self.arguments, self.workspace) = (kind, arguments, workspace)
    pictures = try PictureForm(arguments, workspace, path: path)
    texts = StandaloneText(workspace, path: path, place: arguments.value("-o"))
  }

  /// Refuses options that would change nothing.
  private static func check(_ arguments: Arguments, for kind: Kind) throws(CommandFailure) {
    for (option, kinds, use) in particular where arguments.has(option) && !kinds.contains(kind) {
      let names = kinds.map(\.rawValue)
      let list =
        names.count > 1
        ? names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "") : names.joined()
      throw .usage("\(option) \(use); it goes with --as \(list), and not with \(kind.rawValue)")
    }
    let unfolded = arguments.list("--unfold")
    guard unfolded.count < 2 || !unfolded.contains("all") else {
      throw .usage("--unfold all unfolds every diagram; leave out the names beside it")
    }
  }

  /// Refuses a file whose name says that something else is in it.
  private static func checkEnding(
    _ arguments: Arguments, for kind: Kind
  ) throws(CommandFailure) {
    let data = kind == .plan && arguments.has("--json") ? Kind.json.endings : []
    try arguments.checkEnding(
      WrittenForm(
        writer: "--as \(kind.rawValue)", endings: kind.endings + data, isPlain: kind.isPlain,
        advice: { ending in
          if let other = Kind.allCases.first(where: { $0.endings.contains(ending.text) }) {
            return ", which is --as \(other.rawValue)"
          }
          let known = FileEnding.list(Kind.allCases.flatMap(\.endings))
          return "; the endings that say a form are \(known)"
        }))
  }

  /// One diagram.
  func text(_ definition: Definition) throws(CommandFailure) -> String {
    kind == .text ? try texts.file([definition]) : try part(definition)
  }

  /// Several diagrams, one after the other, each with what is said about it: text is one file, dot is one graph after
  /// the other, json is one array, and the others have a line in front of each diagram.
  func text(
    _ stages: [(definition: Definition, caption: String)]
  ) throws(CommandFailure) -> String {
    guard kind != .json else {
      return JSONValue.array(stages.map { json($0.definition, $0.caption) }).indentedText
    }
    let mark = kind == .dot ? "//" : kind == .tikz ? "%" : "#"
    var parts =
      kind == .text ? [try texts.declarations(for: stages.map(\.definition))] : []
    for stage in stages {
      parts.append("\(mark) \(stage.caption)\n" + (try part(stage.definition)))
    }
    return parts.filter { !$0.isEmpty }.joined(separator: kind == .digest ? "" : "\n")
  }

  /// The steps of a derivation, when the form is one in which each stands with what was before it.
  func text(
    _ steps: [DerivationReport.Step], of name: String
  ) throws(CommandFailure) -> String? {
    kind == .svg || kind == .html
      ? try pictures.sequence(steps, title: name, isPage: kind == .html) : nil
  }

  private func part(_ definition: Definition) throws(CommandFailure) -> String {
    switch kind {
    case .text: try texts.text(definition)
    case .dot:
      DOTDrawing(leftToRight: arguments.has("--left-to-right")).draw(
        definition.diagram, name: definition.symbol.name)
    case .svg: try pictures.svg(definition)
    case .html: try pictures.html(definition)
    case .tikz: try pictures.tikz(definition)
    case .json: DiagramJSON.encode(definition, environment: workspace.environment)
    case .digest: "\(definition.diagram.digest())\n"
    case .cost: try cost(of: definition).text
    case .plan: try plan(of: definition)
    }
  }

  private func json(_ definition: Definition, _ caption: String) -> JSONValue {
    .object([
      "step": .string(caption),
      "diagram": DiagramJSON.value(of: definition, environment: workspace.environment),
    ])
  }

  private func cost(of definition: Definition) throws(CommandFailure) -> CostReport {
    var tokens: Size?
    if let name = arguments.value("--along") {
      guard definition.diagram.sizeVariables.contains(SizeVariable(name)) else {
        throw .failure("\(definition.symbol.name) has no size '\(name)'")
      }
      tokens = Size(name)
    }
    do {
      let function = try TensorDiagram(definition.diagram, in: workspace.environment)
      return CostReport(
        cost: try DiagramCost(
          function, hiddenUnits: try arguments.count("--hidden") ?? 64, tokens: tokens))
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw .failure("\(definition.symbol.name): \(error)")
    }
  }

  private func plan(of definition: Definition) throws(CommandFailure) -> String {
    let name = definition.symbol.name
    do {
      let function = try TensorDiagram(definition.diagram, in: workspace.environment)
      let given = try arguments.sizes(of: function, named: name)
      let hidden = try arguments.count("--hidden") ?? 64
      let sizes = try function.sizes(
        given: given, inputs: function.diagram.domain.map { _ in nil }, hiddenUnits: hidden)
      let plan = try FastPlan(function, sizes: sizes, hiddenUnits: hidden)
      let report = PlanReport(name: name, sizes: sizes, summary: plan.summary)
      if arguments.has("--json") { return report.json.indentedText }
      return report.text + (arguments.has("--explain") ? "\n\(report.explanation)" : "")
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw .failure("\(name): \(error)" + Self.advice(for: error))
    }
  }

  private static func advice(for error: any Error) -> String {
    guard case InterpretationError.openSizes(let open) = error else { return "" }
    return "; give --size " + open.map { "\($0.name)=N" }.joined(separator: " ")
  }
}
