/// Components of a diagram, of which those that a walk finds to be alike are searched for a least form only once.
///
/// A walk from the box of the least colour writes a component as numbers: its boxes and wires in the order in
/// which they are met, what they are and how they are connected. Where two components have the same numbers,
/// pairing their boxes and wires by position is an isomorphism, so both have one least form, and it starts at
/// the same positions. Where isomorphic components have different numbers, both are searched.
///
/// - Complexity: linear in the components, and a search for every distinct list of numbers.
struct ComponentClasses {
  private struct Class {
    let form: ComponentForm
    /// Where in the walk the starts of the form are met.
    let starts: [Int32]
    let numbers: Range<Int>
    /// The class before it whose numbers have the same hash, or -1.
    let previous: Int
  }

  private let diagram: Diagram
  private let colours: [UInt64]
  private let consumers: [Int32]
  private let encoder: CanonicalEncoder
  private let firstBox: Int
  private let firstWire: Int
  private var classes: [Class] = []
  /// The numbers of all classes, and behind them those of the component that is looked at.
  private var numbers: [Int32] = []
  private var lastClass: [UInt64: Int] = [:]
  /// For each component, its class, and one past the last of its starts.
  private var members: [(position: Int, end: Int)] = []
  private var starts: [BoxID] = []

  init(
    _ diagram: Diagram, _ colours: [UInt64], _ encoder: CanonicalEncoder,
    after traversal: CanonicalTraversal
  ) {
    self.diagram = diagram
    self.colours = colours
    self.encoder = encoder
    consumers = diagram.consumerCounts()
    (firstBox, firstWire) = (traversal.boxOrder.count, traversal.wireOrder.count)
  }

  /// Adds a component; the traversal stays as it was.
  mutating func add(_ component: ArraySlice<BoxID>, _ traversal: inout CanonicalTraversal) {
    let mark = numbers.count
    let walk = self.walk(component, &traversal)
    let isWhole = write(traversal)
    traversal.rollBack(boxes: firstBox, wires: firstWire)
    let hash = numbers[mark...].reduce(0) { mix($0, UInt64(UInt32(bitPattern: $1))) }
    if isWhole, let known = knownClass(hash, from: mark) {
      numbers.removeSubrange(mark...)
      for place in classes[known].starts { starts.append(walk[walk.startIndex + Int(place)]) }
      return members.append((known, starts.count))
    }
    if !isWhole { numbers.removeSubrange(mark...) }
    var search = ComponentSearch(diagram, Array(component), colours, consumers: consumers)
    let form = search.leastForm(encoder, &traversal)
    traversal.rollBack(boxes: firstBox, wires: firstWire)
    let places = isWhole ? Self.places(of: form.starts, in: walk) : []
    classes.append(
      Class(
        form: form, starts: places, numbers: mark..<numbers.count,
        previous: isWhole ? lastClass[hash] ?? -1 : -1))
    if isWhole { lastClass[hash] = classes.count - 1 }
    starts += form.starts
    members.append((classes.count - 1, starts.count))
  }

  /// Calls `body` with the form and the starts of each component: the forms in ascending order, equal ones in the
  /// order in which they were added.
  func forEachInOrder(_ body: (ComponentForm, ArraySlice<BoxID>) -> Void) {
    for member in order() {
      let start = member == 0 ? 0 : members[member - 1].end
      body(classes[members[member].position].form, starts[start..<members[member].end])
    }
  }

  private func order() -> [Int] {
    let sorted = classes.indices.sorted {
      classes[$0].form.bytes.lexicographicallyPrecedes(classes[$1].form.bytes)
    }
    var rank = Array(repeating: 0, count: classes.count)
    for (place, position) in sorted.enumerated().dropFirst() {
      let last = sorted[place - 1]
      let isNew = classes[last].form.bytes != classes[position].form.bytes
      rank[position] = rank[last] + (isNew ? 1 : 0)
    }
    var buckets: [[Int]] = Array(repeating: [], count: classes.count)
    for (member, entry) in members.enumerated() { buckets[rank[entry.position]].append(member) }
    return buckets.flatMap { $0 }
  }

  // MARK: Walking

  /// Numbers the boxes of a component, starting from the least colours; returns them in order.
  private func walk(
    _ component: ArraySlice<BoxID>, _ traversal: inout CanonicalTraversal
  ) -> [BoxID] {
    let least = component.min { (colours[$0.index], $0) < (colours[$1.index], $1) }
    if let least { traversal.visit(least) }
    if traversal.boxOrder.count < firstBox + component.count {
      for box in component.sorted(by: { (colours[$0.index], $0) < (colours[$1.index], $1) }) {
        traversal.visit(box)
      }
    }
    return Array(traversal.boxOrder[firstBox...])
  }

  /// Writes what was numbered; false when a wire that it touches has no number.
  private mutating func write(_ traversal: CanonicalTraversal) -> Bool {
    var isWhole = true
    for box in traversal.boxOrder[firstBox...] {
      let owner = diagram.owner(of: traversal.regionOfBox[box.index])
      numbers.append(diagram.operationID(of: box).rawValue)
      numbers.append(owner.map { relative(traversal.boxRank[$0.index], firstBox) } ?? -1)
      write(diagram.inputs(of: box), traversal, &isWhole)
      write(diagram.outputs(of: box), traversal, &isWhole)
      guard let body = diagram.body(of: box) else { continue }
      write(diagram.domain(of: body), traversal, &isWhole)
      write(diagram.codomain(of: body), traversal, &isWhole)
    }
    for wire in traversal.wireOrder[firstWire...] {
      numbers.append(diagram.typeID(of: wire).rawValue)
      writeEntry(of: wire, traversal, &isWhole)
    }
    return isWhole
  }

  /// Writes how a wire enters lanes, whose box need not belong to the component: the box, mapped or shared, the wire
  /// outside.
  private mutating func writeEntry(
    of wire: WireID, _ traversal: CanonicalTraversal, _ isWhole: inout Bool
  ) {
    guard let end = traversal.entry(of: wire) else { return numbers.append(-1) }
    let inputs = diagram.inputs(of: end.box)
    numbers.append(relative(traversal.boxRank[end.box.index], firstBox))
    numbers.append(end.place < traversal.firstSharedInput(of: end.box) ? 1 : 0)
    write([inputs[inputs.startIndex + end.place]], traversal, &isWhole)
  }

  private mutating func write(
    _ wires: ArraySlice<WireID>, _ traversal: CanonicalTraversal, _ isWhole: inout Bool
  ) {
    numbers.append(Int32(wires.count))
    for wire in wires {
      let rank = traversal.wireRank[wire.index]
      if rank < 0 { isWhole = false }
      numbers.append(relative(rank, firstWire))
    }
  }

  /// Odd for what belongs to the component, even for what was numbered before it.
  private func relative(_ rank: Int32, _ first: Int) -> Int32 {
    Int(rank) < first ? 2 &* rank : 2 &* (rank - Int32(first)) &+ 1
  }

  private func knownClass(_ hash: UInt64, from mark: Int) -> Int? {
    var position = lastClass[hash] ?? -1
    while position >= 0 {
      if numbers[classes[position].numbers].elementsEqual(numbers[mark...]) { return position }
      position = classes[position].previous
    }
    return nil
  }

  private static func places(of starts: [BoxID], in walk: [BoxID]) -> [Int32] {
    let wanted = Set(starts)
    var places: [BoxID: Int32] = [:]
    for (place, box) in walk.enumerated() where wanted.contains(box) { places[box] = Int32(place) }
    return starts.compactMap { places[$0] }
  }
}
