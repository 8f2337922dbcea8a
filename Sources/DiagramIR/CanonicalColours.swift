/// Colours that tell boxes apart by their surroundings: equal for boxes that an isomorphism exchanges.
///
/// What the traversal has numbered keeps its number as its colour. The rest starts with what it is, without
/// bound names, and is then recoloured by its neighbours, round by round, until no more boxes are told apart.
///
/// Source: colour refinement, B. Weisfeiler and A. Leman, 1968. A collision of the 64-bit colours only makes two
/// boxes look alike; it doesn't make different diagrams equal.
///
/// - Complexity: linear per round; the number of rounds falls for large diagrams.
struct CanonicalColours {
  /// The colours of all boxes.
  private(set) var boxes: [UInt64]
  private var wires: [UInt64]
  private let diagram: Diagram
  private let traversal: CanonicalTraversal
  private let open: [BoxID]
  /// For each open box, which of the labels that have no number yet it has, or -1.
  private var labels: [Int32] = []
  private var labelCount = 0

  init(_ diagram: Diagram, _ traversal: CanonicalTraversal, _ naming: CanonicalNaming) {
    self.diagram = diagram
    self.traversal = traversal
    open = (0..<diagram.boxCount).map { BoxID($0) }.filter { traversal.boxRank[$0.index] < 0 }
    let types = diagram.types.map { naming.colour($0) }
    let operations = diagram.operations.map { naming.colour($0) }
    boxes = traversal.boxRank.enumerated().map { index, rank in
      rank < 0
        ? operations[diagram.operationID(of: BoxID(index)).index] : mix(1, UInt64(rank))
    }
    wires = traversal.wireRank.enumerated().map { index, rank in
      rank < 0 ? types[diagram.typeID(of: WireID(index)).index] : mix(2, UInt64(rank))
    }
    numberLabels(naming)
    refine()
  }

  private mutating func numberLabels(_ naming: CanonicalNaming) {
    var numbers: [String: Int32] = [:]
    let known = diagram.operations.map { operation -> Int32 in
      guard let label = operation.label, !naming.isKnown(label: label) else { return -1 }
      let root = naming.prefix(of: label) ?? label
      let number = numbers[root] ?? Int32(numbers.count)
      numbers[root] = number
      return number
    }
    labels = open.map { known[diagram.operationID(of: $0).index] }
    labelCount = numbers.count
  }

  private mutating func refine() {
    let size = open.reduce(1) { size, box in
      size + diagram.inputs(of: box).count + diagram.outputs(of: box).count
    }
    let limit = min(200, max(6, 4_000_000 / size))
    var classes = countClasses()
    for _ in 0..<limit {
      round()
      let refined = countClasses()
      if refined == classes { break }
      classes = refined
    }
  }

  private func countClasses() -> Int {
    let openWires = wires.indices.lazy.filter { traversal.wireRank[$0] < 0 }
    return distinctCount(open.lazy.map { boxes[$0.index] }, count: open.count)
      + distinctCount(openWires.map { wires[$0] }, count: wires.count)
  }

  private mutating func round() {
    var sums = Array(repeating: UInt64(0), count: wires.count)
    var labelSums = Array(repeating: UInt64(0), count: labelCount)
    for (box, label) in zip(open, labels) {
      collect(box, &sums)
      if label >= 0 { labelSums[Int(label)] &+= mix(3, boxes[box.index]) }
    }
    var next = boxes
    for (box, label) in zip(open, labels) {
      next[box.index] = recoloured(box)
      if label >= 0 { next[box.index] = mix(next[box.index], labelSums[Int(label)]) }
    }
    for wire in wires.indices where traversal.wireRank[wire] < 0 {
      wires[wire] = mix(wires[wire], sums[wire])
    }
    boxes = next
  }

  /// Adds what a box says about its wires.
  private func collect(_ box: BoxID, _ sums: inout [UInt64]) {
    let colour = boxes[box.index]
    let ordered = traversal.orderedInputCount(of: box)
    for (place, wire) in diagram.inputs(of: box).enumerated() where place < ordered {
      sums[wire.index] &+= mix(colour, UInt64(4 * place))
    }
    for (place, wire) in diagram.outputs(of: box).enumerated() {
      sums[wire.index] &+= mix(colour, UInt64(4 * place + 1))
    }
    guard let body = diagram.body(of: box) else { return }
    for (place, wire) in diagram.codomain(of: body).enumerated() {
      sums[wire.index] &+= mix(colour, UInt64(4 * place + 2))
    }
    let mapped = traversal.firstSharedInput(of: box)
    let pairs = zip(diagram.inputs(of: box), diagram.domain(of: body))
    for (place, (outer, inner)) in pairs.enumerated() {
      let kind = UInt64(place < ordered ? 4 * place + 3 : place < mapped ? 1 : 2)
      sums[outer.index] &+= mix(mix(colour, kind), wires[inner.index])
      sums[inner.index] &+= mix(mix(colour, kind &+ 1), wires[outer.index])
    }
  }

