import DiagramIR
import Rewriting

/// `anatomy show`: prints one diagram, or all diagrams of a derivation.
enum ShowCommand: Command {
  static let name = "show"
  static let usage =
    "FILE NAME [--as text|dot|svg|html|tikz|json|digest|cost|plan] [--unfold all|NAME,…] [-o OUT]"
  static let summary = "prints one diagram in one of its forms, or those of a derivation"
  static let discussion = """
    text is a file of the language that stands for itself; svg is a picture, html a page with it, tikz the
    same picture for LaTeX and tikzit; dot is for Graphviz; json is read back by every
    command that takes a diagram file; digest is a hash that isomorphic diagrams share, whatever names and
    order their files use. cost is what evaluating the diagram takes, as polynomials in its sizes: parameters,
    products with the additions that follow them, numbers read by folds, other functions of numbers, numbers
    held at once, and numbers kept of the past while tokens are generated one by one. plan is what the fast engine
    does at given sizes: kernels with their shapes, flops and bytes, and the buffers that they use. NAME may also be a
    derivation: then the diagrams between its steps are printed one after the other, each with its step; of one
    that fails, those up to the step that fails. As svg, each step stands with the diagrams before and after it, and
    with what it takes away and puts in place set off; as html, one steps through them with buttons and arrow keys.
    Pictures draw unfolded diagrams inside a frame with their name.
    """
  static let example =
    "show Diagrams/Attention/dot_product_attention.diagram self_attention --as svg -o attention.svg"
  static let options: [Option] = [
    .one("--as", "FORM", "\(DiagramForm.Kind.words) (text)"),
    .several(
      "--unfold", "NAME,…", "replace uses of these diagrams, or of all, by what they stand for"),
    .flag("--left-to-right", "draw from left to right instead of top to bottom"),
    .one("--along", "SIZE", "for cost: the axis of the tokens (the first axis of the result)"),
    .several("--size", "NAME=N", "for plan: the sizes at which the diagram is planned"),
    .flag("--explain", "for plan: say which laws made it cheaper, where, and by how much"),
    .flag("--json", "for plan: print it as JSON"),
    .one("--hidden", "N", "for cost and plan: units in the hidden layer of learn boxes (64)"),
    .one("-o", "OUT", "write to a file"),
  ]

  static func run(
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.positionals.count == 2 else {
      throw .usage("give a file and the name of a diagram")
    }
    let (path, name) = (arguments.positionals[0], arguments.positionals[1])
    let workspace = try Workspace([path], arguments, console)
    let form = try DiagramForm(arguments, workspace, path: path)
    if let derivation = workspace.derivation(name, in: path) {
      return try show(derivation, form, arguments, workspace, path, console)
    }
    let definition = try workspace.definition(name, in: path)
    try arguments.deliver(
      try form.text(
        form.isPicture ? definition : try unfolded(definition, arguments, workspace, path)),
      console)
    return .success
  }

  /// Prints the diagrams between the steps of a derivation, each with the step that led to it; of one that fails, those
  /// up to the step that does, unless they are for a file.
  private static func show(
    _ derivation: Derivation, _ form: DiagramForm, _ arguments: Arguments,
    _ workspace: Workspace, _ path: String, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    var (steps, refusal): ([DerivationReport.Step], String?) = ([], nil)
    do throws(DerivationFault) {
      _ = try DerivationChecker(workspace.environment, sharing: [derivation])
        .check(derivation, seeing: { steps.append($0) })
    } catch {
      refusal = error.rendered(of: derivation, workspace, path)
    }
    guard let source = workspace.environment.definition(derivation.source) else {
      throw .failure(refusal ?? "\(DerivationFault.undeclared(derivation.source))")
    }
    var stages = [(definition: source, caption: derivation.source.name)]
    for (number, step) in steps.enumerated() {
      stages.append((source.with(step.target), "\(number + 1). \(step.caption)"))
    }
    for (number, stage) in stages.enumerated() {
      let named = stage.definition.with(
        stage.definition.diagram, named: "\(derivation.symbol.name)_\(number)")
      stages[number].definition =
        form.isPicture ? named : try unfolded(named, arguments, workspace, path)
    }
    if refusal == nil || arguments.value("-o") == nil {
      let sequence = try form.text(steps, of: derivation.symbol.name)
      let text = if let sequence { sequence } else { try form.text(stages) }
      try arguments.deliver(text, console)
    }
    guard let refusal else { return .success }
    console.report(refusal)
    return .failure
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
