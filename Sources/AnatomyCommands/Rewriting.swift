import DiagramIR
import DiagramText
import Rewriting

/// A diagram on its way from one form to another, with the steps so far.
struct Rewriting {
  let definition: Definition
  let path: String
  let workspace: Workspace
  let strategy: Strategy
  private(set) var diagram: Diagram
  private(set) var steps: [DerivationStep] = []
  /// How many steps were taken; `steps` has those of laws only when they are recorded.
  private(set) var stepCount = 0
  let recordsSteps: Bool
  /// How the start compares with the diagram, as far as the steps prove it.
  private(set) var relation = Relation.equal
  /// The proofs that the steps cite.
  private(set) var citations: [String] = []

  init(
    definition: Definition, path: String, workspace: Workspace, strategy: Strategy,
    recordsSteps: Bool
  ) {
    self.recordsSteps = recordsSteps
    self.definition = definition
    self.path = path
    self.workspace = workspace
    self.strategy = strategy
    diagram = definition.diagram
  }

  /// What the diagram has become, under its name.
  var result: Definition { definition.with(diagram) }

  /// Unfolds all uses of some diagrams; `all` is all that there are, down to boxes.
  mutating func unfold(_ names: [String]) throws(CommandFailure) {
    guard !names.contains("all") else {
      // A definition uses earlier ones only, so each is unfolded once.
      for definition in workspace.environment.definitions.reversed()
      where diagram.usedDefinitions.contains(definition.symbol) {
        try take(.unfold(definition.symbol, at: nil))
      }
      return
    }
    for name in names {
      try take(.unfold(try workspace.definition(name, in: path).symbol, at: nil))
    }
  }

  /// Folds all occurrences of some diagrams.
  mutating func fold(_ names: [String]) throws(CommandFailure) {
    for name in names {
      try take(.fold(try workspace.definition(name, in: path).symbol, at: nil))
    }
  }

  /// Applies laws as the strategy says.
  mutating func apply(_ laws: [Law], _ console: Console) throws(CommandFailure) {
    guard !laws.isEmpty else { return }
    let progress = Progress("rewrite", unit: "step", on: console)
    let done: RewritingResult
    do {
      done = try Rewriter(workspace.environment).rewrite(
        diagram, by: laws, strategy, recordingSteps: recordsSteps, isExact: false,
        goingOn: progress.reached)
    } catch {
      try progress.finish()
      throw .failure("\(error)")
    }
    try progress.finish()
    if done.reachedLimit, case .normalize(let limit) = strategy {
      throw .failure(
        "after \(limit) steps rules still apply: they may not terminate; take fewer rules with --only, "
          + "a number of steps with --steps, or raise --limit")
    }
    diagram = done.diagram
    (relation, citations) = (done.relation, done.citations)
    steps += done.steps
    stepCount += done.stepCount
  }

  private mutating func take(_ step: DerivationStep) throws(CommandFailure) {
    do { diagram = try Rewriter(workspace.environment).apply(step, to: diagram) } catch {
      throw .failure("\(step): \(error)")
    }
    steps.append(step)
    stepCount += 1
  }

  /// A file that holds the start, the result and the derivation between them.
  func derivationText(at place: String) throws(CommandFailure) -> String {
    let end = definition.with(diagram, named: "\(definition.symbol.name)_rewritten")
    let name = "\(definition.symbol.name)_derivation"
    let derivation = Derivation(
      symbol: Symbol(module: definition.symbol.module, name: name), source: definition.symbol,
      target: end.symbol, relation: relation, steps: steps)
    return try DerivationText(workspace, path: path, place: place).file(
      [definition, end], [derivation])
  }
}
