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
  private struct Key: Hashable {
    var operation: Int32
    var body: Int32
    var arguments: [WireID]
    /// The types of the outputs, which don't always follow from the inputs.
    var types: [TypeID]
  }

  let diagram: Diagram
  private let producers: [Int32]
  private let domainPlace: [Int32]
  /// For every operation a number, the same for lanes that differ in their number of inputs only.
  private let operationNumber: [Int32]
  private var representative: [WireID]
  private var arguments: [[WireID]]
  private var bodyNumber: [Int32]
  private var codes: [[Int32]: Int32] = [:]
  private var number: [Int32]
  private var parts: [Replacement] = []

  init(_ diagram: Diagram) {
    self.diagram = diagram
    producers = diagram.producers()
    domainPlace = diagram.domainPlaces()
    representative = (0..<diagram.wireCount).map { WireID($0) }
    arguments = Array(repeating: [], count: diagram.boxCount)
    bodyNumber = Array(repeating: -1, count: diagram.boxCount)
    number = Array(repeating: -1, count: diagram.wireCount)
    var numbers: [Operation: Int32] = [:]
    operationNumber = diagram.operations.map { operation in
      let plain = operation.withoutInputCount
      let number = numbers[plain] ?? Int32(numbers.count)
      numbers[plain] = number
      return number
    }
  }

  /// What to replace so that each group of such boxes becomes one.
  mutating func replacements() -> [Replacement] {
    visit(diagram.root)
    return parts
  }

  private mutating func visit(_ region: RegionID) {
    var seen: [Key: BoxID] = [:]
    for box in diagram.topologicalOrder(of: region, producers: producers) ?? [] {
      let key = key(of: box)
      if let earlier = seen[key] {
        merge(box, into: earlier, region)
      } else {
        seen[key] = box
      }
    }
  }

  private mutating func key(of box: BoxID) -> Key {
    let operation = operationNumber[diagram.operationID(of: box).index]
    let inputs = diagram.inputs(of: box).map { representative[$0.index] }
    let types = diagram.outputs(of: box).map { diagram.typeID(of: $0) }
    guard let body = diagram.body(of: box) else {
      arguments[box.index] = inputs
      return Key(operation: operation, body: -1, arguments: inputs, types: types)
    }
    mergeDomain(of: body, inputs, diagram.operation(of: box))
    visit(body)
    let states = diagram.operation(of: box).stateCount
    let (code, order) = code(of: body, states, diagram.operation(of: box))
    arguments[box.index] = order.map { inputs[$0] }
    bodyNumber[box.index] = codes[code] ?? Int32(codes.count)
    codes[code] = bodyNumber[box.index]
    return Key(
      operation: operation, body: bodyNumber[box.index], arguments: arguments[box.index],
      types: types)
  }

  /// Inputs that bring the lanes one wire in one way are one wire inside.
  private mutating func mergeDomain(
    of body: RegionID, _ inputs: [WireID], _ operation: Operation
  ) {
    struct Entry: Hashable {
      var kind: LaneKind
      var wire: WireID
    }
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

  private mutating func merge(_ box: BoxID, into earlier: BoxID, _ region: RegionID) {
    let (old, new) = (diagram.outputs(of: box), diagram.outputs(of: earlier))
    for (wire, other) in zip(old, new) { representative[wire.index] = other }
    parts.append(
      Replacement(
        region: region, removed: [box],
        diagram: .identity(old.map { diagram.type(of: $0) }, doctrine: diagram.doctrine),
        inputs: Array(new), outputs: Array(old)))
  }
}

// MARK: - Codes of bodies

extension Sharing {
  /// A description of a body, equal for isomorphic bodies, and the places of its inputs in the order in which
  /// the description numbers them: states, then the others by first use.
  private mutating func code(
    of body: RegionID, _ states: Int, _ operation: Operation
  ) -> (code: [Int32], order: [Int]) {
    var wires: [WireID] = []
    var boxes: [BoxID] = []
    for wire in diagram.domain(of: body).prefix(states) { rank(wire, &wires) }
    for wire in diagram.codomain(of: body) { walk(from: wire, &wires, &boxes) }
    for box in diagram.boxes(in: body) { enter(box, &wires, &boxes) }
    var code: [Int32] = []
    for wire in diagram.codomain(of: body) {
      code.append(number[representative[wire.index].index])
    }
    for box in boxes { append(box, to: &code) }
    var order: [Int] = []
    for wire in wires where domainPlace[wire.index] >= 0 {
      let place = Int(domainPlace[wire.index])
      let isMapped = operation.laneKind(of: place) == .mapped
      code += [number[wire.index], isMapped ? 1 : 0]
      order.append(place)
    }
    return (code, order)
  }

  private func append(_ box: BoxID, to code: inout [Int32]) {
    code += [operationNumber[diagram.operationID(of: box).index], bodyNumber[box.index]]
    code += [Int32(arguments[box.index].count)] + arguments[box.index].map { number[$0.index] }
    for wire in diagram.outputs(of: box) {
      code += [number[wire.index], diagram.typeID(of: wire).rawValue]
    }
  }

  private mutating func rank(_ wire: WireID, _ wires: inout [WireID]) {
    guard number[wire.index] < 0 else { return }
    number[wire.index] = Int32(wires.count)
    wires.append(wire)
  }

  /// Numbers a box that no result depends on, unless another stands for it.
  private mutating func enter(_ box: BoxID, _ wires: inout [WireID], _ boxes: inout [BoxID]) {
    let outputs = diagram.outputs(of: box)
    if let first = outputs.first {
      guard representative[first.index] == first else { return }
      walk(from: first, &wires, &boxes)
    } else {
      boxes.append(box)
      for wire in arguments[box.index] { walk(from: wire, &wires, &boxes) }
    }
  }

  private mutating func walk(
    from start: WireID, _ wires: inout [WireID], _ boxes: inout [BoxID]
  ) {
    var pending = [representative[start.index]]
    while let wire = pending.popLast() {
      guard number[wire.index] < 0 else { continue }
      guard producers[wire.index] >= 0 else {
        rank(wire, &wires)
        continue
      }
      let box = BoxID(Int(producers[wire.index]))
      boxes.append(box)
      for output in diagram.outputs(of: box) { rank(output, &wires) }
      pending += arguments[box.index].reversed()
    }
  }
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
