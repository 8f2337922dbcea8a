import DiagramIR

/// Changes one thing about a derivation, in every way there is.
struct Forger {
  let environment: Environment

  init(_ environment: Environment) { self.environment = environment }

  /// A derivation, and how the declarations are made that it is checked with: most mutants are never looked at.
  typealias Mutant = (derivation: Derivation, environment: () -> Environment)

  func mutants(of derivation: Derivation) -> [Mutant] {
    var mutants: [Derivation] = []
    for relation in Relation.allCases where relation != derivation.relation {
      mutants.append(change(derivation, relation: relation))
    }
    for other in environment.derivations {
      for end in [other.source, other.target] {
        mutants.append(change(derivation, source: end))
        mutants.append(change(derivation, target: end))
      }
    }
    mutants += orders(of: derivation)
    for place in derivation.steps.indices {
      for step in variants(of: derivation.steps[place], in: derivation) {
        var steps = derivation.steps
        steps[place] = step
        mutants.append(change(derivation, steps: steps))
      }
    }
    return mutants.map { ($0, { environment }) }
      + altered(derivation.source).map { (derivation, $0) }
      + altered(derivation.target).map { (derivation, $0) }
  }

  /// A step dropped, repeated, or exchanged with the next; the chain reversed.
  private func orders(of derivation: Derivation) -> [Derivation] {
    var mutants: [Derivation] = []
    for place in derivation.steps.indices {
      var (dropped, repeated) = (derivation.steps, derivation.steps)
      dropped.remove(at: place)
      repeated.insert(derivation.steps[place], at: place)
      mutants += [change(derivation, steps: dropped), change(derivation, steps: repeated)]
      guard place > 0 else { continue }
      var exchanged = derivation.steps
      exchanged.swapAt(place - 1, place)
      mutants.append(change(derivation, steps: exchanged))
    }
    return mutants
  }

  private func variants(of step: DerivationStep, in derivation: Derivation) -> [DerivationStep] {
    let places: [String?] = [nil] + (0..<12).map { "_\($0)" }
    let labels = self.labels(derivation)
    switch step {
    case .apply(let law, let isBackward, let place, let sizes):
      return environment.rules.flatMap { rule in
        [false, true].map {
          .apply(.rule(rule.symbol), isBackward: $0, at: place, sizes: sizes)
        }
      }
        + places.map { .apply(law, isBackward: isBackward, at: $0, sizes: sizes) }
        + [
          .apply(law, isBackward: !isBackward, at: place, sizes: sizes),
          .apply(
            law, isBackward: isBackward, at: place,
            sizes: [
              SizeAssignment(SizeVariable("r"), Size(4)),
              SizeAssignment(SizeVariable("n"), Size(2)),
            ]),
        ]
    case .unfold(let symbol, _):
      return places.map { .unfold(symbol, at: $0) }
        + environment.definitions.map { .unfold($0.symbol, at: nil) }
    case .fold(let symbol, _): return places.map { .fold(symbol, at: $0) }
    case .specialise(let label, let symbol, let sizes):
      return environment.definitions.map { .specialise(label: label, to: $0.symbol, sizes: sizes) }
        + labels.map { .specialise(label: $0, to: symbol, sizes: sizes) }
    case .tie(let label, let other):
      return labels.flatMap { [.tie(label: label, to: $0), .tie(label: $0, to: other)] }
    case .untie(let label, let place):
      return labels.map { .untie(label: $0, at: place) }
        + places.compactMap { $0.map { .untie(label: label, at: $0) } }
    case .absorb: return places.compactMap { $0.map { .absorb(at: $0) } }
    case .normalize: return []
    case .expect: return environment.definitions.map { .expect($0.symbol) }
    case .reach(_, let modulo, let laws):
      return environment.definitions.map { .reach($0.symbol, modulo: modulo, laws: laws) }
    }
  }

  private func labels(_ derivation: Derivation) -> [String] {
    let ends = [derivation.source, derivation.target].compactMap { environment.definition($0) }
    return ends.flatMap { $0.diagram.operations.compactMap(\.label) } + ["nobody"]
  }

  private func change(
    _ derivation: Derivation, source: Symbol? = nil, target: Symbol? = nil,
    relation: Relation? = nil, steps: [DerivationStep]? = nil
  ) -> Derivation {
    Derivation(
      symbol: derivation.symbol, source: source ?? derivation.source,
      target: target ?? derivation.target, relation: relation ?? derivation.relation,
      steps: steps ?? derivation.steps)
  }

  // MARK: Other declarations

  /// Declarations in which one label, size or constant of a diagram is another.
  private func altered(_ symbol: Symbol) -> [() -> Environment] {
    guard let definition = environment.definition(symbol) else { return [] }
    var changed: [Diagram] = []
    for operation in Set(definition.diagram.operations.compactMap(\.label)).sorted() {
      changed.append(copy(definition.diagram) { $0.relabelled(operation, "other") })
      for other in definition.diagram.operations.compactMap(\.label) where other != operation {
        changed.append(copy(definition.diagram) { $0.relabelled(operation, other) })
      }
    }
    for operation in definition.diagram.operations {
      guard case .number(let bits) = operation else { continue }
      changed.append(
        copy(definition.diagram) {
          $0 == operation ? .number(Double(bitPattern: bits) + 1) : $0
        })
    }
    for size in definition.diagram.sizeVariables {
      let three = TypeSubstitution(sizes: [size: Size(3)])
      changed.append(copy(definition.diagram, three) { $0 })
    }
    return changed.map { diagram in { replace(symbol, by: diagram, definition) } }
  }

  private func copy(
    _ diagram: Diagram, _ substitution: TypeSubstitution = TypeSubstitution(),
    _ operation: @escaping @Sendable (Operation) -> Operation
  ) -> Diagram {
    var builder = DiagramBuilder(doctrine: diagram.doctrine)
    let inputs = diagram.domain.map { wire in
      builder.addDomainWire(
        (try? substitution(diagram.type(of: wire))) ?? diagram.type(of: wire),
        name: diagram.name(of: wire))
    }
    let transform = DiagramTransform(substitution: substitution, operation: operation)
    let results = try? builder.append(diagram, inputs: inputs, transform: transform)
    return builder.finish(codomain: results ?? [])
  }

  private func replace(
    _ symbol: Symbol, by diagram: Diagram, _ old: Definition
  ) -> Environment {
    var result = Environment()
    result.add(Definition(symbol: symbol, diagram: diagram, resultNames: old.resultNames))
    _ = result.merge(environment)
    return result
  }
}

extension Operation {
  fileprivate func relabelled(_ label: String, _ other: String) -> Operation {
    switch self {
    case .learned(var box) where box.label == label:
      box.label = other
      return .learned(box)
    case .use(var use) where use.label == label:
      use.label = other
      return .use(use)
    default: return self
    }
  }
}
