import DiagramIR

extension BodyElaborator {
  /// The parts of `f<n>[n d](x, y) as label per h`.
  struct Call {
    var node: SyntaxNode
    var name: SyntaxNode
    var sizes: SyntaxNode?
    var lift: SyntaxNode?
    var arguments: SyntaxNode
    var label: SyntaxNode?
    var per: SyntaxNode?
  }

  mutating func call(_ node: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    guard let call = parts(of: node) else { throw ElaborationFailure() }
    let arguments: [WireID]
    do { arguments = try wires(in: call.arguments) } catch {
      // Names of boxes are checked even where an argument is faulty.
      _ = try callee(call)
      throw error
    }
    guard let lift = call.lift else { return try apply(call, to: arguments) }
    let axes = try checked { context throws(ElaborationFailure) in try context.sizes(in: lift) }
    return try lifted(call, axes[...], arguments)
  }

  func parts(of node: SyntaxNode) -> Call? {
    var name: SyntaxNode?
    var arguments: SyntaxNode?
    var (sizes, lift, label, per): (SyntaxNode?, SyntaxNode?, SyntaxNode?, SyntaxNode?)
    for child in tree.children(of: node) {
      switch tree.kind(of: child) {
      case .name: name = child
      case .sizeArguments: sizes = child
      case .lift: lift = child
      case .argumentList: arguments = child
      case .label: label = child
      case .per: per = child
      default: continue
      }
    }
    guard let name, let arguments else { return nil }
    return Call(
      node: node, name: name, sizes: sizes, lift: lift, arguments: arguments, label: label, per: per
    )
  }

  /// `f[n d](x)`: SIMD boxes around the call, every argument mapped.
  private mutating func lifted(
    _ call: Call, _ axes: ArraySlice<Size>, _ arguments: [WireID]
  ) throws(ElaborationFailure) -> [WireID] {
    guard let axis = axes.first else { return try apply(call, to: arguments) }
    let key = key(of: call, axes, arguments)
    let known = isPlain(call) ? knownLifts[key] : nil
    let inside: [TypeID]
    if let known { inside = known.inside } else { inside = try peel(arguments, of: call, axis) }
    let open = openCalls.count
    openLanes(axis)
    let (inputs, inner) = enter(arguments, as: inside)
    let outputs = try closeLanes(
      at: call.node, inputs: inputs, states: 0, axis: axis, outputs: known?.outputs
    ) { elaborator throws(ElaborationFailure) in
      try elaborator.lifted(call, axes.dropFirst(), inner)
    }
    if known == nil, openCalls.count == open, isPlain(call) {
      knownLifts[key] = KnownLift(
        inside: inside, outputs: outputs.map { builder.typeID(of: $0) })
    }
    return outputs
  }

  /// Gives the open body a domain wire for each argument. A wire that is an argument twice enters once.
  private mutating func enter(
    _ arguments: [WireID], as types: [TypeID]
  ) -> (inputs: [WireID], inner: [WireID]) {
    var entered: [WireID: WireID] = [:]
    var inputs: [WireID] = []
    let inner = zip(arguments, types).map { argument, type in
      if let wire = entered[argument] { return wire }
      let wire = builder.addDomainWire(type)
      entered[argument] = wire
      inputs.append(argument)
      return wire
    }
    return (inputs, inner)
  }

  /// The types of one lane of a lifted call's arguments.
  private mutating func peel(
    _ arguments: [WireID], of call: Call, _ axis: Size
  ) throws(ElaborationFailure) -> [TypeID] {
    let tree = tree
    var types: [TypeID] = []
    for (place, wire) in arguments.enumerated() {
      let type = try peel(
        builder.type(of: wire), axis, "argument \(place + 1) of '\(tree.text(of: call.name))'",
        at: tree.child(place, of: call.arguments) ?? call.arguments)
      types.append(builder.typeID(type))
    }
    return types
  }

  // MARK: Callees

  /// What a call's name means.
  enum Callee {
    case learned(LearnedDeclaration)
    case declared(Signature)
  }

