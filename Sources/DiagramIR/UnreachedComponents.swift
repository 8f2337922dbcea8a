/// The boxes that a traversal from the interface doesn't reach, divided into parts that have nothing in common:
/// no wire, no label and no size variable that isn't numbered already.
///
/// Components come in the order of their first boxes, and the boxes of each in their own order.
///
/// - Complexity: linear, but for the inverse Ackermann function.
struct UnreachedComponents {
  private var boxes: [BoxID] = []
  private var ends: [Int] = []
  private var parent: [Int32]

  init(_ diagram: Diagram, _ traversal: CanonicalTraversal, _ naming: CanonicalNaming) {
    parent = (0..<Int32(diagram.boxCount + diagram.wireCount)).map { $0 }
    let open = (0..<diagram.boxCount).map { BoxID($0) }.filter { traversal.boxRank[$0.index] < 0 }
    joinWires(diagram, traversal, open)
    joinNames(diagram, naming, open)
    group(open, boxCount: diagram.boxCount)
  }

  /// How many components there are.
  var count: Int { ends.count }

  subscript(position: Int) -> ArraySlice<BoxID> {
    boxes[(position == 0 ? 0 : ends[position - 1])..<ends[position]]
  }

  /// Sorts the open boxes by their components, by counting.
  private mutating func group(_ open: [BoxID], boxCount: Int) {
    var component = Array(repeating: Int32(-1), count: boxCount)
    var components: [Int32] = []
    components.reserveCapacity(open.count)
    var sizes: [Int] = []
    for box in open {
      // A representative is the first box of its component: wires have higher numbers.
      let representative = find(box.index)
      if component[representative] < 0 {
        component[representative] = Int32(sizes.count)
        sizes.append(0)
      }
      components.append(component[representative])
      sizes[Int(component[representative])] += 1
    }
    var next: [Int] = []
    next.reserveCapacity(sizes.count)
    var total = 0
    for size in sizes {
      next.append(total)
      total += size
    }
    boxes = open
    for (box, position) in zip(open, components) {
      boxes[next[Int(position)]] = box
      next[Int(position)] += 1
    }
    ends = next
  }

  private mutating func joinWires(
    _ diagram: Diagram, _ traversal: CanonicalTraversal, _ open: [BoxID]
  ) {
    let firstWire = diagram.boxCount
    for box in open {
      for wire in diagram.inputs(of: box) where traversal.wireRank[wire.index] < 0 {
        join(box.index, firstWire + wire.index)
      }
      for wire in diagram.outputs(of: box) where traversal.wireRank[wire.index] < 0 {
        join(box.index, firstWire + wire.index)
      }
      let region = traversal.regionOfBox[box.index]
      if let owner = diagram.owner(of: region), traversal.boxRank[owner.index] < 0 {
        join(box.index, owner.index)
      }
    }
    guard diagram.regionCount > 1 else { return }
    for box in 0..<diagram.boxCount {
      guard let body = diagram.body(of: BoxID(box)) else { continue }
      for (inner, outer) in zip(diagram.domain(of: body), diagram.inputs(of: BoxID(box)))
      where traversal.wireRank[inner.index] < 0 && traversal.wireRank[outer.index] < 0 {
        join(firstWire + inner.index, firstWire + outer.index)
      }
    }
  }

  /// What has no number yet and is bound by the whole diagram.
  private enum Name: Hashable {
    case size(SizeVariable)
    case shape(ShapeVariable)
    case label(String)
  }

