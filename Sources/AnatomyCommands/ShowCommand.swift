import DiagramIR
import Drawing
import Interchange

/// `anatomy show`: prints one diagram in one of its forms.
enum ShowCommand: Command {
  static let name = "show"
  static let usage = "FILE NAME [--as text|dot|json|digest] [--unfold all|NAME,…] [-o OUT]"
  static let summary = "prints one diagram as text, as a graph, as JSON or as a digest"
  static let discussion = """
    text is a file of the language that stands for itself; dot is for Graphviz; json is read back by every
    command that takes a diagram file; digest is a hash that isomorphic diagrams share, whatever names and
    order their files use.
    """
  static let example =
    "show Diagrams/Attention/dot_product_attention.diagram self_attention --as dot -o attention.dot"
  static let options: [Option] = [
    .one("--as", "FORM", "text, dot, json or digest (text)"),
    .several(
      "--unfold", "NAME,…", "replace uses of these diagrams, or of all, by what they stand for"),
    .flag("--left-to-right", "draw from left to right instead of top to bottom"),
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
    guard ["text", "dot", "json", "digest"].contains(form) else {
      throw .usage("--as takes text, dot, json or digest, and not '\(form)'")
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
    default:
      text = try StandaloneText(workspace, path: path, place: arguments.value("-o"))
        .file([definition])
    }
    try arguments.deliver(text, console)
    return .success
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