  mutating func callee(_ call: Call) throws(ElaborationFailure) -> Callee {
    if let declaration = learned[tree.nameID(of: call.name)] { return .learned(declaration) }
    let found = try checked { context throws(ElaborationFailure) in
      try context.signature(named: call.name)
    }
    if let found { return .declared(found) }
    let name = tree.text(of: call.name)
    if tree.lostNames.contains(tree.nameID(of: call.name)) { throw lostName() }
    let mend = context.suggestion(
      for: name,
      among: context.scope.names(.callables, in: context.module)
        + learned.keys.map { tree.names[$0] }.sorted())
    throw fail(.unknownName(name, kind: "box", mend: mend), at: call.name)
  }

  mutating func apply(
    _ call: Call, to arguments: [WireID]
  ) throws(ElaborationFailure) -> [WireID] {
    if let known = knownResult(of: call, arguments) {
      return builder.addBox(known.operation, inputs: arguments, outputs: known.outputs)
    }
    switch try callee(call) {
    case .learned(let declaration): return try apply(declaration, call, arguments)
    case .declared(let signature):
      let open = openCalls.count
      let outputs = try apply(signature, call, arguments)
      if openCalls.count == open, isPlain(call), signature.definition?.isLearned != true,
        signature.definition?.openSizes.allSatisfy(signature.isInside) != false
      {
        let operation = operation(signature, call, openSizes: [:])
        let result = KnownResult(
          operation: builder.operationID(operation),
          outputs: outputs.map { builder.typeID(of: $0) })
        keep(result, of: call, arguments)
      }
      return outputs
    }
  }

  // MARK: Learned boxes

  private mutating func apply(
    _ declaration: LearnedDeclaration, _ call: Call, _ arguments: [WireID]
  ) throws(ElaborationFailure) -> [WireID] {
    let name = declaration.box.label
    if declaration.codomain == [Self.errorType] { return errorWires(1) }
    if let extra = call.sizes {
      throw fail(.sizeArgument(box: name, problem: "it takes none"), at: extra)
    }
    if let extra = call.label ?? call.per { throw fail(.labelWithoutLearned(name), at: extra) }
    try requireCount(declaration.domain, arguments, name, call)
    let tree = tree
    for (place, expected) in declaration.domain.enumerated() {
      try require(
        expected, type(of: arguments[place]), "argument \(place + 1) of '\(name)'",
        at: tree.child(place, of: call.arguments) ?? call.arguments)
    }
    try requireLanes(declaration.box.per, name, at: call.node)
    return builder.addBox(
      .learned(declaration.box), inputs: arguments, outputs: declaration.codomain)
  }

  private mutating func requireCount(
    _ expected: [WireType], _ arguments: [WireID], _ name: String, _ call: Call
  ) throws(ElaborationFailure) {
    guard expected.count != arguments.count else { return }
    throw fail(
      .argumentCount(box: name, expected: expected, found: arguments.map { type(of: $0) }),
      at: call.node)
  }

  // MARK: Boxes and diagrams

  private mutating func apply(
    _ signature: Signature, _ call: Call, _ arguments: [WireID]
  ) throws(ElaborationFailure) -> [WireID] {
    try requireCount(signature.domain, arguments, signature.symbol.name, call)
    // What uses a faulty diagram has no meaning either, but its other faults are reported.
    if signature.isFaulty { isFaulty = true }
    let scheme = TypeScheme(signature.domain, signature.codomain)
    let copies = scheme.flexibleCopies(in: &unifier)
    let openSizes = try assignSizes(signature, call, copies)
    let tree = tree
    for (place, declared) in signature.domain.enumerated() {
      let expected = try instance(of: declared, copies, at: call.node)
      try require(
        unifier.resolve(expected), type(of: arguments[place]), signature.name(ofInput: place),
        at: tree.child(place, of: call.arguments) ?? call.arguments)
    }
    var outputs: [WireType] = []
    for declared in signature.codomain {
      outputs.append(unifier.resolve(try instance(of: declared, copies, at: call.node)))
    }
    let isOpen =
      !unifier.isSettled || outputs.contains(where: \.isFlexible)
      || copies.sizes.values.contains { unifier.resolve($0).isFlexible }
      || arguments.contains { builder.type(of: $0).isFlexible }
    if isOpen {
      openCalls.append(
        OpenCall(
          node: call.node, name: signature.symbol.name, copies: copies, outputs: outputs,
          isExcused: arguments.contains { builder.type(of: $0) == Self.errorType }))
    }
    let operation = try labelled(operation(signature, call, openSizes: openSizes), signature, call)
    return builder.addBox(operation, inputs: arguments, outputs: outputs)
  }

