import DiagramIR

extension BodyElaborator {
  /// The wires that an expression stands for, on the current level.
  mutating func expression(_ node: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    switch tree.kind(of: node) {
    case .wire: return [try wire(named: node)]
    case .number:
      return builder.addBox(.number(tree.number(of: node)), inputs: [], outputs: [.scalar])
    case .sizeExpression:
      guard let child = tree.firstChild(of: node) else { throw ElaborationFailure() }
      let size = try checked { context throws(ElaborationFailure) in try context.size(child) }
      return builder.addBox(.size(size), inputs: [], outputs: [.scalar])
    case .call: return try call(node)
    case .simd: return try simd(node)
    case .scan: return try scan(node)
    case .block: return try block(node)
    default: throw ElaborationFailure()
    }
  }

  /// `simd n(a, b = e) { … }`.
  private mutating func simd(_ node: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    var children = tree.children(of: node)
    guard let sizeNode = children.next(), let list = children.next(), let body = children.next()
    else { throw ElaborationFailure() }
    let axis = try checked { context throws(ElaborationFailure) in try context.size(sizeNode) }
    let mapped = try entries(in: list)
    openLanes(axis)
    for entry in mapped { try enter(entry, peeledOf: axis) }
    return try closeLanes(at: node, inputs: mapped.map(\.wire), states: 0, axis: axis) {
      elaborator throws(ElaborationFailure) in try elaborator.block(body)
    }
  }

  /// `scan n(h = h0; x) { … }`.
  private mutating func scan(_ node: SyntaxNode) throws(ElaborationFailure) -> [WireID] {
    var children = tree.children(of: node)
    guard let sizeNode = children.next(), let stateList = children.next(),
      let list = children.next(), let body = children.next()
    else { throw ElaborationFailure() }
    let axis = try checked { context throws(ElaborationFailure) in try context.size(sizeNode) }
    let states = try entries(in: stateList)
    let mapped = try entries(in: list)
    openLanes(axis)
    for entry in states { try enter(entry, peeledOf: nil) }
    for entry in mapped { try enter(entry, peeledOf: axis) }
    let inputs = (states + mapped).map(\.wire)
    return try closeLanes(at: node, inputs: inputs, states: states.count, axis: axis) {
      elaborator throws(ElaborationFailure) in try elaborator.block(body)
    }
  }

  /// A wire that enters a body, and the name it has inside.
  private struct Entry {
    var name: SyntaxNode
    var wire: WireID
    var type: WireType
  }

  private mutating func entries(in list: SyntaxNode) throws(ElaborationFailure) -> [Entry] {
    var entries: [Entry] = []
    for node in tree.children(of: list) {
      var children = tree.children(of: node)
      guard let name = children.next() else { continue }
      let wires: [WireID]
      if let value = children.next() {
        wires = try expression(value)
        guard wires.count == 1 else { throw fail(.notOneWire(found: wires.count), at: value) }
      } else {
        wires = [try wire(named: name)]
      }
      for wire in wires { entries.append(Entry(name: name, wire: wire, type: type(of: wire))) }
    }
    return entries
  }

  /// Gives the open body a domain wire for an entry.
  private mutating func enter(_ entry: Entry, peeledOf axis: Size?) throws(ElaborationFailure) {
    let name = tree.text(of: entry.name)
    var type = entry.type
    if let axis {
      do { type = try peel(entry.type, axis, "'\(name)'", at: entry.name) } catch {
        type = Self.errorType
      }
    }
    let wire = builder.addDomainWire(type, name: name)
    bind(entry.name, to: wire)
  }

  /// Opens the body of a SIMD or scan box.
  mutating func openLanes(_ axis: Size) {
    builder.openBody()
    wires.openLevel()
    lanes.append(Lane(axis: axis))
  }

  /// Reads the body that is open, ends it and adds its box to the level around.
  ///
  /// - Parameters:
  ///   - inputs: the wires outside that the body's domain wires stand for: states, then mapped ones.
  ///   - outputs: the types of the box's outputs, when they are known.
  ///   - body: makes the body's results.
  mutating func closeLanes(
    at node: SyntaxNode, inputs: [WireID], states: Int, axis: Size, outputs: [TypeID]? = nil,
    _ body: (inout BodyElaborator) throws(ElaborationFailure) -> [WireID]
  ) throws(ElaborationFailure) -> [WireID] {
    let results: [WireID]
    do {
      results = try body(&self)
      requireUses()
      try requireStates(results, states, inputs, at: node)
    } catch {
      abandonLanes()
      throw error
    }
    let types = outputs ?? laneOutputs(results, states, axis, at: node)
    let shared = lanes.removeLast().sharedOrder
    wires.closeLevel()
    let operation: Operation =
      states == 0 && tree.kind(of: node) != .scan
      ? .simd(axis: axis, mapped: inputs.count)
      : .scan(axis: axis, states: states, mapped: inputs.count - states)
    return builder.closeBody(
      operation, inputs: inputs + shared, codomain: results, outputs: types)
  }

  /// The types of a box whose body has these results: next states as they are, others stacked.
  private mutating func laneOutputs(
    _ results: [WireID], _ states: Int, _ axis: Size, at node: SyntaxNode
  ) -> [TypeID] {
    var outputs: [TypeID] = []
    for (place, wire) in results.enumerated() {
      var type = type(of: wire)
      if place >= states {
        do { type = try stack(type, axis, at: node) } catch { type = Self.errorType }
      }
      outputs.append(builder.typeID(type))
    }
    return outputs
  }

  /// The body's first results are the next states, of the types of the start values.
  private mutating func requireStates(
    _ results: [WireID], _ states: Int, _ inputs: [WireID], at node: SyntaxNode
  ) throws(ElaborationFailure) {
    guard results.count >= states else {
      throw fail(.laneStates(expected: states, found: results.count), at: node)
    }
    for place in 0..<states {
      let start = unifier.resolve(
        builder.type(builder.typeID(of: inputs[place], nesting: builder.nesting - 1)))
      try require(start, type(of: results[place]), "state \(place + 1) of the scan", at: node)
    }
  }

  /// Drops the open body after a fault.
  mutating func abandonLanes() {
    lanes.removeLast()
    wires.closeLevel()
    builder.abandonBody()
  }
}
