import Diagnostics
import DiagramIR

/// Elaborates one diagram or one rule with named wires.
struct DeclarationElaborator {
  let context: ModuleContext
  private let theory: Theory?

  init(_ context: ModuleContext, theory: Theory?) {
    self.context = context
    self.theory = theory
  }

  private var tree: SyntaxTree { context.tree }

  /// The wires that a declaration takes.
  private struct Parameter {
    var name: SyntaxNode
    var type: WireType
  }

  // MARK: Diagrams

  /// The definition that a diagram's declaration makes; `nil` when there is a fault, which is reported. Then the
  /// diagram still has a signature, if its interface is sound.
  mutating func diagram(_ node: SyntaxNode, _ symbol: Symbol) -> Definition? {
    var children = tree.children(of: node)
    guard let name = children.next(), let inputs = children.next(), let outputs = children.next(),
      let body = children.next(),
      let doctrine = doctrine(of: node)
    else { return nil }
    do {
      let parameters = try parameters(inputs)
      let results = try self.results(outputs)
      context.add(
        Signature(
          faulty: symbol, parameters.map(\.type), results.map(\.type),
          parameterNames: parameters.map { tree.text(of: $0.name) }, doctrine: doctrine))
      guard
        let diagram = self.body(
          body, parameters, callCount: context.calls(in: node).count, expected: results.map(\.type),
          "'\(tree.text(of: name))'", doctrine)
      else { return nil }
      return Definition(
        symbol: symbol, diagram: diagram, resultNames: results.map(\.name),
        sizeOrder: tree.sizeVariables(in: node))
    } catch {
      return nil
    }
  }

  private mutating func parameters(
    _ node: SyntaxNode
  ) throws(ElaborationFailure) -> [Parameter] {
    var parameters: [Parameter] = []
    for child in tree.children(of: node) {
      guard let name = tree.child(0, of: child), let type = tree.child(1, of: child) else {
        continue
      }
      parameters.append(Parameter(name: name, type: try context.type(type)))
    }
    return parameters
  }

  private mutating func results(
    _ node: SyntaxNode
  ) throws(ElaborationFailure) -> [(name: String, type: WireType)] {
    var results: [(name: String, type: WireType)] = []
    var seen: Set<String> = []
    for child in tree.children(of: node) {
      let name = tree.child(.name, of: child).map { tree.text(of: $0) } ?? ""
      if !name.isEmpty, !seen.insert(name).inserted {
        throw context.report(
          .duplicate(name, kind: "result", line: context.line(of: child)), at: child)
      }
      guard let type = tree.children(of: child).first(where: { tree.kind(of: $0) != .name })
      else { continue }
      results.append((name, try context.type(type)))
    }
    return results
  }

  private mutating func body(
    _ block: SyntaxNode, _ parameters: [Parameter], callCount: Int, expected: [WireType],
    _ what: String, _ doctrine: Doctrine
  ) -> Diagram? {
    var elaborator = BodyElaborator(context, doctrine: doctrine)
    defer { elaborator.end() }
    elaborator.builder.reserve(boxes: callCount)
    elaborator.bind(parameters.map { ($0.name, $0.type) })
    do {
      let wires = try elaborator.block(block)
      try elaborator.require(expected, wires, what, block)
      return elaborator.finish(wires)
    } catch {
      return nil
    }
  }

  // MARK: Rules

  /// The rule that a declaration with named wires makes; `nil` when there is a fault, which is reported.
  mutating func rule(_ node: SyntaxNode, _ symbol: Symbol) -> Rule? {
    var (inputs, relationNode): (SyntaxNode?, SyntaxNode?)
    var (learned, sides): ([SyntaxNode], [SyntaxNode]) = ([], [])
    for child in tree.children(of: node) {
      switch tree.kind(of: child) {
      case .name, .citation: continue
      case .parameterList: inputs = child
      case .learned: learned.append(child)
      case .relation: relationNode = child
      default: sides.append(child)
      }
    }
    guard let inputs, let relationNode, sides.count == 2, let doctrine = doctrine(of: node),
      let parameters = try? parameters(inputs)
    else { return nil }
    let left = side(sides[0], parameters, learned, expected: nil, doctrine)
    let known = context.diagnostics.count
    let right = side(sides[1], parameters, learned, expected: left?.codomainTypes, doctrine)
    context.dropRepetitions(since: known)
    guard let left, let right else { return nil }
    return Rule(
      symbol: symbol, relation: tree.relation(of: relationNode), left: left, right: right,
      citation: tree.citation(of: node))
  }

