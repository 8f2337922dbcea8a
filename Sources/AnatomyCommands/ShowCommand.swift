import DiagramIR
import Drawing
import Interchange
import TensorInterpretation

/// `anatomy show`: prints one diagram in one of its forms.
enum ShowCommand: Command {
  static let name = "show"
  static let usage = "FILE NAME [--as text|dot|json|digest|cost] [--unfold all|NAME,…] [-o OUT]"
  static let summary = "prints one diagram as text, graph, JSON or digest, or what it costs"
  static let discussion = """
    text is a file of the language that stands for itself; dot is for Graphviz; json is read back by every
    command that takes a diagram file; digest is a hash that isomorphic diagrams share, whatever names and
    order their files use. cost is what evaluating the diagram takes, as polynomials in its sizes: parameters,
    products with the additions that follow them, numbers read by folds, other functions of numbers, numbers
    held at once, and numbers kept of the past while tokens are generated one by one.
    """
  static let example =
    "show Diagrams/Attention/dot_product_attention.diagram self_attention --as dot -o attention.dot"
  static let options: [Option] = [
    .one("--as", "FORM", "text, dot, json, digest or cost (text)"),
    .several(
      "--unfold", "NAME,…", "replace uses of these diagrams, or of all, by what they stand for"),
    .flag("--left-to-right", "draw from left to right instead of top to bottom"),
    .one("--along", "SIZE", "for cost: the axis of the tokens (the first axis of the result)"),
    .one("--hidden", "N", "for cost: units in the hidden layer of learn boxes (64)"),
    .one("-o", "OUT", "write to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    let form = arguments.value("--as") ?? "text"
    guard ["text", "dot", "json", "digest", "cost"].contains(form) else {
      throw .usage("--as takes text, dot, json, digest or cost, and not '\(form)'")
    }
    let workspace = try Workspace([path], arguments, console)
    let original = try workspace.definition(name, in: path)
    let definition = try unfolded(original, arguments, workspace, path)
    let text: String
    switch form {
    case "dot":
      text = DOTDrawing(leftToRight: arguments.has("--left-to-right")).draw(
        definition.diagram, name: name)
    case "json": text = DiagramJSON.encode(definition, environment: workspace.environment)
    case "digest": text = "\(definition.diagram.digest())\n"
    case "cost": text = try cost(of: definition, arguments, workspace).text
    default:
      text = try StandaloneText(workspace, path: path, place: arguments.value("-o"))
        .file([definition])
    }
    try arguments.deliver(text, console)
    return .success
  }

  private static func cost(
    of definition: Definition, _ arguments: Arguments, _ workspace: Workspace
  ) throws(CommandFailure) -> CostReport {
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

  private static func unfolded(
    _ definition: Definition, _ arguments: Arguments, _ workspace: Workspace, _ path: String
  ) throws(CommandFailure) -> Definition {
    let names = arguments.list("--unfold")
    guard !names.isEmpty else { return definition }
    do {
      if names.contains("all") {
        return definition.with(try workspace.environment.unfoldingAll(definition.diagram))
      }
      var symbols: Set<Symbol> = []
      for name in names { symbols.insert(try workspace.definition(name, in: path).symbol) }
      let diagram = try workspace.environment.unfolding(definition.diagram) { _, use in
        symbols.contains(use.definition)
      }
      return definition.with(diagram)
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw .failure("\(error)")
    }
  }
}

extension Definition {
  /// The same name and interface for another diagram.
  func with(_ diagram: Diagram, named name: String? = nil) -> Definition {
    let symbol = Symbol(module: symbol.module, name: name ?? symbol.name)
    return Definition(
      symbol: symbol, diagram: diagram, resultNames: resultNames, sizeOrder: sizes)
  }
}
