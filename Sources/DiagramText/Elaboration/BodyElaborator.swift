import Diagnostics
import DiagramIR

/// Turns blocks and expressions into a diagram.
///
/// Wires are made as expressions are read. Types are checked at once: the variables of a polymorphic box get
/// flexible copies, which a `Unifier` solves; in the end they are replaced by what they are, and a copy that
/// nothing determines is a fault.
///
/// Wires of an error type fit everywhere, so that one fault is reported once.
struct BodyElaborator {
  let context: ModuleContext
  let tree: SyntaxTree
  var builder: DiagramBuilder
  var unifier = Unifier()
  /// The diagram's own level, then the open SIMD and scan bodies.
  var lanes: [Lane] = [Lane(axis: nil)]
  var learned: [NameID: LearnedDeclaration] = [:]
  var labels = LabelTable()
  /// Calls with sizes that were open when the call was read.
  var openCalls: [OpenCall] = []
  /// The places of what known calls without axes make.
  var knownCalls: [KnownCall: Int] = [:]
  var knownResults: [KnownResult] = []
  /// Of the known calls without axes, those that were read last, each at the place of its callee.
  var recentCalls: [(call: RecentCall, result: Int)] =
    Array(repeating: (RecentCall(), 0), count: recentCount)
  var knownLifts: [KnownCall: KnownLift] = [:]
  var isFaulty = false
  /// The wires of the expressions that are being read.
  var stack: [WireID] = []
  /// What names of wires mean, on loan from the context.
  var wires: WireScope
  /// The blocks around what is being read, outermost first.
  var openBlocks: [OpenBlock] = []

  /// One level of nesting.
  struct Lane {
    /// The axis; `nil` for the diagram itself.
    var axis: Size?
    /// Wires of the level around that this level has received, and under which wire.
    var shared: [WireID: WireID] = [:]
    var sharedOrder: [WireID] = []

    init(axis: Size?) { self.axis = axis }
  }

  /// A learned box as it was declared.
  struct LearnedDeclaration {
    var box: LearnedBox
    var domain: [WireType]
    var codomain: [WireType]
    var level: Int
  }

  /// A call whose sizes must be known in the end.
  struct OpenCall {
    var node: SyntaxNode
    var name: String
    var copies: TypeSubstitution
    var outputs: [WireType]
    /// Whether an argument is faulty, so that what stays open is no fault of the call.
    var isExcused: Bool
  }

  /// The type of a wire whose expression is faulty.
  static let errorType = WireType.sort(Symbol(module: "", name: "?"))

  init(_ context: ModuleContext, doctrine: Doctrine) {
    self.context = context
    tree = context.tree
    builder = DiagramBuilder(doctrine: doctrine)
    wires = context.lendWires()
    wires.begin()
  }

  /// Gives back what is on loan. The elaborator is not used again.
  mutating func end() {
    var lent = WireScope(nameCount: 0)
    swap(&lent, &wires)
    context.takeBack(lent)
  }

  mutating func fail(_ fault: ElaborationFault, at node: SyntaxNode) -> ElaborationFailure {
    isFaulty = true
    return context.report(fault, at: node)
  }

  /// Runs a part of the context that may fail.
  mutating func checked<Result>(
    _ body: (ModuleContext) throws(ElaborationFailure) -> Result
  ) throws(ElaborationFailure) -> Result {
    do { return try body(context) } catch {
      isFaulty = true
      throw error
    }
  }
}

// MARK: - Wires and types

extension BodyElaborator {
  func type(of wire: WireID) -> WireType { unifier.resolve(builder.type(of: wire)) }

  mutating func errorWires(_ count: Int) -> [WireID] {
    (0..<count).map { _ in builder.addWire(builder.typeID(Self.errorType)) }
  }

  /// Requires a type where another was found.
  mutating func require(
    _ expected: WireType, _ found: WireType, _ what: @autoclosure () -> String,
    at node: @autoclosure () -> SyntaxNode
  ) throws(ElaborationFailure) {
    if expected == found || found == Self.errorType || expected == Self.errorType { return }
    guard unifier.unify(expected, found) else {
      if isTooLarge(expected) || isTooLarge(found) { throw fail(.sizeTooLarge, at: node()) }
      let (wanted, given) = (unifier.resolve(expected), unifier.resolve(found))
      throw fail(.typeMismatch(what: what(), expected: wanted, found: given), at: node())
    }
  }

  /// The type of one lane of a wire.
  mutating func peel(
    _ found: WireType, _ axis: Size, _ what: @autoclosure () -> String,
    at node: @autoclosure () -> SyntaxNode
  ) throws(ElaborationFailure) -> WireType {
    let type = unifier.resolve(found)
    if type == Self.errorType { return type }
    if case .array(let element, let shape) = type, let leading = shape.first {
      switch leading {
      case .size(let size) where unifier.unify(size, axis):
        return unifier.resolve(.array(element, Array(shape.dropFirst())))
      case .shape(let variable) where variable.isFlexible:
        let rest = Dimension.shape(ShapeVariable("rest", instance: unifier.freshInstance()))
        if unifier.unify(type, .array(element, [.size(axis), rest] + shape.dropFirst())) {
          return unifier.resolve(.array(element, [rest] + shape.dropFirst()))
        }
      default: break
      }
    }
    throw fail(.peeling(what: what(), axis: axis, found: type), at: node())
  }

