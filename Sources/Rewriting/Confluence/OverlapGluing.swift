import DiagramIR

/// Two left sides glued along boxes.
///
/// Gluing two boxes glues the wires at their ports, and gluing wires glues the boxes that make them; in
/// `symmetric` also the boxes that consume them, since a wire has one consumer there. SIMD and scan boxes are
/// glued with their bodies. Sizes, shapes and labels are solved for.
struct OverlapGluing: Sendable {
  private enum Task {
    case boxes(Int, Int)
    case wires(Int, Int)
  }

  let sides: [OverlapSide]
  private(set) var boxes: MergedSets
  private(set) var wires: MergedSets
  private(set) var unifier: Unifier
  private(set) var labels = OverlapLabels()
  private var tasks: [Task] = []
  private var bodies: [(first: Int, second: Int)] = []

  init(_ first: OverlapSide, _ second: OverlapSide, _ unifier: Unifier) {
    sides = [first, second]
    self.unifier = unifier
    boxes = MergedSets(first.diagram.boxCount, second.diagram.boxCount)
    wires = MergedSets(first.diagram.wireCount, second.diagram.wireCount)
  }

  var doctrine: Doctrine { sides[0].diagram.doctrine }

  /// Glues a box of the first side to one of the second, and what follows; false when that is impossible, after
  /// which the gluing is of no use.
  mutating func glue(_ first: BoxID, _ second: BoxID) -> Bool {
    tasks.append(.boxes(boxes.join(0, first.index), boxes.join(1, second.index)))
    while let task = tasks.popLast() {
      switch task {
      case .boxes(let a, let b): guard mergeBoxes(a, b) else { return false }
      case .wires(let a, let b): guard mergeWires(a, b) else { return false }
      }
    }
    return doctrine == .cartesian || boxes.isInjective
  }

  /// Whether all equations between sizes are solved, and glued bodies are glued as a whole.
  var isComplete: Bool {
    unifier.isSettled
      && bodies.allSatisfy { first, second in
        inner(first).allSatisfy { box in inner(second).contains { $0 == box } }
          && inner(second).allSatisfy { box in inner(first).contains { $0 == box } }
      }
  }

  /// The sets of the boxes in a box's body.
  private func inner(_ box: Int) -> [Int] {
    let (side, id) = self.box(box)
    guard let body = side.diagram.body(of: id) else { return [] }
    let offset = boxes.split(box).side
    return side.diagram.boxes(in: body).map {
      boxes.representative(boxes.join(offset, $0.index))
    }
  }

  private func box(_ element: Int) -> (OverlapSide, BoxID) {
    let (side, number) = boxes.split(element)
    return (sides[side], BoxID(number))
  }

  private func wire(_ element: Int) -> (OverlapSide, WireID) {
    let (side, number) = wires.split(element)
    return (sides[side], WireID(number))
  }

  private mutating func glueWires(
    _ a: Int, _ first: some Sequence<WireID>, _ b: Int, _ second: some Sequence<WireID>
  ) {
    let (left, right) = (boxes.split(a).side, boxes.split(b).side)
    for (wire, other) in zip(first, second) {
      tasks.append(.wires(wires.join(left, wire.index), wires.join(right, other.index)))
    }
  }

  private mutating func mergeBoxes(_ a: Int, _ b: Int) -> Bool {
    let (a, b) = (boxes.representative(a), boxes.representative(b))
    guard a != b else { return true }
    let ((side, box), (other, image)) = (self.box(a), self.box(b))
    guard side.key(of: box) == other.key(of: image), unify(a, b) else { return false }
    boxes.merge(a, b)
    let (outputs, results) = (side.diagram.outputs(of: box), other.diagram.outputs(of: image))
    guard outputs.count == results.count else { return false }
    glueWires(a, outputs, b, results)
    guard let body = side.diagram.body(of: box), let lanes = other.diagram.body(of: image) else {
      let (inputs, arguments) = (side.diagram.inputs(of: box), other.diagram.inputs(of: image))
      glueWires(a, inputs, b, arguments)
      return inputs.count == arguments.count
    }
    let (codomain, returned) = (side.diagram.codomain(of: body), other.diagram.codomain(of: lanes))
    let states = side.operation(of: box).stateCount
    glueWires(a, codomain, b, returned)
    glueWires(
      a, side.diagram.domain(of: body).prefix(states), b, other.diagram.domain(of: lanes))
    bodies.append((a, b))
    return codomain.count == returned.count
  }

