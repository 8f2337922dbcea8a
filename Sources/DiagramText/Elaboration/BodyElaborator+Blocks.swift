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
        return try wires(in: statement)
      default: continue
      }
    }
    isFaulty = true
    throw ElaborationFailure()
  }

  /// The wires of several expressions, one after another.
  mutating func wires(in list: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    let mark = stack.count
    try pushChildren(of: list)
    return popWires(downTo: mark)
  }

  private mutating func assign(_ node: SyntaxNode) {
    let names = tree.node(at: node.index + 1)
    let (first, end) = (names.index + 1, tree.end(of: names))
    guard end < tree.end(of: node) else { return }
    let (mark, count) = (stack.count, end - first)
    do {
      try push(tree.node(at: end))
      if stack.count - mark != count {
        _ = fail(.nameCount(names: count, results: stack.count - mark), at: names)
        dropWires(downTo: mark)
        stack += errorWires(count)
      }
    } catch { stack += errorWires(count) }
    for place in 0..<count { bind(tree.node(at: first + place), to: stack[mark + place]) }
    dropWires(downTo: mark)
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
