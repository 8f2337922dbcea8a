import DiagramIR
import DiagramText
import Rewriting

/// What a search has found, as derivations that can be replayed.
struct RelationDerivations {
  let left: Definition
  let right: Definition
  let path: String
  /// Where the text will stand.
  let place: String
  let workspace: Workspace

  /// A file that holds both diagrams, the diagrams that were found, and the derivations, each replayed before.
  func text(for way: RelationFinding.Way) throws(CommandFailure) -> String {
    var (parts, images): ([Derivation], [Definition]) = ([], [])
    switch way {
    case .steps(let steps): parts = [derivation(from: left, to: right, .equal, steps)]
    case .indexForm: parts = [derivation(from: left, to: right, .equal, [meets(right)])]
    case .substitutions(let down, let up):
      for (general, special, found) in [(left, right, down), (right, left, up)] {
        guard let found else { continue }
        let (steps, new) = try specialisation(of: general, to: special, found)
        parts.append(derivation(from: general, to: special, .expresses, steps))
        images += new
      }
    }
    try replay(parts, images)
    return try print(parts, images)
  }

  private func derivation(
    from source: Definition, to target: Definition, _ relation: Relation, _ steps: [DerivationStep]
  ) -> Derivation {
    let name = "\(source.symbol.name)_to_\(target.symbol.name)"
    return Derivation(
      symbol: Symbol(module: left.symbol.module, name: name), source: source.symbol,
      target: target.symbol, relation: relation, steps: steps)
  }

  /// The step to a diagram that is the same in index form.
  private func meets(_ definition: Definition) -> DerivationStep {
    .reach(definition.symbol, modulo: LaneLaw.normalForm.rawValue, laws: [.lanes(.normalForm)])
  }

  // MARK: Specialisation

  private func specialisation(
    of general: Definition, to special: Definition, _ found: [String: Diagram]
  ) throws(CommandFailure) -> (steps: [DerivationStep], images: [Definition]) {
    var (steps, current) = try unfoldingLearned(general)
    var (images, ties): ([Definition], [DerivationStep]) = ([], [])
    var owner: [String: String] = [:]
    for (label, image) in found.sorted(by: { $0.key < $1.key }) {
      let name = "\(general.symbol.name)_\(label.replacing(".", with: "_"))"
      let symbol = Symbol(module: left.symbol.module, name: name)
      let outer = current.operations.first { $0.label == label }?.perAxes ?? []
      let definition = Definition(
        symbol: symbol, diagram: image.with(outerAxes: outer), resultNames: [""])
      images.append(definition)
      steps.append(.specialise(label: label, to: symbol, sizes: []))
      for inner in Set(image.operations.compactMap(\.label)).sorted() {
        let full = "\(label).\(inner)"
        if let first = owner[inner] {
          ties.append(.tie(label: full, to: first))
        } else {
          owner[inner] = full
        }
      }
    }
    if !ties.isEmpty { steps += images.filter(\.isLearned).map { .unfold($0.symbol, at: nil) } }
    current = special.diagram
    return (steps + ties + [meets(special)], images)
  }

  /// Unfolds uses until every learned box is in sight.
  private func unfoldingLearned(
    _ definition: Definition
  ) throws(CommandFailure) -> (steps: [DerivationStep], diagram: Diagram) {
    var (steps, current): ([DerivationStep], Diagram) = ([], definition.diagram)
    while let use = current.operations.lazy.compactMap(\.learnedUse).first {
      let step = DerivationStep.unfold(use, at: nil)
      do { current = try Rewriter(workspace.environment).apply(step, to: current) } catch {
        throw .failure("\(step): \(error)")
      }
      steps.append(step)
    }
    return (steps, current)
  }

  private func replay(
    _ derivations: [Derivation], _ images: [Definition]
  ) throws(CommandFailure) {
    var environment = workspace.environment
    for image in images { environment.add(image) }
    for derivation in derivations {
      do { _ = try DerivationChecker(environment).check(derivation) } catch {
        throw .failure("a relation was found, but not a derivation that replays: \(error)")
      }
    }
  }

  // MARK: Text

  private func print(
    _ derivations: [Derivation], _ images: [Definition]
  ) throws(CommandFailure) -> String {
    var rules: [Rule] = []
    for step in derivations.flatMap(\.steps) {
      guard case .apply(.rule(let symbol), _, _, _) = step,
        let rule = workspace.environment.rule(symbol),
        !rules.contains(where: { $0.symbol == symbol })
      else { continue }
      rules.append(rule)
    }
    let file = try StandaloneText(workspace, path: path, place: place).file(
      [left, right] + images, rules: rules)
    let blocks = derivations.map { derivation in
      let steps = derivation.steps.map { "  \($0.text(spelling: spelling(of:)))\n" }.joined()
      let claim =
        "\(derivation.source.name) \(derivation.relation.rawValue) \(derivation.target.name)"
      return "\nderivation \(derivation.symbol.name): \(claim) {\n\(steps)}\n"
    }
    return file + blocks.joined()
  }

  private func spelling(of symbol: Symbol) -> String {
    if symbol.module == left.symbol.module { return symbol.name }
    guard workspace.environment.rule(symbol) != nil else {
      return workspace.spelling(of: symbol, in: path)
    }
    let isUnique = workspace.environment.rules.count { $0.symbol.name == symbol.name } == 1
    return isUnique ? symbol.name : symbol.description
  }
}

extension Operation {
  /// The diagram that a use with learned boxes stands for.
  fileprivate var learnedUse: Symbol? {
    guard case .use(let use) = self, !use.label.isEmpty else { return nil }
    return use.definition
  }
}

extension Diagram {
  /// The diagram whose labels are per no axis outside of it, for a use that puts those axes in front.
  fileprivate func with(outerAxes: [Size]) -> Diagram {
    guard !outerAxes.isEmpty else { return self }
    let transform = DiagramTransform { operation in
      guard case .learned(var box) = operation, box.per.starts(with: outerAxes) else {
        return operation
      }
      box.per.removeFirst(outerAxes.count)
      return .learned(box)
    }
    var builder = DiagramBuilder(doctrine: doctrine)
    let inputs = domain.map { builder.addDomainWire(type(of: $0), name: name(of: $0)) }
    guard let codomain = try? builder.append(self, inputs: inputs, transform: transform) else {
      return self
    }
    return builder.finish(codomain: codomain)
  }
}