  private mutating func instance(
    of type: WireType, _ copies: TypeSubstitution, at node: SyntaxNode
  ) throws(ElaborationFailure) -> WireType {
    do { return try copies(type) } catch { throw fail(.sizeTooLarge, at: node) }
  }

  private func operation(
    _ signature: Signature, _ call: Call, openSizes: [SizeVariable: Size]
  ) -> Operation {
    guard let facts = signature.definition else { return .box(signature.symbol) }
    return .use(
      DiagramUse(
        definition: signature.symbol, content: context.content(of: facts.definition),
        openSizes: facts.openSizes.map { unifier.resolve(openSizes[$0] ?? Size($0)) }))
  }

  /// Takes `<n, k = 16>`: requires sizes of the interface, and returns all sizes that are known.
  private mutating func assignSizes(
    _ signature: Signature, _ call: Call, _ copies: TypeSubstitution
  ) throws(ElaborationFailure) -> [SizeVariable: Size] {
    var open = copies.sizes
    guard let list = call.sizes else { return open }
    var seen: Set<SizeVariable> = []
    for (place, argument) in tree.children(of: list).enumerated() {
      let (variable, size) = try sizeArgument(argument, place, signature)
      guard seen.insert(variable).inserted else {
        let problem = "\(variable.name) is given twice"
        throw fail(.sizeArgument(box: signature.symbol.name, problem: problem), at: argument)
      }
      if let copy = copies.sizes[variable] {
        if !unifier.unify(copy, size) {
          let problem = "\(variable.name) can't be \(size)"
          throw fail(.sizeArgument(box: signature.symbol.name, problem: problem), at: argument)
        }
      } else {
        open[variable] = size
      }
    }
    return open
  }

  private mutating func sizeArgument(
    _ node: SyntaxNode, _ place: Int, _ signature: Signature
  ) throws(ElaborationFailure) -> (SizeVariable, Size) {
    var children = tree.children(of: node)
    guard let first = children.next() else { throw ElaborationFailure() }
    let second = children.next()
    let size = try checked { context throws(ElaborationFailure) in
      try context.size(second ?? first)
    }
    let declared = signature.sizes.map(\.name)
    let known = declared.isEmpty ? "it has none" : "it has \(declared.joined(separator: ", "))"
    if second != nil {
      let name = tree.text(of: first)
      guard let variable = signature.sizes.first(where: { $0.name == name }) else {
        let problem = "there is no size \(name); \(known)"
        throw fail(.sizeArgument(box: signature.symbol.name, problem: problem), at: node)
      }
      return (variable, size)
    }
    guard place < signature.sizes.count else {
      let problem = "too many; \(known)"
      throw fail(.sizeArgument(box: signature.symbol.name, problem: problem), at: node)
    }
    return (signature.sizes[place], size)
  }

  /// Gives a use of a learned diagram its label and its axes.
  private mutating func labelled(
    _ operation: Operation, _ signature: Signature, _ call: Call
  ) throws(ElaborationFailure) -> Operation {
    guard case .use(var use) = operation, signature.definition?.isLearned == true else {
      if let extra = call.label ?? call.per, signature.isFaulty == false {
        throw fail(.labelWithoutLearned(signature.symbol.name), at: extra)
      }
      return operation
    }
    if let per = call.per {
      use.per = try checked { context throws(ElaborationFailure) in try context.sizes(in: per) }
      try requireLanes(use.per, signature.symbol.name, at: per)
    }
    let given = call.label.flatMap { tree.firstChild(of: $0) }.map { tree.text(of: $0) }
    use.label = given ?? labels.automaticLabel(for: use.definition)
    if let reason = labels.claim(use, isAutomatic: given == nil) {
      throw fail(.labelConflict(use.label, reason: reason), at: call.label ?? call.node)
    }
    return .use(use)
  }
}
