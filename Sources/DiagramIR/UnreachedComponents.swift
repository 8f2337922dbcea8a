/// The boxes that a traversal from the interface doesn't reach, divided into parts that have nothing in common:
/// no wire, no label and no size variable that isn't numbered already.
struct UnreachedComponents {
  private(set) var components: [[BoxID]] = []
  private var parent: [Int32]

  init(_ diagram: Diagram, _ traversal: CanonicalTraversal, _ naming: CanonicalNaming) {
    parent = (0..<Int32(diagram.boxCount + diagram.wireCount)).map { $0 }
    let open = (0..<diagram.boxCount).map { BoxID($0) }.filter { traversal.boxRank[$0.index] < 0 }
    joinWires(diagram, traversal, open)
    joinNames(diagram, naming, open)
    var positions: [Int: Int] = [:]
    for box in open {
      let representative = find(box.index)
      if let position = positions[representative] {
        components[position].append(box)
      } else {
        positions[representative] = components.count
        components.append([box])
      }
    }
  }

  private mutating func joinWires(
    _ diagram: Diagram, _ traversal: CanonicalTraversal, _ open: [BoxID]
  ) {
    let firstWire = diagram.boxCount
    for box in open {
      for wire in Array(diagram.inputs(of: box)) + Array(diagram.outputs(of: box))
      where traversal.wireRank[wire.index] < 0 {
        join(box.index, firstWire + wire.index)
      }
      let region = traversal.regionOfBox[box.index]
      if let owner = diagram.owner(of: region), traversal.boxRank[owner.index] < 0 {
        join(box.index, owner.index)
      }
    }
    for box in 0..<diagram.boxCount {
      guard let body = diagram.body(of: BoxID(box)) else { continue }
      for (inner, outer) in zip(diagram.domain(of: body), diagram.inputs(of: BoxID(box)))
      where traversal.wireRank[inner.index] < 0 && traversal.wireRank[outer.index] < 0 {
        join(firstWire + inner.index, firstWire + outer.index)
      }
    }
  }

  private mutating func joinNames(
    _ diagram: Diagram, _ naming: CanonicalNaming, _ open: [BoxID]
  ) {
    var firstWithSize: [SizeVariable: Int] = [:]
    var firstWithShape: [ShapeVariable: Int] = [:]
    var firstWithLabel: [String: Int] = [:]
    for box in open {
      let (inputs, outputs) = diagram.portTypes(of: box)
      let types = inputs + outputs
      let operation = diagram.operation(of: box)
      for variable in types.flatMap(\.sizeVariables) + operation.sizeVariables
      where !naming.isKnown(variable) {
        join(box.index, firstWithSize[variable, default: box.index])
        firstWithSize[variable] = box.index
      }
      for variable in types.flatMap(\.shapeVariables) where !naming.isKnown(variable) {
        join(box.index, firstWithShape[variable, default: box.index])
        firstWithShape[variable] = box.index
      }
      if let label = operation.label, !naming.isKnown(label: label) {
        let root = naming.foldedPrefix(of: label) ?? label
        join(box.index, firstWithLabel[root, default: box.index])
        firstWithLabel[root] = box.index
      }
    }
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