  /// The type of a lane's result, stacked over the lanes.
  mutating func stack(
    _ type: WireType, _ axis: Size, at node: SyntaxNode
  ) throws(ElaborationFailure) -> WireType {
    if type == Self.errorType { return type }
    guard let stacked = unifier.resolve(type).repeated(axis) else {
      throw fail(.sortInLanes(type), at: node)
    }
    return stacked
  }

  /// Binds a name on the current level.
  mutating func bind(_ node: SyntaxNode, to wire: WireID) {
    let id = tree.nameID(of: node)
    var wire = wire
    if let earlier = wires.bindingOfInnermostLevel(id) {
      _ = fail(
        .duplicate(tree.text(of: node), kind: "wire", line: context.line(of: earlier.node)),
        at: node)
      wire = builder.addWire(builder.typeID(Self.errorType))
    }
    wires.bind(id, to: wire, at: node)
    builder.proposeName(tree.text(of: node), of: wire)
  }

  /// The wire that a name means here; wires of outer levels become shared inputs of the bodies between.
  mutating func wire(named node: SyntaxNode) throws(ElaborationFailure) -> WireID {
    let id = tree.nameID(of: node)
    if let binding = wires[id] {
      if builder.doctrine == .symmetric { try countUse(of: binding, at: node) }
      return share(binding.wire, from: Int(binding.level))
    }
    if let declaration = learned[id], declaration.box.kind == .state {
      return try state(declaration, at: node)
    }
    throw unknownWire(node)
  }

  private mutating func countUse(
    of binding: WireScope.Binding, at node: SyntaxNode
  ) throws(ElaborationFailure) {
    if binding.level < lanes.count - 1 { throw fail(.sharedWire(tree.text(of: node)), at: node) }
    if let use = binding.use {
      throw fail(.reusedWire(tree.text(of: node), line: context.line(of: use)), at: node)
    }
    wires.note(useOf: binding.name, at: node)
  }

  /// Brings a wire of a level into all levels inside it.
  mutating func share(_ wire: WireID, from level: Int) -> WireID {
    var wire = wire
    for inner in (level + 1)..<max(level + 1, lanes.count) {
      if let known = lanes[inner].shared[wire] {
        wire = known
        continue
      }
      let type = builder.typeID(of: wire, nesting: inner - 1)
      let name = builder.name(of: wire, nesting: inner - 1)
      let copy = builder.addDomainWire(type, name: name, nesting: inner)
      lanes[inner].shared[wire] = copy
      lanes[inner].sharedOrder.append(wire)
      wire = copy
    }
    return wire
  }

  /// A learned constant: a box without inputs, which every mention of its name makes anew where it stands. Boxes of
  /// one label are one function, so all have one value.
  private mutating func state(
    _ declaration: LearnedDeclaration, at node: SyntaxNode
  ) throws(ElaborationFailure) -> WireID {
    try requireLanes(declaration.box.per, declaration.box.label, at: node)
    let type = declaration.codomain.first ?? .scalar
    let outputs = builder.addBox(.learned(declaration.box), inputs: [], outputs: [type])
    guard let wire = outputs.first else { throw ElaborationFailure() }
    return wire
  }

  /// Every `per` axis has a SIMD or scan box around.
  mutating func requireLanes(
    _ per: [Size], _ name: String, at node: SyntaxNode
  ) throws(ElaborationFailure) {
    for axis in per where !lanes.contains(where: { $0.axis == axis }) {
      throw fail(.perOutsideLanes(name, axis: axis), at: node)
    }
  }

  private mutating func unknownWire(_ node: SyntaxNode) -> ElaborationFailure {
    let name = tree.text(of: node)
    if tree.lostNames.contains(tree.nameID(of: node)) { return lostName() }
    if let binding = laterBinding(of: node) {
      return fail(.useBeforeDefinition(name, line: context.line(of: binding)), at: node)
    }
    var mend = context.suggestion(
      for: name, among: wires.names.map { tree.names[$0] }.sorted())
    if learned[tree.nameID(of: node)] != nil || context.knownSignature(named: node) != nil {
      mend = "'\(name)' is a box: apply it, as in \(name)(x)"
    }
    return fail(.unknownName(name, kind: "wire", mend: mend), at: node)
  }
}

extension BodyElaborator {
  /// A name whose declaration was left out for its syntax, which is reported.
  mutating func lostName() -> ElaborationFailure {
    isFaulty = true
    return ElaborationFailure()
  }

  /// A block that is being read.
  struct OpenBlock {
    var node: SyntaxNode
    /// Where each of its names is first bound; filled when a name is missing.
    var bindings: [NameID: SyntaxNode]?
  }

  /// Where a missing name is bound further down in one of the blocks around it.
  private mutating func laterBinding(of node: SyntaxNode) -> SyntaxNode? {
    let tree = tree
    let (id, end) = (tree.nameID(of: node), tree.span(of: node).end)
    for level in openBlocks.indices.reversed() {
      let bindings = openBlocks[level].bindings ?? Self.bindings(in: openBlocks[level].node, tree)
      openBlocks[level].bindings = bindings
      if let found = bindings[id], tree.span(of: found).start >= end { return found }
    }
    return nil
  }

  private static func bindings(in block: SyntaxNode, _ tree: SyntaxTree) -> [NameID: SyntaxNode] {
    var bindings: [NameID: SyntaxNode] = [:]
    for statement in tree.children(of: block) where tree.kind(of: statement) == .assignment {
      guard let names = tree.firstChild(of: statement) else { continue }
      for name in tree.children(of: names) where bindings[tree.nameID(of: name)] == nil {
        bindings[tree.nameID(of: name)] = name
      }
    }
    return bindings
  }
}
