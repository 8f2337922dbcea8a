import DiagramIR

extension BodyElaborator {
  /// The results of a block. Faulty statements bind their names to wires of the error type.
  mutating func block(_ node: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    var declared: [NameID] = []
    openBlocks.append(OpenBlock(node: node))
    defer {
      openBlocks.removeLast()
      for id in declared { learned[id] = nil }
    }
    // A statement was left out for its syntax, which is reported.
    if tree.payload(of: node) == 1 { isFaulty = true }
    for statement in tree.children(of: node) {
      switch tree.kind(of: statement) {
      case .learned: declared += declareLearned(statement)
      case .assignment: assign(statement)
      case .results:
        guard tree.firstChild(of: statement) != nil else { break }
        return try wires(of: tree.children(of: statement))
      default: continue
      }
    }
    isFaulty = true
    throw ElaborationFailure()
  }

  /// The wires of several expressions, one after another.
  mutating func wires(of nodes: SyntaxChildren) throws(ElaborationFailure) -> [WireID] {
    var wires: [WireID] = []
    var failure: ElaborationFailure?
    for node in nodes {
      do throws(ElaborationFailure) {
        if tree.kind(of: node) == .wire {
          wires.append(try wire(named: node))
        } else {
          wires += try expression(node)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return wires
  }

  private mutating func assign(_ node: SyntaxNode) {
    guard let names = tree.child(0, of: node), let value = tree.child(1, of: node) else { return }
    let count = tree.children(of: names).reduce(0) { count, _ in count + 1 }
    var wires = errorWires(0)
    do {
      wires = try expression(value)
      if wires.count != count {
        _ = fail(.nameCount(names: count, results: wires.count), at: names)
        wires = errorWires(count)
      }
    } catch { wires = errorWires(count) }
    for (name, wire) in zip(tree.children(of: names), wires) { bind(name, to: wire) }
  }

  /// Declares learned boxes; returns their names.
  mutating func declareLearned(_ node: SyntaxNode) -> [NameID] {
    var children = tree.children(of: node)
    guard let names = children.next(), let domain = children.next(), let codomain = children.next()
    else { return [] }
    let kind = LearnedKind.allCases[min(tree.payload(of: node), LearnedKind.allCases.count - 1)]
    var ids: [NameID] = []
    do {
      let inputs = try checked { context throws(ElaborationFailure) in try context.types(in: domain)
      }
      let outputs = try checked { context throws(ElaborationFailure) in
        try context.types(in: codomain)
      }
      var per: [Size] = []
      if let list = children.next() {
        per = try checked { context throws(ElaborationFailure) in try context.sizes(in: list) }
      }
      for name in tree.children(of: names) {
        let box = LearnedBox(kind: kind, label: tree.text(of: name), per: per)
        let declaration = LearnedDeclaration(
          box: box, domain: inputs, codomain: outputs, level: lanes.count - 1)
        if declare(declaration, name) { ids.append(tree.nameID(of: name)) }
      }
    } catch {
      // The types are faulty and reported: uses get wires of the error type.
      for name in tree.children(of: names) {
        learned[tree.nameID(of: name)] = LearnedDeclaration(
          box: LearnedBox(kind: kind, label: tree.text(of: name)), domain: [],
          codomain: [Self.errorType], level: lanes.count - 1)
        ids.append(tree.nameID(of: name))
      }
    }
    return ids
  }

  private mutating func declare(_ declaration: LearnedDeclaration, _ name: SyntaxNode) -> Bool {
    let label = declaration.box.label
    let types = declaration.domain + declaration.codomain
    if let reason = fault(of: declaration, types) {
      _ = fail(.learnedShape(label, reason: reason), at: name)
    }
    guard labels.declare(label) else {
      _ = fail(.labelConflict(label, reason: "it is declared twice in this diagram"), at: name)
      return false
    }
    learned[tree.nameID(of: name)] = declaration
    return true
  }

  private func fault(of declaration: LearnedDeclaration, _ types: [WireType]) -> String? {
    switch declaration.box.kind {
    case .linear where declaration.domain.isEmpty:
      return "is a linear map without an input; `state` declares a learned constant"
    case .linear, .state:
      let isReal = types.allSatisfy { type in
        if case .array(.index, _) = type { false } else { true }
      }
      return isReal ? nil : "has an index type, and learned numbers are real"
    case .learn: return nil
    }
  }
}
