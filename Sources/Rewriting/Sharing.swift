import DiagramIR

/// Finds the boxes of each region that do the same to the same wires.
///
/// The walk goes from producers to consumers and from boxes to their bodies, and gives each box a key: its
/// operation, its types and the wires that it gets, where shared wires count as one. Hence boxes that become equal because
/// their inputs do are found on the way. The key of a SIMD or scan box has its body's code, in which inputs are
/// numbered by first use.
///
/// - Complexity: linear in the diagram, expected.
struct Sharing {
  let diagram: Diagram
  private let producers: [Int32]
  private let domainPlace: [Int32]
  /// For every operation a number, the same for lanes that differ in their number of inputs only.
  private let operationNumber: [Int32]
  private var representative: [WireID]
  private var isMerged: [Bool]
  private var hasMerged = false
  /// What the keys of boxes hold of their inputs, box by box in the order of the walk.
  private var arguments: [WireID] = []
  private var argumentRange: [(start: Int32, end: Int32)]
  private var bodyNumber: [Int32]
  /// The region of boxes without inputs; the inputs of others tell it.
  private var regionOfSource: [Int32]
  /// An open-addressing table of boxes, plus one, by their keys.
  private var slots: [Int32]
  private var codes: [BodyCode: Int32] = [:]
  private var number: [Int32]
  /// The wires and boxes of the body whose code is being made, in the order in which it numbers them.
  private var wires: [WireID] = []
  private var boxes: [BoxID] = []
  private var pending: [WireID] = []

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    let hasBodies = diagram.regionCount > 1
    domainPlace = hasBodies ? diagram.domainPlaces() : []
    representative = (0..<diagram.wireCount).map { WireID($0) }
    isMerged = Array(repeating: false, count: diagram.boxCount)
    argumentRange = Array(repeating: (0, 0), count: diagram.boxCount)
    bodyNumber = Array(repeating: -1, count: diagram.boxCount)
    regionOfSource = bodyNumber
    number = Array(repeating: -1, count: hasBodies ? diagram.wireCount : 0)
    var capacity = 16
    while capacity < 2 * diagram.boxCount { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
    var numbers: [Operation: Int32] = [:]
    operationNumber = diagram.operations.map { operation in
      let plain = operation.withoutInputCount
      let number = numbers[plain] ?? Int32(numbers.count)
      numbers[plain] = number
      return number
    }
  }

  /// The diagram with each group of such boxes made one.
  mutating func result() -> Diagram {
    visit(diagram.root)
    return hasMerged
      ? diagram.merging(isRemoved: isMerged, representatives: representative) : diagram
  }

  private mutating func visit(_ region: RegionID) {
    for box in diagram.topologicalOrder(of: region, producers: producers) ?? [] {
      if let body = diagram.body(of: box) {
        enter(box, body)
      } else {
        let start = Int32(arguments.count)
        for wire in diagram.inputs(of: box) { arguments.append(representative[wire.index]) }
        argumentRange[box.index] = (start, Int32(arguments.count))
      }
      let range = argumentRange[box.index]
      if range.start == range.end { regionOfSource[box.index] = region.rawValue }
      if let earlier = known(box) { merge(box, into: earlier) }
    }
  }

  /// Visits a body, and keeps which inputs its box has in which order.
  private mutating func enter(_ box: BoxID, _ body: RegionID) {
    let operation = diagram.operation(of: box)
    let inputs = diagram.inputs(of: box).map { representative[$0.index] }
    mergeDomain(of: body, inputs, operation)
    visit(body)
    let code = code(of: body, operation)
    let start = Int32(arguments.count)
    for wire in wires where domainPlace[wire.index] >= 0 {
      arguments.append(inputs[Int(domainPlace[wire.index])])
    }
    argumentRange[box.index] = (start, Int32(arguments.count))
    if let known = codes[code] {
      bodyNumber[box.index] = known
    } else {
      bodyNumber[box.index] = Int32(codes.count)
      codes[code] = bodyNumber[box.index]
    }
  }

  /// Inputs that bring the lanes one wire in one way are one wire inside.
  private mutating func mergeDomain(
    of body: RegionID, _ inputs: [WireID], _ operation: Operation
  ) {
    struct Entry: Hashable {
      var kind: LaneKind
      var wire: WireID
    }
    guard inputs.count > 1 else { return }
    var first: [Entry: WireID] = [:]
    for (place, wire) in diagram.domain(of: body).enumerated() {
      let entry = Entry(kind: operation.laneKind(of: place), wire: inputs[place])
      if let earlier = first[entry] {
        representative[wire.index] = earlier
      } else {
        first[entry] = wire
      }
    }
  }

  private mutating func merge(_ box: BoxID, into earlier: BoxID) {
    for (wire, other) in zip(diagram.outputs(of: box), diagram.outputs(of: earlier)) {
      representative[wire.index] = other
    }
    isMerged[box.index] = true
    hasMerged = true
  }
}

// MARK: - Keys of boxes

extension Sharing {
  private func arguments(of box: BoxID) -> Range<Int> {
    Int(argumentRange[box.index].start)..<Int(argumentRange[box.index].end)
  }

