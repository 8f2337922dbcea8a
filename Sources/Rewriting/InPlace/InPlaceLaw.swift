import DiagramIR

/// A rule on its way through a graph: its program, and the boxes that are still to be looked at.
struct InPlaceLaw: ~Copyable {
  let symbol: Symbol
  let rewrite: Rewrite
  private(set) var search: FlatSearch
  /// The other side for each combination of operations and types that has come up and fits.
  private(set) var instances = RawBuffer<RuleInstance>()
  private var signatures = SignatureTable()
  private var pending: RawBuffer<Int32>
  private var isPending: RawBuffer<Bool>
  /// Boxes where only convexity was missing, which may come with a change anywhere.
  private var blocked = RawBuffer<Int32>()
  private var climbing = RawBuffer<Climb>()

  /// A box that may be the image of one of the pattern's.
  private struct Climb: BitwiseCopyable {
    let step: Int32
    let box: Int32
  }

  /// `nil` when the rule is of a form that isn't rewritten in place.
  static func law(
    _ symbol: Symbol, _ rewrite: Rewrite, _ graph: inout FlatGraph, counts: [Int]
  ) -> InPlaceLaw? {
    guard rewrite.result.regionCount == 1,
      rewrite.result.operations.allSatisfy({ $0.perAxes.isEmpty })
    else { return nil }
    let count = { (kind: Int32?) in
      kind.flatMap { Int($0) < counts.count ? counts[Int($0)] : nil } ?? 0
    }
    var kinds: [OperationKey: Int32] = [:]
    for key in rewrite.pattern.keys { kinds[key] = graph.tables.number(of: key) }
    guard let program = PatternProgram(rewrite.pattern, count: { count(kinds[$0]) }) else {
      return nil
    }
    return InPlaceLaw(symbol, rewrite, FlatSearch(program) { kinds[$0] ?? -1 }, graph)
  }

  private init(
    _ symbol: Symbol, _ rewrite: Rewrite, _ search: consuming FlatSearch,
    _ graph: borrowing FlatGraph
  ) {
    self.symbol = symbol
    self.rewrite = rewrite
    self.search = search
    pending = RawBuffer(capacity: graph.boxes.count)
    isPending = RawBuffer(repeating: false, count: graph.boxes.count)
    let kind = self.search.steps[0].kind
    var box = Int32(graph.boxes.count) - 1
    while box >= 0 {
      if graph.boxes[box].kind == kind { push(box) }
      box -= 1
    }
  }

  var isIdle: Bool { pending.count == 0 }

  /// Has a box looked at before those that wait already, unless it is among them.
  @inline(__always)
  private mutating func push(_ box: Int32) {
    guard !isPending[box] else { return }
    isPending[box] = true
    pending.append(box)
  }

  @inline(__always)
  mutating func pop() -> Int32? {
    guard let box = pending.popLast() else { return nil }
    isPending[box] = false
    return box
  }

  /// Finds the match at a box: the number of the other side's instance; `nil` when there is none.
  @inline(__always)
  mutating func find(
    at box: Int32, in graph: inout FlatGraph, levels: UnsafeMutableBufferPointer<Int>
  ) -> Int? {
    guard search.find(at: box, in: graph.view) else { return nil }
    let found = search.repeatsSignature ? signatures.last : judge(&graph)
    guard found >= 0 else { return nil }
    guard search.isConvex(in: graph.view, levels: levels) else {
      blocked.append(box)
      return nil
    }
    return Int(found)
  }

  @inline(never)
  private mutating func judge(_ graph: inout FlatGraph) -> Int32 {
    if let known = signatures.look(up: search.signature.array) { return known }
    guard let (matcher, match) = search.identity(graph.tables),
      let side = try? rewrite.apply(match, in: matcher)
    else { return signatures.learn(-1, for: search.signature.array) }
    instances.append(RuleInstance(side, search.program, &graph))
    return signatures.learn(Int32(instances.count - 1), for: search.signature.array)
  }

  /// Puts an instance in the place of the match that was found last.
  @inline(__always)
  mutating func apply(
    _ instance: Int, to graph: inout FlatGraph, _ change: inout FlatGraph.Change
  ) {
    if graph.doctrine == .symmetric {
      graph.splice(&search, by: &instances[instance], &change)
    } else {
      graph.replace(&search, by: &instances[instance], &change)
    }
  }

  /// Has the boxes where only convexity was missing looked at again.
  mutating func retryBlocked() {
    var place = blocked.count - 1
    while place >= 0 {
      push(blocked[place])
      place -= 1
    }
    blocked.removeAll()
  }
}

// MARK: - Near a change

extension InPlaceLaw {
  /// Has boxes looked at from which a match may reach one that has changed: for each box of the pattern that it
  /// may be the image of, those found by following the program back to its first box.
  @inline(__always)
  mutating func lookAgain(near box: Int32, in graph: FlatGraph.View) {
    if isPending.count < graph.boxes.count {
      isPending.append(false, count: graph.boxes.count - isPending.count)
    }
    let (kind, steps) = (graph.boxes[Int(box)].kind, search.steps.elements)
    var number = steps.count
    while number > 0 {
      number &-= 1
      if steps[number].kind == kind { climb(from: Climb(step: Int32(number), box: box), graph) }
    }
  }

  /// Follows the program back; where a wire has several consumers, along each of them.
  @inline(__always)
  private mutating func climb(from start: Climb, _ graph: FlatGraph.View) {
    let steps = search.steps.elements
    var climb = start
    while true {
      guard climb.step > 0 else { return push(climb.box) }
      let step = steps[Int(climb.step)]
      let first = graph.boxes[Int(climb.box)].firstPort
      let wire = Int(graph.ports[Int(first &+ step.offset)].wire)
      let port = step.isProducer ? graph.wires[wire].firstUse : graph.wires[wire].producer
      guard port >= 0 else { return }
      if step.isProducer && graph.ports[Int(port)].next >= 0 { return branch(climb, graph) }
      guard let next = parent(of: step, over: port, graph) else { return }
      climb = next
    }
  }

  /// The box at a port, when it may be the image of the one that the program comes from.
  @inline(__always)
  private func parent(
    of step: PatternProgram.Step, over port: Int32, _ graph: FlatGraph.View
  ) -> Climb? {
    let box = graph.ports[Int(port)].box
    guard box >= 0 else { return nil }
    let record = graph.boxes[Int(box)]
    guard record.kind == search.steps[step.parent].kind,
      port == record.firstPort &+ step.parentOffset
    else { return nil }
    return Climb(step: step.parent, box: box)
  }

  @inline(never)
  private mutating func branch(_ start: Climb, _ graph: FlatGraph.View) {
    climbing.append(start)
    while let next = climbing.popLast() {
      guard next.step > 0 else {
        push(next.box)
        continue
      }
      let step = search.steps[next.step]
      let first = graph.boxes[Int(next.box)].firstPort
      var use = graph.wires[Int(graph.ports[Int(first + step.offset)].wire)].firstUse
      while use >= 0 {
        if let parent = parent(of: step, over: use, graph) { climbing.append(parent) }
        use = graph.ports[Int(use)].next
      }
    }
  }
}
