import DiagramIR

/// Decides isomorphism by trying every assignment of boxes: slow, and obviously right.
///
/// Sizes must be variables or integers, and labels without dots.
struct BruteForceIsomorphism {
  private let left: Diagram
  private let right: Diagram
  private var wires: [WireID: WireID] = [:]
  private var usedWires: Set<WireID> = []
  private var regions: [RegionID: RegionID] = [:]
  private var usedBoxes: Set<BoxID> = []
  private var names: [String: String] = [:]
  private var usedNames: Set<String> = []

  static func holds(_ left: Diagram, _ right: Diagram) -> Bool {
    var search = BruteForceIsomorphism(left: left, right: right)
    return search.run()
  }

  private init(left: Diagram, right: Diagram) {
    self.left = left
    self.right = right
  }

  private mutating func run() -> Bool {
    guard left.doctrine == right.doctrine, left.boxCount == right.boxCount,
      left.wireCount == right.wireCount, left.regionCount == right.regionCount,
      match(Array(left.domain), Array(right.domain)),
      match(Array(left.codomain), Array(right.codomain))
    else { return false }
    regions[left.root] = right.root
    // Boxes around a body have higher numbers than those inside.
    return assign((0..<left.boxCount).reversed().map { BoxID($0) }[...])
  }

  private func assign(_ boxes: ArraySlice<BoxID>) -> Bool {
    guard let box = boxes.first else { return hasSameIsolatedWires }
    guard let region = left.regionsOfBoxes()[box.index] as RegionID?, let image = regions[region]
    else { return false }
    for other in right.boxes(in: image) where !usedBoxes.contains(other) {
      for order in orders(of: box, other) {
        var trial = self
        trial.usedBoxes.insert(other)
        if trial.match(box, other, order) && trial.assign(boxes.dropFirst()) { return true }
      }
    }
    return false
  }

  /// The orders in which the inputs of the second box may be read.
  private func orders(of box: BoxID, _ other: BoxID) -> [[Int]] {
    let operation = right.operation(of: other)
    let count = right.inputs(of: other).count
    guard operation.hasBody, right.doctrine != .frobenius else { return [Array(0..<count)] }
    let (states, shared) = (operation.stateCount, operation.stateCount + operation.mappedCount)
    return permutations(Array(states..<shared)).flatMap { mapped in
      permutations(Array(shared..<count)).map { Array(0..<states) + mapped + $0 }
    }
  }

  private func permutations(_ list: [Int]) -> [[Int]] {
    guard !list.isEmpty else { return [[]] }
    return list.indices.flatMap { index in
      var rest = list
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  private mutating func match(_ box: BoxID, _ other: BoxID, _ order: [Int]) -> Bool {
    guard match(left.operation(of: box), right.operation(of: other)) else { return false }
    let inputs = Array(right.inputs(of: other))
    guard left.inputs(of: box).count == inputs.count,
      match(Array(left.inputs(of: box)), order.map { inputs[$0] }),
      match(Array(left.outputs(of: box)), Array(right.outputs(of: other)))
    else { return false }
    guard let body = left.body(of: box), let image = right.body(of: other) else {
      return left.body(of: box) == nil && right.body(of: other) == nil
    }
    regions[body] = image
    let domain = Array(right.domain(of: image))
    return match(Array(left.domain(of: body)), order.map { domain[$0] })
      && match(Array(left.codomain(of: body)), Array(right.codomain(of: image)))
  }

  private mutating func match(_ first: [WireID], _ second: [WireID]) -> Bool {
    guard first.count == second.count else { return false }
    for (wire, other) in zip(first, second) {
      if let known = wires[wire] {
        if known != other { return false }
        continue
      }
      guard usedWires.insert(other).inserted, match(left.type(of: wire), right.type(of: other))
      else { return false }
      wires[wire] = other
    }
    return true
  }

  private mutating func match(name: String, _ other: String) -> Bool {
    if let known = names[name] { return known == other }
    guard usedNames.insert(other).inserted else { return false }
    names[name] = other
    return true
  }

  private mutating func match(_ size: Size, _ other: Size) -> Bool {
    if let a = size.variable, let b = other.variable {
      return match(name: "size " + a.name, "size " + b.name)
    }
    return size == other && size.integer != nil
  }

  private mutating func match(_ sizes: [Size], _ others: [Size]) -> Bool {
    guard sizes.count == others.count else { return false }
    for (size, other) in zip(sizes, others) where !match(size, other) { return false }
    return true
  }

  private mutating func match(_ type: WireType, _ other: WireType) -> Bool {
    switch (type, other) {
    case (.array(.real, let a), .array(.real, let b)): match(sizes(a), sizes(b))
    default: type == other
    }
  }

  private func sizes(_ shape: [Dimension]) -> [Size] {
    shape.compactMap { if case .size(let size) = $0 { size } else { nil } }
  }

  private mutating func match(_ operation: Operation, _ other: Operation) -> Bool {
    switch (operation, other) {
    case (.learned(let a), .learned(let b)):
      a.kind == b.kind && match(name: "label " + a.label, "label " + b.label)
        && match(a.per, b.per)
    case (.size(let a), .size(let b)): match(a, b)
    case (.simd(let a, let count), .simd(let b, let otherCount)):
      count == otherCount && match(a, b)
    case (.scan(let a, let states, let count), .scan(let b, let otherStates, let otherCount)):
      states == otherStates && count == otherCount && match(a, b)
    default: operation == other
    }
  }

  /// Wires that nothing touches, compared by their type; only in `frobenius` without bodies.
  private var hasSameIsolatedWires: Bool {
    let rest = (0..<left.wireCount).map { WireID($0) }.filter { wires[$0] == nil }
      .map { left.type(of: $0).description }.sorted()
    let others = (0..<right.wireCount).map { WireID($0) }.filter { !usedWires.contains($0) }
      .map { right.type(of: $0).description }.sorted()
    return rest == others
  }
}