  /// The box that was met before with the same key; where there is none, this one is kept for those to come.
  private mutating func known(_ box: BoxID) -> BoxID? {
    let mask = slots.count - 1
    var slot = hash(of: box) & mask
    while slots[slot] > 0 {
      let earlier = BoxID(Int(slots[slot] - 1))
      if isSame(earlier, box) { return earlier }
      slot = (slot + 1) & mask
    }
    slots[slot] = box.rawValue + 1
    return nil
  }

  private func isSame(_ a: BoxID, _ b: BoxID) -> Bool {
    operationNumber[diagram.operationID(of: a).index]
      == operationNumber[diagram.operationID(of: b).index]
      && bodyNumber[a.index] == bodyNumber[b.index]
      && regionOfSource[a.index] == regionOfSource[b.index]
      && arguments[arguments(of: a)].elementsEqual(arguments[arguments(of: b)])
      && diagram.outputs(of: a).elementsEqual(diagram.outputs(of: b)) {
        diagram.typeID(of: $0) == diagram.typeID(of: $1)
      }
  }

  private func hash(of box: BoxID) -> Int {
    var hash = UInt64(
      truncatingIfNeeded: operationNumber[diagram.operationID(of: box).index])
    func mix(_ value: Int32) {
      let product = (hash ^ UInt64(UInt32(bitPattern: value)))
        .multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
      hash = product.high ^ product.low
    }
    mix(bodyNumber[box.index])
    mix(regionOfSource[box.index])
    for place in arguments(of: box) { mix(arguments[place].rawValue) }
    for wire in diagram.outputs(of: box) { mix(diagram.typeID(of: wire).rawValue) }
    return Int(truncatingIfNeeded: hash >> 1)
  }
}

// MARK: - Codes of bodies

extension Sharing {
  /// A description of a body, equal for isomorphic bodies. Afterwards `wires` holds the wires in the order in which
  /// the description numbers them; of the domain these are the states, then the others by first use.
  private mutating func code(of body: RegionID, _ operation: Operation) -> BodyCode {
    wires.removeAll(keepingCapacity: true)
    boxes.removeAll(keepingCapacity: true)
    for wire in diagram.domain(of: body).prefix(operation.stateCount) { rank(wire) }
    for wire in diagram.codomain(of: body) { walk(from: wire) }
    for box in diagram.boxes(in: body) { enter(box) }
    var code = BodyCode(capacity: 8 * (boxes.count + 1) + 2 * wires.count)
    for wire in diagram.codomain(of: body) {
      code.append(number[representative[wire.index].index])
    }
    for box in boxes { append(box, to: &code) }
    for wire in wires where domainPlace[wire.index] >= 0 {
      let isMapped = operation.laneKind(of: Int(domainPlace[wire.index])) == .mapped
      code.append(number[wire.index])
      code.append(isMapped ? 1 : 0)
    }
    return code
  }

  private func append(_ box: BoxID, to code: inout BodyCode) {
    let arguments = arguments(of: box)
    code.append(operationNumber[diagram.operationID(of: box).index])
    code.append(bodyNumber[box.index])
    code.append(Int32(arguments.count))
    for place in arguments { code.append(number[self.arguments[place].index]) }
    for wire in diagram.outputs(of: box) {
      code.append(number[wire.index])
      code.append(diagram.typeID(of: wire).rawValue)
    }
  }

  private mutating func rank(_ wire: WireID) {
    guard number[wire.index] < 0 else { return }
    number[wire.index] = Int32(wires.count)
    wires.append(wire)
  }

  /// Numbers a box that no result depends on, unless another stands for it.
  private mutating func enter(_ box: BoxID) {
    let outputs = diagram.outputs(of: box)
    if let first = outputs.first {
      guard representative[first.index] == first else { return }
      walk(from: first)
    } else {
      boxes.append(box)
      for place in arguments(of: box) { walk(from: arguments[place]) }
    }
  }

  private mutating func walk(from start: WireID) {
    pending.append(representative[start.index])
    while let wire = pending.popLast() {
      guard number[wire.index] < 0 else { continue }
      guard producers[wire.index] >= 0 else {
        rank(wire)
        continue
      }
      let box = BoxID(Int(producers[wire.index]))
      boxes.append(box)
      for output in diagram.outputs(of: box) { rank(output) }
      for place in arguments(of: box).reversed() { pending.append(arguments[place]) }
    }
  }
}

/// A description of a body, with a hash that grows with it.
private struct BodyCode: Hashable {
  private var words: [Int32] = []
  private var mixed: UInt64 = 0

  init(capacity: Int) { words.reserveCapacity(capacity) }

  mutating func append(_ word: Int32) {
    words.append(word)
    let product = (mixed ^ UInt64(UInt32(bitPattern: word)))
      .multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    mixed = product.high ^ product.low &+ 1
  }

  func hash(into hasher: inout Hasher) { hasher.combine(mixed) }

  static func == (a: BodyCode, b: BodyCode) -> Bool { a.mixed == b.mixed && a.words == b.words }
}

extension Operation {
  /// The operation without how many of its inputs are mapped.
  fileprivate var withoutInputCount: Operation {
    switch self {
    case .simd(let axis, _): .simd(axis: axis, mapped: 0)
    case .scan(let axis, let states, _): .scan(axis: axis, states: states, mapped: 0)
    default: self
    }
  }
}
