import DiagramIR

/// A left side in an overlap: where its wires come from and go to, with variables that unification may bind.
struct OverlapSide: Sendable {
  let diagram: Diagram
  let types: [WireType]
  let operations: [Operation]
  let keys: [OperationKey]
  /// For every wire its producer, or -1.
  let producers: [Int32]
  /// For every wire the last box that consumes it, or -1.
  let consumers: [Int32]
  let regionOfWire: [RegionID]
  let domainPlace: [Int32]

  init(_ diagram: Diagram, _ unifier: inout Unifier) {
    self.diagram = diagram
    let instance = unifier.freshInstance()
    var copies = TypeSubstitution()
    for variable in diagram.sizeVariables {
      copies.sizes[variable] = Size(SizeVariable(variable.name, instance: instance))
    }
    for variable in diagram.shapeVariables {
      copies.shapes[variable] = [.shape(ShapeVariable(variable.name, instance: instance))]
    }
    types = diagram.types.map { (try? copies($0)) ?? $0 }
    operations = diagram.operations.map { (try? $0.substituting(copies.sizes)) ?? $0 }
    keys = diagram.operations.map { OperationKey($0) }
    producers = diagram.producers()
    var consumers = Array(repeating: Int32(-1), count: diagram.wireCount)
    for box in (0..<diagram.boxCount).map({ BoxID($0) }) {
      for wire in diagram.inputs(of: box) { consumers[wire.index] = box.rawValue }
    }
    self.consumers = consumers
    regionOfWire = diagram.regionsOfWires()
    domainPlace = diagram.domainPlaces()
  }

  func key(of box: BoxID) -> OperationKey { keys[diagram.operationID(of: box).index] }

  func operation(of box: BoxID) -> Operation { operations[diagram.operationID(of: box).index] }

  func type(of wire: WireID) -> WireType { types[diagram.typeID(of: wire).index] }

  /// The SIMD or scan box into whose lanes a wire enters, and the place where it does; `nil` for other wires.
  func entrance(of wire: WireID) -> (owner: BoxID, place: Int)? {
    let place = Int(domainPlace[wire.index])
    guard place >= 0, let owner = diagram.owner(of: regionOfWire[wire.index]) else { return nil }
    return (owner, place)
  }

  /// The boxes that make results.
  var roots: [BoxID] {
    let results = Set(diagram.codomain.map { producers[$0.index] })
    return diagram.boxes(in: diagram.root).filter { results.contains($0.rawValue) }
  }
}

/// Sets that are merged, over the elements of two sides: those of the second come after those of the first.
struct MergedSets: Sendable {
  private var parents: [Int32]
  let firstCount: Int

  init(_ firstCount: Int, _ secondCount: Int) {
    self.firstCount = firstCount
    parents = (0..<(firstCount + secondCount)).map(Int32.init)
  }

  /// The element that stands for the set: its least.
  func representative(_ element: Int) -> Int {
    var current = element
    while Int(parents[current]) != current { current = Int(parents[current]) }
    return current
  }

  mutating func merge(_ first: Int, _ second: Int) {
    let (a, b) = (representative(first), representative(second))
    parents[max(a, b)] = Int32(min(a, b))
  }

  /// The side and the number there.
  func split(_ element: Int) -> (side: Int, number: Int) {
    element < firstCount ? (0, element) : (1, element - firstCount)
  }

  func join(_ side: Int, _ number: Int) -> Int { side == 0 ? number : firstCount + number }

  /// Whether no set holds two elements of one side.
  var isInjective: Bool {
    var seen: Set<[Int]> = []
    return parents.indices.allSatisfy { element in
      seen.insert([representative(element), split(element).side]).inserted
    }
  }
}
