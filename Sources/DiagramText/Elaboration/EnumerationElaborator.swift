import Diagnostics
import DiagramIR

/// Elaborates enumerations: what the names in their clauses mean.
struct EnumerationElaborator {
  let context: ModuleContext
  private let environment: Environment

  init(_ context: ModuleContext, _ environment: Environment) {
    self.context = context
    self.environment = environment
  }

  private var tree: SyntaxTree { context.tree }

  /// The enumeration that a declaration states; `nil` when there is a fault, which is reported.
  func enumeration(_ node: SyntaxNode, _ symbol: Symbol) -> Enumeration? {
    do throws(ElaborationFailure) {
      guard let parameters = tree.child(.parameterList, of: node),
        let goal = tree.child(2, of: node)
      else { return nil }
      var generators: [Enumeration.Generator] = []
      var laws: [Law] = []
      for clause in tree.children(of: node) {
        switch tree.kind(of: clause) {
        case .generatorClause: generators.append(try generator(clause))
        case .modulo: laws += try self.laws(clause)
        default: continue
        }
      }
      let (host, label) = try place(node, symbol)
      return Enumeration(
        symbol: symbol, variables: try variables(parameters), goal: try context.type(goal),
        boxes: try boxes(node, symbol), generators: generators, laws: laws, host: host,
        label: label)
    } catch { return nil }
  }

  private func variables(
    _ parameters: SyntaxNode
  ) throws(ElaborationFailure) -> [Enumeration.Variable] {
    var variables: [Enumeration.Variable] = []
    for parameter in tree.children(of: parameters) {
      guard let name = tree.child(0, of: parameter), let type = tree.child(1, of: parameter) else {
        throw ElaborationFailure()
      }
      variables.append(
        Enumeration.Variable(name: tree.text(of: name), type: try context.type(type)))
    }
    return variables
  }

  // MARK: Clauses

  private func generator(
    _ clause: SyntaxNode
  ) throws(ElaborationFailure) -> Enumeration.Generator {
    guard let box = tree.child(0, of: clause), let meaning = tree.child(1, of: clause) else {
      throw ElaborationFailure()
    }
    let symbol = try context.symbol(named: box, .callables, kind: "box")
    guard let declaration = environment.box(symbol) else { throw ElaborationFailure() }
    guard declaration.codomain.count == 1 else {
      throw context.report(
        .enumeration(
          "the generator '\(symbol.name)' has \(declaration.codomain.count) outputs and needs one"),
        at: box)
    }
    let kind = tree.child(.label, of: clause).flatMap { tree.firstChild(of: $0) }
    return Enumeration.Generator(
      box: symbol, meaning: try definition(meaning).symbol,
      kind: kind.map { tree.text(of: $0) } ?? "")
  }

  private func definition(_ node: SyntaxNode) throws(ElaborationFailure) -> Definition {
    let symbol = try context.symbol(named: node, .callables, kind: "diagram")
    if let found = environment.definition(symbol) { return found }
    guard environment.box(symbol) != nil else { throw ElaborationFailure() }
    let mend = "'\(symbol.name)' is a box without a definition"
    throw context.report(.unknownName(symbol.name, kind: "diagram", mend: mend), at: node)
  }

  private func laws(_ clause: SyntaxNode) throws(ElaborationFailure) -> [Law] {
    guard let name = tree.firstChild(of: clause) else { throw ElaborationFailure() }
    let symbol = try context.symbol(named: name, .rules, kind: "rule")
    guard let rule = environment.rule(symbol) else { throw ElaborationFailure() }
    guard rule.relation == .equal else {
      throw context.report(.notExact(symbol.name, rule.relation), at: name)
    }
    return [.rule(symbol)]
  }

  private func boxes(_ node: SyntaxNode, _ symbol: Symbol) throws(ElaborationFailure) -> Int {
    guard let clause = tree.child(.boxesClause, of: node),
      let size = tree.firstChild(of: clause)
    else {
      throw context.report(
        .enumeration("'\(symbol.name)' doesn't say how many boxes its terms have: add 'boxes 4'"),
        at: node)
    }
    guard let count = try context.size(size).integer else {
      throw context.report(.enumeration("the number of boxes must be an integer"), at: size)
    }
    return count
  }

  private func place(
    _ node: SyntaxNode, _ symbol: Symbol
  ) throws(ElaborationFailure) -> (host: Symbol, label: String) {
    guard let clause = tree.child(.insideClause, of: node), let name = tree.firstChild(of: clause),
      let label = tree.child(.at, of: clause).flatMap({ tree.firstChild(of: $0) })
    else {
      throw context.report(
        .enumeration(
          "'\(symbol.name)' doesn't say where its terms belong: add 'inside DIAGRAM at LABEL'"),
        at: node)
    }
    return (try definition(name).symbol, tree.text(of: label))
  }
}
