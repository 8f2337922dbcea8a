import Diagnostics
import DiagramIR

/// Elaborates rules in point-free form, `mul ; comul == …`.
///
/// A term is read as a hypergraph with an interface. Composition makes two wires one; a wire of `id` or `swap`
/// has no type of its own and takes that of what it is glued to, in the end that of the rule's other side.
struct TermElaborator {
  let context: ModuleContext
  private let theory: Theory?
  private var unifier = Unifier()
  private var parent: [Int] = []
  private var types: [WireType?] = []
  private var doctrine: Doctrine?

  /// A term: its boxes so far, and its interface as positions of wires.
  private struct Side {
    var boxes: [(operation: Operation, inputs: [Int], outputs: [Int])] = []
    var domain: [Int] = []
    var codomain: [Int] = []
  }

  init(_ context: ModuleContext, theory: Theory?) {
    self.context = context
    self.theory = theory
  }

  private var tree: SyntaxTree { context.tree }

  /// The rule that a point-free declaration makes; `nil` when there is a fault, which is reported.
  mutating func rule(_ node: SyntaxNode, _ symbol: Symbol) -> Rule? {
    let parts = tree.children(of: node).filter { tree.kind(of: $0) != .citation }
    guard parts.count == 4 else { return nil }
    let (relation, left, right) = (parts[1], parts[2], parts[3])
    do {
      var (a, b) = (Side(), Side())
      try read(left, into: &a)
      try read(right, into: &b)
      try join(a.domain, b.domain, "inputs", at: right)
      try join(a.codomain, b.codomain, "results", at: right)
      return Rule(
        symbol: symbol, relation: tree.relation(of: relation), left: try diagram(a, left),
        right: try diagram(b, right), citation: tree.citation(of: node))
    } catch {
      return nil
    }
  }

  // MARK: Reading

  /// Reads a term and appends its boxes; its interface becomes the side's.
  private mutating func read(
    _ node: SyntaxNode, into side: inout Side
  ) throws(ElaborationFailure) {
    switch tree.kind(of: node) {
    case .composition: try readComposition(node, &side)
    case .tensor:
      var (domain, codomain): ([Int], [Int]) = ([], [])
      for child in tree.children(of: node) {
        try read(child, into: &side)
        domain += side.domain
        codomain += side.codomain
      }
      (side.domain, side.codomain) = (domain, codomain)
    case .identity: try readIdentity(node, &side)
    case .swap:
      let (a, b) = (newWire(nil), newWire(nil))
      (side.domain, side.codomain) = ([a, b], [b, a])
    default: try readBox(node, &side)
    }
  }

  private mutating func readComposition(
    _ node: SyntaxNode, _ side: inout Side
  ) throws(ElaborationFailure) {
    var (domain, codomain): ([Int]?, [Int]) = (nil, [])
    for child in tree.children(of: node) {
      try read(child, into: &side)
      if domain == nil {
        domain = side.domain
      } else {
        guard codomain.count == side.domain.count else {
          throw context.report(
            .composition(codomain: codomain.count, domain: side.domain.count), at: child)
        }
        for (a, b) in zip(codomain, side.domain) { try join(a, b, at: child) }
      }
      codomain = side.codomain
    }
    (side.domain, side.codomain) = (domain ?? [], codomain)
  }

  private mutating func readIdentity(
    _ node: SyntaxNode, _ side: inout Side
  ) throws(ElaborationFailure) {
    if tree.payload(of: node) == 1 {
      (side.domain, side.codomain) = ([], [])
      return
    }
    var type: WireType?
    if let child = tree.firstChild(of: node) { type = try context.type(child) }
    let wire = newWire(type)
    (side.domain, side.codomain) = ([wire], [wire])
  }

  private mutating func readBox(
    _ node: SyntaxNode, _ side: inout Side
  ) throws(ElaborationFailure) {
    guard let name = tree.firstChild(of: node) else { throw ElaborationFailure() }
    guard let signature = try context.signature(named: name) else {
      if tree.lostNames.contains(tree.nameID(of: name)) { throw ElaborationFailure() }
      let mend = context.suggestion(
        for: tree.text(of: name), among: context.scope.names(.callables, in: context.module))
      throw context.report(.unknownName(tree.text(of: name), kind: "box", mend: mend), at: name)
    }
    guard !signature.isFaulty else { throw ElaborationFailure() }
    if let doctrine, doctrine != signature.doctrine {
      throw context.report(
        .mixedDoctrines(box: signature.symbol.name, signature.doctrine, others: doctrine), at: name)
    }
    doctrine = signature.doctrine
    let copies = TypeScheme(signature.domain, signature.codomain).flexibleCopies(in: &unifier)
    let inputs = try signature.domain.map { type throws(ElaborationFailure) in
      newWire(try instance(type, copies, node))
    }
    let outputs = try signature.codomain.map { type throws(ElaborationFailure) in
      newWire(try instance(type, copies, node))
    }
    side.boxes.append((try operation(signature, copies, node), inputs, outputs))
    (side.domain, side.codomain) = (inputs, outputs)
  }

