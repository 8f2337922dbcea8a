import DiagramIR
import Drawing
import Rewriting

/// Pictures as the options ask for them.
struct PictureForm {
  private let workspace: Workspace
  private let direction: PictureDirection
  private let unfolded: Set<Symbol>
  private let unfoldsAll: Bool

  /// How many pictures a page has at most.
  private static let maximumUnfoldings = 12

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

  /// One diagram as a page: as it is, then with what it uses unfolded, then with what that uses, and so on; with
  /// `--unfold`, as that says.
  func html(_ definition: Definition) throws(CommandFailure) -> String {
    let name = definition.symbol.name
    var pictures = [(caption: "", picture: try svg(definition))]
    var names: Set<Symbol> = []
    var new = unfoldsAll || !unfolded.isEmpty ? [] : definition.diagram.usedDefinitions
    var omitted: String?
    while !new.isEmpty && pictures.count < Self.maximumUnfoldings {
      names.formUnion(new)
      let words = new.map(\.name).joined(separator: ", ")
      let unfolding: DiagramLayout
      do { unfolding = try layout(definition.diagram) { names.contains($0) } } catch {
        omitted = "\(words) unfolded: too large for a picture"
        break
      }
      let picture = SVGDrawing().draw(unfolding, title: name)
      let caption = pictures.count == 1 ? "unfolded" : "unfolded as well"
      pictures.append(("\(words) \(caption)", picture))
      let used = new.flatMap { workspace.environment.definition($0)?.diagram.usedDefinitions ?? [] }
      new = []
      for symbol in used where !names.contains(symbol) && !new.contains(symbol) {
        new.append(symbol)
      }
    }
    if omitted == nil && !new.isEmpty {
      omitted =
        "\(new.map(\.name).joined(separator: ", ")) unfolded: "
        + "a page has \(Self.maximumUnfoldings) pictures at most"
    }
    pictures[0].caption = pictures.count > 1 || omitted != nil ? "folded" : ""
    if let omitted { pictures[pictures.count - 1].caption += " (not shown: \(omitted))" }
    return PicturePage.page(title: name, pictures: pictures)
  }

  /// The steps of a derivation, one below the other, or as a page to step through.
  func sequence(
    _ steps: [DerivationReport.Step], title: String, isPage: Bool
  ) throws(CommandFailure) -> String {
    var pictures: [RewritePicture] = []
    let rewriter = Rewriter(workspace.environment)
    for (number, step) in steps.enumerated() {
      let change = rewriter.change(by: step.step, from: step.source, to: step.target)
      let difference =
        change.map { DiagramDifference($0) } ?? DiagramDifference(step.source, step.target)
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
    try layout(diagram) { unfoldsAll || unfolded.contains($0) }
  }

  private func layout(
    _ diagram: Diagram, _ isUnfolded: (Symbol) -> Bool
  ) throws(CommandFailure) -> DiagramLayout {
    do {
      return try DiagramLayout(
        diagram, direction: direction, environment: workspace.environment, unfolding: isUnfolded)
    } catch { throw .failure("\(error)") }
  }
}

extension DiagramDifference {
  /// What a rule matched and what it put in place.
  fileprivate init(_ change: RewriteChange) {
    self.init(
      before: PictureTint(.before, change.matched), after: PictureTint(.after, change.placed))
  }
}

extension PictureTint {
  fileprivate init(_ role: Role, _ part: RewriteChange.Part) {
    let ports = part.ports.map { Port(box: $0.box, isOutput: $0.isOutput, place: $0.place) }
    self.init(role, boxes: part.boxes, wires: part.wires, ports: Set(ports))
  }
}
