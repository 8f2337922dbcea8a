import DiagramIR
import Drawing

/// Pictures as the options ask for them.
struct PictureForm {
  private let workspace: Workspace
  private let direction: PictureDirection
  private let unfolded: Set<Symbol>
  private let unfoldsAll: Bool

  /// Reads the options.
  init(_ arguments: Arguments, _ workspace: Workspace) {
    self.workspace = workspace
    direction = arguments.has("--left-to-right") ? .right : .down
    unfolded = []
    unfoldsAll = false
  }

  /// One diagram as SVG.
  func svg(_ definition: Definition) throws(CommandFailure) -> String {
    SVGDrawing().draw(try layout(definition.diagram), title: definition.symbol.name)
  }

  private func layout(_ diagram: Diagram) throws(CommandFailure) -> DiagramLayout {
    do {
      return try DiagramLayout(
        diagram, direction: direction, environment: workspace.environment
      ) { unfoldsAll || unfolded.contains($0) }
    } catch { throw .failure("\(error)") }
  }
}
