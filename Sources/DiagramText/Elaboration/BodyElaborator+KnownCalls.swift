import DiagramIR

/// Calls that were read before: what they make follows from what they are applied to.
extension BodyElaborator {
  /// A call without explicit sizes: the axes over which it is lifted, and what it is applied to,
  /// determine the result.
  struct KnownCall: Hashable {
    var callee: NameID
    var axes: ArraySlice<Size> = []
    var arguments: [TypeID]
  }

  /// What a known call makes.
  struct KnownResult {
    var operation: OperationID
    var outputs: [TypeID]
  }

  /// A known call of a few arguments that was read lately.
  struct RecentCall: Equatable {
    var callee = UInt32.max
    /// The types of the arguments; -1 behind them.
    var arguments = SIMD4<Int32>(repeating: -1)

    /// Its place in the table of recent calls.
    var place: Int { Int(callee) % BodyElaborator.recentCount }
  }

  /// The types of a known lifted call: of its wires inside the outermost SIMD box, and of what it
  /// makes.
  struct KnownLift {
    var inside: [TypeID]
    var outputs: [TypeID]
  }

  static let recentCount = 64

  /// Whether a call's arguments determine what it makes: it calls no learned box and says no sizes
  /// or label.
  func isPlain(_ call: Call) -> Bool {
    call.sizes == nil && call.label == nil && call.per == nil
      && learned[tree.nameID(of: call.name)] == nil
  }

  func key(of call: Call, _ axes: ArraySlice<Size>, _ arguments: [WireID]) -> KnownCall {
    KnownCall(
      callee: tree.nameID(of: call.name), axes: axes,
      arguments: arguments.map { builder.typeID(of: $0) })
  }

  /// What a call makes, if the same was read before.
  mutating func knownResult(of call: Call, _ arguments: [WireID]) -> KnownResult? {
    guard isPlain(call), let place = knownCalls[key(of: call, [], arguments)] else { return nil }
    if let recent = recentCall(tree.nameID(of: call.name), arguments[...]) {
      recentCalls[recent.place] = (recent, place)
    }
    return knownResults[place]
  }

  /// Keeps what a plain call makes.
  mutating func keep(_ result: KnownResult, of call: Call, _ arguments: [WireID]) {
    knownCalls[key(of: call, [], arguments)] = knownResults.count
    knownResults.append(result)
  }

  private func recentCall(_ callee: NameID, _ arguments: ArraySlice<WireID>) -> RecentCall? {
    guard arguments.count <= 4 else { return nil }
    var call = RecentCall(callee: callee.index)
    var place = 0
    for wire in arguments {
      call.arguments[place] = builder.typeID(of: wire).rawValue
      place += 1
    }
    return call
  }
}

// MARK: - Expressions on the stack

extension BodyElaborator {
  /// Puts the wires that an expression stands for on the stack. Where it fails, the stack is as it was.
  mutating func push(_ node: SyntaxNode) throws(ElaborationFailure) {
    switch tree.kind(of: node) {
    case .wire: stack.append(try wire(named: node))
    case .call where isPlainCall(node): try pushCall(node)
    default: stack += try expression(node)
    }
  }

  /// Puts the wires of all children on the stack, one after another. All are read, also behind one that fails.
  mutating func pushChildren(of list: SyntaxNode) throws(ElaborationFailure) {
    let (mark, end) = (stack.count, tree.end(of: list))
    var failure: ElaborationFailure?
    var position = list.index + 1
    while position < end {
      do throws(ElaborationFailure) { try push(tree.node(at: position)) } catch { failure = error }
      position = tree.records[position].next(after: position)
    }
    guard let failure else { return }
    dropWires(downTo: mark)
    throw failure
  }

  /// Takes from the stack what was put there since it had this height.
  mutating func popWires(downTo mark: Int) -> [WireID] {
    let wires = Array(stack[mark...])
    dropWires(downTo: mark)
    return wires
  }

  /// Drops from the stack what was put there since it had this height.
  mutating func dropWires(downTo mark: Int) {
    while stack.count > mark { stack.removeLast() }
  }

  /// Whether a call is a name and arguments, and nothing else.
  private func isPlainCall(_ node: SyntaxNode) -> Bool {
    let list = node.index + 2
    guard list < tree.records.count, tree.records[list].kind == .argumentList,
      tree.records[list].link == tree.records[node.index].link
    else { return false }
    return learned.isEmpty || learned[tree.nameID(of: tree.node(at: node.index + 1))] == nil
  }

  private mutating func pushCall(_ node: SyntaxNode) throws(ElaborationFailure) {
    let mark = stack.count
    do { try pushChildren(of: tree.node(at: node.index + 2)) } catch {
      // Names of boxes are checked even where an argument is faulty.
      if let call = parts(of: node) { _ = try callee(call) }
      throw error
    }
    let callee = tree.nameID(of: tree.node(at: node.index + 1))
    if let call = recentCall(callee, stack[mark...]), recentCalls[call.place].call == call {
      let result = knownResults[recentCalls[call.place].result]
      let first = builder.addBox(result.operation, inputs: stack[mark...], outputs: result.outputs)
      dropWires(downTo: mark)
      for place in 0..<result.outputs.count { stack.append(WireID(first.index + place)) }
      return
    }
    let arguments = popWires(downTo: mark)
    guard let call = parts(of: node) else { throw ElaborationFailure() }
    stack += try apply(call, to: arguments)
  }
}