  private mutating func side(
    _ node: SyntaxNode, _ parameters: [Parameter], _ learned: [SyntaxNode], expected: [WireType]?,
    _ doctrine: Doctrine
  ) -> Diagram? {
    var elaborator = BodyElaborator(context, doctrine: doctrine)
    defer { elaborator.end() }
    elaborator.bind(parameters.map { ($0.name, $0.type) })
    for declaration in learned { _ = elaborator.declareLearned(declaration) }
    do {
      let wires = try elaborator.expression(node)
      if let expected { try elaborator.requireInterface(expected, wires, node) }
      return elaborator.finish(wires)
    } catch {
      return nil
    }
  }

  // MARK: Doctrines

  /// The doctrine of the boxes that a declaration uses; the theory in force says it where there are none.
  private mutating func doctrine(of node: SyntaxNode) -> Doctrine? {
    var found: Doctrine?
    for name in context.calls(in: node).names {
      guard let signature = context.knownSignature(named: name) else { continue }
      guard let doctrine = found else {
        found = signature.doctrine
        continue
      }
      if doctrine != signature.doctrine {
        context.report(
          .mixedDoctrines(box: signature.symbol.name, signature.doctrine, others: doctrine),
          at: name)
        return nil
      }
    }
    return found ?? theory?.doctrine ?? .cartesian
  }
}

extension SyntaxTree {
  /// The relation that a `relation` node writes.
  func relation(of node: SyntaxNode) -> Relation {
    let all: [Relation] = [.equal, .equivalent, .expresses, .expressed, .connected]
    return all[min(payload(of: node), all.count - 1)]
  }
}

extension SyntaxTree {
  /// The reference that a rule cites, without its quotes.
  func citation(of rule: SyntaxNode) -> String? {
    guard let node = child(.citation, of: rule) else { return nil }
    let span = span(of: node)
    guard span.end - span.start > 2 else { return nil }
    return String(decoding: source.bytes[(span.start + 1)..<(span.end - 1)], as: UTF8.self)
  }
}

extension ModuleContext {
  /// Drops diagnostics that were reported before: both sides of a rule read the same declarations.
  func dropRepetitions(since position: Int) {
    let new = diagnostics[position...].filter { !diagnostics[..<position].contains($0) }
    diagnostics.replaceSubrange(position..., with: new)
  }
}

extension BodyElaborator {
  /// Binds the names of a declaration's inputs.
  mutating func bind(_ parameters: [(name: SyntaxNode, type: WireType)]) {
    for (name, type) in parameters {
      bind(name, to: builder.addDomainWire(type, name: tree.text(of: name)))
    }
  }

  /// Requires the declared results.
  mutating func require(
    _ expected: [WireType], _ wires: [WireID], _ what: String, _ block: SyntaxNode
  ) throws(ElaborationFailure) {
    let tree = tree
    let results = tree.child(.results, of: block) ?? block
    guard expected.count == wires.count else {
      throw fail(
        .resultCount(what: what, expected: expected.count, found: wires.count), at: results)
    }
    for (place, wire) in wires.enumerated() {
      let name = wires.count == 1 ? "the result of \(what)" : "result \(place + 1) of \(what)"
      try require(
        expected[place], type(of: wire), name, at: tree.child(place, of: results) ?? results)
    }
  }

  /// Requires the results of the other side of a rule.
  mutating func requireInterface(
    _ expected: [WireType], _ wires: [WireID], _ node: SyntaxNode
  ) throws(ElaborationFailure) {
    let fits =
      expected.count == wires.count
      && zip(expected, wires).allSatisfy { pair in
        let found = type(of: pair.1)
        return found == Self.errorType || unifier.unify(pair.0, found)
      }
    guard !fits else { return }
    throw fail(
      .ruleInterface(
        "results", left: expected.map(\.description), right: wires.map { type(of: $0).description }),
      at: node)
  }
}
