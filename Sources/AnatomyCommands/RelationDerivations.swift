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

  /// The rules by which drawings are compared at waypoints, besides the laws of lanes.
  var laws: [Law] = []

  /// Diagrams on the way that the text names.
  private(set) var named: [Definition] = []

  init(left: Definition, right: Definition, path: String, place: String, workspace: Workspace) {
    (self.left, self.right, self.path, self.place) = (left, right, path, place)
    self.workspace = workspace
  }

  /// The relation that was found, and a file that holds both diagrams, the diagrams on the way, and the derivations,
  /// each replayed before; `nil` when nothing was found that replays.
  mutating func result(
    for finding: RelationFinding
  ) throws(CommandFailure) -> (relation: Relation, text: String)? {
    switch finding {
    case .nothing: return nil
    case .equal(let links):
      let steps = steps(links, from: left, to: right)
      let part = derivation(from: left, to: right, .equal, steps)
      return replays(part) ? (.equal, try print([part])) : nil
    case .specialisation(let first, let second):
      let down = try specialisation(of: left, to: right, first)
      let up = try specialisation(of: right, to: left, second)
      let relation: Relation
      switch (down, up) {
      case (nil, nil): return nil
      case (_?, nil): relation = .expresses
      case (nil, _?): relation = .expressed
      default: relation = .equivalent
      }
      return (relation, try print([down, up].compactMap { $0 }))
    }
  }

  /// The derivation of a specialisation; `nil` when there is none that replays.
  private mutating func specialisation(
    of general: Definition, to special: Definition, _ found: Specialisation?
  ) throws(CommandFailure) -> Derivation? {
    guard let found else { return nil }
    let before = named
    let steps = try specialisationSteps(of: general, to: special, found)
    let part = derivation(from: general, to: special, .expresses, steps)
    if replays(part) { return part }
    named = before
    return nil
  }

  private func derivation(
    from source: Definition, to target: Definition, _ relation: Relation, _ steps: [DerivationStep]
  ) -> Derivation {
    let name = "\(source.symbol.name)_to_\(target.symbol.name)"
    return Derivation(
      symbol: Symbol(module: left.symbol.module, name: name), source: source.symbol,
      target: target.symbol, relation: relation, steps: steps)
  }

  /// Steps for links; a diagram on the way gets a name.
  mutating func steps(
    _ links: [RelationLink], from source: Definition, to target: Definition
  ) -> [DerivationStep] {
    links.map { link in
      switch link {
      case .step(let step): return step
      case .reach(let diagram) where diagram.isIsomorphic(to: target.diagram):
        return expect(target.symbol)
      case .reach(let diagram):
        let name = "\(source.symbol.name)_to_\(target.symbol.name)_\(named.count + 1)"
        return expect(add(name, diagram))
      }
    }
  }

  mutating func add(_ name: String, _ diagram: Diagram) -> Symbol {
    var (symbol, number) = (Symbol(module: left.symbol.module, name: name), 2)
    while workspace.environment.definition(symbol) != nil
      || named.contains(where: { $0.symbol == symbol })
    {
      symbol = Symbol(module: left.symbol.module, name: "\(name)_\(number)")
      number += 1
    }
    named.append(
      Definition(
        symbol: symbol, diagram: diagram, resultNames: diagram.codomain.map { _ in "" }))
    return symbol
  }

  func expect(_ symbol: Symbol) -> DerivationStep {
    DrawingLaws.expectation(of: symbol, laws)
  }

  /// Takes back the names of all but the first diagrams on the way.
  mutating func forget(after count: Int) { named.removeLast(max(0, named.count - count)) }

  // MARK: Specialisation

  mutating func specialisationSteps(
    of general: Definition, to special: Definition, _ found: Specialisation
  ) throws(CommandFailure) -> [DerivationStep] {
    var (steps, current) = try unfoldingLearned(general)
    var (images, ties): ([Symbol], [DerivationStep]) = ([], [])
    var owner: [String: String] = [:]
    for (label, image) in found.images.sorted(by: { $0.key < $1.key }) {
      let name = "\(general.symbol.name)_\(label.replacing(".", with: "_"))"
      let outer = current.operations.first { $0.label == label }?.perAxes ?? []
      let symbol = add(name, image.with(outerAxes: outer))
      if image.isLearned { images.append(symbol) }
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
    if !ties.isEmpty { steps += images.map { .unfold($0, at: nil) } }
    return steps + ties + self.steps(found.links, from: general, to: special)
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

  func replays(_ derivation: Derivation) -> Bool {
    var environment = workspace.environment
    for definition in named { environment.add(definition) }
    return (try? DerivationChecker(environment).check(derivation)) != nil
  }

  // MARK: Text

  private func print(_ derivations: [Derivation]) throws(CommandFailure) -> String {
    let ends = left.symbol == right.symbol ? [left] : [left, right]
    return try DerivationText(workspace, path: path, place: place).file(
      ends + named, derivations)
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
