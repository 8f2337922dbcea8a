import Diagnostics
import DiagramIR

/// Elaborates derivations: what the names in their steps mean.
struct DerivationElaborator {
  let context: ModuleContext
  private(set) var stepSpans: [SourceSpan] = []
  private let environment: Environment

  init(_ context: ModuleContext, _ environment: Environment) {
    self.context = context
    self.environment = environment
  }

  private var tree: SyntaxTree { context.tree }

  /// The derivation that a declaration states; `nil` when there is a fault, which is reported.
  mutating func derivation(_ node: SyntaxNode, _ symbol: Symbol) -> Derivation? {
    var children = tree.children(of: node)
    guard children.next() != nil, let source = children.next(), let relation = children.next(),
      let target = children.next()
    else { return nil }
    let from = try? definition(source)
    let to = try? definition(target)
    if let from, let to { requireSameType(from, to, at: target) }
    var steps: [DerivationStep] = []
    var isFaulty = from == nil || to == nil
    while let step = children.next() {
      do {
        steps.append(try self.step(step))
        stepSpans.append(tree.span(of: step))
      } catch { isFaulty = true }
    }
    guard !isFaulty, let from, let to else { return nil }
    return Derivation(
      symbol: symbol, source: from.symbol, target: to.symbol,
      relation: tree.relation(of: relation), steps: steps)
  }

  private mutating func definition(_ node: SyntaxNode) throws(ElaborationFailure) -> Definition {
    let symbol = try context.symbol(named: node, .callables, kind: "diagram")
    if let found = environment.definition(symbol) { return found }
    guard environment.box(symbol) != nil else { throw ElaborationFailure() }
    let mend = "'\(symbol.name)' is a box without a definition"
    throw context.report(.unknownName(symbol.name, kind: "diagram", mend: mend), at: node)
  }

  /// The interfaces agree up to the names of sizes and shapes.
  private mutating func requireSameType(_ a: Definition, _ b: Definition, at node: SyntaxNode) {
    let (left, right) = (a.diagram, b.diagram)
    let forward = TypeScheme(left.domainTypes, left.codomainTypes)
    let backward = TypeScheme(right.domainTypes, right.codomainTypes)
    if forward.matches(right.domainTypes, right.codomainTypes)
      && backward.matches(left.domainTypes, left.codomainTypes)
    {
      return
    }
    context.report(
      .derivationInterface(
        a.symbol.name, b.symbol.name, source: describe(left), target: describe(right)), at: node)
  }

  private func describe(_ diagram: Diagram) -> String {
    let list = { (types: [WireType]) in types.map(\.description).joined(separator: ", ") }
    return "\(list(diagram.domainTypes)) -> \(list(diagram.codomainTypes))"
  }

  // MARK: Steps

  private mutating func step(_ node: SyntaxNode) throws(ElaborationFailure) -> DerivationStep {
    guard let name = tree.firstChild(of: node) else { throw ElaborationFailure() }
    let place = tree.child(.at, of: node).flatMap { tree.firstChild(of: $0) }
      .map { tree.text(of: $0) }
    switch tree.kind(of: node) {
    case .specialiseStep, .tieStep, .untieStep, .absorbStep:
      return try learnedStep(node, place)
    case .unfoldStep: return .unfold(try definition(name).symbol, at: place)
    case .foldStep: return .fold(try definition(name).symbol, at: place)
    case .expectStep:
      let symbol = try definition(name).symbol
      guard let rules = tree.child(.modulo, of: node) else { return .expect(symbol) }
      let names = tree.children(of: rules)
      var laws: [Law] = []
      for name in names { laws += try self.laws(named: name) }
      let text = names.map { tree.text(of: $0) }.joined(separator: ", ")
      return .reach(symbol, modulo: text, laws: laws)
    case .normalizeStep:
      return .normalize(name: tree.text(of: name), laws: try laws(named: name))
    default:
      return .apply(
        try law(name), isBackward: tree.payload(of: node) == 1, at: place, sizes: try sizes(node))
    }
  }

  /// A step that changes learned boxes. Labels are looked for when it is taken.
  private mutating func learnedStep(
    _ node: SyntaxNode, _ place: String?
  ) throws(ElaborationFailure) -> DerivationStep {
    let names = tree.children(of: node).filter { tree.kind(of: $0) == .name }
    switch (tree.kind(of: node), names.count) {
    case (.specialiseStep, 2...):
      return .specialise(
        label: tree.text(of: names[0]), to: try definition(names[1]).symbol,
        sizes: try sizes(node))
    case (.tieStep, 2...):
      return .tie(label: tree.text(of: names[0]), to: tree.text(of: names[1]))
    case (.untieStep, 1...): return .untie(label: tree.text(of: names[0]), at: place ?? "")
    default: return .absorb(at: place ?? "")
    }
  }

  /// The sizes that a step gives.
  private mutating func sizes(
    _ node: SyntaxNode
  ) throws(ElaborationFailure) -> [SizeAssignment] {
    guard let list = tree.child(.sizeArguments, of: node) else { return [] }
    return try assignments(list)
  }

  private mutating func law(_ node: SyntaxNode) throws(ElaborationFailure) -> Law {
    let text = tree.text(of: node)
    if case .unknown = context.scope.meaning(of: text, .rules, in: context.module),
      let builtIn = Law.builtIn.first(where: { $0.name == text })
    {
      return builtIn.law
    }
    let symbol = try context.symbol(
      named: node, .rules, kind: "rule", or: Law.builtIn.map(\.name))
    guard environment.rule(symbol) != nil else { throw ElaborationFailure() }
    return .rule(symbol)
  }

  /// A law by its name, or all exact rules of a file.
  private mutating func laws(named node: SyntaxNode) throws(ElaborationFailure) -> [Law] {
    let text = tree.text(of: node)
    if case .unknown = context.scope.meaning(of: text, .rules, in: context.module),
      let module = context.scope.modules(named: text, from: context.module).first
    {
      let symbols = context.scope.symbols(.rules, declaredIn: module)
      return environment.rules.filter { symbols.contains($0.symbol) && $0.relation == .equal }
        .map { .rule($0.symbol) }
    }
    let law = try self.law(node)
    if case .rule(let symbol) = law, let rule = environment.rule(symbol), rule.relation != .equal {
      throw context.report(.notExact(symbol.name, rule.relation), at: node)
    }
    return [law]
  }

  private mutating func assignments(
    _ list: SyntaxNode
  ) throws(ElaborationFailure) -> [SizeAssignment] {
    var assignments: [SizeAssignment] = []
    for node in tree.children(of: list) {
      guard let name = tree.child(0, of: node), let size = tree.child(1, of: node) else { continue }
      assignments.append(
        SizeAssignment(SizeVariable(tree.text(of: name)), try context.size(size)))
    }
    return assignments
  }
}