  private mutating func instance(
    _ type: WireType, _ copies: TypeSubstitution, _ node: SyntaxNode
  ) throws(ElaborationFailure) -> WireType {
    do { return try copies(type) } catch { throw context.report(.sizeTooLarge, at: node) }
  }

  private mutating func operation(
    _ signature: Signature, _ copies: TypeSubstitution, _ node: SyntaxNode
  ) throws(ElaborationFailure) -> Operation {
    guard let facts = signature.definition else { return .box(signature.symbol) }
    if facts.isLearned {
      let reason = "has learned boxes, which need labels: write the rule with named wires"
      throw context.report(.learnedShape(signature.symbol.name, reason: reason), at: node)
    }
    return .use(
      DiagramUse(
        definition: signature.symbol, content: context.content(of: facts.definition),
        openSizes: facts.openSizes.map { copies.sizes[$0] ?? Size($0) }))
  }

  // MARK: Wires

  private mutating func newWire(_ type: WireType?) -> Int {
    parent.append(parent.count)
    types.append(type)
    return parent.count - 1
  }

  private mutating func find(_ wire: Int) -> Int {
    var wire = wire
    while parent[wire] != wire {
      parent[wire] = parent[parent[wire]]
      wire = parent[wire]
    }
    return wire
  }

  /// Makes two wires one.
  private mutating func join(
    _ a: Int, _ b: Int, at node: SyntaxNode
  ) throws(ElaborationFailure) {
    let root = find(a)
    try sameType(a, b, "the wire glued here", at: node)
    parent[find(b)] = root
  }

  /// Makes the types of two wires one, in so far as they are known.
  private mutating func sameType(
    _ a: Int, _ b: Int, _ what: String, at node: SyntaxNode
  ) throws(ElaborationFailure) {
    let (x, y) = (find(a), find(b))
    guard let first = types[x], let second = types[y] else {
      types[x] = types[x] ?? types[y]
      types[y] = types[x]
      return
    }
    guard unifier.unify(first, second) else {
      throw context.report(
        .typeMismatch(
          what: what, expected: unifier.resolve(first), found: unifier.resolve(second)), at: node)
    }
  }

  /// The interfaces of both sides are the same.
  private mutating func join(
    _ left: [Int], _ right: [Int], _ what: String, at node: SyntaxNode
  ) throws(ElaborationFailure) {
    let fits =
      left.count == right.count
      && zip(left, right).allSatisfy { pair in
        let (x, y) = (find(pair.0), find(pair.1))
        guard let a = types[x], let b = types[y] else {
          types[x] = types[x] ?? types[y]
          types[y] = types[x]
          return true
        }
        return unifier.unify(a, b)
      }
    guard !fits else { return }
    throw context.report(
      .ruleInterface(what, left: left.map { describe($0) }, right: right.map { describe($0) }),
      at: node)
  }

  private mutating func describe(_ wire: Int) -> String {
    types[find(wire)].map { unifier.resolve($0).description } ?? "?"
  }

  // MARK: Diagrams

  private mutating func diagram(
    _ side: Side, _ node: SyntaxNode
  ) throws(ElaborationFailure) -> Diagram {
    var builder = DiagramBuilder(doctrine: doctrine ?? theory?.doctrine ?? .cartesian)
    var wires: [Int: WireID] = [:]
    for wire in side.domain {
      let type = try type(of: wire, node)
      wires[find(wire)] = builder.addDomainWire(type)
    }
    for box in side.boxes {
      for wire in box.inputs + box.outputs where wires[find(wire)] == nil {
        let type = builder.typeID(try type(of: wire, node))
        wires[find(wire)] = builder.addWire(type)
      }
    }
    for box in side.boxes {
      let operation = builder.operationID(box.operation)
      builder.attachBox(
        operation, inputs: box.inputs.compactMap { wires[find($0)] },
        outputs: box.outputs.compactMap { wires[find($0)] })
    }
    return builder.finish(codomain: side.codomain.compactMap { wires[find($0)] })
      .resolving(unifier)
  }

  private mutating func type(
    of wire: Int, _ node: SyntaxNode
  ) throws(ElaborationFailure) -> WireType {
    guard let type = types[find(wire)].map({ unifier.resolve($0) }) else {
      throw context.report(.undeterminedWire("a wire of `id` or `swap`"), at: node)
    }
    return type
  }
}