  private mutating func joinNames(
    _ diagram: Diagram, _ naming: CanonicalNaming, _ open: [BoxID]
  ) {
    let inTypes = diagram.types.map { Self.names(in: $0, naming) }
    let inOperations = diagram.operations.map { Self.names(in: $0, naming) }
    if inTypes.allSatisfy(\.isEmpty) && inOperations.allSatisfy(\.isEmpty) { return }
    var first: [Name: Int] = [:]
    for box in open {
      for name in inOperations[diagram.operationID(of: box).index] { joinName(name, box, &first) }
      for wire in diagram.inputs(of: box) {
        for name in inTypes[diagram.typeID(of: wire).index] { joinName(name, box, &first) }
      }
      for wire in diagram.outputs(of: box) {
        for name in inTypes[diagram.typeID(of: wire).index] { joinName(name, box, &first) }
      }
    }
  }

  private mutating func joinName(_ name: Name, _ box: BoxID, _ first: inout [Name: Int]) {
    join(box.index, first[name, default: box.index])
    first[name] = box.index
  }

  private static func names(in type: WireType, _ naming: CanonicalNaming) -> [Name] {
    type.sizeVariables.filter { !naming.isKnown($0) }.map { .size($0) }
      + type.shapeVariables.filter { !naming.isKnown($0) }.map { .shape($0) }
  }

  private static func names(in operation: Operation, _ naming: CanonicalNaming) -> [Name] {
    var names: [Name] = operation.sizeVariables.filter { !naming.isKnown($0) }.map { .size($0) }
    if let label = operation.label, !naming.isKnown(label: label) {
      names.append(.label(naming.prefix(of: label) ?? label))
    }
    if case .use(let use) = operation, !use.label.isEmpty,
      !naming.isKnown(use.definition, label: use.label)
    {
      names.append(.label(use.label))
    }
    return names
  }

  private mutating func find(_ element: Int) -> Int {
    var element = element
    while Int(parent[element]) != element {
      parent[element] = parent[Int(parent[element])]
      element = Int(parent[element])
    }
    return element
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (find(a), find(b))
    if x != y { parent[max(x, y)] = Int32(min(x, y)) }
  }
}

extension Diagram {
  /// Labels of uses that are not unfolded.
  var foldedLabels: Set<String> {
    Set(
      operations.compactMap { operation in
        if case .use(let use) = operation, !use.label.isEmpty { use.label } else { nil }
      })
  }

  /// For each size variable, where and how it occurs, in canonical order: what tells apart variables that
  /// occur first in one size.
  func sizeProfiles(in traversal: CanonicalTraversal) -> [SizeVariable: [[Int]]] {
    guard sizeVariables.count > 1, hasCompositeSize else { return [:] }
    var profiles: [SizeVariable: [[Int]]] = [:]
    var isSeen = Array(repeating: false, count: types.count)
    func note(_ size: Size, at place: [Int]) {
      for variable in size.variables {
        profiles[variable, default: []].append(place + size.profile(of: variable))
      }
    }
    for (rank, wire) in traversal.wireOrder.enumerated() where !isSeen[typeID(of: wire).index] {
      isSeen[typeID(of: wire).index] = true
      guard case .array(let element, let shape) = type(of: wire) else { continue }
      if case .index(let size) = element { note(size, at: [0, rank, -1]) }
      for (axis, dimension) in shape.enumerated() {
        if case .size(let size) = dimension { note(size, at: [0, rank, axis]) }
      }
    }
    for (rank, box) in traversal.boxOrder.enumerated() {
      for (place, size) in operation(of: box).sizes.enumerated() {
        note(size, at: [1, rank, place])
      }
    }
    return profiles
  }

  private var hasCompositeSize: Bool {
    let inTypes = types.flatMap { type in
      type.shape.compactMap { if case .size(let size) = $0 { size } else { nil } }
    }
    return (inTypes + operations.flatMap(\.sizes)).contains { $0.variables.count > 1 }
  }
}

extension Operation {
  /// The sizes in the operation, in order.
  var sizes: [Size] {
    switch self {
    case .box, .number: []
    case .use(let use): use.per + use.openSizes
    case .learned(let box): box.per
    case .size(let size), .simd(let size, _), .scan(let size, _, _): [size]
    }
  }
}