  private mutating func mergeWires(_ a: Int, _ b: Int) -> Bool {
    let (a, b) = (wires.representative(a), wires.representative(b))
    guard a != b else { return true }
    let ((side, wire), (other, image)) = (self.wire(a), self.wire(b))
    guard unifier.unify(side.type(of: wire), other.type(of: image)) else { return false }
    let ends = (end(of: a), end(of: b))
    wires.merge(a, b)
    if let (first, second) = both(ends.0.producer, ends.1.producer) {
      tasks.append(.boxes(first, second))
    }
    if doctrine == .symmetric, let (first, second) = both(ends.0.consumer, ends.1.consumer) {
      tasks.append(.boxes(first, second))
    }
    return enter(ends.0, ends.1)
  }

  private func both(_ first: Int?, _ second: Int?) -> (Int, Int)? {
    guard let first, let second else { return nil }
    return (first, second)
  }

  /// A wire that enters lanes is glued only to one that enters them in the same way, or to an input.
  private mutating func enter(_ first: End, _ second: End) -> Bool {
    if first.entrance != nil && second.producer != nil { return false }
    if second.entrance != nil && first.producer != nil { return false }
    guard let a = first.entrance, let b = second.entrance, a.kind == b.kind else {
      return first.entrance == nil || second.entrance == nil
    }
    tasks.append(.wires(a.outer, b.outer))
    return true
  }
}

// MARK: - Where glued wires end

extension OverlapGluing {
  private struct End {
    var producer: Int?
    var consumer: Int?
    var entrance: (kind: LaneKind, outer: Int)?
  }

  /// What is at the ends of the wires of a set.
  private func end(of representative: Int) -> End {
    var end = End()
    for side in 0...1 {
      for number in 0..<sides[side].diagram.wireCount {
        let element = wires.join(side, number)
        guard wires.representative(element) == representative else { continue }
        let (producer, consumer) = (sides[side].producers[number], sides[side].consumers[number])
        if producer >= 0 { end.producer = boxes.join(side, Int(producer)) }
        if consumer >= 0 { end.consumer = boxes.join(side, Int(consumer)) }
        if let (owner, place) = sides[side].entrance(of: WireID(number)) {
          let inputs = sides[side].diagram.inputs(of: owner)
          end.entrance = (
            sides[side].diagram.operation(of: owner).laneKind(of: place),
            wires.join(side, inputs[inputs.startIndex + place].index)
          )
        }
      }
    }
    return end
  }

  /// Whether a box makes the wires of a set.
  func isProduced(_ representative: Int) -> Bool { end(of: representative).producer != nil }

  /// Whether a box consumes the wires of a set.
  func isConsumed(_ representative: Int) -> Bool { end(of: representative).consumer != nil }
}

// MARK: - Operations

extension OverlapGluing {
  private mutating func unify(_ a: Int, _ b: Int) -> Bool {
    let ((side, box), (other, image)) = (self.box(a), self.box(b))
    let places = (boxes.split(a).side, boxes.split(b).side)
    switch (side.operation(of: box), other.operation(of: image)) {
    case (.box, .box), (.number, .number): return true
    case (.size(let size), .size(let found)): return unifier.unify(size, found)
    case (.simd(let axis, _), .simd(let found, _)): return unifier.unify(axis, found)
    case (.scan(let axis, _, _), .scan(let found, _, _)): return unifier.unify(axis, found)
    case (.learned(let learned), .learned(let found)):
      return unify(learned.per, found.per)
        && labels.bind(learned.label, found.label, sides: places)
    case (.use(let use), .use(let found)):
      guard use.label.isEmpty == found.label.isEmpty else { return false }
      return unify(use.openSizes, found.openSizes) && unify(use.per, found.per)
        && (use.label.isEmpty || labels.bind(use.label, found.label, sides: places))
    default: return false
    }
  }

  private mutating func unify(_ sizes: [Size], _ found: [Size]) -> Bool {
    guard sizes.count == found.count else { return false }
    for (size, other) in zip(sizes, found) where !unifier.unify(size, other) { return false }
    return true
  }
}

/// Which labels of two sides are one.
struct OverlapLabels: Sendable {
  private var firstOfSecond: [String: String] = [:]
  private var secondOfFirst: [String: String] = [:]

  /// Requires two labels to be one; labels of one side stay different.
  mutating func bind(_ a: String, _ b: String, sides: (Int, Int)) -> Bool {
    guard sides.0 != sides.1 else { return a == b }
    let (first, second) = sides.0 == 0 ? (a, b) : (b, a)
    if let known = secondOfFirst[first] { return known == second }
    guard firstOfSecond[second] == nil else { return false }
    (firstOfSecond[second], secondOfFirst[first]) = (first, second)
    return true
  }

  /// What a label is called in the overlap.
  func name(_ label: String, side: Int) -> String {
    side == 0 ? label : firstOfSecond[label] ?? "second." + label
  }
}
