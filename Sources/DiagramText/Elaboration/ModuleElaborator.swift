import Diagnostics
import DiagramIR

/// Elaborates the declarations of one module.
///
/// Theories, sorts and boxes come first; then diagrams, each after those that it uses, wherever they stand in
/// the file; then rules; then derivations.
struct ModuleElaborator {
  let context: ModuleContext
  var environment: Environment
  private(set) var theories: [Theory] = []
  private(set) var spans: [NameSpace: [Symbol: SourceSpan]] = [:]
  private(set) var stepSpans: [Symbol: [SourceSpan]] = [:]
  private let importedTheories: [Theory]
  /// The theory in force at each declaration, by the node's index.
  private var theoryInForce: [Int: Theory] = [:]
  private var diagrams: [(symbol: Symbol, node: SyntaxNode)] = []
  private var rules: [(symbol: Symbol, node: SyntaxNode)] = []
  private var derivations: [(symbol: Symbol, node: SyntaxNode)] = []
  private var enumerations: [(symbol: Symbol, node: SyntaxNode)] = []

  init(_ context: ModuleContext, _ environment: Environment, importedTheories: [Theory]) {
    self.context = context
    self.environment = environment
    self.importedTheories = importedTheories
  }

  private var tree: SyntaxTree { context.tree }

  mutating func run() {
    declareNames()
    for node in tree.children(of: tree.root) where tree.kind(of: node) == .box {
      elaborateBox(node)
    }
    for position in diagramOrder() { elaborateDiagram(diagrams[position]) }
    for (symbol, node) in rules { elaborateRule(symbol, node) }
    for (symbol, node) in derivations { elaborateDerivation(symbol, node) }
    for (symbol, node) in enumerations {
      let elaborator = EnumerationElaborator(context, environment)
      if let found = elaborator.enumeration(node, symbol) { environment.add(found) }
    }
  }

  // MARK: Names

  private mutating func declareNames() {
    var current = defaultTheory()
    for node in tree.children(of: tree.root) {
      switch tree.kind(of: node) {
      case .theory:
        guard let theory = elaborateTheory(node) else { continue }
        theories.append(theory)
        current = theory
      case .sort:
        for name in tree.children(of: node) {
          guard let symbol = declare(name, .sorts, kind: "sort", node) else { continue }
          environment.add(sort: symbol)
        }
      case .box: declare(node, .callables, kind: "box")
      case .diagram:
        if let symbol = declare(node, .callables, kind: "diagram") {
          diagrams.append((symbol, node))
        }
      case .rule, .termRule:
        if let symbol = declare(node, .rules, kind: "rule") { rules.append((symbol, node)) }
      case .derivation:
        if let symbol = declare(node, .derivations, kind: "derivation") {
          derivations.append((symbol, node))
        }
      case .enumeration:
        if let symbol = declare(node, .enumerations, kind: "enumeration") {
          enumerations.append((symbol, node))
        }
      default: continue
      }
      theoryInForce[node.index] = current
    }
  }

  /// The theory of a file that declares none: that of its imports, or the tensor theory.
  private func defaultTheory() -> Theory? {
    if let first = importedTheories.first { return first }
    return environment.theories.first { $0.symbol.module == ModuleGraph.prelude }
  }

  @discardableResult
  private mutating func declare(_ node: SyntaxNode, _ space: NameSpace, kind: String) -> Symbol? {
    tree.firstChild(of: node).flatMap { declare($0, space, kind: kind, node) }
  }

  private mutating func declare(
    _ name: SyntaxNode, _ space: NameSpace, kind: String, _ declaration: SyntaxNode
  ) -> Symbol? {
    let text = tree.text(of: name)
    let symbol = Symbol(module: context.name, name: text)
    guard context.scope.declare(text, space, as: symbol, in: context.module) else {
      let line = spans[space]?[symbol].map { context.line(at: $0.start) } ?? 0
      context.report(.duplicate(text, kind: kind, line: line), at: name)
      return nil
    }
    spans[space, default: [:]][symbol] = tree.span(of: declaration)
    return symbol
  }

  private mutating func elaborateTheory(_ node: SyntaxNode) -> Theory? {
    guard let symbol = declare(node, .theories, kind: "theory"),
      let name = tree.child(1, of: node),
      let doctrine = Doctrine(rawValue: tree.text(of: name))
    else { return nil }
    let theory = Theory(symbol: symbol, doctrine: doctrine)
    environment.add(theory)
    return theory
  }

  // MARK: Boxes

