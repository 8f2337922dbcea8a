import DiagramIR
import Drawing
import Rewriting

/// Pictures as the options ask for them.
struct PictureForm {
  private let workspace: Workspace
  private let direction: PictureDirection
  private let unfolded: Set<Symbol>
  private let unfoldsAll: Bool

  /// Reads the options; names are those that the file at a path uses.
  init(
    _ arguments: Arguments, _ workspace: Workspace, path: String
  ) throws(CommandFailure) {
    self.workspace = workspace
    direction = arguments.has("--left-to-right") ? .right : .down
    let names = arguments.list("--unfold")
    unfoldsAll = names.contains("all")
    var symbols: Set<Symbol> = []
    for name in names where !unfoldsAll {
      symbols.insert(try workspace.definition(name, in: path).symbol)
    }
    unfolded = symbols
  }

  /// One diagram as SVG.
  func svg(_ definition: Definition) throws(CommandFailure) -> String {
    SVGDrawing().draw(try layout(definition.diagram), title: definition.symbol.name)
  }

  /// One diagram as TikZ.
  func tikz(_ definition: Definition) throws(CommandFailure) -> String {
    TikZDrawing().draw(try layout(definition.diagram), title: definition.symbol.name)
  }

  /// One diagram as a page.
  func html(_ definition: Definition) throws(CommandFailure) -> String {
    PicturePage.page(
      title: definition.symbol.name,
      picture: SVGDrawing().draw(try layout(definition.diagram), title: definition.symbol.name))
  }

  /// The steps of a derivation, one below the other, or as a page to step through.
  func sequence(
    _ steps: [DerivationReport.Step], title: String, isPage: Bool
  ) throws(CommandFailure) -> String {
    var pictures: [RewritePicture] = []
    for (number, step) in steps.enumerated() {
      let difference = DiagramDifference(step.source, step.target)
      pictures.append(
        RewritePicture(
          caption: "\(number + 1). \(step.caption)", relation: step.relation.rawValue,
          before: try layout(step.source), after: try layout(step.target),
          difference: difference))
    }
    let sequence = RewriteSequence(title: title, steps: pictures)
    return isPage ? sequence.html() : sequence.svg()
  }

  private func layout(_ diagram: Diagram) throws(CommandFailure) -> DiagramLayout {
    do {
      return try DiagramLayout(
        diagram, direction: direction, environment: workspace.environment
      ) { unfoldsAll || unfolded.contains($0) }
    } catch { throw .failure("\(error)") }
  }
}