  private func recoloured(_ box: BoxID) -> UInt64 {
    var colour = boxes[box.index]
    if let owner = diagram.owner(of: traversal.regionOfBox[box.index]) {
      colour = mix(colour, boxes[owner.index])
    }
    for wire in diagram.inputs(of: box).prefix(traversal.orderedInputCount(of: box)) {
      colour = mix(colour, wires[wire.index])
    }
    for wire in diagram.outputs(of: box) { colour = mix(colour, wires[wire.index]) }
    guard let body = diagram.body(of: box) else { return colour }
    for wire in diagram.codomain(of: body) { colour = mix(colour, wires[wire.index]) }
    var entries: UInt64 = 0
    for (outer, inner) in zip(diagram.inputs(of: box), diagram.domain(of: body)) {
      entries &+= mix(wires[outer.index], wires[inner.index])
    }
    return mix(colour, entries)
  }
}

/// How many distinct colours there are, at most `count`. Colours are well mixed, so they are their own hashes.
private func distinctCount(_ colours: some Sequence<UInt64>, count: Int) -> Int {
  var capacity = 64
  while capacity < 2 * count { capacity *= 2 }
  var slots = Array(repeating: UInt64(0), count: capacity)
  var (distinct, hasZero) = (0, false)
  for colour in colours {
    if colour == 0 {
      hasZero = true
      continue
    }
    var slot = Int(truncatingIfNeeded: colour) & (capacity - 1)
    while slots[slot] != 0 && slots[slot] != colour { slot = (slot + 1) & (capacity - 1) }
    if slots[slot] == 0 {
      slots[slot] = colour
      distinct += 1
    }
  }
  return distinct + (hasZero ? 1 : 0)
}

/// A number that depends on both, and on their order.
func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
  var bits = (a ^ 0x2545_f491_4f6c_dd1d) &* 0x9e37_79b9_7f4a_7c15 &+ b
  bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
  bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
  return bits ^ (bits >> 31)
}

extension CanonicalNaming {
  /// A number that renaming bound names doesn't change.
  fileprivate func colour(_ size: Size) -> UInt64 {
    size.terms.reduce(UInt64(size.terms.count)) { sum, term in
      let variables = term.variables.reduce(UInt64(0)) { sum, variable in
        sum &+ mix(5, UInt64(sizes[variable].map { $0 + 1 } ?? 0))
      }
      return sum &+ mix(UInt64(term.coefficient), variables)
    }
  }

  fileprivate func colour(_ type: WireType) -> UInt64 {
    switch type {
    case .sort(let symbol): return colour(symbol.description)
    case .array(let element, let shape):
      var result: UInt64 = 7
      if case .index(let size) = element { result = mix(8, colour(size)) }
      for dimension in shape {
        switch dimension {
        case .size(let size): result = mix(result, colour(size))
        case .shape(let variable):
          result = mix(result, mix(9, UInt64(shapes[variable].map { $0 + 1 } ?? 0)))
        }
      }
      return result
    }
  }

  fileprivate func colour(_ operation: Operation) -> UInt64 {
    switch operation {
    case .box(let symbol): return mix(10, colour(symbol.description))
    case .use(let use):
      let start = use.content.words.reduce(UInt64(11)) { mix($0, UInt64($1)) }
      return mix(colour(use.openSizes + use.per, start), colour(label: use.label))
    case .learned(let box):
      let start = mix(12, colour(box.kind.rawValue))
      return mix(colour(box.per, start), colour(label: box.label))
    case .number(let pattern): return mix(13, pattern)
    case .size(let size): return mix(14, colour(size))
    case .simd(let axis, _): return mix(15, colour(axis))
    case .scan(let axis, let states, _): return mix(mix(16, UInt64(states)), colour(axis))
    }
  }

  private func colour(_ list: [Size], _ start: UInt64) -> UInt64 {
    list.reduce(start) { mix($0, colour($1)) }
  }

  private func colour(label: String) -> UInt64 {
    if let number = labels[label] { return UInt64(number + 1) }
    guard let prefix = prefix(of: label) else { return 0 }
    return mix(17, colour(String(label.dropFirst(prefix.count))))
  }

  private func colour(_ text: String) -> UInt64 {
    text.utf8.reduce(18) { mix($0, UInt64($1)) }
  }
}