  private mutating func elaborateBox(_ node: SyntaxNode) {
    var children = tree.children(of: node)
    guard let name = children.next(), let inputs = children.next(), let outputs = children.next()
    else { return }
    let symbol = Symbol(module: context.name, name: tree.text(of: name))
    guard spans[.callables]?[symbol] == tree.span(of: node) else { return }
    guard let theory = theoryInForce[node.index] else {
      context.report(.noTheory(symbol.name, kind: "box"), at: name)
      return
    }
    do {
      let (domain, codomain) = (try context.types(in: inputs), try context.types(in: outputs))
      let box = BoxDeclaration(
        symbol: symbol, doctrine: theory.doctrine, domain: domain, codomain: codomain,
        sizeOrder: tree.sizeVariables(in: node),
        linear: try context.linearInputs(node, domain, codomain))
      environment.add(box)
      context.add(Signature(box))
    } catch {
      // Reported. The box has no signature, so its uses are left alone.
    }
  }

  // MARK: Diagrams

  /// Positions of the diagrams, each after those of this file that it uses. Circles are reported.
  private mutating func diagramOrder() -> [Int] {
    enum Mark { case fresh, entered, done }
    let uses = usesAmongDiagrams()
    var marks = Array(repeating: Mark.fresh, count: diagrams.count)
    var order: [Int] = []
    for start in diagrams.indices where marks[start] == .fresh {
      var stack = [(diagram: start, next: 0)]
      marks[start] = .entered
      while let (diagram, next) = stack.last {
        guard next < uses[diagram].count else {
          marks[diagram] = .done
          order.append(diagram)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let (needed, name) = uses[diagram][next]
        switch marks[needed] {
        case .done: continue
        case .fresh:
          marks[needed] = .entered
          stack.append((needed, 0))
        case .entered:
          let circle = stack.map(\.diagram).drop { $0 != needed } + [needed]
          context.report(.recursiveDiagram(circle.map { diagrams[$0].symbol.name }), at: name)
        }
      }
    }
    return order
  }

  /// For each diagram, the diagrams of this file whose names it calls, and where.
  private func usesAmongDiagrams() -> [[(diagram: Int, name: SyntaxNode)]] {
    var positions: [NameID: Int] = [:]
    for (position, diagram) in diagrams.enumerated() {
      guard let name = tree.firstChild(of: diagram.node) else { continue }
      positions[tree.nameID(of: name)] = position
    }
    return diagrams.map { _, node in
      var uses: [(diagram: Int, name: SyntaxNode)] = []
      for name in context.calls(in: node).names {
        if let used = positions[tree.nameID(of: name)] { uses.append((used, name)) }
      }
      return uses
    }
  }

  private mutating func elaborateDiagram(_ diagram: (symbol: Symbol, node: SyntaxNode)) {
    let theory = theoryInForce[diagram.node.index]
    var elaborator = DeclarationElaborator(context, theory: theory)
    if let definition = elaborator.diagram(diagram.node, diagram.symbol) {
      environment.add(definition)
      context.add(Signature(definition))
    }
  }

  // MARK: Rules and derivations

  private mutating func elaborateRule(_ symbol: Symbol, _ node: SyntaxNode) {
    let theory = theoryInForce[node.index]
    if tree.kind(of: node) == .rule {
      var elaborator = DeclarationElaborator(context, theory: theory)
      if let rule = elaborator.rule(node, symbol) { environment.add(rule) }
    } else {
      var elaborator = TermElaborator(context, theory: theory)
      if let rule = elaborator.rule(node, symbol) { environment.add(rule) }
    }
  }

  private mutating func elaborateDerivation(_ symbol: Symbol, _ node: SyntaxNode) {
    var elaborator = DerivationElaborator(context, environment)
    let derivation = elaborator.derivation(node, symbol)
    stepSpans[symbol] = elaborator.stepSpans
    if let derivation { environment.add(derivation) }
  }
}

extension SyntaxTree {
  /// For each name that is called below a node, where that is first; and how many calls there are.
  func calls(in node: SyntaxNode) -> SyntaxCalls {
    var (calls, seen) = (SyntaxCalls(), SeenNames())
    for index in (node.index + 1)..<end(of: node) where records[index].kind == .call {
      let name = SyntaxNode(index + 1)
      calls.count += 1
      if seen.insert(nameID(of: name)) { calls.names.append(name) }
    }
    return calls
  }

  /// The size variables below a node, in order of first occurrence.
  func sizeVariables(in node: SyntaxNode) -> [SizeVariable] {
    var (variables, seen): ([SizeVariable], SeenNames) = ([], SeenNames())
    for index in (node.index + 1)..<end(of: node) where records[index].kind == .sizeName {
      let name = SyntaxNode(index)
      if seen.insert(nameID(of: name)) { variables.append(SizeVariable(text(of: name))) }
    }
    return variables
  }
}

/// What is called below a node.
struct SyntaxCalls {
  var names: [SyntaxNode] = []
  var count = 0
}

/// A set of names that are mostly the same few.
private struct SeenNames {
  private var recent: [UInt32] = Array(repeating: .max, count: 64)
  private var all: Set<NameID> = []

  /// Adds a name; false when it was there.
  mutating func insert(_ name: NameID) -> Bool {
    let place = Int(name.index) % recent.count
    if recent[place] == name.index { return false }
    recent[place] = name.index
    return all.insert(name).inserted
  }
}
